"""The operator's pool of external numbers: filling it, allotting from it, giving back (S51, S52)."""

from django.db import transaction
from django_scopes import scopes_disabled

from ats import checks
from ats.audit.actions import record
from ats.clients.models import Client, User
from ats.clients.versions import bump
from ats.errors import Conflict, Fault, Missing, invalid
from ats.numbering import e164
from ats.numbering.actions import locked, refuse_if_used
from ats.numbering.models import Number, Step

MAX_RANGE = 10_000


@transaction.atomic
def add_to_pool(
    actor: User | None, digits: str, to: str = "", description: str = ""
) -> tuple[list[Number], int]:
    """Add one external number, or all from `digits` to `to`; returns the new ones and how many existed.

    Raises Invalid for what is not a telephone number, or a range that is reversed or too long.
    """
    operator = Client.objects.get(is_operator=True)
    start = _external("digits", digits, operator.area_code)
    end = _external("to", to, operator.area_code) if to.strip() else start
    if len(end) != len(start) or int(end) < int(start):
        raise invalid("to", "bad_range")
    if int(end) - int(start) >= MAX_RANGE:
        raise invalid("to", "too_many", max=MAX_RANGE)
    note = checks.clean({"description": description}, {"description": checks.text(500)})["description"]
    wanted = [str(value) for value in range(int(start), int(end) + 1)]
    with scopes_disabled():  # the pool spans all clients
        known = set(
            Number.objects.filter(kind=Number.Kind.EXTERNAL, digits__gte=start, digits__lte=end).values_list(
                "digits", flat=True
            )
        )
        fresh = [
            Number(kind=Number.Kind.EXTERNAL, digits=value, description=note)
            for value in wanted
            if value not in known
        ]
        added = Number.objects.bulk_create(fresh)
        if added:
            name = e164.display(start) + (f" … {e164.display(end)}" if end != start else "")
            record(actor, operator.pk, "create", added[0], name=name, after={"count": len(added)})
    return added, len(wanted) - len(added)


@transaction.atomic
def remove_from_pool(actor: User | None, number_id: int) -> None:
    """Take a free external number out of the pool. Raises Missing; Conflict naming the client that has it."""
    operator = Client.objects.get(is_operator=True)
    with scopes_disabled():
        number = _locked_external(number_id)
        if number.client is not None:
            raise Conflict("in_use", where=(Fault("at_client", {"name": number.client.name}),))
        record(actor, operator.pk, "delete", number, name=e164.display(number.digits))
        number.delete()


@transaction.atomic
def allot(actor: User | None, client_id: int, number_id: int) -> Number:
    """Give a free number of the pool to a client. Raises Invalid (no such number), Conflict (taken)."""
    with scopes_disabled():
        try:
            number = _locked_external(number_id)
        except Missing as error:
            raise invalid("number_id", "not_external") from error
        if number.client_id is not None:
            raise Conflict("number_taken")
        number.client_id = client_id
        number.name = number.time_zone = ""
        number.save(update_fields=["client", "name", "time_zone"])
    record(actor, client_id, "allot", number, name=e164.display(number.digits))
    bump(client_id)
    return number


@transaction.atomic
def release(actor: User | None, number_id: int) -> None:
    """Give an external number of the client in scope back to the pool; its dialplan is deleted.

    Raises Missing; Conflict saying where it is still used.
    """
    number = locked(number_id)
    client_id = number.client_id
    assert client_id is not None
    refuse_if_used(number)
    Step.objects.filter(number=number).delete()
    number.client = number.owner = None
    # The revision stays: a save that a browser still holds open must not fit the next owner's dialplan.
    number.name = number.time_zone = ""
    number.save(update_fields=["client", "owner", "name", "time_zone"])
    record(actor, client_id, "release", number, name=e164.display(number.digits))
    bump(client_id)


def _external(path: str, text: str, area_code: str) -> str:
    try:
        return e164.normalise(text, area_code)
    except e164.NotANumber as error:
        raise invalid(path, "bad_external") from error


def _locked_external(number_id: int) -> Number:
    number = (
        Number.objects.select_for_update(of=("self",))
        .select_related("client")
        .filter(pk=number_id, kind=Number.Kind.EXTERNAL)
        .first()
    )
    if number is None:
        raise Missing
    return number
