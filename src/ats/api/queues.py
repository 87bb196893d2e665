"""Call queues («Очереди обработки вызовов», S115-S128) of a client, their agents and how they are now."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, listing
from ats.api.shapes import ERRORS, ExtrasShape, Id
from ats.clients.access import Do
from ats.queues import actions, queries

router = Router(tags=["queues"])


class AgentOut(Schema):
    """A VoIP port or a forwarding number, exactly one of the two."""

    id: int
    port_id: int | None
    forwarding_id: int | None
    title: str


class AgentIn(Schema):
    port_id: Id | None = None
    forwarding_id: Id | None = None


class QueueOut(Schema):
    id: int
    name: str
    description: str
    strategy: str
    language: str
    pickup_group_id: int | None
    pickup_group_name: str
    extras: ExtrasShape
    max_waiting: int
    ring_s: int
    retry_s: int
    wrapup_s: int
    announce_place: bool
    announce_every_s: int
    agents: list[AgentOut]
    created_at: datetime


class QueueIn(Schema):
    """`language` "": the client's; `max_waiting` 0: no limit; seconds: `ring_s` one agent rings, `retry_s` until the
    next try, `wrapup_s` of rest after a call. `agents` in their order."""

    name: str
    description: str = ""
    strategy: str = "ringall"
    language: str = ""
    pickup_group_id: Id | None = None
    extras: ExtrasShape = ExtrasShape()
    max_waiting: int = 0
    ring_s: int = 15
    retry_s: int = 2
    wrapup_s: int = 0
    announce_place: bool = False
    announce_every_s: int = 30
    agents: list[AgentIn] = []


class QueuePatch(Schema):
    """Only the fields sent are changed; `agents` replaces the whole list."""

    name: str = ""
    description: str = ""
    strategy: str = ""
    language: str = ""
    pickup_group_id: Id | None = None
    extras: ExtrasShape = ExtrasShape()
    max_waiting: int = 0
    ring_s: int = 15
    retry_s: int = 2
    wrapup_s: int = 0
    announce_place: bool = False
    announce_every_s: int = 30
    agents: list[AgentIn] = []


class AgentOrder(Schema):
    order: Literal["login", "logout", "pause", "unpause"]


_SORTS = {"id": "id", "name": "name", "strategy": "strategy"}
_TITLES = {
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "strategy": ("Распределение", "Strategy"),
    "pickup_group_name": ("Группа перехвата", "Pickup group"),
    "language": ("Язык", "Language"),
}


@router.get("/{int:client_id}/queues", response={200: Listed[QueueOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def list_queues(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Queues of the client with their agents."""
    return listing(
        request,
        page,
        queries.queues(),
        lambda found: [queries.queue_row(row) for row in found],
        name="queues",
        titles=_TITLES,
        search=("name", "description"),
        sorts=_SORTS,
        default="name",
    )


@router.post("/{int:client_id}/queues", response={201: QueueOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def create_queue(request: ApiRequest, client_id: int, payload: QueueIn) -> Status[dict[str, Any]]:
    """Create a queue."""
    made = actions.create_queue(request.auth, client_id, payload.model_dump())
    return Status(201, queries.queue_row(queries.queue(made.pk)))


@router.get(
    "/{int:client_id}/queues/{int:queue_id}", response={200: QueueOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_queue(request: ApiRequest, client_id: int, queue_id: int) -> dict[str, Any]:
    """One queue."""
    return queries.queue_row(queries.queue(queue_id))


@router.patch(
    "/{int:client_id}/queues/{int:queue_id}",
    response={200: QueueOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def update_queue(request: ApiRequest, client_id: int, queue_id: int, payload: QueuePatch) -> dict[str, Any]:
    """Change a queue; callers who wait in it meet the new settings at their next round."""
    actions.update_queue(request.auth, queue_id, payload.model_dump(exclude_unset=True))
    return queries.queue_row(queries.queue(queue_id))


@router.delete(
    "/{int:client_id}/queues/{int:queue_id}", response={204: None, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def delete_queue(request: ApiRequest, client_id: int, queue_id: int) -> Status[None]:
    """Delete a queue; 409 says which dialplans lead to it."""
    actions.delete_queue(request.auth, queue_id)
    return Status(204, None)


@router.post(
    "/{int:client_id}/queues/{int:queue_id}/agents/{int:agent_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def order_agent(
    request: ApiRequest, client_id: int, queue_id: int, agent_id: int, payload: AgentOrder
) -> Status[None]:
    """Log an agent in or out of the queue, pause him or end the pause."""
    actions.order_agent(request.auth, queue_id, agent_id, payload.order)
    return Status(204, None)
