"""Queues and their agents: for the API, and as plain values for the engine."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_scopes import scope

from ats.dialplan.extras import Extras
from ats.dialplan.queues import AgentPlan, QueuePlan
from ats.errors import Missing
from ats.queues.models import Agent, Queue
from ats.scoping import belonging


def queues() -> QuerySet[Queue]:
    """Queues of the client in scope."""
    return Queue.objects.select_related("pickup_group").prefetch_related(
        Prefetch("agents", belonging(Agent).select_related("port", "forwarding"))
    )


def queue(queue_id: int) -> Queue:
    """One queue of the client in scope. Raises Missing."""
    found = queues().filter(pk=queue_id).first()
    if found is None:
        raise Missing
    return found


def queue_row(found: Queue) -> dict[str, Any]:
    """A queue with its agents in order, as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "strategy": found.strategy,
        "language": found.language,
        "pickup_group_id": found.pickup_group_id,
        "pickup_group_name": str(found.pickup_group or ""),
        "extras": found.extras,
        "max_waiting": found.max_waiting,
        "ring_s": found.ring_s,
        "retry_s": found.retry_s,
        "wrapup_s": found.wrapup_s,
        "announce_place": found.announce_place,
        "announce_every_s": found.announce_every_s,
        "agents": [agent_row(agent) for agent in found.agents.all()],
        "created_at": found.created_at,
    }


def agent_row(agent: Agent) -> dict[str, Any]:
    """An agent as the API shows it; the thing it is must be loaded."""
    thing = agent.port or agent.forwarding
    return {
        "id": agent.pk,
        "port_id": agent.port_id,
        "forwarding_id": agent.forwarding_id,
        "title": thing.name if thing else "",
    }


def queue_plans(client_id: int) -> tuple[QueuePlan, ...]:
    """All queues of a client for the engine (one query, one more for the agents).

    Ports that are switched off are left out. Empty for a client that is not active.
    """
    with scope(client=client_id):
        found = list(queues().filter(client__is_active=True).order_by("pk"))
    return tuple(
        QueuePlan(
            queue_id=row.pk,
            client_id=client_id,
            strategy=row.strategy,
            language=row.language,
            pickup_group_id=row.pickup_group_id,
            extras=Extras.of(row.extras),
            max_waiting=row.max_waiting,
            ring_s=row.ring_s,
            retry_s=row.retry_s,
            wrapup_s=row.wrapup_s,
            announce_place=row.announce_place,
            announce_every_s=row.announce_every_s,
            agents=tuple(
                AgentPlan(
                    agent_id=agent.pk,
                    endpoint=agent.port.endpoint if agent.port else "",
                    digits=agent.forwarding.digits if agent.forwarding else "",
                    order=agent.order,
                    order_no=agent.order_no,
                    kind=agent.port.kind if agent.port else "sip",
                )
                for agent in row.agents.all()
                if agent.port is None or agent.port.is_active
            ),
        )
        for row in found
    )
