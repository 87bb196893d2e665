"""Files of the engine the agent reads and writes: clients' fragments, trunks' lines, registered contacts."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ats.config import Config
from ats.engine.agent.database import ROUTES

_CLIENT = re.compile(r"c(\d+)\.conf\Z")
_VERSION = re.compile(rb"; version (\d+)\n")
_PREFIX = "/registrar/contact/"


@dataclass(frozen=True, slots=True)
class FileVersion:
    """Version a client's file holds, and when it was written (epoch seconds)."""

    client_id: int
    version: int
    written_at: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A registered contact as the engine's registrar keeps it. `expires_at`: epoch seconds."""

    aor: str
    uri: str
    address: str
    user_agent: str
    expires_at: float


def client_path(config: Config, client_id: int) -> Path:
    """A client's fragment of extensions.conf."""
    name = "routes.conf" if client_id == ROUTES else f"c{client_id}.conf"
    return config.engine_etc / "clients" / name


def trunks_path(config: Config, client_id: int) -> Path:
    """A client's fragment of pjsip_trunks.conf."""
    return config.engine_etc / "trunks" / f"c{client_id}.conf"


def boot_id(config: Config) -> tuple[str, float]:
    """Id of the engine's present boot and when it began (epoch seconds); ("", 0) before the first one."""
    try:
        return (
            config.boot_id_path.read_text(encoding="ascii").strip(),
            config.boot_id_path.stat().st_mtime,
        )
    except FileNotFoundError:
        return "", 0.0


def versions(config: Config) -> list[FileVersion]:
    """What the fragments hold, from the first line of each. A file without it is skipped (and rewritten)."""
    found = []
    for path in sorted((config.engine_etc / "clients").glob("*.conf")):
        match = _CLIENT.match(path.name)
        if match is None and path.name != "routes.conf":
            continue
        with path.open("rb") as handle:
            head = _VERSION.match(handle.read(40))
        if head is not None:
            client = int(match[1]) if match else ROUTES
            found.append(FileVersion(client, int(head[1]), path.stat().st_mtime))
    return found


def client_ids(config: Config) -> set[int]:
    """Clients that have a fragment (ROUTES included when the routes' is there)."""
    folder = config.engine_etc / "clients"
    ids = {int(match[1]) for path in folder.glob("c*.conf") if (match := _CLIENT.match(path.name))}
    return ids | ({ROUTES} if (folder / "routes.conf").exists() else set())


def contacts(config: Config, aors: Iterable[str] | None = None) -> list[Contact]:
    """Registered contacts of these addresses of record, or of all, read from the engine's own database file.

    The engine writes it about a second after a change. Listing them over AMI would load every
    endpoint into the engine.
    """
    rows: list[tuple[str, str]] = []
    with _astdb(config) as connection:
        if connection is None:
            return []
        if aors is None:
            rows = _range(connection, _PREFIX, _PREFIX[:-1] + "0")
        else:
            for aor in aors:
                rows += _range(connection, f"{_PREFIX}{aor};@", f"{_PREFIX}{aor};A")
    found = []
    for key, value in rows:
        contact = _contact(key, value)
        if contact is not None:
            found.append(contact)
    return found


def contact_keys(config: Config, aors: Iterable[str]) -> list[str]:
    """Keys of the registered contacts of these addresses of record in family registrar/contact."""
    keys: list[str] = []
    with _astdb(config) as connection:
        if connection is not None:
            for aor in aors:
                rows = _range(connection, f"{_PREFIX}{aor};@", f"{_PREFIX}{aor};A")
                keys += [key[len(_PREFIX) :] for key, _ in rows]
    return keys


@contextmanager
def _astdb(config: Config) -> Iterator[sqlite3.Connection | None]:
    """The engine's own small database, for reading; None before the engine made it."""
    path = config.engine_dir / "spool" / "astdb.sqlite3"
    if not path.exists():
        yield None
        return
    connection = sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True, timeout=2)
    try:
        yield connection
    finally:
        connection.close()


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _range(connection: sqlite3.Connection, first: str, end: str) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT key, value FROM astdb WHERE key >= ? AND key < ?", (first, end)
    ).fetchall()


def _contact(key: str, value: str | bytes) -> Contact | None:
    try:
        data = json.loads(value)
        return Contact(
            aor=key[len(_PREFIX) :].split(";@", 1)[0],
            uri=str(data.get("uri", "")).replace("^3B", ";").replace("^5E", "^"),
            address=f"{data.get('via_addr', '')}:{data.get('via_port', '')}",
            user_agent=str(data.get("user_agent", "")),
            expires_at=float(data.get("expiration_time", 0)),
        )
    except (ValueError, AttributeError):
        return None
