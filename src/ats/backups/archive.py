"""The whole state of an installation as one file, made while it runs.

A gzipped tar: `manifest.json` first, then `config.toml`, the database, and the folders with sounds, voice messages,
faxes and the exchange's key. SQLite is copied by its own backup API; of PostgreSQL every table is taken by COPY in one
snapshot, so that no program of a certain version is needed on either side. The file appears
under its name only when it is whole.
"""

import contextlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from ats import __version__
from ats.config import Config

FORMAT = 1
SUFFIX = ".tar.gz"
MANIFEST, CONFIG, SQLITE, TABLES = "manifest.json", "config.toml", "db/ats.sqlite3", "db/tables"
FOLDERS = ("media", "voicemail", "faxes", "keys")
JOURNAL = "engine/log/cel-custom"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. `migrations`: of each application the newest that its database has."""

    version: str
    made_at: float  # seconds since the epoch
    node_name: str
    database: str  # sqlite | postgresql
    recordings: bool
    migrations: dict[str, str]
    rows: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def of(cls, text: str | bytes) -> "Manifest":
        """From its JSON. Raises ValueError for anything else."""
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise ValueError("not an archive of this program")
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError("not an archive of this program") from error


def make(config: Config, target: Path, *, recordings: bool = False) -> Manifest:
    """Write the archive to `target` (mode 0600: it holds every secret). Raises OSError, DatabaseError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as raw, tempfile.TemporaryDirectory(dir=target.parent) as aside:
            with tarfile.open(
                fileobj=raw, mode="w:gz", compresslevel=3, format=tarfile.PAX_FORMAT
            ) as archive:
                manifest = _fill(archive, config, Path(aside), recordings)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the archive says of itself. Raises ValueError when it is no archive of ours, OSError."""
    try:
        with tarfile.open(path, mode="r|gz") as archive:
            first = archive.next()
            handle = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            if handle is None:
                raise ValueError("not an archive of this program")
            return Manifest.of(handle.read())
    except (tarfile.TarError, EOFError, json.JSONDecodeError) as error:
        raise ValueError("not an archive of this program") from error


def tables() -> list[str]:
    """Every table of ours with rows worth keeping, in no order that matters: constraints are looked at at the end."""
    return sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})


def _fill(archive: tarfile.TarFile, config: Config, aside: Path, recordings: bool) -> Manifest:
    """The database is taken first: what a file says that came later is only more, never less, than its rows know."""
    rows: dict[str, int] = {}
    if connection.vendor == "sqlite":
        copy = aside / "ats.sqlite3"
        _copy_sqlite(copy)
        taken = {SQLITE: copy}
    else:
        taken = _copy_tables(aside, rows)
    newest: dict[str, str] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        newest[app] = name
    manifest = Manifest(
        __version__, time.time(), config.node_name, connection.vendor, recordings, newest, rows
    )
    _add_text(archive, MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    _add_text(archive, CONFIG, (config.home / "config.toml").read_text(encoding="utf-8"))
    for name, path in taken.items():
        archive.add(path, name, filter=_plain)
        path.unlink()
    for folder in (*FOLDERS, *(("recordings",) if recordings else ())):
        _add_folder(archive, config.home / folder, folder)
    for path in sorted(config.journal_path.parent.glob("journal*.csv")):
        _add_file(archive, path, f"{JOURNAL}/{path.name}")  # calls that are not in the database yet
    return manifest


def _copy_sqlite(target: Path) -> None:
    """A consistent copy; writers go on meanwhile."""
    # `sqlite:////path` gives a name with two slashes, which an address would take for a host.
    address = Path(str(connection.settings_dict["NAME"])).resolve().as_uri()
    source = sqlite3.connect(f"{address}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy, pages=2048, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")


def _copy_tables(aside: Path, rows: dict[str, int]) -> dict[str, Path]:
    taken: dict[str, Path] = {}
    with _snapshot() as cursor:
        for table in tables():
            columns = _columns(cursor, table)
            path = aside / f"{table}.copy"
            listed = ", ".join(f'"{column}"' for column in columns)
            with path.open("wb") as handle, cursor.copy(f'COPY "{table}" ({listed}) TO STDOUT') as copy:
                handle.write((json.dumps(columns) + "\n").encode())
                for data in copy:
                    handle.write(data)
            rows[table] = cursor.rowcount
            taken[f"{TABLES}/{table}.copy"] = path
    return taken


@contextlib.contextmanager
def _snapshot() -> Iterator[Any]:
    """A driver's cursor in a transaction that sees the database as it is now, whatever others commit."""
    with transaction.atomic(durable=False), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor.cursor


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), int(time.time()), 0o600
    archive.addfile(info, io.BytesIO(data))


def _add_folder(archive: tarfile.TarFile, folder: Path, name: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            _add_file(archive, path, f"{name}/{path.relative_to(folder)}")


def _add_file(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """As many bytes as it has now: it may grow or go away meanwhile."""
    try:
        handle = path.open("rb")
    except FileNotFoundError:
        return
    with handle:
        info = _plain(archive.gettarinfo(arcname=name, fileobj=handle))
        archive.addfile(info, _Exactly(handle, info.size))


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


class _Exactly:
    """Reads at most what was announced, and zeros for what a file lost since."""

    def __init__(self, handle: IO[bytes], size: int) -> None:
        self._handle = handle
        self._left = size

    def read(self, size: int = 0, /) -> bytes:
        """The next piece."""
        size = min(size, self._left)
        self._left -= size
        return self._handle.read(size).ljust(size, b"\0")
