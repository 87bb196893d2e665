"""What was used of the counted limits: held by calls in progress, and settled when the journal tells their length.

A call belongs to the day it began on, in its client's own zone: counters begin anew at the client's midnight.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q, QuerySet
from django_scopes import scopes_disabled

from ats import hotsql
from ats.limits.models import CountedCall, Limit, UsageDay
from ats.limits.scopes import Scope

KEPT = timedelta(days=2)  # single calls, for «different numbers a day»
MINUTE = timedelta(minutes=1)
OTHER_NODES = timedelta(hours=1)
_PART = 500
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """A call that wants out. `key`: of the question, unique; `digits`: E.164; `user_id`, `port_id`: whose it is,
    `step_id`, `forwarding_id`: what leads it out; None when nobody's."""

    key: str
    node: str
    linkedid: str
    client_id: int
    user_id: int | None
    port_id: int | None
    digits: str
    at: datetime
    step_id: int | None = None
    forwarding_id: int | None = None


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call as one client saw it, when it is over. By E.164 digits: `numbers`, seconds of talk and money; `goes_on`:
    the channel that goes on in another call (a transfer), and when it was answered (microseconds since 1970).

    `legs`: channels that came from another call, and when they ended.
    """

    linkedid: str
    client_id: int
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    goes_on: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    legs: Mapping[str, int] = field(default_factory=dict)

    def took(self, row: CountedCall) -> tuple[int, int]:
        """Seconds and money of what was held."""
        seconds, money = self.numbers.get(row.digits, (0, 0))
        if row.leg and row.answered_us is not None:
            seconds = max(-(-(self.legs[row.leg] - row.answered_us) // _SECOND), 0)
        return seconds, money


def call_of(row: CountedCall) -> OutgoingCall:
    """The call that something is held for."""
    return OutgoingCall(
        row.key, row.node, row.linkedid, row.client_id, row.user_id, row.port_id, row.digits, row.started_at,
        row.step_id, row.forwarding_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Used:
    """Of one client, user, port or element. Seconds and money hold what calls in progress may still take."""

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


# Asked before every counted call, of each thing that has a limit: written by hand, see `hotsql`.
_SETTLED = """
SELECT COALESCE(SUM(seconds) FILTER (WHERE day = %s), 0), COALESCE(SUM(money) FILTER (WHERE day = %s), 0),
       COALESCE(SUM(seconds), 0), COALESCE(SUM(money), 0), COALESCE(SUM(calls) FILTER (WHERE day = %s), 0)
FROM limits_usageday WHERE scope = %s AND object_id = %s AND day >= %s AND day <= %s"""
_HELD = """
SELECT COALESCE(SUM(seconds) FILTER (WHERE day = %s), 0), COALESCE(SUM(money) FILTER (WHERE day = %s), 0),
       COALESCE(SUM(seconds) FILTER (WHERE day >= %s), 0), COALESCE(SUM(money) FILTER (WHERE day >= %s), 0)
FROM limits_countedcall WHERE is_open"""
_LATELY = "SELECT COUNT(*) FROM limits_countedcall WHERE started_at > %s"
_NUMBERS = "SELECT COUNT(DISTINCT digits) FROM limits_countedcall WHERE day = %s"


def used(
    client_id: int,
    scope: Scope,
    object_id: int,
    day: date,
    now: datetime,
    *,
    without: OutgoingCall | None = None,
    limit: Limit | None = None,
) -> Used:
    """What one thing of a client has used on this day, in its month, in the last minute.

    `without`: a call that does not count against itself; `limit`: single calls are counted only when it asks for them
    (None: always), for a busy client has made thousands today. The thing is the caller's choice: what belongs to it is
    looked for whoever asks.
    """
    ops = connection.ops
    today, first = ops.adapt_datefield_value(day), ops.adapt_datefield_value(day.replace(day=1))
    settled = hotsql.fetch_one(_SETTLED, (today, today, today, str(scope), object_id, first, today))
    mine = f"client_id = %s AND {scope}_id = %s"
    whose: list[object] = [client_id, object_id]
    if without is not None:
        mine += " AND key <> %s"
        whose.append(without.key)
    held = hotsql.fetch_one(f"{_HELD} AND {mine}", (today, today, first, first, *whose))
    assert settled is not None and held is not None
    calls_minute = destinations = 0
    if limit is None or limit.calls_minute is not None:
        since = ops.adapt_datetimefield_value(now - MINUTE)
        calls_minute = _number(f"{_LATELY} AND {mine}", (since, *whose))
    if limit is None or limit.destinations_day is not None:
        destinations = _number(f"{_NUMBERS} AND {mine}", (today, *whose))
    seconds_day, money_day, seconds_month, money_month, calls_day = map(int, settled)
    return Used(
        seconds_day=seconds_day + int(held[0]),
        money_day=money_day + int(held[1]),
        seconds_month=seconds_month + int(held[2]),
        money_month=money_month + int(held[3]),
        calls_minute=calls_minute,
        destinations_day=destinations,
        calls_day=calls_day,
    )


def _number(sql: str, params: Sequence[object]) -> int:
    row = hotsql.fetch_one(sql, params)
    assert row is not None
    return int(row[0])


def called_today(client_id: int, scope: Scope, object_id: int, day: date, digits: str) -> bool:
    """Whether that number was called on this day already: again is no new destination."""
    return _calls(client_id, scope, object_id).filter(day=day, digits=digits).exists()


def hold(
    call: OutgoingCall, time_zone: str, seconds: int, money: int, expires_at: datetime, **more: int | None
) -> None:
    """Hold so much for a call, instead of what was held for it before. Inside the caller's transaction.

    `more`: columns of the call that tell when to look at it again.
    """
    held = CountedCall.objects.filter(key=call.key, client=call.client_id, is_open=True)
    if held.update(seconds=seconds, money=money, expires_at=expires_at, **more):
        return
    CountedCall.objects.create(
        key=call.key,
        node=call.node,
        linkedid=call.linkedid,
        client_id=call.client_id,
        user_id=call.user_id,
        port_id=call.port_id,
        step_id=call.step_id,
        forwarding_id=call.forwarding_id,
        digits=call.digits[:20],
        started_at=call.at,
        day=local_day(call.at, time_zone),
        seconds=seconds,
        money=money,
        expires_at=expires_at,
        **more,
    )


def look_at_all(client_id: int) -> None:
    """Have this client's calls in progress looked at: its limits are others now. (Billed ones hold a minute at most and
    are looked at before it is over.)"""
    CountedCall.objects.filter(client=client_id, is_open=True, limit_s__gt=0).update(extend_us=0)


def settle(node: str, ended: Sequence[EndedCall]) -> int:
    """Calls are over. Inside the caller's transaction.

    A second time is no time; what was never held is not counted. Returns how many holds were settled.
    """
    done = 0
    with scopes_disabled():
        for start in range(0, len(ended), _PART):
            part = ended[start : start + _PART]
            calls = {(call.linkedid, call.client_id): call for call in part}
            legs = {leg: call for call in part for leg in call.legs}
            of_calls = Q(linkedid__in=sorted({call.linkedid for call in part}))
            of_legs = Q(leg__in=sorted(legs)) if legs else Q()
            held = CountedCall.objects.filter(of_calls | of_legs, node=node, is_open=True).order_by("pk")
            told: set[tuple[str, int, str]] = set()
            rows = list(held.select_for_update())
            most: Counter[tuple[str, int, str]] = Counter()
            for row in rows:
                most[row.linkedid, row.client_id, row.digits] += row.seconds
            for row in rows:
                call = legs.get(row.leg) or calls.get((row.linkedid, row.client_id))
                if call is None or call.client_id != row.client_id:
                    continue
                if row.leg and row.leg not in call.legs:
                    continue  # it goes on in a call that is not over
                if not row.leg and (leg := call.goes_on.get(row.digits)) is not None:
                    CountedCall.objects.filter(pk=row.pk).update(leg=leg[0], answered_us=leg[1])
                    continue
                # Asked more than once for one number: the first has all that it came to.
                question = (row.linkedid, row.client_id, row.digits)
                seconds, money = (0, 0) if question in told else call.took(row)
                # The engine cut it there, and was late by milliseconds.
                seconds = min(seconds, most[question])
                told.add(question)
                CountedCall.objects.filter(pk=row.pk).update(is_open=False, seconds=seconds, money=money)
                _add(row, seconds, money)
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


def _calls(client_id: int, scope: Scope, object_id: int) -> QuerySet[CountedCall]:
    """Found by the client's index."""
    return CountedCall.objects.filter(client=client_id).filter(**{f"{scope}_id": object_id})


def _add(call: CountedCall, seconds: int, money: int) -> None:
    for scope, object_id in (
        (Scope.CLIENT, call.client_id),
        (Scope.USER, call.user_id),
        (Scope.PORT, call.port_id),
        (Scope.STEP, call.step_id),
        (Scope.FORWARDING, call.forwarding_id),
    ):
        if object_id is None:
            continue
        row, _ = UsageDay.objects.get_or_create(
            scope=scope, object_id=object_id, day=call.day, defaults={"client_id": call.client_id}
        )
        UsageDay.objects.filter(pk=row.pk).update(
            seconds=F("seconds") + seconds, money=F("money") + money, calls=F("calls") + 1
        )
