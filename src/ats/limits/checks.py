"""Counted limits, asked once for each call that wants out (by the authoriser, inside its transaction).

Lines, durations and directions are the engine's own matter (`dialplan.limits`); here are minutes, money, calls a
minute and different numbers a day, of the client, the user, the port and the elements of the dialplan that lead the
call out: the smallest wins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from ats.clients.models import Client
from ats.limits import queries, usage
from ats.limits.models import Limit
from ats.limits.scopes import Scope
from ats.limits.usage import OutgoingCall, Used

# The words of a path (dialplan.path.LIMIT_REASONS).
_CODES = {
    "minutes_day": "md",
    "minutes_month": "mm",
    "money_day": "sd",
    "money_month": "sm",
    "calls_minute": "cm",
    "destinations_day": "dd",
}


@dataclass(frozen=True, slots=True)
class Granted:
    """The call may go: at most so many seconds of talk and so much money (1/10,000); None: not limited."""

    seconds: int | None = None
    money: int | None = None
    money_word: str = ""  # of a refusal, when even the shortest call costs more than `money`


@dataclass(frozen=True, slots=True)
class Refused:
    """A limit is reached. `limit`: its field's name; `owner`: whose."""

    client_id: int
    limit: str
    owner: Scope
    owner_id: int

    @property
    def word(self) -> str:
        """For the path of the call (docs/architecture/dialplan.md)."""
        return f"{self.client_id}={_CODES[self.limit]}@{self.owner[0]}{self.owner_id}"


def is_counted(call: OutgoingCall) -> bool:
    """Whether any limit of this call counts anything."""
    return any(True for _ in _limits(call))


def check(call: OutgoingCall) -> Granted | Refused:
    """What the counted limits leave to this call. It counts nothing: `hold` does, in the same transaction.

    The client's row is locked when there is anything to count, so calls of one client are looked at one after
    another and never share the same rest. Asking again for a call that is held leaves its own hold out.
    """
    limits = list(_limits(call))
    if not limits:
        return Granted()
    client = Client.objects.select_for_update().get(pk=call.client_id)
    day = usage.local_day(call.at, client.time_zone)
    known = [
        (scope, key, limit, _used(call, scope, key, day, call.at, limit)) for scope, key, limit in limits
    ]
    for scope, object_id, limit, used in known:
        if (reached := _reached(limit, used, scope, object_id, call, day)) is not None:
            return Refused(call.client_id, reached, scope, object_id)
    return _left(call.client_id, known)


def left(call: OutgoingCall, now: datetime) -> Granted:
    """What minutes and money leave to a call in progress, all it holds itself included."""
    client = Client.objects.select_for_update().get(pk=call.client_id)
    day = usage.local_day(call.at, client.time_zone)
    limits = _limits(call)
    return _left(
        call.client_id,
        [(scope, key, limit, _used(call, scope, key, day, now, limit)) for scope, key, limit in limits],
    )


def _used(call: OutgoingCall, scope: Scope, object_id: int, day: date, now: datetime, limit: Limit) -> Used:
    return usage.used(call.client_id, scope, object_id, day, now, without=call, limit=limit)


def _left(client_id: int, known: Sequence[tuple[Scope, int, Limit, Used]]) -> Granted:
    seconds: list[int] = []
    money: list[tuple[int, str]] = []
    for scope, object_id, limit, used in known:
        seconds += [
            60 * allowed - taken
            for allowed, taken in (
                (limit.minutes_day, used.seconds_day),
                (limit.minutes_month, used.seconds_month),
            )
            if allowed is not None
        ]
        money += [
            (allowed - taken, Refused(client_id, name, scope, object_id).word)
            for name, allowed, taken in (
                ("money_day", limit.money_day, used.money_day),
                ("money_month", limit.money_month, used.money_month),
            )
            if allowed is not None
        ]
    least, word = min(money, default=(None, ""))
    return Granted(min(seconds, default=None), least, word)


def hold(
    call: OutgoingCall, seconds: int, money: int = 0, *, now: datetime | None = None, **more: int | None
) -> None:
    """Hold seconds and money for a call that goes out, or hold another amount for one that is out already.

    `more`: as `usage.hold` takes it.
    """
    time_zone = Client.objects.values_list("time_zone", flat=True).get(pk=call.client_id)
    # Beyond what it may talk there is the time to ring and to be told of its end.
    lease = timedelta(seconds=seconds + settings.CONFIG.counted_hold_s)
    expires_at = (now or call.at) + lease
    usage.hold(call, time_zone, seconds, money, expires_at, **more)


def _limits(call: OutgoingCall) -> Iterator[tuple[Scope, int, Limit]]:
    """The limits that count anything, the narrowest first."""
    for scope, object_id in (
        (Scope.STEP, call.step_id),
        (Scope.FORWARDING, call.forwarding_id),
        (Scope.PORT, call.port_id),
        (Scope.USER, call.user_id),
        (Scope.CLIENT, call.client_id),
    ):
        limit = queries.limit_of(scope, object_id) if object_id is not None else None
        if limit is not None and any(getattr(limit, name) is not None for name in queries.COUNTED):
            yield scope, object_id or 0, limit


def _reached(
    limit: Limit, known: Used, scope: Scope, object_id: int, call: OutgoingCall, day: date
) -> str | None:
    amounts = {
        "minutes_day": known.seconds_day // 60,
        "minutes_month": known.seconds_month // 60,
        "money_day": known.money_day,
        "money_month": known.money_month,
        "calls_minute": known.calls_minute,
    }
    for name, amount in amounts.items():
        allowed = getattr(limit, name)
        if allowed is not None and amount >= allowed:
            return name
    if limit.destinations_day is not None and known.destinations_day >= limit.destinations_day:
        again = usage.called_today(call.client_id, scope, object_id, day, call.digits)
        return None if again else "destinations_day"
    return None
