"""The counted limits (minutes, money, calls a minute, numbers a day) at the authoriser's question.

A call holds a share of what is left: all of it when that is little, else half, so that a long call and many at once
both find something; before it has used that up it is given another share, as long as there is one. What it did not
use comes back when the journal tells its length.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django_scopes import scope

from ats.billing import rating, reservations
from ats.billing.rating import Rate
from ats.billing.reservations import moment
from ats.clients.models import Client
from ats.limits import checks, queries, usage
from ats.limits.checks import Granted, Refused
from ats.limits.models import CountedCall
from ats.limits.usage import OutgoingCall

SMALL_S: int = settings.CONFIG.counted_hold_s  # so much talk is not divided any more


@dataclass(frozen=True, slots=True)
class Counted:
    """A call whose limits are counted, and what they leave to it."""

    call: OutgoingCall
    granted: Granted

    def seconds(self, longest_s: int) -> int:
        """How long it may talk, as far as minutes are limited."""
        left = self.granted.seconds
        return longest_s if left is None else min(longest_s, _share(left, SMALL_S))

    def affordable(self, rate: Rate, longest_s: int) -> int | str:
        """The same as far as money is limited, or the word of a refusal."""
        left = self.granted.money
        if left is None:
            return longest_s
        small = rating.cost(rate, SMALL_S).total
        talk = rating.longest_talk(rate, _share(left, small))
        return self.granted.money_word if talk is None else min(longest_s, talk)

    def hold(self, seconds: int, money: int) -> None:
        """Count a billed call: from now on this much is not there for others. Its reservation asks for more."""
        with scope(client=self.call.client_id):
            checks.hold(self.call, seconds, money)

    def hold_unbilled(self, seconds: int, limit_s: int, now_us: int) -> None:
        """Count a call that nothing is reserved for; `limit_s`: the longest it may last, whatever is left."""
        with scope(client=self.call.client_id):
            later = reservations.extend_at(now_us, seconds, limit_s)
            checks.hold(self.call, seconds, limit_s=limit_s, extend_us=later)


def counted(
    key: str,
    node: str,
    linkedid: str,
    client_id: int,
    digits: str,
    port: str,
    user_id: int | None,
    now_us: int,
    *,
    step_id: int | None = None,
    forwarding_id: int | None = None,
) -> Counted | str | None:
    """None when nothing of this client is counted; the word of a refusal when a limit is reached."""
    with scope(client=client_id):
        if step_id is None and not queries.counts_anything(client_id):
            return None
        ports = Client(pk=client_id).ports
        device = ports.filter(login=port).values_list("pk", "owner_id").first() if port else None
        port_id, owner_id = device or (None, None)
        call = OutgoingCall(
            key,
            node,
            linkedid,
            client_id,
            user_id or owner_id,
            port_id,
            digits,
            moment(now_us),
            step_id,
            forwarding_id,
        )
        if not checks.is_counted(call):
            return None
        verdict = checks.check(call)
    return verdict.word if isinstance(verdict, Refused) else Counted(call, verdict)


@dataclass(frozen=True, slots=True)
class Due:
    """A call in progress that is not billed and has nearly used up what it holds, as `Extender` takes it."""

    id: int
    linkedid: str
    digits: str
    allowed_s: int
    answered_us: int | None
    leg: str = ""


def due(node: str, now_us: int) -> list[Due]:
    """Calls of this node to look at now."""
    found = CountedCall.objects.filter(node=node, is_open=True, extend_us__lt=now_us).order_by("pk")
    return [
        Due(*row) for row in found.values_list("pk", "linkedid", "digits", "seconds", "answered_us", "leg")
    ]


def postpone(call_id: int, until_us: int) -> None:
    """Look again later: nobody has answered yet."""
    CountedCall.objects.filter(pk=call_id, is_open=True).update(extend_us=until_us)


@transaction.atomic
def extend(call_id: int, answered_us: int, now_us: int) -> int:
    """Hold another share for a call that is not billed; returns the seconds it may last in all."""
    row = CountedCall.objects.get(pk=call_id)
    if not row.is_open:
        return row.seconds
    talked = reservations.talk_seconds(answered_us, now_us)
    allowed = more(row.key, row.client_id, None, row.limit_s, now_us, talked) or row.seconds
    later = None  # nothing is left
    if allowed != row.seconds or row.extend_us == 0:
        later = reservations.extend_at(answered_us, allowed, row.limit_s)
    CountedCall.objects.filter(pk=call_id).update(answered_us=answered_us, extend_us=later)
    return allowed


def more(
    key: str, client_id: int, rate: Rate | None, wanted_s: int, now_us: int, talked_s: int = 0
) -> int | None:
    """Seconds the counted limits let a call in progress last in all; None when it is not counted.

    Another share is held when it wants more than it holds, and less where a limit was lowered, but never less than it
    has talked. `key`: of its question; `rate`: of a billed call.
    """
    with scope(client=client_id):
        row = CountedCall.objects.filter(key=key, is_open=True).first()
        if row is None:
            return None
        call = usage.call_of(row)
        left = checks.left(call, moment(now_us))
        allowed = max(wanted_s, row.seconds)
        if left.seconds is not None:
            allowed = min(allowed, _held(row.seconds, left.seconds, SMALL_S))
        if left.money is not None and rate is not None:
            money = _held(row.money, left.money, rating.cost(rate, SMALL_S).total)
            allowed = min(allowed, rating.longest_talk(rate, money) or 0)
        allowed = max(allowed, min(talked_s, row.seconds), 1)
        if allowed == row.seconds:
            return allowed
        money = rating.cost(rate, allowed).total if rate is not None else 0
        checks.hold(call, allowed, money, now=moment(now_us))
        return allowed


def _held(held: int, left: int, small: int) -> int:
    """What a call may hold of what is left to it, its own included."""
    return left if left < held else held + _share(left - held, small)


def _share(left: int, small: int) -> int:
    return min(left, max(small, left // 2))
