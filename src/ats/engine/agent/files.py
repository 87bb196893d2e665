"""Files of the engine the agent reads and writes: clients' fragments, trunks' lines, registered contacts."""

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ats.config import Config
from ats.engine.agent.database import ROUTES
from ats.engine.confs import DRIVERS

_CLIENT = re.compile(r"c(\d+)\.conf\Z")
_VERSION = re.compile(rb"; version (\d+)\n")
_PREFIX = "/registrar/contact/"
_IAX = "/IAX/Registry/"


@dataclass(frozen=True, slots=True)
class FileVersion:
    """Version a client's file holds, and when it was written (epoch seconds)."""

    client_id: int
    version: int
    written_at: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A registered contact as the engine's registrars keep it. `expires_at`: epoch seconds; IAX2 tells none."""

    aor: str
    uri: str
    address: str
    user_agent: str
    expires_at: float | None


def client_path(config: Config, client_id: int) -> Path:
    """A client's fragment of extensions.conf."""
    name = "routes.conf" if client_id == ROUTES else f"c{client_id}.conf"
    return config.engine_etc / "clients" / name


def trunks_path(config: Config, client_id: int) -> Path:
    """A client's fragment of pjsip_trunks.conf."""
    return config.engine_etc / "trunks" / f"c{client_id}.conf"


def iax_path(config: Config, client_id: int) -> Path:
    """A client's fragment of iax.conf."""
    return config.engine_etc / "iax" / f"c{client_id}.conf"


def h323_path(config: Config, client_id: int) -> Path:
    """A client's fragment of ooh323.conf."""
    return config.engine_etc / "h323" / f"c{client_id}.conf"


def drivers_path(config: Config) -> Path:
    """The part of modules.conf that names drivers in use."""
    return config.engine_etc / DRIVERS


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


class ContactLog:
    """The engine's contact file, watched: what changed since the last look.

    Values are remembered by their hash, so 100,000 contacts cost a few megabytes. Not thread-safe.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._version = -1
        self._known: dict[str, int] = {}

    def forget(self) -> None:
        """The next look reports every contact."""
        self._known = {}
        self._version = -1

    def poll(self) -> tuple[list[Contact], set[str]] | None:
        """(all contacts of the addresses of record that changed, those addresses), None when nothing did.

        A look at an unchanged file costs microseconds. The engine writes about a second after a change.
        """
        connection = self._open()
        if connection is None:
            return None
        version = int(connection.execute("PRAGMA data_version").fetchone()[0])
        if version == self._version:
            return None
        rows = [row for prefix in (_PREFIX, _IAX) for row in _range(connection, prefix, prefix[:-1] + "0")]
        self._version = version
        present = {key: hash(value) for key, value in rows}
        changed = {key for key, _ in present.items() ^ self._known.items()}
        self._known = present
        touched = {_aor(key) for key in changed}
        found = [_contact(key, value) for key, value in rows if _aor(key) in touched]
        return [contact for contact in found if contact is not None], touched

    def _open(self) -> sqlite3.Connection | None:
        path = _astdb_path(self._config)
        try:
            inode = path.stat().st_ino
        except FileNotFoundError:
            return None
        if self._connection is None or inode != self._inode:
            if self._connection is not None:
                self._connection.close()
            self._connection = _read_only(path)
            self._inode, self._version = inode, -1
        return self._connection


def contact_keys(config: Config, aors: Iterable[str]) -> list[str]:
    """Keys of the registered contacts of these addresses of record in family registrar/contact."""
    path = _astdb_path(config)
    if not path.exists():
        return []
    with closing(_read_only(path)) as connection:
        found = [_range(connection, f"{_PREFIX}{aor};@", f"{_PREFIX}{aor};A") for aor in aors]
    return [key[len(_PREFIX) :] for rows in found for key, _ in rows]


def devices(config: Config, aors: Iterable[str]) -> dict[str, frozenset[str]]:
    """Address of record → its registered SIP telephones; one that was switched on anew counts as another."""
    path = _astdb_path(config)
    if not path.exists():
        return {}
    with closing(_read_only(path)) as connection:
        found = {aor: _range(connection, f"{_PREFIX}{aor};@", f"{_PREFIX}{aor};A") for aor in aors}
    return {aor: frozenset(_device(key, value) for key, value in rows) for aor, rows in found.items() if rows}


def registered(config: Config, logins: Iterable[str]) -> set[str]:
    """Those of these logins that have a contact now, SIP or IAX2."""
    wanted = list(logins)
    found = {key.split(";@", 1)[0] for key in contact_keys(config, wanted)}
    path = _astdb_path(config)
    if not path.exists():
        return found
    with closing(_read_only(path)) as connection:
        query = "SELECT 1 FROM astdb WHERE key = ?"
        return found | {one for one in wanted if connection.execute(query, (_IAX + one,)).fetchone()}


def _astdb_path(config: Config) -> Path:
    """The engine's own small database."""
    return config.engine_dir / "spool" / "astdb.sqlite3"


def _read_only(path: Path) -> sqlite3.Connection:
    uri = f"file:{_quoted(path)}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=2, check_same_thread=False)


def _aor(key: str) -> str:
    """Address of record of a contact's key; IAX2 has one contact of each login."""
    if key.startswith(_IAX):
        return key[len(_IAX) :]
    return key[len(_PREFIX) :].split(";@", 1)[0]


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _range(connection: sqlite3.Connection, first: str, end: str) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT key, value FROM astdb WHERE key >= ? AND key < ?", (first, end)
    ).fetchall()


def _device(key: str, value: str | bytes) -> str:
    """A contact and the registration it came with: a telephone that renews it keeps its Call-ID."""
    try:
        return f"{key} {json.loads(value).get('call_id', '')}"
    except (ValueError, AttributeError):
        return key


def _contact(key: str, value: str | bytes) -> Contact | None:
    if key.startswith(_IAX):
        address = str(value).rpartition(":")[0]  # 192.0.2.7:4569:60, the last is how long it was good for
        return Contact(_aor(key), f"iax2:{_aor(key)}@{address}", address, "", None)
    try:
        data = json.loads(value)
        return Contact(
            aor=_aor(key),
            uri=str(data.get("uri", "")).replace("^3B", ";").replace("^5E", "^"),
            address=f"{data.get('via_addr', '')}:{data.get('via_port', '')}",
            user_agent=str(data.get("user_agent", "")),
            expires_at=float(data.get("expiration_time", 0)),
        )
    except (ValueError, AttributeError):
        return None
