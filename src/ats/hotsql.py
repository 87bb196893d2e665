"""SQL in the path of a call.

Django's cursor translates the marks of every statement anew and asks a dozen times whose connection this is; on SQLite,
where the database itself takes less, that was half of a decision. Other databases go through Django as ever.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction


def fetch_one(sql: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row. `sql`: written in the code, with %s for each value and no other per cent sign."""
    here = connections[DEFAULT_DB_ALIAS]
    row: tuple[Any, ...] | None
    if here.vendor == "sqlite":
        with here.wrap_database_errors:
            row = _raw(here).execute(_marks(sql), params).fetchone()
            return row
    with here.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
        return row


def execute(sql: str, params: Sequence[Any]) -> int:
    """Change something; the number of rows."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor == "sqlite":
        with here.wrap_database_errors:
            return int(_raw(here).execute(_marks(sql), params).rowcount)
    with here.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def short_transaction() -> AbstractContextManager[None]:
    """A transaction of nothing but this module's statements: no other of Django's may begin inside."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor == "sqlite" and not here.in_atomic_block:
        return _short(here)
    atomic: AbstractContextManager[None] = transaction.atomic()
    return atomic


@contextmanager
def _short(here: Any) -> Iterator[None]:
    with here.wrap_database_errors:
        raw = _raw(here)
        raw.execute("BEGIN IMMEDIATE")
        try:
            yield
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise


def _raw(here: Any) -> Any:
    if here.connection is None:
        here.ensure_connection()
    return here.connection


@lru_cache(maxsize=100)
def _marks(sql: str) -> str:
    return sql.replace("%s", "?")
