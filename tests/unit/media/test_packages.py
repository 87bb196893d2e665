"""Media packages: the starred default, files in them, versions of a message per language, spoken messages."""

import sys
import wave
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django_scopes import scope

from ats.clients import actions
from ats.clients.models import Client, User
from ats.errors import Conflict
from ats.media import package_actions, queries, speech
from ats.media.models import PackageFile
from tests.unit.media.test_sounds import tone
from tests.unit.world import World

New = Callable[[User], Browser]
FIRST = "Музыка на удержании"  # every client begins with it


@pytest.fixture
def base(world: World) -> str:
    return f"/api/clients/{world.romashka.pk}"


def package(keeper: Browser, base: str, name: str, **fields: Any) -> int:
    made = keeper.post(f"{base}/packages", {"name": name, **fields}, content_type="application/json")
    assert made.status_code == 201, made.content
    return int(made.json()["id"])


def add(keeper: Browser, base: str, package_id: int, name: str = "a.wav") -> Any:
    return keeper.post(f"{base}/packages/{package_id}/files", {"file": SimpleUploadedFile(name, tone(0.3))})


def stars(keeper: Browser, base: str) -> dict[str, bool]:
    return {row["name"]: row["is_default"] for row in keeper.get(f"{base}/packages").json()["items"]}


def test_one_package_has_the_star(world: World, browser: New, base: str) -> None:
    keeper = browser(world.keeper)
    second = package(keeper, base, "Праздничная")
    assert stars(keeper, base) == {FIRST: True, "Праздничная": False}
    keeper.patch(f"{base}/packages/{second}", {"is_default": True}, content_type="application/json")
    assert stars(keeper, base) == {FIRST: False, "Праздничная": True}
    taken = keeper.patch(f"{base}/packages/{second}", {"is_default": False}, content_type="application/json")
    assert list(taken.json()["fields"]) == ["is_default"]
    assert keeper.delete(f"{base}/packages/{second}").status_code == 204
    assert stars(keeper, base) == {FIRST: False}
    with scope(client=world.romashka.pk):
        package_actions.delete_package(None, queries.packages().get().pk)
    package(keeper, base, "Первая из своих")
    assert stars(keeper, base) == {"Первая из своих": True}


def test_a_new_client_has_the_package_of_the_manual(world: World) -> None:
    """S189: «выбрать пакет помеченный звездочкой (*)». Empty as it is, it is no reason to keep a client."""
    client = actions.create_client(None, {"name": "Acme", "language": "en"})
    with scope(client=client.pk):
        assert [(row.name, row.is_default) for row in queries.packages()] == [("Music on hold", True)]
    actions.delete_client(None, client.pk)
    assert not Client.objects.filter(pk=client.pk).exists()
    with scope(client=world.romashka.pk):
        PackageFile.objects.create(package=queries.packages().get(), name="Вальс")
    with pytest.raises(Conflict) as caught:
        actions.delete_client(None, world.romashka.pk)
    assert caught.value.code == "client_not_empty"


def test_files_make_the_music(world: World, browser: New, base: str) -> None:
    """S188: the engine is given the folder only while there is anything in it; it is told when that changes."""
    keeper, client_id = browser(world.keeper), world.romashka.pk
    chosen = package(keeper, base, "Обычная", is_default=True)
    assert queries.music_dir(client_id) is None
    before = Client.objects.get(pk=client_id).version
    made = add(keeper, base, chosen)
    assert made.status_code == 201
    assert queries.music_dir(client_id) == settings.CONFIG.media_dir / str(client_id) / f"p{chosen}"
    assert Client.objects.get(pk=client_id).version == before + 1
    folder = queries.music_dir(client_id)
    assert folder is not None
    assert len(list(folder.glob("*.wav"))) == 1
    add(keeper, base, chosen, "b.wav")
    assert Client.objects.get(pk=client_id).version == before + 1, "a second file needs no new version"
    assert list(add(keeper, base, chosen, "b.wav").json()["fields"]) == ["name"]
    assert keeper.get(f"{base}/packages/{chosen}").json()["files_count"] == 2, "kept, not counted"
    heard = keeper.get(f"{base}/packages/{chosen}/files/{made.json()['id']}/audio")
    assert heard.headers["Accept-Ranges"] == "bytes"
    part = keeper.get(
        f"{base}/packages/{chosen}/files/{made.json()['id']}/audio", headers={"Range": "bytes=4-7"}
    )
    assert (part.status_code, part.content) == (206, heard.content[4:8])
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(heard.content)}"
    tail = keeper.get(
        f"{base}/packages/{chosen}/files/{made.json()['id']}/audio", headers={"Range": "bytes=-5"}
    )
    assert tail.content == heard.content[-5:]
    beyond = keeper.get(
        f"{base}/packages/{chosen}/files/{made.json()['id']}/audio", headers={"Range": "bytes=99999999-"}
    )
    assert beyond.status_code == 416


@pytest.mark.django_db(transaction=True)
def test_deleted_files_are_gone(world: World, browser: New, base: str) -> None:
    keeper = browser(world.keeper)
    chosen = package(keeper, base, "Обычная")
    made = add(keeper, base, chosen).json()["id"]
    folder = settings.CONFIG.media_dir / str(world.romashka.pk) / f"p{chosen}"
    assert keeper.delete(f"{base}/packages/{chosen}/files/{made}").status_code == 204
    assert list(folder.iterdir()) == []
    assert keeper.get(f"{base}/packages/{chosen}").json()["files_count"] == 0
    add(keeper, base, chosen)
    assert keeper.delete(f"{base}/packages/{chosen}").status_code == 204
    assert not folder.exists()


def test_a_message_from_a_file_of_a_package_in_two_languages(world: World, browser: New, base: str) -> None:
    """S192, S193: one message, a file per language; what stands in the engine's folders is what callers hear."""
    keeper = browser(world.keeper)
    file_id = add(keeper, base, package(keeper, base, "Голоса"), "привет.wav").json()["id"]
    made = keeper.post(f"{base}/sounds", {"package_file_id": file_id})
    assert made.status_code == 201, made.content
    sound = made.json()
    assert sound["name"] == "привет"
    english = keeper.post(
        f"{base}/sounds/{sound['id']}/versions/en", {"file": SimpleUploadedFile("hello.wav", tone(0.7))}
    )
    assert [version["language"] for version in english.json()["versions"]] == ["en"]
    media = settings.CONFIG.media_dir
    assert (media / str(world.romashka.pk) / f"{sound['id']}.wav").is_file()
    assert (media / "en" / str(world.romashka.pk) / f"{sound['id']}.wav").is_file()
    lengths = {}
    for language in ("ru", "en"):
        content = keeper.get(f"{base}/sounds/{sound['id']}/audio?language={language}").content
        with wave.open(BytesIO(content)) as heard:
            lengths[language] = round(heard.getnframes() / heard.getframerate(), 1)
    assert lengths == {"ru": 0.3, "en": 0.7}
    changed = keeper.patch(
        f"{base}/sounds/{sound['id']}", {"language": "en"}, content_type="application/json"
    )
    assert list(changed.json()["fields"]) == ["language"]
    unknown = keeper.post(f"{base}/sounds/{sound['id']}/versions/xx", {"text": "?"})
    assert list(unknown.json()["fields"]) == ["language"]
    assert keeper.delete(f"{base}/sounds/{sound['id']}/versions/en").status_code == 204
    assert keeper.delete(f"{base}/sounds/{sound['id']}/versions/en").status_code == 404
    assert list(keeper.post(f"{base}/sounds", {"package_file_id": 999}).json()["fields"]) == [
        "package_file_id"
    ]
    assert list(keeper.post(f"{base}/sounds", {"name": "x"}).json()["fields"]) == ["file"]


def test_a_spoken_message(world: World, browser: New, base: str) -> None:
    assert speech.speaker(settings.CONFIG), "no espeak-ng: ./ats test sets up the engine, which brings it"
    keeper = browser(world.keeper)
    body = {"text": "Здравствуйте! Вы позвонили в компанию «Ромашка».\n-w /etc/x $(id)", "language": "ru"}
    heard = keeper.post(f"{base}/sounds/speech/preview", body, content_type="application/json")
    assert heard.status_code == 200, heard.content
    with wave.open(BytesIO(heard.content)) as sound:
        assert sound.getframerate() == 8000
        assert sound.getnframes() / 8000 > 2
    made = keeper.post(f"{base}/sounds/speech", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["text"] == body["text"]
    assert made.json()["name"].startswith("Здравствуйте! Вы")
    version = keeper.post(f"{base}/sounds/{made.json()['id']}/versions/en", {"text": "Hello"})
    assert version.json()["versions"][0]["text"] == "Hello"


def test_texts_that_cannot_be_spoken(world: World, browser: New, base: str) -> None:
    keeper = browser(world.keeper)
    for text in ("", "  ", "a\x00b", "x" * 2001):
        answer = keeper.post(f"{base}/sounds/speech", {"text": text}, content_type="application/json")
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["text"])


def test_the_operators_own_command_speaks(
    world: World, browser: New, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is run from a list of words: a text that looks like options or a command stays a text in a file."""
    script = tmp_path / "say.py"
    script.write_text(
        "import shutil, sys\n"
        "assert len(sys.argv) == 4, sys.argv\n"
        f"shutil.copy(sys.argv[1], {str(tmp_path / 'said')!r})\n"
        f"shutil.copy({str(tmp_path / 'tone.wav')!r}, sys.argv[3])\n"
    )
    (tmp_path / "tone.wav").write_bytes(tone(0.4))
    command = f"{sys.executable} {script} {{text}} --voice={{language}} {{out}}"
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, speech_command=command))
    text = '"; touch /tmp/x #`id` {out}'
    heard = browser(world.keeper).post(
        f"{base}/sounds/speech/preview", {"text": text}, content_type="application/json"
    )
    assert heard.status_code == 200, heard.content
    assert (tmp_path / "said").read_text().strip() == text
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, speech_command="/nowhere {text} {out}"))
    failed = browser(world.keeper).post(
        f"{base}/sounds/speech/preview", {"text": "x"}, content_type="application/json"
    )
    assert list(failed.json()["fields"]) == ["text"]
    assert speech.speaker(replace(settings.CONFIG, speech_command="a 'b c' {out}")) == speech.Speaker(
        ["a", "b c", "{out}"]
    )


def test_packages_stay_within_the_client(world: World) -> None:
    with scope(client=world.romashka.pk):
        package_actions.create_package(None, world.romashka.pk, {"name": "Своя"})
    with scope(client=world.vega.pk):
        package_actions.create_package(None, world.vega.pk, {"name": "Своя"})
        assert sorted(row.name for row in queries.packages()) == [FIRST, "Своя"]
