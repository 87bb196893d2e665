"""What the engine left becomes a message exactly once, whatever is cut short."""

import os
import struct
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django_scopes import scope

from ats.mail.models import Letter
from ats.mailboxes import actions, files, incoming
from ats.mailboxes.models import Mailbox, VoiceMessage


@pytest.fixture
def box(world: Any) -> Iterator[Mailbox]:
    settings.CONFIG.incoming_dir.mkdir(parents=True, exist_ok=True)
    for path in settings.CONFIG.incoming_dir.iterdir():
        path.unlink()
    with scope(client=world.romashka.pk):
        values = {"name": "Секретарь", "box": "100", "pin": "4321", "email": "boss@example.org"}
        yield actions.create_mailbox(None, world.romashka.pk, values)


def left(box: Mailbox, seconds: float = 2.0, when: int = 1_795_000_000) -> Path:
    path: Path = settings.CONFIG.incoming_dir / f"vm~{box.pk}~{when}~node1-1.5~+79161234567.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\1\0" * int(8000 * seconds))
    return path


def test_a_recording_becomes_a_message_with_a_letter(box: Mailbox) -> None:
    path = left(box)
    assert incoming.take(settings.CONFIG) == 1
    assert incoming.take(settings.CONFIG) == 0
    message = VoiceMessage.objects.get()
    assert (message.caller, message.duration_ms, message.linkedid) == ("+79161234567", 2000, "node1-1.5")
    assert files.path_of(message).is_file()
    assert not path.exists()
    letter = Letter.objects.get()
    assert letter.to == "boss@example.org"
    assert "+79161234567" in letter.body
    assert "Время звонка: " in letter.body


def test_cut_short_between_row_and_move_it_is_finished_not_doubled(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(box)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            incoming.take(settings.CONFIG)
    assert incoming.take(settings.CONFIG) == 1
    assert VoiceMessage.objects.count() == Letter.objects.count() == 1
    assert files.path_of(VoiceMessage.objects.get()).is_file()


def test_a_recording_in_progress_waits_and_an_abandoned_one_is_mended(box: Mailbox) -> None:
    path = left(box)
    with path.open("r+b") as handle:
        handle.seek(40)
        handle.write(struct.pack("<I", 0))  # as the engine leaves it until it closes the file
    assert incoming.take(settings.CONFIG) == 0
    os.utime(path, (time.time() - 60, time.time() - 60))
    assert incoming.take(settings.CONFIG) == 1
    with wave.open(str(files.path_of(VoiceMessage.objects.get()))) as mended:
        assert mended.getnframes() == 16000


def test_too_short_is_nothing(box: Mailbox) -> None:
    """Nor is the empty folder that the engine makes beside each."""
    path = left(box, 0.4)
    folder = path.with_suffix("")
    folder.mkdir()
    assert incoming.take(settings.CONFIG) == 2
    assert not path.exists()
    assert not folder.exists()
    assert not VoiceMessage.objects.exists()


def test_marks_of_the_telephone_work_only_in_the_box_it_opened(box: Mailbox) -> None:
    left(box)
    incoming.take(settings.CONFIG)
    message = VoiceMessage.objects.get()
    folder = settings.CONFIG.incoming_dir
    (folder / f"del~{message.pk}").write_text(f"{box.pk + 1}~.\n")
    (folder / f"seen~{message.pk}").write_text(f"{box.pk}~.\n")
    assert incoming.take(settings.CONFIG) == 2
    assert VoiceMessage.objects.get().is_read
    (folder / f"del~{message.pk}").write_text(f"{box.pk}~.\n")
    incoming.take(settings.CONFIG)
    assert not VoiceMessage.objects.exists()
