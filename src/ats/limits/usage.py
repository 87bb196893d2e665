"""What was used of the counted limits: held by calls in progress, and settled when the journal tells their length.

A call belongs to the day it began on, in its client's own zone: counters begin anew at the client's midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum
from django_scopes import scopes_disabled

from ats.limits.models import CountedCall, UsageDay
from ats.limits.scopes import Scope

KEPT = timedelta(days=2)  # single calls, for «different numbers a day»
MINUTE = timedelta(minutes=1)
OTHER_NODES = timedelta(hours=1)
_PART = 500


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """A call that wants out. `digits`: E.164; `user_id`, `port_id`: whose it is, None when nobody's."""

    node: str
    linkedid: str
    client_id: int
    user_id: int | None
    port_id: int | None
    digits: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Used:
    """Of one client, user or port. Seconds and money hold what calls in progress may still take."""

    seconds_day: int = 0
    seconds_month: int = 0
    money_day: int = 0
    money_month: int = 0
    calls_minute: int = 0
    destinations_day: int = 0
    calls_day: int = 0


def local_day(moment: datetime, time_zone: str) -> date:
    """The day of a moment where the client lives."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def midnight(day: date, time_zone: str) -> datetime:
    """When that day begins there: also on the day the clocks change."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))


def used(
    scope: Scope, object_id: int, day: date, now: datetime, *, without: tuple[str, str] = ("", "")
) -> Used:
    """What one thing of a client has used on this day, in its month, in the last minute.

    `without`: node and linkedid of a call that does not count against itself. The thing is the caller's choice:
    what belongs to it is looked for whoever asks.
    """
    with scopes_disabled():
        return _used(scope, object_id, day, now, without)


def _used(scope: Scope, object_id: int, day: date, now: datetime, without: tuple[str, str]) -> Used:
    days = UsageDay.objects.filter(scope=scope, object_id=object_id)
    of_day = Q(day=day)
    settled = days.filter(day__gte=day.replace(day=1), day__lte=day).aggregate(
        seconds_day=Sum("seconds", filter=of_day, default=0),
        money_day=Sum("money", filter=of_day, default=0),
        calls_day=Sum("calls", filter=of_day, default=0),
        seconds_month=Sum("seconds", default=0),
        money_month=Sum("money", default=0),
    )
    calls = _calls(scope, object_id).exclude(node=without[0], linkedid=without[1])
    held = calls.filter(is_open=True).aggregate(
        seconds_day=Sum("seconds", filter=of_day, default=0),
        money_day=Sum("money", filter=of_day, default=0),
        seconds_month=Sum("seconds", filter=Q(day__gte=day.replace(day=1)), default=0),
        money_month=Sum("money", filter=Q(day__gte=day.replace(day=1)), default=0),
    )
    today = calls.filter(day=day)
    return Used(
        seconds_day=settled["seconds_day"] + held["seconds_day"],
        seconds_month=settled["seconds_month"] + held["seconds_month"],
        money_day=settled["money_day"] + held["money_day"],
        money_month=settled["money_month"] + held["money_month"],
        calls_minute=calls.filter(started_at__gt=now - MINUTE).count(),
        destinations_day=today.values("digits").distinct().count(),
        calls_day=settled["calls_day"],
    )


def called_today(scope: Scope, object_id: int, day: date, digits: str) -> bool:
    """Whether that number was called on this day already: again is no new destination."""
    return _calls(scope, object_id).filter(day=day, digits=digits).exists()


def hold(
    call: OutgoingCall, time_zone: str, seconds: int, money: int, expires_at: datetime, **more: int | None
) -> None:
    """Hold so much for a call, instead of what was held for it before. Inside the caller's transaction.

    `more`: columns of the call that tell when to look at it again.
    """
    held = CountedCall.objects.filter(
        node=call.node, linkedid=call.linkedid, client=call.client_id, is_open=True
    )
    if held.update(seconds=seconds, money=money, expires_at=expires_at, **more):
        return
    CountedCall.objects.create(
        node=call.node,
        linkedid=call.linkedid,
        client_id=call.client_id,
        user_id=call.user_id,
        port_id=call.port_id,
        digits=call.digits[:20],
        started_at=call.at,
        day=local_day(call.at, time_zone),
        seconds=seconds,
        money=money,
        expires_at=expires_at,
        **more,
    )


def settle(node: str, ended: Mapping[tuple[str, int], tuple[int, int]]) -> int:
    """Calls are over: (linkedid, client) → seconds and money they really took. Inside the caller's transaction.

    A second time is no time; what was never held is not counted. Returns how many were settled.
    """
    done = 0
    linkedids = sorted({linkedid for linkedid, _ in ended})
    with scopes_disabled():
        for start in range(0, len(linkedids), _PART):
            part = linkedids[start : start + _PART]
            held = CountedCall.objects.filter(node=node, linkedid__in=part, is_open=True)
            for call in held.select_for_update():
                if (took := ended.get((call.linkedid, call.client_id))) is None:
                    continue
                CountedCall.objects.filter(pk=call.pk).update(is_open=False, seconds=took[0], money=took[1])
                _add(call, *took)
                done += 1
    return done


def tidy(node: str, now: datetime) -> int:
    """Close holds whose end was never told (they took nothing) and drop old single calls; how many went.

    Call it when this node's journal is read to its end: until then a call holds what it may have taken. Calls of
    other nodes are given up later: such a node is dead, or its journal would have told.
    """
    expired = Q(node=node, expires_at__lte=now) | Q(expires_at__lte=now - OTHER_NODES)
    with scopes_disabled():
        CountedCall.objects.filter(expired, is_open=True).update(is_open=False, seconds=0, money=0)
        return CountedCall.objects.filter(is_open=False, started_at__lt=now - KEPT).delete()[0]


def _calls(scope: Scope, object_id: int) -> QuerySet[CountedCall]:
    return CountedCall.objects.filter(**{f"{scope}_id": object_id})


def _add(call: CountedCall, seconds: int, money: int) -> None:
    for scope, object_id in (
        (Scope.CLIENT, call.client_id),
        (Scope.USER, call.user_id),
        (Scope.PORT, call.port_id),
    ):
        if object_id is None:
            continue
        row, _ = UsageDay.objects.get_or_create(
            scope=scope, object_id=object_id, day=call.day, defaults={"client_id": call.client_id}
        )
        UsageDay.objects.filter(pk=row.pk).update(
            seconds=F("seconds") + seconds, money=F("money") + money, calls=F("calls") + 1
        )
