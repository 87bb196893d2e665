"""Pages of calls that `finding` leads to: few rows read whole, and what stands before them as little as can be.

A deep page is read from the end that is nearer, once it is known how many calls there are.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ats.calls.finding import Sought, extras, ordered
from ats.calls.models import Call
from ats.scoping import belonging

DEEP = 1000  # rows before a page from which on it pays to count first


def page(
    found: Sought, column: str, start: int, count: int, fields: Sequence[str], cap: int
) -> tuple[list[dict[str, Any]], int]:
    """`count` rows from the place `start` in the order of a column (`-` before it: descending), and how many there
    are, counted to one more than `cap`."""
    if start >= DEEP:
        total = how_many(found, cap)
        if total <= cap and start >= total:
            return [], total
        if total <= cap and start > total - start:
            back = column.removeprefix("-") if column.startswith("-") else f"-{column}"
            first = max(0, total - start - count)
            return _rows(found, back, first, total - start - first, fields)[::-1], total
        return _rows(found, column, start, count, fields), total
    items = _rows(found, column, start, count, fields)
    if len(items) < count and (items or not start):
        return items, start + len(items)  # the last page tells the number itself
    return items, how_many(found, cap)


def in_order(rows: QuerySet[Call], ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Those of the rows that have these ids, in their order; one that is gone is left out."""
    known = {row["id"]: row for row in rows.filter(pk__in=ids).order_by().values(*fields, **extras())}
    return [known[pk] for pk in ids if pk in known]


def how_many(found: Sought, cap: int) -> int:
    """Calls that match, counted to one more than `cap`."""
    if found.keys is not None:
        return found.keys[: cap + 1].count()
    if len(found.arms) == 1:
        return found.rows.order_by().values("pk")[: cap + 1].count()
    each = [arm.order_by().values("pk")[: cap + 1] for arm in found.arms]
    ((number,),) = _answer("SELECT COUNT(*) FROM ({})", each) or [(0,)]
    return min(int(number), cap + 1)


def _rows(found: Sought, column: str, start: int, count: int, fields: Sequence[str]) -> list[dict[str, Any]]:
    by_time = column.removeprefix("-") == "started_at"
    if by_time and len(found.arms) > 1:
        return in_order(belonging(Call), _of_arms(found.arms, column, start, count), fields)
    # What is skipped before them is read too: only as ids, from the index where it gives the order. The ids were
    # found in scope, so it is not said again (`scoping.belonging`).
    rows = ordered(found.rows, column)
    chosen = belonging(Call).filter(pk__in=rows.values("pk")[start : start + count])
    return list(chosen.order_by(*rows.query.order_by).values(*fields, **extras()))


def _of_arms(arms: Sequence[QuerySet[Call]], column: str, start: int, count: int) -> list[int]:
    """Ids in the order of time: each question answered from its own index, the answers merged by the database."""
    each = [ordered(arm, column).values("started_at", "pk")[: start + count] for arm in arms]
    way = "DESC" if column.startswith("-") else "ASC"
    sql = f"SELECT pk FROM ({{}}) ORDER BY started_at {way}, pk {way} LIMIT %s OFFSET %s"  # noqa: S608 - two words
    return [pk for (pk,) in _answer(sql, each, count, start)]


def _answer(sql: str, questions: Sequence[QuerySet[Call, Any]], *values: int) -> list[tuple[Any, ...]]:
    """Rows of `sql`, in which {} are all answers to the questions, each once; [] when none can have any.

    Django's own `union` refuses limited questions on SQLite.
    """
    parts: list[str] = []
    params: list[Any] = []
    for place, question in enumerate(questions):
        try:
            told, given = question.query.sql_with_params()
        except EmptyResultSet:  # somebody without ports, or without numbers
            continue
        parts.append(f"SELECT * FROM ({told}) AS one{place}")  # noqa: S608 - Django's own SQL
        params += given
    if not parts:
        return []
    whole = sql.replace("({})", f"({' UNION '.join(parts)}) AS every")
    with connection.cursor() as cursor:
        cursor.execute(whole, [*params, *values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
