"""Hanging up and transferring calls in progress: orders that the node's agent carries out."""

from collections.abc import Callable

from django.db import transaction

from ats.audit.actions import record
from ats.clients.models import User
from ats.engine.models import CallCommand, LiveCall
from ats.errors import Missing
from ats.numbering.models import Number

Allowed = Callable[[LiveCall], bool]


@transaction.atomic
def hang_up(actor: User, client_id: int, uniqueid: str, allowed: Allowed) -> CallCommand:
    """Order the end of a channel, and with it of its call. Raises Missing, also for a call that is not `allowed`."""
    return _order(actor, _channel(client_id, uniqueid, allowed), CallCommand.Kind.HANGUP, None)


@transaction.atomic
def transfer(actor: User, client_id: int, uniqueid: str, number_id: int, allowed: Allowed) -> CallCommand:
    """Order that a channel goes to an internal number of the client in scope; whoever it talked with is let go.

    Raises Missing.
    """
    live = _channel(client_id, uniqueid, allowed)
    number = Number.objects.filter(pk=number_id, kind=Number.Kind.INTERNAL).first()
    if number is None:
        raise Missing
    return _order(actor, live, CallCommand.Kind.TRANSFER, number)


def _channel(client_id: int, uniqueid: str, allowed: Allowed) -> LiveCall:
    found = LiveCall.objects.filter(client_id=client_id, uniqueid=uniqueid).first()
    if found is None or not allowed(found):
        raise Missing
    return found


def _order(actor: User, live: LiveCall, kind: CallCommand.Kind, number: Number | None) -> CallCommand:
    command = CallCommand.objects.create(
        node_id=live.node_id,
        client_id=live.client_id,
        kind=kind,
        channel=live.channel,
        number_id=number.pk if number else None,
    )
    after = {"caller": live.caller, "called": live.called, **({"to": number.digits} if number else {})}
    record(actor, live.client_id, kind, command, name=live.linkedid, after=after)
    return command
