"""Calls the exchange makes: it calls one telephone, and when that answers connects it with another (S236, S202)."""

from django.db import transaction

from ats import checks
from ats.audit.actions import record
from ats.clients.models import Client, User
from ats.clients.rights import Right
from ats.engine.models import ActiveVersion, CallCommand
from ats.errors import Conflict, Denied, Invalid, invalid
from ats.numbering import e164
from ats.numbering.models import Number


@transaction.atomic
def call_back(user: User, client_id: int, first: str, second: str) -> int:
    """Have the exchange call `first`, and when it answers connect it with `second`, at the user's account (S236).

    Each is an internal number of the client or a telephone outside. Returns the id of the order. Raises Denied
    without «Использование WEB-служб», Invalid, Conflict when no node could do it.
    """
    if not user.has_right(Right.WEB_SERVICES):
        raise Denied
    client = Client.objects.get(pk=client_id)
    legs = {"from": _leg(client, "from", first), "to": _leg(client, "to", second)}
    command = order(client_id, legs["from"], legs["to"], user.pk)
    record(user, client_id, "call_back", client, after=legs)
    return command.pk


def order(client_id: int, first: str, second: str, user_id: int | None) -> CallCommand:
    """Have a node that serves the client call `first` and connect it with `second`, both checked digits, at the account
    of this user, or of the client. Raises Conflict when no node could do it."""
    served = ActiveVersion.objects.filter(client_id=client_id, error="").order_by("-active_at").first()
    if served is None:
        raise Conflict("no_node")
    return CallCommand.objects.create(
        node_id=served.node_id,
        client_id=client_id,
        kind=CallCommand.Kind.CALLBACK,
        channel=first,
        target=second,
        number_id=user_id,
    )


def _leg(client: Client, field: str, text: str) -> str:
    """Digits the client's context takes behind `a`: an internal number, or E.164 with a plus."""
    checked = {"text": checks.text(32, required=True)}
    try:
        digits = str(checks.clean({"text": text}, checked)["text"])
    except Invalid as error:
        raise Invalid({field: error.fields["text"]}) from error
    if digits.isascii() and digits.isdigit() and len(digits) <= 6:
        if not Number.objects.filter(kind=Number.Kind.INTERNAL, digits=digits).exists():
            raise invalid(field, "not_internal")
        return digits
    try:
        return "+" + e164.normalise(digits, client.area_code)
    except e164.NotANumber as error:
        raise invalid(field, "bad_external") from error
