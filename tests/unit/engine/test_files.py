"""What the agent reads from the engine's files."""

import json
import sqlite3
from pathlib import Path

import pytest

from ats.config import Config
from ats.engine import runtime
from ats.engine.agent import files


@pytest.fixture
def config(tmp_path: Path) -> Config:
    home = tmp_path / "home with spaces"
    made = Config(home=home, tools=tmp_path / "tools")
    (made.engine_etc / "clients").mkdir(parents=True)
    (made.engine_dir / "spool").mkdir()
    return made


class Engine:
    """The engine's side of its contact file."""

    def __init__(self, config: Config) -> None:
        self.database = sqlite3.connect(config.engine_dir / "spool" / "astdb.sqlite3")
        self.database.execute("CREATE TABLE astdb(key TEXT, value TEXT, PRIMARY KEY(key))")
        self.database.commit()

    def register(self, aor: str, tail: str = "1", port: int = 5060, expires: int = 2_000_000_000) -> None:
        value = {
            "via_addr": "192.0.2.9",
            "via_port": str(port),
            "uri": f"sip:{aor}@192.0.2.9:{port}^3Btransport=tcp",
            "user_agent": "Phone/1",
            "expiration_time": str(expires),
        }
        self.put(f"{aor};@{tail}", json.dumps(value))

    def put(self, key: str, value: str) -> None:
        self.database.execute(
            "INSERT OR REPLACE INTO astdb VALUES (?, ?)", (f"/registrar/contact/{key}", value)
        )
        self.database.commit()

    def unregister(self, aor: str, tail: str = "1") -> None:
        self.database.execute("DELETE FROM astdb WHERE key = ?", (f"/registrar/contact/{aor};@{tail}",))
        self.database.commit()


def test_versions_come_from_the_first_line_of_each_fragment(config: Config) -> None:
    files.client_path(config, 17).write_text("; version 5\n[c17.v5]\n")
    files.client_path(config, 0).write_text("; version 9\n[route.v9]\n")
    files.client_path(config, 18).write_text("")  # torn: as if it were not there
    (config.engine_etc / "clients" / "notes.conf").write_text("; version 3\n")
    found = {file.client_id: file.version for file in files.versions(config)}
    assert found == {17: 5, 0: 9}
    assert files.client_ids(config) == {0, 17, 18}


def test_before_the_first_boot_there_is_no_boot_id(config: Config) -> None:
    assert files.boot_id(config) == ("", 0.0)


def test_no_contact_file_is_no_change(config: Config) -> None:
    assert files.ContactLog(config).poll() is None


def test_a_registration_a_refresh_and_a_farewell(config: Config) -> None:
    engine = Engine(config)
    log = files.ContactLog(config)
    engine.register("170001")
    engine.register("170002")
    assert log.poll() is not None
    assert log.poll() is None
    engine.register("170001", port=5070)
    found = log.poll()
    assert found is not None
    contacts, touched = found
    assert touched == {"170001"}
    assert [(contact.uri, contact.address) for contact in contacts] == [
        ("sip:170001@192.0.2.9:5070;transport=tcp", "192.0.2.9:5070")
    ]
    engine.unregister("170002")
    assert log.poll() == ([], {"170002"})


def test_a_phone_that_moved_leaves_no_old_contact(config: Config) -> None:
    engine = Engine(config)
    log = files.ContactLog(config)
    engine.register("170001", tail="a")
    log.poll()
    engine.unregister("170001", tail="a")
    engine.register("170001", tail="b", port=5099)
    found = log.poll()
    assert found is not None
    assert [contact.address for contact in found[0]] == ["192.0.2.9:5099"]


def test_a_value_that_is_no_json_is_skipped(config: Config) -> None:
    engine = Engine(config)
    engine.put("170001;@x", "{broken")
    engine.put("170002;@x", "[]")
    engine.register("170003")
    found = files.ContactLog(config).poll()
    assert found is not None
    assert [contact.aor for contact in found[0]] == ["170003"]


def test_keys_of_one_login_are_not_those_of_a_longer_one(config: Config) -> None:
    engine = Engine(config)
    engine.register("17000")
    engine.register("170001")
    assert files.contact_keys(config, ["17000"]) == ["17000;@1"]


def test_unchanged_texts_are_not_written_again(config: Config) -> None:
    path = config.engine_etc / "a.conf"
    assert runtime.write_if_changed(path, "x\n")
    before = path.stat().st_mtime_ns
    assert not runtime.write_if_changed(path, "x\n")
    runtime.write_changed({path: "x\n", config.engine_etc / "b.conf": "y", config.engine_etc / "c.conf": "z"})
    assert path.stat().st_mtime_ns == before
    assert (config.engine_etc / "c.conf").read_text() == "z"
    assert not list(config.engine_etc.glob("*.new"))
