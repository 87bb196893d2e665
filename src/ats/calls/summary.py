"""What the calls found come to: totals, and what the charts of «Детализация» show."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, CharField, Count, F, Q, Sum
from django.db.models.functions import Cast, Substr
from django_scopes import scope

from ats.calls.finding import found, horizon

TOP = 10
_HOUR_LETTERS = 13  # «2026-11-24 23» of a moment in UTC, the same text on both databases


def summary(client_id: int, filters: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Totals and charts of the calls that match, over the newest SPAN of them at most.

    `since` is where it begins when there are more, else None. Hours are those of `zone`. `numbers`: those that
    called or were called most, the client's own and strangers alike.
    """
    with scope(client=client_id):
        rows = found(filters)
        since = horizon(rows)
        if since is not None:
            rows = rows.filter(started_at__gte=since)
        answered = Q(answered_at__isnull=False)
        totals = rows.aggregate(
            calls=Count("pk"),
            answered=Count("pk", filter=answered),
            talk_ms=Sum("talk_ms"),
            cost=Sum("cost"),
            wait_ms=Avg("ring_ms", filter=answered),
        )
        results = list(rows.order_by().values("result").annotate(count=Count("pk")).order_by("-count"))
        hours = (
            rows.order_by()
            .annotate(hour=Substr(Cast("started_at", CharField()), 1, _HOUR_LETTERS))
            .values("hour")
            .annotate(count=Count("pk"), talked=Count("pk", filter=answered))
        )
        numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for column in ("caller", "called"):
            often = rows.exclude(**{column: ""}).order_by().values(number=F(column))
            for row in often.annotate(count=Count("pk"), talk=Sum("talk_ms")).order_by("-count")[: TOP * 3]:
                numbers[row["number"]][0] += row["count"]
                numbers[row["number"]][1] += row["talk"] or 0
        top = sorted(numbers.items(), key=lambda item: (-item[1][0], item[0]))[:TOP]
        return {
            "since": since,
            "calls": totals["calls"],
            "answered": totals["answered"],
            "talk_ms": totals["talk_ms"] or 0,
            "cost": totals["cost"] or 0,
            "wait_ms": round(totals["wait_ms"] or 0),
            "results": results,
            "hours": _by_hour(hours, ZoneInfo(zone)),
            "numbers": [{"number": number, "count": count, "talk_ms": talk} for number, (count, talk) in top],
        }


def _by_hour(rows: Any, zone: ZoneInfo) -> list[dict[str, int]]:
    """Calls of each hour of the day, whatever the date."""
    hours = [{"hour": hour, "answered": 0, "missed": 0} for hour in range(24)]
    for row in rows:
        moment = datetime.strptime(row["hour"], "%Y-%m-%d %H").replace(tzinfo=UTC).astimezone(zone)
        hours[moment.hour]["answered"] += row["talked"]
        hours[moment.hour]["missed"] += row["count"] - row["talked"]
    return hours
