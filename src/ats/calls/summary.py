"""What the calls found come to: totals, and what the charts of «Детализация» show."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, Sum, When
from django.db.models.functions import Cast, Substr
from django_scopes import scope

from ats.calls.finding import sought

TOP = 10
_HOUR_LETTERS = 13  # «2026-11-24 23» of a moment in UTC, the same text on both databases


def summary(client_id: int, filters: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Totals and charts of the calls that match, over the newest SPAN of them at most.

    `since` is where it begins when there are more, else None. Hours are those of `zone`. `numbers`: those that
    called or were called most, the client's own and strangers alike.
    """
    with scope(client=client_id):
        rows, _, since = sought(filters, by_time=False)
        groups = list(
            rows.order_by()
            .annotate(
                hour=Substr(Cast("started_at", CharField()), 1, _HOUR_LETTERS),
                talked=Case(When(answered_at__isnull=False, then=1), default=0),
            )
            .values("hour", "talked", "result")
            .annotate(count=Count("pk"), talk=Sum("talk_ms"), money=Sum("cost"), waited=Sum("ring_ms"))
        )
        numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for column in ("caller", "called"):
            often = rows.exclude(**{column: ""}).order_by().values(number=F(column))
            for row in often.annotate(count=Count("pk"), talk=Sum("talk_ms")).order_by("-count")[: TOP * 3]:
                numbers[row["number"]][0] += row["count"]
                numbers[row["number"]][1] += row["talk"] or 0
    top = sorted(numbers.items(), key=lambda item: (-item[1][0], item[0]))[:TOP]
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
        "numbers": [{"number": number, "count": count, "talk_ms": talk} for number, (count, talk) in top],
    }


def _by_hour(rows: Any, zone: ZoneInfo) -> list[dict[str, int]]:
    """Calls of each hour of the day, whatever the date."""
    hours = [{"hour": hour, "answered": 0, "missed": 0} for hour in range(24)]
    for row in rows:
        moment = datetime.strptime(row["hour"], "%Y-%m-%d %H").replace(tzinfo=UTC).astimezone(zone)
        hours[moment.hour]["answered" if row["talked"] else "missed"] += row["count"]
    return hours
