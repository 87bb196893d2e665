"""The node's engine.db: SIP endpoints, their passwords and addresses of record, as the engine reads them.

Written by the agent, read by the engine by primary key over realtime (DESIGN 3). One row of each table per
port, all three with the endpoint's name as id. Also two small tables of the agent's own: which external numbers
it put into the engine, and which old contexts wait for removal.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ats.engine import contactrows, queuerows

ENDPOINT_COLUMNS = (
    "transport",
    "aors",
    "auth",
    "outbound_auth",
    "context",
    "disallow",
    "allow",
    "direct_media",
    "rtp_symmetric",
    "force_rport",
    "rewrite_contact",
    "dtmf_mode",
    "deny",
    "permit",
    "callerid",
    "from_user",
    "from_domain",
    "trust_id_inbound",
    "trust_id_outbound",
    "send_pai",
    "send_connected_line",
    "accountcode",
    "set_var",
    "language",
    "tone_zone",
    "inband_progress",
    "ignore_183_without_sdp",
    "timers",
    "rtp_timeout",
    "rtp_timeout_hold",
    "identify_by",
    "allow_subscribe",
    "allow_transfer",
    "t38_udptl",
    "t38_udptl_ec",
    "t38_udptl_nat",
    "webrtc",
    "named_call_group",
    "named_pickup_group",
    "callerid_tag",
    "moh_suggest",
)
AUTH_COLUMNS = ("auth_type", "username", "password", "password_digest", "realm")
AOR_COLUMNS = (
    "contact",
    "max_contacts",
    "remove_existing",
    "minimum_expiration",
    "maximum_expiration",
    "default_expiration",
    "qualify_frequency",
    "support_path",
)
TABLES: Mapping[str, tuple[str, ...]] = {
    "ps_endpoints": ENDPOINT_COLUMNS,
    "ps_auths": AUTH_COLUMNS,
    "ps_aors": AOR_COLUMNS,
}
# Name of the engine's object cache of each table.
CACHES = {"ps_endpoints": "res_pjsip/endpoint", "ps_auths": "res_pjsip/auth", "ps_aors": "res_pjsip/aor"}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Statements:
    """SQL of one table; built once from the constant names above, values always go as parameters."""

    select: str
    delete: str
    put: str

    @classmethod
    def of(cls, table: str, columns: tuple[str, ...]) -> "_Statements":
        names = ", ".join(columns)
        marks = ", ".join("?" * (len(columns) + 1))
        return cls(
            f"SELECT {names} FROM {table} WHERE id = ?",  # noqa: S608
            f"DELETE FROM {table} WHERE id = ?",  # noqa: S608
            f"INSERT OR REPLACE INTO {table} (id, {names}) VALUES ({marks})",  # noqa: S608
        )


_STATEMENTS = {table: _Statements.of(table, columns) for table, columns in TABLES.items()}


class UnsafeValue(ValueError):
    """A value holds a control character and must not reach the engine."""


@dataclass(slots=True)
class EndpointRows:
    """The rows of one endpoint, columns that are not set are left out."""

    name: str
    endpoint: Row
    aor: Row
    auth: Row | None = None

    def tables(self) -> dict[str, Row | None]:
        return {"ps_endpoints": self.endpoint, "ps_auths": self.auth, "ps_aors": self.aor}


@dataclass(slots=True)
class Changes:
    """(table, id) of rows that changed or went away, and names of endpoints that are gone.

    New rows are not among them: the engine's cache never remembers that something was not there.
    """

    objects: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def checked(value: str) -> str:
    """The value itself. Raises UnsafeValue when it holds a control character, which no column may."""
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise UnsafeValue("control character in an engine value")
    return value


def create(path: Path) -> None:
    """Make the file and its tables when missing; adds columns that a newer version brings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with transaction(path) as connection:
        for table, columns in TABLES.items():
            names = ", ".join(f"{name} TEXT" for name in columns)
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, {names}) WITHOUT ROWID"
            )
            have = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for name in columns:
                if name not in have:
                    connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} TEXT")
        connection.execute("CREATE INDEX IF NOT EXISTS ps_endpoints_account ON ps_endpoints (accountcode)")
        connection.execute(
            "CREATE INDEX IF NOT EXISTS ps_endpoints_browsers ON ps_endpoints (webrtc) WHERE webrtc = 'yes'"
        )
        contactrows.create(connection)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS agent_dids (digits TEXT PRIMARY KEY, client_id INTEGER NOT NULL)"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS musiconhold (name TEXT PRIMARY KEY, mode TEXT, directory TEXT, sort TEXT)"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS agent_garbage (context TEXT PRIMARY KEY, flipped_at REAL NOT NULL)"
        )
        queuerows.create(connection)
    path.chmod(0o600)


@contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """One writing transaction on engine.db, committed unless the block raises."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.close()


def apply(connection: sqlite3.Connection, client_id: int, rows: Iterable[EndpointRows]) -> Changes:
    """Make the file hold exactly these endpoints for a client; only what differs is written.

    An endpoint belongs to the client in its `accountcode`. Returns what the engine's cache must forget.
    Raises UnsafeValue for a control character in any value.
    """
    wanted = {row.name: row for row in rows}
    changes = Changes()
    query = "SELECT id FROM ps_endpoints WHERE accountcode = ?"
    owned = {name for (name,) in connection.execute(query, (str(client_id),))}
    for name in sorted(owned - wanted.keys()):
        changes.gone.append(name)
        for table in TABLES:
            connection.execute(_STATEMENTS[table].delete, (name,))
            changes.objects.append((table, name))
    for name, row in wanted.items():
        for table, values in row.tables().items():
            if _put(connection, table, name, values):
                changes.objects.append((table, name))
    return changes


def _put(connection: sqlite3.Connection, table: str, name: str, values: Row | None) -> bool:
    """Bring one row to these values (None: no row); says whether an older row changed or went."""
    statements = _STATEMENTS[table]
    old = connection.execute(statements.select, (name,)).fetchone()
    if values is None:
        if old is not None:
            connection.execute(statements.delete, (name,))
        return old is not None
    new = tuple(None if (value := values.get(column)) is None else checked(value) for column in TABLES[table])
    if old == new:
        return False
    connection.execute(statements.put, (name, *new))
    return old is not None


def browsers(path: Path) -> bool:
    """Whether any telephone of this node is a browser."""
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        return bool(
            connection.execute("SELECT EXISTS (SELECT 1 FROM ps_endpoints WHERE webrtc = 'yes')").fetchone()[
                0
            ]
        )


def set_music(connection: sqlite3.Connection, name: str, directory: str | None) -> None:
    """A client's music class: the folder it is played from, read anew at each start of music; None: no class."""
    if directory is None:
        connection.execute("DELETE FROM musiconhold WHERE name = ?", (name,))
        return
    row = (name, "files", checked(directory), "alpha")
    connection.execute("INSERT OR REPLACE INTO musiconhold VALUES (?, ?, ?, ?)", row)


def claim_dids(connection: sqlite3.Connection, client_id: int, digits: Iterable[str]) -> list[str]:
    """Note which external numbers a client has; returns those it had and has no more.

    The freed ones stay noted until `drop_dids`, so a crash between cannot leave them in the engine.
    """
    wanted = set(digits)
    had = set(dids_of(connection, client_id))
    connection.executemany(
        "INSERT OR REPLACE INTO agent_dids VALUES (?, ?)",
        [(number, client_id) for number in sorted(wanted - had)],
    )
    return sorted(had - wanted)


def dids_of(connection: sqlite3.Connection, client_id: int) -> list[str]:
    """External numbers noted for a client; one that another client claimed since is not among them."""
    query = "SELECT digits FROM agent_dids WHERE client_id = ?"
    return [number for (number,) in connection.execute(query, (client_id,))]


def drop_dids(connection: sqlite3.Connection, client_id: int, digits: Iterable[str]) -> None:
    """Forget external numbers that are out of the engine."""
    connection.executemany(
        "DELETE FROM agent_dids WHERE digits = ? AND client_id = ?",
        [(number, client_id) for number in digits],
    )


def add_garbage(connection: sqlite3.Connection, contexts: Iterable[str]) -> None:
    """Note contexts that were flipped away from just now."""
    connection.executemany(
        "INSERT OR REPLACE INTO agent_garbage VALUES (?, ?)", [(name, time.time()) for name in contexts]
    )


def garbage(connection: sqlite3.Connection, flipped_before: float) -> list[tuple[str, float]]:
    """(context, epoch of the flip) of old contexts that wait longer than that."""
    query = "SELECT context, flipped_at FROM agent_garbage WHERE flipped_at < ?"
    return connection.execute(query, (flipped_before,)).fetchall()


def drop_garbage(connection: sqlite3.Connection, contexts: Iterable[str] | None = None) -> None:
    """Forget removed contexts; all of them after a boot of the engine."""
    if contexts is None:
        connection.execute("DELETE FROM agent_garbage")
    else:
        connection.executemany("DELETE FROM agent_garbage WHERE context = ?", [(name,) for name in contexts])


def made_by(connection: sqlite3.Connection) -> int:
    """Fingerprint of the program that wrote all rows last (see `agent.fingerprint`); 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def set_made_by(connection: sqlite3.Connection, fingerprint: int) -> None:
    """Note that every row was written by this program."""
    connection.execute(f"PRAGMA user_version = {int(fingerprint)}")
