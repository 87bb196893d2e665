"""Changes to forwarding numbers («Номера переадресации», S129-S147)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.clients.models import Client, User
from ats.clients.versions import bump
from ats.dialplan.extras import Extras
from ats.errors import Conflict, Missing, invalid
from ats.forwarding.models import Forwarding
from ats.numbering import e164
from ats.ports.usage import uses_of_forwarding


def _extras(value: Any) -> dict[str, bool]:
    if not isinstance(value, Mapping) or not all(isinstance(one, bool) for one in value.values()):
        raise checks.Bad("bad_value")
    return Extras.of(value).stored()


_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "digits": checks.text(40, required=True),
    "language": checks.one_of(("", *checks.LANGUAGES)),
    "extras": _extras,
}


@transaction.atomic
def create_forwarding(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Forwarding:
    """Add a forwarding number; `digits` as people write it (S130: 8916…). Raises Invalid."""
    made = Forwarding(client_id=client_id)
    apply(made, _accepted(client_id, values))
    _save(made)
    record(actor, client_id, "create", made, after={"name": made.name, "digits": made.digits})
    return made


@transaction.atomic
def update_forwarding(actor: User | None, forwarding_id: int, values: Mapping[str, Any]) -> Forwarding:
    """Change a forwarding number in scope. Raises Missing, Invalid."""
    found = _locked(forwarding_id)
    before, after = apply(found, _accepted(found.client_id, values))
    if after:
        _save(found)
        record(actor, found.client_id, "update", found, before=before, after=after)
        bump(found.client_id)
    return found


@transaction.atomic
def delete_forwarding(actor: User | None, forwarding_id: int) -> None:
    """Delete a forwarding number in scope. Raises Missing; Conflict saying where it is used."""
    found = _locked(forwarding_id)
    if used := uses_of_forwarding(found):
        raise Conflict("in_use", where=used)
    record(actor, found.client_id, "delete", found, before=fields_of(found, _CHECKS))
    found.delete()


def _accepted(client_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    accepted = checks.clean(values, _CHECKS)
    if "digits" in accepted:
        area_code = Client.objects.values_list("area_code", flat=True).get(pk=client_id)
        try:
            accepted["digits"] = e164.normalise(accepted["digits"], area_code)
        except e164.NotANumber as error:
            raise invalid("digits", "bad_external") from error
    return accepted


def _save(found: Forwarding) -> None:
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(forwarding_id: int) -> Forwarding:
    found = Forwarding.objects.select_for_update().filter(pk=forwarding_id).first()
    if found is None:
        raise Missing
    return found
