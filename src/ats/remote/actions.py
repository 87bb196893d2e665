"""Giving users a PIN and known telephones."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from ats.audit.actions import record
from ats.clients.models import Client, User
from ats.clients.versions import bump
from ats.errors import Missing, invalid
from ats.numbering import e164
from ats.remote.models import RemoteCaller, RemotePin
from ats.remote.pins import digest_of

PIN_LENGTHS = (6, 10)
MOST_CALLERS = 5


@transaction.atomic
def set_pin(actor: User, user: User, pin: str | None) -> str | None:
    """Give the user this PIN, a generated one for "" (returned, shown once), or none for None.

    Raises Invalid: not 6 to 10 digits, too simple, or taken (which is not said: it would give a PIN away).
    """
    RemotePin.objects.filter(user=user).delete()
    shown = None
    if pin is not None:
        shown = _make_pin(user) if pin == "" else _use_pin(user, pin)
    record(actor, user.client_id, "update", user, after={"pin": "***" if shown else ""})
    return shown


@transaction.atomic
def set_callers(actor: User, user: User, numbers: Sequence[str]) -> list[str]:
    """The telephones by which the user is known, in any usual way of writing. Raises Invalid."""
    client = Client.objects.get(pk=user.client_id)
    if len(numbers) > MOST_CALLERS:
        raise invalid("callers", "too_many", max=MOST_CALLERS)
    found = []
    for index, number in enumerate(numbers):
        try:
            found.append(e164.normalise(number, client.area_code))
        except e164.NotANumber as error:
            raise invalid(f"callers.{index}", "bad_external") from error
    before = list(RemoteCaller.objects.filter(user=user).values_list("clip", flat=True))
    RemoteCaller.objects.filter(user=user).delete()
    try:
        with transaction.atomic():
            RemoteCaller.objects.bulk_create(
                RemoteCaller(client=client, user=user, clip=clip) for clip in dict.fromkeys(found)
            )
    except IntegrityError as error:
        raise invalid("callers", "taken") from error
    record(actor, client.pk, "update", user, before={"callers": before}, after={"callers": found})
    bump(client.pk)
    return found


def _make_pin(user: User) -> str:
    for _ in range(20):
        pin = f"{secrets.randbelow(10**8):08d}"
        if _store(user, pin):
            return pin
    raise Missing  # twenty collisions in a row of a hundred million do not happen


def _use_pin(user: User, pin: str) -> str:
    low, high = PIN_LENGTHS
    if not (pin.isascii() and pin.isdigit() and low <= len(pin) <= high):
        raise invalid("pin", "bad_remote_pin", min=low, max=high)
    if len(set(pin)) < 3 or pin in "01234567890123456789" or pin in "98765432109876543210":
        raise invalid("pin", "weak_pin")
    if not _store(user, pin):
        raise invalid("pin", "weak_pin")
    return pin


def _store(user: User, pin: str) -> bool:
    try:
        with transaction.atomic():
            RemotePin.objects.create(
                client_id=user.client_id, user=user, digest=digest_of(user.client_id, pin)
            )
    except IntegrityError:
        return False
    return True
