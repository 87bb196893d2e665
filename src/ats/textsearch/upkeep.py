"""Making and keeping the index of words.

SQLite: one FTS5 table of trigrams, which folds Cyrillic too, holds no texts of its own and is kept by triggers, so
that nothing that writes has to know of it. PostgreSQL: an index of trigrams (pg_trgm) on each table. Without them
(SQLite built without FTS5, no right to make the extension) all is found as well, by reading every row.

Django makes a table of SQLite anew to change a column, and its triggers are gone then: so after every migration it is
looked whether all of them are there, and the index is filled anew if one was not.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connections, transaction

from ats.textsearch.sources import SOURCES, Source

log = logging.getLogger(__name__)
INDEX = "ats_words"  # SQLite: the table; PostgreSQL: what the names of the indices begin with


def after_migrations(using: str = "default", plan: Sequence[Any] | None = None, **_: Any) -> None:
    """Make what is missing; a signal's receiver. Does nothing while some of the tables are still to come.

    `plan`: what `migrate` did, empty if nothing; `flush` sends the signal without one, and changes no table.
    """
    if plan is None or not _all_there(using):
        return
    if connections[using].vendor == "sqlite":
        ensure_sqlite(using)
    elif connections[using].vendor == "postgresql":
        ensure_postgresql(using)


def _all_there(using: str) -> bool:
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        return all(
            source.table in tables
            and {"id", *source.fields, *filter(None, [source.group])}
            <= {
                column.name for column in connection.introspection.get_table_description(cursor, source.table)
            }
            for source in SOURCES
        )


def ensure_sqlite(using: str) -> None:
    """The table, its triggers, and the words of all rows if any of it was not there."""
    wanted = {name: sql for source in SOURCES for name, sql in _triggers(source).items()}
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE name LIKE %s AND type IN ('trigger', 'table')",
            [f"{INDEX}%"],
        )
        there = dict(cursor.fetchall())
        if INDEX in there and all(there.get(name) == sql for name, sql in wanted.items()):
            return
        with transaction.atomic(using=using):
            for name in there:
                if name not in wanted and name != INDEX:
                    continue
                cursor.execute(f"DROP {'TABLE' if name == INDEX else 'TRIGGER'} {name}")
            try:
                cursor.execute(
                    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='', tokenize='trigram')"
                )
            except DatabaseError as error:
                log.warning("No index of words, every search reads all rows: %s", error)
                return
            for source in SOURCES:
                cursor.execute(
                    f"INSERT INTO {INDEX}(rowid, words) SELECT {source.place()}, {source.words()} "  # noqa: S608
                    f'FROM "{source.table}" ORDER BY 1'
                )
            for sql in wanted.values():
                cursor.execute(sql)


def _triggers(source: Source) -> dict[str, str]:
    """Name → SQL."""
    add = f"INSERT INTO {INDEX}(rowid, words) VALUES ({source.place('NEW.')}, {source.words('NEW.')});"  # noqa: S608
    drop = (
        f"INSERT INTO {INDEX}({INDEX}, rowid, words) "  # noqa: S608
        f"VALUES ('delete', {source.place('OLD.')}, {source.words('OLD.')});"
    )
    columns = ", ".join(f'"{one}"' for one in (*filter(None, [source.group]), *source.fields))
    moments = {
        "added": ("AFTER INSERT", add),
        "changed": (f"AFTER UPDATE OF {columns}", f"{drop} {add}"),
        "removed": ("AFTER DELETE", drop),
    }
    made = {}
    for moment, (when, what) in moments.items():
        name = f"{INDEX}_{source.table}_{moment}"
        made[name] = f'CREATE TRIGGER {name} {when} ON "{source.table}" BEGIN {what} END'
    return made


def ensure_postgresql(using: str) -> None:
    """The extension and the indices."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        there = {name for (name,) in cursor.fetchall()}
        missing = [source for source in SOURCES if postgresql_index(source) not in there]
        if not missing:
            return
        try:
            with transaction.atomic(using=using):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            log.warning("No index of words, every search reads all rows: %s", error)
            return
        for source in missing:
            cursor.execute(
                f'CREATE INDEX {postgresql_index(source)} ON "{source.table}" '
                f"USING gin (({source.words()}) gin_trgm_ops)"
            )


def postgresql_index(source: Source) -> str:
    """The name of the index of a table."""
    return f"{INDEX}_{source.kind}"
