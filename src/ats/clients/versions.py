"""The version of a client: every change the engine must know of adds one."""

from django.db.models import F

from ats.audit.actions import emit
from ats.audit.models import Outbox
from ats.clients.models import Client


def bump(client_id: int) -> int:
    """Give the client its next version and queue it for the engine nodes; returns the version.

    The row stays locked until the transaction ends: changes of one client are strictly one after another.
    """
    Client.objects.filter(pk=client_id).update(version=F("version") + 1)
    version = Client.objects.values_list("version", flat=True).get(pk=client_id)
    emit(Outbox.Kind.CLIENT, client_id, version)
    return version


def bump_everybody() -> None:
    """Every client's next version: something changed that stands in the rows of all of them.

    The engine nodes are told of one; what else they do not serve yet they find by themselves within seconds.
    """
    Client.objects.update(version=F("version") + 1)
    first = Client.objects.order_by("pk").values_list("pk", "version").first()
    if first is not None:
        emit(Outbox.Kind.CLIENT, *first)


def announce_messages(client_id: int) -> None:
    """Have the engine nodes bring the message lamps of the client's telephones up to date; no new version."""
    emit(Outbox.Kind.LAMPS, client_id, 0)


def bump_routes() -> int:
    """Queue the operator's outbound routes (client id 0); their version is the id of the outbox row."""
    return emit(Outbox.Kind.ROUTES, 0, 0).pk
