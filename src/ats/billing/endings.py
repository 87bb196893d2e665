"""When talks that cost money or are counted end at the latest, and which are to end at once.

Only looked at, nothing is set aside here: the authoriser warns people before the end, and ends what its operator has
stopped paying for.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, IntegerField, Value
from django_scopes import scope

from ats.billing import rating, reservations
from ats.billing.counted import Due
from ats.billing.rating import LONGEST_S, Rate
from ats.billing.reservations import (
    SECOND,
    Held,
    account_columns,
    account_state,
    held_columns,
    held_where,
    load_rate,
    lock_account,
    moment,
)
from ats.limits import checks, usage
from ats.limits.models import CountedCall

# SQLite multiplies a duration by nothing but a plain integer.
_WHOLE = ExpressionWrapper(F("seconds"), output_field=IntegerField())
_SECONDS = ExpressionWrapper(_WHOLE * Value(timedelta(seconds=1)), output_field=DurationField())
_OVER_AT = ExpressionWrapper(F("started_at") + _SECONDS, output_field=DateTimeField())


@dataclass(frozen=True, slots=True)
class End:
    """A talk whose time may be over within the seconds asked for. `longest_s`: it can last no longer than this in all,
    whatever it is still given; `call` tells its channel."""

    key: str
    call: Held | Due
    longest_s: int


def near(node: str, within_s: int, now_us: int) -> list[End]:
    """Calls of this node that end within so many seconds if nothing more is left to them."""
    until = now_us + within_s * SECOND
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {held_columns('r')}, {account_columns('b')} FROM billing_reservation r"  # noqa: S608
            " JOIN billing_account b ON b.id = r.account_id"
            " WHERE r.node=%s AND r.state='open'"
            f" AND r.asked_us + r.allowed_s * CAST({SECOND} AS bigint) < %s ORDER BY r.id",
            (node, until),
        )
        rows = cursor.fetchall()
    width = len(reservations.HELD_COLUMNS.split(","))
    found = []
    for row in rows:
        held = Held(*row[:width])
        account = account_state(row[width:], now_us)
        rate = load_rate(held.rate)
        left = account.left if account.is_active else 0
        longest = min(rating.longest_talk(rate, left + held.amount) or 0, held.limit_s)
        longest = _counted(held.key, held.client_id, rate, longest, now_us)
        found.append(End(held.key, held, max(longest, held.allowed_s)))
    unbilled = CountedCall.objects.filter(node=node, is_open=True, limit_s__gt=0)
    for call in unbilled.annotate(over_at=_OVER_AT).filter(over_at__lt=moment(until)).order_by("pk"):
        longest = _counted(call.key, call.client_id, None, call.limit_s, now_us)
        due = Due(call.pk, call.linkedid, call.digits, call.seconds, call.answered_us, call.leg)
        found.append(End(call.key, due, max(longest, call.seconds)))
    return found


@transaction.atomic
def _counted(key: str, client_id: int, rate: Rate | None, longest_s: int, now_us: int) -> int:
    """The same, as far as counted limits leave something."""
    with scope(client=client_id):
        row = CountedCall.objects.filter(key=key, is_open=True).first()
        if row is None:
            return longest_s
        left = checks.left(usage.call_of(row), moment(now_us))
        if left.seconds is not None:
            longest_s = min(longest_s, left.seconds)
        if left.money is not None and rate is not None:
            longest_s = min(longest_s, rating.longest_talk(rate, left.money) or 0)
    return longest_s


def stopped(node: str) -> list[Held]:
    """Calls of this node whose account, or whose client, was switched off since they went out; each until `stop`."""
    return held_where(
        "node=%s AND state='open' AND limit_s>0 AND account_id IS NOT NULL AND ("
        "account_id IN (SELECT b.id FROM billing_account b WHERE NOT b.is_active) OR NOT EXISTS"
        " (SELECT 1 FROM clients_client c WHERE c.id = client_id AND c.is_active))",
        (node,),
    )


@transaction.atomic
def stop(held_id: int, answered_us: int, now_us: int) -> int:
    """Let a talk last no longer than to this moment; returns its seconds in all."""
    [held] = held_where("id=%s", (held_id,))
    if held.account_id is None or lock_account(held.account_id, now_us) is None:
        return held.allowed_s
    [held] = held_where("id=%s", (held_id,))
    talked = max(-(-(now_us - answered_us) // SECOND), 1)
    allowed = min(held.allowed_s, talked, LONGEST_S)
    if held.state == "open":
        reservations.end_at(held, answered_us, allowed)
    return allowed
