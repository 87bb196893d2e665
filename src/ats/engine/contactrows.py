"""Contacts of classifiers in engine.db: table `ats_contacts`, which the dialplan looks into by primary key.

A row is `<classifier id>:<digits or mask>` and nothing else. Beside it stands which revision of each classifier the
file holds, so a push compares only classifiers that changed, and writes only contacts that differ.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

TABLE = "ats_contacts"


def create(connection: sqlite3.Connection) -> None:
    """Make the tables when missing."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS agent_classifiers "
        "(id INTEGER PRIMARY KEY, client_id INTEGER NOT NULL, revision INTEGER NOT NULL)"
    )
    connection.execute("CREATE INDEX IF NOT EXISTS agent_classifiers_client ON agent_classifiers (client_id)")


def revisions(path: Path, client_ids: Iterable[int]) -> dict[int, int]:
    """Classifier id → revision the file holds, of these clients."""
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        return {key: revision for client in client_ids for key, revision in _of(connection, client)}


def apply(
    connection: sqlite3.Connection,
    client_id: int,
    wanted: Mapping[int, int],
    clips: Mapping[int, Iterable[str]],
) -> int:
    """Make the file hold exactly the classifiers `wanted` (id → revision) of a client; `clips`: contacts of those
    that changed. Returns how many contacts were written or removed."""
    changes = 0
    for gone in {key for key, _ in _of(connection, client_id)} - wanted.keys():
        changes += _differ(connection, gone, ())
        connection.execute("DELETE FROM agent_classifiers WHERE id = ?", (gone,))
    for key, found in clips.items():
        changes += _differ(connection, key, found)
        connection.execute(
            "INSERT OR REPLACE INTO agent_classifiers VALUES (?, ?, ?)", (key, client_id, wanted[key])
        )
    return changes


def _of(connection: sqlite3.Connection, client_id: int) -> list[tuple[int, int]]:
    query = "SELECT id, revision FROM agent_classifiers WHERE client_id = ?"
    return connection.execute(query, (client_id,)).fetchall()


def _differ(connection: sqlite3.Connection, classifier_id: int, clips: Iterable[str]) -> int:
    # ";" follows ":", so the range holds exactly the ids that begin with "<classifier>:".
    span = (f"{classifier_id}:", f"{classifier_id};")
    query = f"SELECT id FROM {TABLE} WHERE id >= ? AND id < ?"  # noqa: S608 - a constant
    have = {key for (key,) in connection.execute(query, span)}
    want = {f"{classifier_id}:{clip}" for clip in clips}
    connection.executemany(
        f"DELETE FROM {TABLE} WHERE id = ?",  # noqa: S608
        [(key,) for key in have - want],
    )
    connection.executemany(f"INSERT INTO {TABLE} VALUES (?)", [(key,) for key in want - have])  # noqa: S608
    return len(have ^ want)
