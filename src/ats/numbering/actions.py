"""Changes to the numbers of a client."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.clients.models import User
from ats.clients.ownership import owner_field
from ats.clients.versions import bump
from ats.errors import Conflict, Missing, invalid
from ats.numbering import versions
from ats.numbering.models import Number, Step
from ats.ports.usage import uses_of_number

_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80),
    "description": checks.text(500),
    "time_zone": checks.zone(optional=True),
}
_INTERNAL_CHECKS: dict[str, checks.Check] = {
    "digits": checks.pattern(r"[0-9]{1,6}", "bad_internal", 64, required=True),
    **_CHECKS,
}


@transaction.atomic
def create_internal(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Number:
    """Create an internal number of the client in scope (S53). Raises Invalid, also when it exists."""
    number = Number(client_id=client_id, kind=Number.Kind.INTERNAL)
    apply(number, checks.clean(values, _INTERNAL_CHECKS) | owner_field(values))
    try:
        with transaction.atomic():
            number.save()
    except IntegrityError as error:
        raise invalid("digits", "taken") from error
    record(actor, client_id, "create", number, after={"digits": number.digits, "name": number.name})
    bump(client_id)
    return number


@transaction.atomic
def update_number(actor: User | None, number_id: int, values: Mapping[str, Any]) -> Number:
    """Change name, description or time zone of a number in scope. Raises Missing, Invalid."""
    number = locked(number_id)
    before, after = apply(number, checks.clean(values, _CHECKS) | owner_field(values))
    if after:
        number.save(update_fields=list(after))
        assert number.client_id is not None  # a number in scope has a client
        record(actor, number.client_id, "update", number, before=before, after=after)
        if {"name", "time_zone"} & after.keys():  # the name is shown by telephones
            bump(number.client_id)
    return number


@transaction.atomic
def delete_internal(actor: User | None, number_id: int) -> None:
    """Delete an internal number in scope with its dialplan. Raises Missing; Conflict saying where it is used."""
    number = locked(number_id)
    assert number.client_id is not None
    refuse_if_used(number)
    before = {
        **fields_of(number, (*_INTERNAL_CHECKS, "owner_id")),
        "steps": Step.objects.filter(number=number).count(),
        "dialplan": versions.steps_of(number),
    }
    record(actor, number.client_id, "delete", number, before=before)
    client_id = number.client_id
    number.steps.all().delete()  # a step may lead to its own number, which would protect it
    number.delete()
    bump(client_id)


def locked(number_id: int) -> Number:
    """The number in scope, its row locked until the transaction ends. Raises Missing."""
    number = Number.objects.select_for_update().filter(pk=number_id).first()
    if number is None or number.client_id is None:
        raise Missing
    return number


def refuse_if_used(number: Number) -> None:
    """Raise Conflict naming the dialplans and ports that point at the number."""
    if where := uses_of_number(number):
        raise Conflict("in_use", where=where)
