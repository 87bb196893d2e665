"""Millions of rows in seconds: INSERT … SELECT over a series of numbers, on SQLite and on PostgreSQL.

Only for benches. A column is an SQL expression in which `i` is the row's place, from 0; columns that are not named get
the model's default. Ids are given in order, so a row's id is that of the first one and its place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone

WORDS = ("Бухгалтерия", "Склад", "Приёмная", "Отдел продаж", "Диспетчерская", "Поддержка", "Цех", "Охрана")
NAME = (
    "CASE (i * 7) % 8 "
    + " ".join(f"WHEN {number} THEN '{word}'" for number, word in enumerate(WORDS))
    + " END || ' ' || CAST((i * 7919) % 1000003 AS TEXT)"
)  # names as people give them, not in the order of ids, a few the same
UNIQUE_NAME = f"{NAME} || ' ' || CAST(i AS TEXT)"


def text(expression: str) -> str:
    """As text."""
    return f"CAST({expression} AS TEXT)"


def pick(expression: str, *values: str) -> str:
    """One of the values, by the remainder of the expression."""
    cases = " ".join(f"WHEN {number} THEN '{value}'" for number, value in enumerate(values))
    return f"CASE ({expression}) % {len(values)} {cases} END"


def ago(seconds: str) -> str:
    """The moment so many seconds before 20 November 2026, noon UTC."""
    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '2026-11-20 12:00:00+00' - ({seconds}) * INTERVAL '1 second'"
    return f"strftime('%Y-%m-%d %H:%M:%S', 1795176000 - ({seconds}), 'unixepoch')"


def ahead(days: str) -> str:
    """The date so many days after 20 November 2026."""
    if connection.vendor == "postgresql":
        return f"DATE '2026-11-20' + CAST({days} AS INTEGER)"
    return f"date('2026-11-20', '+' || ({days}) || ' days')"


def insert(model: type[Model], count: int, start: int = 0, /, **columns: str) -> int:
    """Adds `count` rows (places `start`… in the expressions); returns the id of the row with place 0."""
    meta = model._meta
    assert meta.pk is not None
    first = (model._base_manager.aggregate(most=Max("pk"))["most"] or 0) + 1 - start
    names, wanted, values = [f'"{meta.pk.column}"'], [f"{first} + i"], []
    for field in meta.concrete_fields:
        if field.primary_key:
            continue
        names.append(f'"{field.column}"')
        given = columns.pop(field.attname, None)
        if given is not None:
            wanted.append(given.replace("%", "%%"))
            continue
        wanted.append("%s" if connection.vendor == "sqlite" else f"CAST(%s AS {field.db_type(connection)})")
        values.append(_default(field))
    if columns:
        raise ValueError(f"{meta.label} has no {', '.join(columns)}")
    series = (
        f"generate_series({start}, {start + count - 1}) AS series(i)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE series(i) AS (SELECT {start} UNION ALL SELECT i + 1 FROM series"
        f" WHERE i < {start + count - 1}) SELECT i FROM series)"
    )
    sql = f'INSERT INTO "{meta.db_table}" ({", ".join(names)}) SELECT {", ".join(wanted)} FROM {series}'
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    return first


@contextmanager
def without_indices(model: type[Model]) -> Iterator[None]:
    """Builds the indices of a table of PostgreSQL once it is filled: a third of the time for millions of rows."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint)",
            [model._meta.db_table],
        )
        known = cursor.fetchall()
        for name, _ in known:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in known:
            cursor.execute(definition)


def _default(field: Any) -> Any:
    now = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
    value = timezone.now() if now else field.get_default()
    return field.get_db_prep_save(value, connection)


def analyse() -> None:
    """Lets the database know what is in it, as it would by itself with time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
