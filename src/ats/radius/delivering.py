"""Delivers accounting records: those of a call in their order, each until it is acknowledged.

At each attempt a record goes out as the same bytes (with their identifier) up to `tries` times, so a server that has
it knows it again; a later attempt says with Acct-Delay-Time how old it is by then. While no server answers, one
record is tried now and then and the rest waits; nothing is ever given up.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.radius import packets, queries
from ats.radius.asking import Address, Terms
from ats.radius.exchange import SilentError, exchange
from ats.radius.models import Profile, Record
from ats.radius.records import SECOND

log = logging.getLogger("ats.radius")

POLL_S = 0.5
AT_ONCE = 64
_DELAYS_S = (1, 2, 5, 10, 30, 60)  # while all servers are silent; then every minute
_ODD_DELAYS_S = (10, 60, 600, 3600)  # of one record that is not taken while others are


@dataclass(slots=True)
class _Tried:
    record: Record
    error: str = ""


def deliver_due() -> int:
    """Deliver what is due to every outside billing; returns how many records were acknowledged."""
    taken = 0
    with scopes_disabled():
        for profile in list(queries.profiles().filter(next_try_at__lte=timezone.now())):
            while (count := _batch(profile)) is not None:
                taken += count
    return taken


def _batch(profile: Profile) -> int | None:
    """One batch; how many were acknowledged, or None when there is nothing (more) to try now."""
    # While the servers are silent one record finds out whether they are back.
    found = _due(profile, 1 if profile.failures else AT_ONCE)
    if not found:
        return None
    terms = queries.terms_of(profile)
    tried = asyncio.run(_deliver(terms, found))
    done = [one.record.pk for one in tried if not one.error]
    Record.objects.filter(pk__in=done).delete()
    now = timezone.now()
    rows = Profile.objects.filter(pk=profile.pk)
    if done:
        profile.failures, profile.error = 0, ""
        rows.update(failures=0, error="", next_try_at=now, delivered_at=now)
        for one in tried:
            if one.error:
                _odd(one)
        return len(done)
    wait = _DELAYS_S[min(profile.failures, len(_DELAYS_S) - 1)]
    profile.failures += 1
    error = next((one.error for one in tried), "")[:200]
    rows.update(failures=profile.failures, error=error, next_try_at=now + timedelta(seconds=wait))
    log.warning("radius %s: %s; again in %s s", profile.name, error, wait)
    Record.objects.filter(pk__in=[one.record.pk for one in tried]).update(tries=F("tries") + 1)
    return None


def _due(profile: Profile, most: int) -> list[Record]:
    """The oldest record of each session, of those that may be tried now."""
    earlier = Record.objects.filter(session=OuterRef("session"), pk__lt=OuterRef("pk"))
    due = Record.objects.filter(profile=profile, next_try_us__lte=_now_us())
    return list(due.filter(~Exists(earlier)).order_by("pk")[:most])


def _odd(one: _Tried) -> None:
    """Others were taken, this one was not: it must not hold them up."""
    wait = _ODD_DELAYS_S[min(one.record.tries, len(_ODD_DELAYS_S) - 1)]
    Record.objects.filter(pk=one.record.pk).update(
        tries=F("tries") + 1, next_try_us=_now_us() + wait * SECOND
    )
    log.warning("radius: %s of %s: %s", one.record.kind, one.record.session, one.error)


async def _deliver(terms: Terms, found: Sequence[Record]) -> list[_Tried]:
    """All at once to the first server; what it does not take to the next, and so on."""
    tried = [_Tried(record, "no servers") for record in found]
    for server in terms.servers:
        left = [one for one in tried if one.error]
        await asyncio.gather(*(_send(terms, server, one) for one in left))
    return tried


async def _send(terms: Terms, server: Address, one: _Tried) -> None:
    record = one.record
    delay_s = max(_now_us() - record.at_us, 0) // SECOND
    attributes = [(name, value) for name, value in record.attributes]
    request = packets.accounting(server.secret, attributes, delay_s)
    try:
        await exchange(
            (server.host, server.acct_port),
            request,
            packets.acknowledged,
            timeout_s=terms.timeout_s,
            tries=terms.tries,
        )
    except SilentError as error:
        one.error = f"{server.host}:{server.acct_port}: {error}"
        return
    one.error = ""


def _now_us() -> int:
    return time.time_ns() // 1000
