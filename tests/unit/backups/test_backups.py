"""The whole state as one file, and back: the same rows and files in another home."""

import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django_scopes import scope

from ats.audit.models import AuditEntry
from ats.backups import actions, archive, files, making
from ats.backups.models import BackupJob
from ats.clients.models import User
from ats.config import CHECKOUT, Config
from ats.system.topics import Backups
from tests.unit.world import World


@pytest.fixture
def folder() -> Iterator[Path]:
    """The home's own folder of backups, empty."""
    place = files.folder(settings.CONFIG)
    place.mkdir(exist_ok=True)
    yield place
    for path in place.iterdir():
        path.unlink()


@pytest.fixture
def ordered_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the daily one as well, should these tests run in its hour."""
    monkeypatch.setattr(making, "is_due", lambda *_: False)


def restore(path: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ATS_HOME": str(home), "ATS_TOOLS": str(settings.CONFIG.tools), "ATS_LANG": "en"}
    env.pop("ATS_DB_URL", None)
    command = [sys.executable, str(CHECKOUT / "ats"), "restore", str(path), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)


def rows(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        return list(cursor.fetchall())


def raw(table: str) -> list[tuple[object, ...]]:
    """Rows as SQLite itself holds them."""
    with sqlite3.connect(str(connection.settings_dict["NAME"])) as own:
        return list(own.execute(f'SELECT * FROM "{table}" ORDER BY 1'))


@pytest.mark.django_db(transaction=True)
def test_there_and_back(world: World, tmp_path: Path) -> None:
    """Backup while somebody writes, restore into another home, nothing overwritten unasked."""
    config = settings.CONFIG
    sound = config.media_dir / "7" / "1.wav"
    sound.parent.mkdir(parents=True, exist_ok=True)
    sound.write_bytes(b"RIFF")
    config.journal_path.parent.mkdir(parents=True, exist_ok=True)
    config.journal_path.write_text("BOOT,x,1\n")
    target = tmp_path / "state.tar.gz"
    made = archive.make(config, target)
    assert archive.read_manifest(target) == made
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["state.tar.gz"]

    home = tmp_path / "other"
    if connection.vendor == "sqlite":
        done = restore(target, home)
        assert done.returncode == 0, done.stderr
        with sqlite3.connect(home / "db" / "ats.sqlite3") as copy:
            for table in ("clients_user", "numbering_number", "audit_auditentry", "django_migrations"):
                assert copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] == len(rows(table))
            assert copy.execute("SELECT * FROM clients_client ORDER BY 1").fetchall() == raw("clients_client")
    else:
        _postgres(target, home)
    assert (home / "media" / "7" / "1.wav").read_bytes() == b"RIFF"
    assert (home / "engine/log/cel-custom/journal.csv").read_text() == "BOOT,x,1\n"
    assert Config.load(home).secret_key == config.secret_key

    refused = restore(target, home)  # it holds an installation now
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    strange = tmp_path / "strange.tar.gz"
    strange.write_bytes(b"nothing of ours")
    assert restore(strange, tmp_path / "third").returncode == 1
    if connection.vendor == "sqlite":
        (home / "media" / "7" / "1.wav").write_bytes(b"later")
        assert restore(target, home, "--replace").returncode == 0
        assert (home / "media" / "7" / "1.wav").read_bytes() == b"RIFF"
        (aside,) = home.glob("replaced-*")
        assert (aside / "media" / "7" / "1.wav").read_bytes() == b"later"
        _newer(target, tmp_path / "newer.tar.gz")
        newer = restore(tmp_path / "newer.tar.gz", home, "--replace")
        assert "newer version" in newer.stderr
        assert (home / "media" / "7" / "1.wav").read_bytes() == b"RIFF"  # all as it was
        assert len(list(home.glob("replaced-*"))) == 1
    sound.unlink()


def _postgres(target: Path, home: Path) -> None:
    """Into a database of its own on the same server."""
    import psycopg

    given = connection.settings_dict
    server = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    name = f"{given['NAME']}_restored"
    with psycopg.connect(dbname=given["NAME"], autocommit=True, **server) as own:
        own.execute(f'DROP DATABASE IF EXISTS "{name}"')
        own.execute(f'CREATE DATABASE "{name}"')
        try:
            url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
            done = restore(target, home, "--db", url)
            assert done.returncode == 0, done.stderr
            with psycopg.connect(dbname=name, **server) as copy:
                for table in ("clients_user", "numbering_number", "audit_auditentry"):
                    wanted = own.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall()
                    assert copy.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall() == wanted
                copy.execute("INSERT INTO system_ban (address, source, failures, note, author_login, at)"
                             " VALUES ('203.0.113.1', 'manual', 0, '', '', now())")  # fmt: skip
                copy.commit()
            again = restore(target, home.with_name("again"), "--db", url)
            assert "not empty" in again.stderr
        finally:
            own.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _newer(source: Path, target: Path) -> None:
    """The same archive, made by a program that has one more migration."""
    import io
    import json

    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            handle = old.extractfile(member)
            assert handle
            data = handle.read()
            if member.name == archive.MANIFEST:
                values = json.loads(data)
                values["migrations"]["clients"] = "9999_from_the_future"
                data = json.dumps(values).encode()
                member.size = len(data)
            new.addfile(member, io.BytesIO(data))


@pytest.mark.usefixtures("ordered_only")
@pytest.mark.django_db(transaction=True)
def test_ordered_made_listed_taken_away_deleted(
    world: World, browser: Callable[[User], Browser], folder: Path
) -> None:
    operator = browser(world.admin)
    assert browser(world.keeper).get("/api/system/backups").status_code == 403
    made = operator.post("/api/system/backups", {"recordings": True}, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (202, "new")
    again = operator.post("/api/system/backups", {}, content_type="application/json")
    assert again.json()["code"] == "backup_running"
    assert making.make_due() == 1
    (row,) = operator.get("/api/system/backups").json()["items"]
    assert (row["state"], row["author_login"], row["recordings"]) == ("done", "admin", True)
    name = row["name"]
    answer = operator.get(f"/api/system/backups/{name}")
    assert int(answer["Content-Length"]) == row["size_bytes"]
    for path in ("..%2Fconfig.toml", "config.toml", "ats-20260101-000000.tar.gz"):
        assert operator.get(f"/api/system/backups/{path}").status_code == 404
    assert operator.delete(f"/api/system/backups/{name}").status_code == 204
    assert operator.get("/api/system/backups").json()["items"] == []
    with scope(client=world.operator.pk):
        verbs = (
            AuditEntry.objects.filter(object_type="backupjob").order_by("pk").values_list("verb", flat=True)
        )
        assert list(verbs) == ["create", "download", "delete"]


@pytest.mark.usefixtures("ordered_only")
@pytest.mark.django_db(transaction=True)
def test_one_that_fails_says_so(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scope(client=world.operator.pk):
        job = actions.order(world.admin, False)
    (folder / job.name).mkdir()  # the archive cannot take its place
    assert making.make_due() == 0
    job.refresh_from_db()
    assert job.state == BackupJob.State.FAILED
    assert job.error
    (folder / job.name).rmdir()
    assert list(folder.iterdir()) == []  # nothing half-made stays


@pytest.mark.django_db
def test_the_daily_one_and_those_to_keep(folder: Path) -> None:
    rules = Backups(hour=3, keep=2)
    at = datetime(2027, 5, 1, 3, 10, tzinfo=UTC)
    assert making.is_due(rules, at, [])
    assert not making.is_due(rules, at.replace(hour=4), [])
    assert not making.is_due(rules, at, [files.new_name(at, daily=True)])
    assert not making.is_due(Backups(hour=3, daily=False), at, [])
    for day in (1, 2, 3, 4):
        (folder / files.new_name(at.replace(day=day), daily=True)).touch()
    by_hand = folder / files.new_name(at.replace(day=1))
    by_hand.touch()
    assert len(making.prune(settings.CONFIG, rules)) == 2
    assert [name[:18] for name in files.names(settings.CONFIG)] == [
        "ats-daily-20270504",
        "ats-daily-20270503",
        "ats-20270501-03100",
    ]
