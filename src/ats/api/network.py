"""Registrations of one client, and the whole network for the operator («Сети / Адреса», S247)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from ninja import Field, Query, Router, Schema

from ats.api.codewords import REGISTRATION
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing
from ats.api.shapes import ERRORS, Id, RegistrationOut
from ats.clients.access import Do
from ats.engine import queries as engine
from ats.engine.models import Registration
from ats.ports.models import Port
from ats.scoping import owner

client_router = Router(tags=["network"])
router = Router(tags=["network"])


class NodeOut(Schema):
    """`clients`: whose configuration it serves; `behind`: of those, not in the newest version yet; `failed`: could
    not be taken over. `outbox_id`, `newest_outbox_id`: the last change taken, and the last one made."""

    name: str
    engine_version: str
    alive: bool
    heartbeat_at: datetime | None
    engine_started_at: datetime | None
    agent_started_at: datetime | None
    calls: int
    registered: int
    clients: int
    behind: int
    failed: int
    outbox_id: int
    newest_outbox_id: int


class NetworkOut(Schema):
    nodes: list[NodeOut]


class ConnectedOut(RegistrationOut):
    """A device or trunk with the names of its client and port; `kind`: sip, iax2, h323."""

    id: int
    client_name: str
    port_name: str
    login: str
    kind: str


class DevicePage(FilePage):
    status: str = Field("", max_length=20)


class ConnectedPage(DevicePage):
    client_id: Id | None = None


_SORTS = {
    "client_id": "client_id",
    "address": "address",
    "user_agent": "user_agent",
    "status": "status",
    "rtt_ms": "rtt_ms",
    "expires_at": "expires_at",
    "node": "node__name",
    "port": "port_id",
    "updated_at": "updated_at",
}
_TITLES = {
    "client_name": ("Клиент", "Client"),
    "port_name": ("Порт", "Port"),
    "login": ("Логин", "Login"),
    "kind": ("Тип", "Type"),
    "address": ("Адрес", "Address"),
    "user_agent": ("Устройство", "Device"),
    "status": ("Регистрация", "Registration"),
    "rtt_ms": ("Отклик, мс", "Round trip, ms"),
    "expires_at": ("Действует до", "Until"),
    "node": ("Узел", "Node"),
}


@router.get("/registrations", response={200: Listed[ConnectedOut], **ERRORS}, auth=Gate(Do.NETWORK))
def list_connected(request: ApiRequest, page: Query[ConnectedPage]) -> dict[str, Any] | HttpResponseBase:
    """«Сеть/Адреса»: what is connected to the exchange now, of all clients."""
    rows = chosen(engine.registrations(), status=page.status, client_id=page.client_id)
    return _listed(request, page, rows, default="-updated_at")


@client_router.get(
    "/{int:client_id}/registrations",
    response={200: Listed[ConnectedOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def list_registrations(
    request: ApiRequest, client_id: int, page: Query[DevicePage]
) -> dict[str, Any] | HttpResponseBase:
    """Devices and trunks of the client that the engine knows now, by port."""
    rows = chosen(engine.registrations(), status=page.status, client_id=client_id)
    if owner() is not None:
        rows = rows.filter(port_id__in=Port.objects.values("pk"))
    return _listed(request, page, rows, default="port")


def _listed(
    request: ApiRequest, page: FilePage, rows: QuerySet[Registration], default: str
) -> dict[str, Any] | HttpResponseBase:
    return listing(
        request,
        page,
        rows,
        engine.named_rows,
        name="network",
        titles=_TITLES,
        words={"status": REGISTRATION},
        search=("address", "user_agent", "contact"),
        sorts=_SORTS,
        default=default,
        over_clients=True,
    )


@router.get("", response={200: NetworkOut, **ERRORS}, auth=Gate(Do.NETWORK))
def get_network(request: ApiRequest) -> dict[str, Any]:
    """Every node of the exchange."""
    return {"nodes": engine.nodes()}
