"""Uploading sound messages: what is converted, what is refused, and what a hostile file cannot do."""

import io
import math
import struct
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django_scopes import scope

from ats.clients.models import User
from ats.media import convert, files
from ats.media.models import Sound
from ats.numbering import actions as numbering
from ats.numbering import dialplan_actions
from tests.unit.world import World


def tone(seconds: float = 0.5, rate: int = 44100, channels: int = 2) -> bytes:
    """A 440 Hz WAV."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        samples = (round(8000 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(round(seconds * rate)))
        sound.writeframes(b"".join(struct.pack("<h", value) * channels for value in samples))
    return target.getvalue()


def encoded(kind: str, folder: Path) -> bytes:
    """The tone in another format."""
    source, target = folder / "tone.wav", folder / f"tone.{kind}"
    source.write_bytes(tone())
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", str(source), str(target)]
    subprocess.run(command, check=True)
    return target.read_bytes()


def upload(
    browser: Browser, world: World, content: bytes, name: str = "приветствие.wav", **fields: str
) -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post(f"/api/clients/{world.romashka.pk}/sounds", {"file": file, **fields})


@pytest.mark.parametrize("kind", ["wav", "mp3", "ogg", "m4a"])
def test_usual_formats_become_what_the_engine_plays(
    world: World, browser: Callable[[User], Browser], tmp_path: Path, kind: str
) -> None:
    content = tone() if kind == "wav" else encoded(kind, tmp_path)
    keeper = browser(world.keeper)
    made = upload(keeper, world, content, f"приветствие.{kind}")
    assert made.status_code == 201, made.content
    assert made.json()["name"] == "приветствие"
    assert abs(made.json()["duration_ms"] - 500) <= 80
    heard = keeper.get(f"/api/clients/{world.romashka.pk}/sounds/{made.json()['id']}/audio")
    assert heard.headers["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(heard.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
    folder = settings.CONFIG.media_dir / str(world.romashka.pk)
    assert (folder / f"{made.json()['id']}.wav").is_file()
    assert not list(folder.glob(".new-*"))


@pytest.mark.parametrize(
    "content",
    [b"", b"not sound at all", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"\x00" * 5000, b"ID3\x03", b"\xff\xfb\x90"],
)
def test_what_is_not_sound(world: World, browser: Callable[[User], Browser], content: bytes) -> None:
    answer = upload(browser(world.keeper), world, content)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == ["file"]
    with scope(client=world.romashka.pk):
        assert not Sound.objects.exists()


def test_a_playlist_cannot_read_other_files(
    world: World, browser: Callable[[User], Browser], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(tone())
    for content in (
        f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile {secret}\n",
        f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nconcat:{secret}\n#EXT-X-ENDLIST\n",
        f"<SMIL><audio src='{secret}'/></SMIL>",
    ):
        for name in ("list.m3u8", "list.wav", "-i.wav", "../../x.mp3"):
            answer = upload(browser(world.keeper), world, content.encode(), name)
            assert answer.status_code == 422, (name, content)


def test_too_large_and_too_long(
    world: World, browser: Callable[[User], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_MB", 0)
    assert "МБ" in upload(browser(world.keeper), world, tone()).json()["fields"]["file"]
    monkeypatch.undo()
    monkeypatch.setattr(convert, "MAX_MINUTES", 0)
    assert "минут" in upload(browser(world.keeper), world, tone()).json()["fields"]["file"]


def test_names_and_fields(world: World, browser: Callable[[User], Browser]) -> None:
    keeper = browser(world.keeper)
    assert upload(keeper, world, tone(0.1), name="a.wav", description="о").status_code == 201
    assert list(upload(keeper, world, tone(0.1), name="a.wav").json()["fields"]) == ["name"]
    assert list(upload(keeper, world, tone(0.1), name="b.wav", language="xx").json()["fields"]) == [
        "language"
    ]
    missing = keeper.post(f"/api/clients/{world.romashka.pk}/sounds", {"name": "x"})
    assert list(missing.json()["fields"]) == ["file"]


def test_a_used_sound_stays_with_its_file(world: World, browser: Callable[[User], Browser]) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    sound_id = upload(keeper, world, tone(0.1)).json()["id"]
    path = settings.CONFIG.media_dir / str(client_id) / f"{sound_id}.wav"
    with scope(client=client_id):
        number = numbering.create_internal(None, client_id, {"digits": "100"})
        calendar = {"days": [1], "time_from": "00:00", "time_to": "24:00"}
        step = {"level": 4, "action": {"kind": "sound", "sound_id": sound_id}, "calendar": calendar}
        dialplan_actions.save_dialplan(None, number.pk, 0, [step])
    used = keeper.delete(f"/api/clients/{client_id}/sounds/{sound_id}")
    assert used.status_code == 409
    assert "100" in used.json()["message"]
    assert path.is_file()
    with scope(client=client_id):
        dialplan_actions.save_dialplan(None, number.pk, 1, [])
    assert keeper.get(f"/api/clients/{client_id}/sounds/{sound_id}/audio").status_code == 200
    assert keeper.delete(f"/api/clients/{client_id}/sounds/{sound_id}").status_code == 204


@pytest.mark.django_db(transaction=True)
def test_a_deleted_sound_takes_its_file_along(world: World, browser: Callable[[User], Browser]) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    sound_id = upload(keeper, world, tone(0.1)).json()["id"]
    assert keeper.delete(f"/api/clients/{client_id}/sounds/{sound_id}").status_code == 204
    assert not (settings.CONFIG.media_dir / str(client_id) / f"{sound_id}.wav").exists()
