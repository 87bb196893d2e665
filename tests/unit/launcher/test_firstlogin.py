"""What the first run prints and keeps."""

import json
import stat
from pathlib import Path

import pytest

from ats.config import Config
from launcher import database, supervise, welcome
from launcher.text import LaunchError

SAID = 'some warning\n{"login": "admin", "password": "p-w", "sip": [{"login": "1", "password": "2", "number": "100"}'
SAID += ', {"login": "3", "password": "4", "number": "101"}]}\n'


def _first() -> database.FirstLogin:
    first = database.parse_first_login(SAID)
    assert first is not None
    return first


def test_the_last_line_is_the_answer() -> None:
    first = _first()
    assert first.login == "admin"
    assert [row.number for row in first.sip] == ["100", "101"]
    plain = database.parse_first_login(json.dumps({"login": "a", "password": "b"}))
    assert plain is not None
    assert plain.sip == ()
    assert database.parse_first_login('{"existing": true}') is None
    with pytest.raises(LaunchError):
        database.parse_first_login("Traceback …")


@pytest.mark.parametrize("language", ["ru", "en", "C"])
def test_the_welcome_says_all_one_needs(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATS_LANG", language)
    config = Config.from_values(tmp_path, {})
    text = "\n".join(welcome.lines(config, _first(), 12.3))
    for word in ("http://127.0.0.1:8080/", "admin", "p-w", "127.0.0.1:5060", "100", "101", "--listen"):
        assert word in text
    assert ("Дальше" in text) == (language != "en")
    assert ("Next" in text) == (language != "ru")


def test_the_passwords_are_kept_for_the_owner_and_shown_once(tmp_path: Path) -> None:
    config = Config.from_values(tmp_path, {})
    assert database.unseen_first_login(config) is None
    database._keep(config, _first())
    path = database.first_login_path(config)
    assert "p-w" in path.read_text()
    assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o600}
    assert database.unseen_first_login(config) == _first()
    database.mark_seen(config)
    assert database.unseen_first_login(config) is None
    database.mark_seen(config)  # twice is no error


def test_the_supervisors_configuration_names_every_part(tmp_path: Path) -> None:
    config = Config.from_values(tmp_path / "50% home", {})
    text = supervise.config_text(config)
    for part in supervise.PARTS:
        assert f"[program:{part}]" in text
    assert "50%% home" in text
    assert all(part.state == "STOPPED" for part in supervise.parts(config))
