"""Shutting addresses out, by hand or because somebody guesses at passwords, and letting them in again."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.db import transaction
from django.utils import timezone

from ats import checks
from ats.audit.actions import record
from ats.errors import Missing, invalid
from ats.system import queries
from ats.system.actions import Operator
from ats.system.models import Ban
from ats.system.topics import Bans

MAX_MINUTES = 525_600
_CHECKS: dict[str, checks.Check] = {
    "note": checks.text(200),
    "minutes": checks.whole(1, MAX_MINUTES, optional=True),
}


def is_spared(address: str, rules: Bans) -> bool:
    """Whether an address is never shut out by itself: this machine, and what the operator named."""
    found = ip_address(address)
    if found.is_loopback and str(found) in ("127.0.0.1", "::1"):
        return True
    return any(found in ip_network(network) for network in rules.never)


@transaction.atomic
def ban(actor: Operator, values: Mapping[str, Any], own_address: str) -> Ban:
    """Shut an address out by hand, for `minutes` (None: for good). Raises Invalid.

    This machine itself and the address one sits at are refused: nobody could take that back from there.
    """
    accepted = checks.clean(values, _CHECKS)
    try:
        address = str(ip_address(str(values.get("address", "")).strip()))
    except ValueError as error:
        raise invalid("address", "bad_address") from error
    if address in (own_address, "127.0.0.1", "::1"):
        raise invalid("address", "own_address")
    minutes = accepted.get("minutes")
    row = _put(
        address,
        source=Ban.Source.MANUAL,
        note=accepted.get("note", ""),
        author_login=actor.login,
        minutes=minutes,
    )
    record(
        actor,
        actor.client_id,
        "create",
        row,
        after={"address": address, "minutes": minutes, "note": row.note},
    )
    return row


@transaction.atomic
def lift(actor: Operator, ban_id: int) -> None:
    """Let an address in again. Raises Missing."""
    row = Ban.objects.select_for_update().filter(pk=ban_id).first()
    if row is None:
        raise Missing
    record(actor, actor.client_id, "delete", row, before={"address": row.address, "failures": row.failures})
    row.delete()


def guessed(address: str, source: Ban.Source, failures: int, rules: Bans) -> bool:
    """Shut out who guesses at passwords, unless it is spared; says whether it was done."""
    if not rules.enabled or is_spared(address, rules) or queries.is_banned(address):
        return False
    _put(str(ip_address(address)), source=source, failures=failures, minutes=rules.minutes)
    return True


def drop_expired() -> int:
    """Remove bans that are over, some time later; returns how many."""
    gone, _ = Ban.objects.filter(until__lt=timezone.now() - timedelta(days=7)).delete()
    return gone


def _put(address: str, *, minutes: int | None, **values: Any) -> Ban:
    now = timezone.now()
    until = None if minutes is None else now + timedelta(minutes=minutes)
    row, _ = Ban.objects.update_or_create(address=address, defaults={**values, "at": now, "until": until})
    return row
