"""Registrations of one client, and the whole network for the operator («Сети / Адреса», S247)."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS, RegistrationOut
from ats.clients.access import Do
from ats.engine import queries as engine
from ats.ports.models import Port
from ats.scoping import owner

client_router = Router(tags=["network"])
router = Router(tags=["network"])


class RegistrationList(Schema):
    items: list[RegistrationOut]
    total: int


class NodeOut(Schema):
    name: str
    engine_version: str
    alive: bool
    heartbeat_at: datetime | None


class NetworkOut(Schema):
    """Nodes, and the newest registrations of all clients (at most 1,000)."""

    nodes: list[NodeOut]
    registrations: list[RegistrationOut]
    total: int


@client_router.get(
    "/{int:client_id}/registrations", response={200: RegistrationList, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def list_registrations(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Devices and trunks of the client that the engine knows now."""
    items = engine.registrations_of(client_id)
    if owner() is not None:
        own = set(Port.objects.values_list("pk", flat=True))
        items = [item for item in items if item["port_id"] in own]
    return {"items": items, "total": len(items)}


@router.get("", response={200: NetworkOut, **ERRORS}, auth=Gate(Do.NETWORK))
def get_network(request: ApiRequest) -> dict[str, Any]:
    """Every node and registration of the exchange."""
    items, total = engine.newest_registrations(1000)
    return {"nodes": engine.nodes(), "registrations": items, "total": total}
