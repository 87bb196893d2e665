"""What the calls found come to: totals, and what the charts of «Детализация» show."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, F, Field, Func, QuerySet, Sum, When
from django_scopes import scope

from ats.calls.finding import sought
from ats.calls.models import Call
from ats.scoping import InNoIndex, owner

TOP = 10
_TIME = {"from", "to"}


def summary(client_id: int, filters: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Totals and charts of the calls that match, over the newest SPAN of them at most.

    `since` is where it begins when there are more, else None. Hours are those of `zone`. `numbers`: those that
    called or were called most, the client's own and strangers alike.
    """
    with scope(client=client_id):
        rows, arms, since, _ = sought(filters, by_time=False)
        if len(arms) > 1:
            groups, often = _at_once(rows)
        else:
            groups = list(
                _with_hours(rows)
                .values("hour", "talked", "result")
                .annotate(count=Count("pk"), talk=Sum("talk_ms"), money=Sum("cost"), waited=Sum("ring_ms"))
            )
            whole = owner() is None and not any(filters.get(name) for name in filters.keys() - _TIME)
            often = _often(rows, whole=whole)
        top = _top(rows, often)
    answered = [row for row in groups if row["talked"]]
    talks = sum(row["count"] for row in answered)
    results = Counter[str]()
    for group in groups:
        results[group["result"]] += group["count"]
    return {
        "since": since,
        "calls": results.total(),
        "answered": talks,
        "talk_ms": sum(row["talk"] or 0 for row in groups),
        "cost": sum(row["money"] or 0 for row in groups),
        "wait_ms": round(sum(row["waited"] or 0 for row in answered) / talks) if talks else 0,
        "results": [{"result": result, "count": count} for result, count in results.most_common()],
        "hours": _by_hour(groups, ZoneInfo(zone)),
        "numbers": [{"number": number, "count": count, "talk_ms": talk} for number, count, talk in top],
    }


def _with_hours(rows: QuerySet[Call]) -> Any:  # annotated: no type says with what
    return rows.order_by().annotate(
        hour=_Hour("started_at"), talked=Case(When(answered_at__isnull=False, then=1), default=0)
    )


# Asked of what several indexes led to together: that is found and read once, then counted in three ways.
_AT_ONCE = """
WITH found AS MATERIALIZED ({found})
SELECT 'hour', CAST(hour AS TEXT), talked, result, COUNT(*), SUM(talk_ms), SUM(cost), SUM(ring_ms)
FROM found GROUP BY hour, talked, result
UNION ALL
SELECT 'caller', number, 0, '', calls, 0, 0, 0 FROM (
  SELECT caller AS number, COUNT(*) AS calls FROM found WHERE caller <> '' GROUP BY caller ORDER BY 2 DESC LIMIT {most}
) AS callers
UNION ALL
SELECT 'called', number, 0, '', calls, 0, 0, 0 FROM (
  SELECT called AS number, COUNT(*) AS calls FROM found WHERE called <> '' GROUP BY called ORDER BY 2 DESC LIMIT {most}
) AS calleds
"""


def _at_once(rows: QuerySet[Call]) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Calls by hour, answered or not, and result; and how often each of the most frequent numbers stands in them."""
    groups: list[dict[str, Any]] = []
    often = Counter[str]()
    wanted = ("hour", "talked", "result", "talk_ms", "cost", "ring_ms", "caller", "called")
    try:
        found, values = _with_hours(rows).values(*wanted).query.sql_with_params()
    except EmptyResultSet:  # somebody without a port and a number
        return groups, often
    with connection.cursor() as cursor:
        cursor.execute(_AT_ONCE.format(found=found, most=TOP * 3), values)
        for kind, text, talked, result, count, talk, money, waited in cursor.fetchall():
            if kind != "hour":
                often[text] += count
                continue
            hour = int(text) if text.isdigit() else text
            groups.append(
                {
                    "hour": hour,
                    "talked": talked,
                    "result": result,
                    "count": count,
                    "talk": int(talk or 0),
                    "money": int(money or 0),
                    "waited": int(waited or 0),
                }
            )
    return groups, often


def _often(rows: QuerySet[Call], *, whole: bool) -> Counter[str]:
    """How often each of the most frequent numbers calls or is called; `whole`: nothing but the time tells which calls.

    They are only counted, which of the whole an index can answer.
    """
    counts = Counter[str]()
    for column in ("caller", "called"):
        by = F(column) if whole else InNoIndex(column)
        often = rows.exclude(**{column: ""}).order_by().annotate(number=by).values_list("number")
        counts.update(dict(often.annotate(count=Count("pk")).order_by("-count")[: TOP * 3]))
    return counts


def _top(rows: QuerySet[Call], counts: Counter[str]) -> list[tuple[str, int, int]]:
    """The numbers of most calls: number, calls, ms of talk, which is asked only of those that are shown."""
    talks = Counter[str]()
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]
    for column in ("caller", "called"):
        talked = (
            rows.filter(**{f"{column}__in": [number for number, _ in top]}).order_by().values_list(column)
        )
        talks.update(dict(talked.annotate(talk=Sum("talk_ms"))))
    return [(number, count, talks[number]) for number, count in top]


class _Hour(Func):
    """The hour a moment is in, in UTC, as either database tells it fastest: «2026-11-24 23», or counted from 1970."""

    output_field: "Field[Any, Any]" = Field()

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 1, 13)")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:
        return super().as_sql(
            compiler, connection, template="floor(date_part('epoch', %(expressions)s) / 3600)::int"
        )


def _by_hour(rows: Any, zone: ZoneInfo) -> list[dict[str, int]]:
    """Calls of each hour of the day, whatever the date."""
    hours = [{"hour": hour, "answered": 0, "missed": 0} for hour in range(24)]
    for row in rows:
        hours[_start(row["hour"]).astimezone(zone).hour]["answered" if row["talked"] else "missed"] += row[
            "count"
        ]
    return hours


def _start(hour: str | int) -> datetime:
    """When an hour of `_Hour` begins."""
    if isinstance(hour, int):
        return datetime.fromtimestamp(hour * 3600, UTC)
    return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
