"""A queue as it is now: who waits and how long, and what each agent does."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema

from ats.api import live
from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.engine.models import LiveQueue
from ats.engine.watching import watch
from ats.queues import queries

router = Router(tags=["queues"])


class WaitingOut(Schema):
    """`caller` "" where it is not for the eyes of who asks."""

    position: int
    caller: str
    wait_s: int


class AgentNow(Schema):
    """`away`: its telephone is not registered; `calls`: taken since the engine began; `unknown`: not asked yet."""

    id: int
    title: str
    state: Literal["unknown", "out", "away", "paused", "free", "ringing", "talking"]
    calls: int


class QueueNow(Schema):
    """`updated_at` null: the engine has not answered yet, ask again in a second."""

    waiting: list[WaitingOut]
    agents: list[AgentNow]
    updated_at: datetime | None


@router.get(
    "/{int:client_id}/queues/{int:queue_id}/live",
    response={200: QueueNow, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
)
def get_queue_live(request: ApiRequest, client_id: int, queue_id: int) -> dict[str, Any]:
    """How the queue is now. Asking makes the engine's agent look; the first answer may lag a second."""
    found = queries.queue(queue_id)
    watch(client_id)
    row = (
        LiveQueue.objects.filter(client_id=client_id, queue_id=queue_id, updated_at__gt=live.fresh_since())
        .order_by("-updated_at")
        .first()
    )
    seen = row.state if row else {"waiting": [], "agents": []}
    own = live.own_numbers()
    doing = {one["id"]: one for one in seen["agents"]}
    unknown = {"state": "unknown" if row is None else "out", "calls": 0}
    return {
        "waiting": [
            {**one, "caller": one["caller"] if own is None or one["caller"] in own else ""}
            for one in seen["waiting"]
        ],
        "agents": [
            {**unknown, **doing.get(agent.pk, {}), "id": agent.pk, "title": queries.agent_row(agent)["title"]}
            for agent in found.agents.all()
        ],
        "updated_at": row.updated_at if row else None,
    }
