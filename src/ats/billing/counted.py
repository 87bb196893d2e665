"""The counted limits (minutes, money, calls a minute, numbers a day) at the authoriser's question.

A call holds a share of what is left: all of it when that is little, else half, so that a long call and many at once
both find something; what it did not use comes back when the journal tells its length.
"""

from dataclasses import dataclass

from django_scopes import scope

from ats.billing import rating
from ats.billing.rating import Rate
from ats.billing.reservations import moment
from ats.clients.models import Client
from ats.limits import checks, queries
from ats.limits.checks import Granted, Refused
from ats.limits.usage import OutgoingCall

SMALL_S = 600  # so much talk is not divided any more


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
        """Count it: from now on this much is not there for others."""
        with scope(client=self.call.client_id):
            checks.hold(self.call, seconds, money)


def counted(
    node: str, linkedid: str, client_id: int, digits: str, port: str, user_id: int | None, now_us: int
) -> Counted | str | None:
    """None when nothing of this client is counted; the word of a refusal when a limit is reached."""
    with scope(client=client_id):
        if not queries.counts_anything(client_id):
            return None
        ports = Client(pk=client_id).ports
        device = ports.filter(login=port).values_list("pk", "owner_id").first() if port else None
        port_id, owner_id = device or (None, None)
        call = OutgoingCall(node, linkedid, client_id, user_id or owner_id, port_id, digits, moment(now_us))
        verdict = checks.check(call)
    return verdict.word if isinstance(verdict, Refused) else Counted(call, verdict)


def _share(left: int, small: int) -> int:
    return min(left, max(small, left // 2))
