"""The engine of this node stopped and started by hand, for what it reads only at its start (its TLS certificate)."""

import http.client
import xmlrpc.client

from django.conf import settings
from django.db import transaction

from ats.audit.actions import record
from ats.clients.models import User
from ats.engine.models import Node
from ats.engine.queries import calls_of
from ats.errors import Conflict
from launcher import supervise


def restart(actor: User, agreed: int) -> None:
    """Restart this node's engine: every call in progress here ends; it answers again within seconds.

    `agreed`: how many calls the person was told would end. Raises Conflict when there are more by now, or when the
    supervisor does not answer. The note of it is written before: the engine is not stopped in a transaction.
    """
    config = settings.CONFIG
    calls = calls_of(config.node_name)
    if calls > agreed:
        raise Conflict("more_calls_now", calls=calls)
    if not supervise.is_running(config):
        raise Conflict("no_supervisor")
    with transaction.atomic():
        node, _ = Node.objects.get_or_create(name=config.node_name)
        record(actor, actor.client_id, "restart", node, name=node.name, after={"calls": calls})
    try:
        supervise.restart(config, ["engine"])
    except (OSError, http.client.HTTPException, xmlrpc.client.Error) as error:
        raise Conflict("no_supervisor") from error
