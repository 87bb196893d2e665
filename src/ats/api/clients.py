"""Clients («Клиенты»), their overview and the state of their provisioning."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api import bulk
from ats.api.calls import HourCount
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing
from ats.api.overview import overview_of
from ats.api.shapes import ERRORS, Provisioning, RegistrationOut
from ats.clients import access, actions, queries
from ats.clients.access import Do
from ats.engine import queries as engine
from ats.system import queries as system

router = Router(tags=["clients"])


class Counts(Schema):
    users: int
    internal_numbers: int
    external_numbers: int
    ports: int


class ClientOut(Schema):
    id: int
    name: str
    description: str
    billing_account: str
    is_operator: bool
    time_zone: str
    language: str
    area_code: str
    is_active: bool
    version: int
    counts: Counts


class ClientIn(Schema):
    """All but `name` may be left out; zone, language and area code then are those set for new clients."""

    name: str
    description: str = ""
    billing_account: str = ""
    time_zone: str = "Europe/Moscow"
    language: str = "ru"
    area_code: str = "495"
    is_active: bool = True


class ClientPatch(Schema):
    """Only the fields sent are changed."""

    name: str = ""
    description: str = ""
    billing_account: str = ""
    time_zone: str = ""
    language: str = ""
    area_code: str = ""
    is_active: bool = True


class NumbersCount(Schema):
    internal: int
    external: int


class PortsCount(Schema):
    total: int
    registered: int


class Notice(Schema):
    """Something that wants attention. `code`: port_locked (by the fraud guard; `name` is the port's)."""

    code: str
    at: datetime
    case_id: int
    port_id: int
    name: str


class Lead(Schema):
    """A number and where it leads."""

    id: int
    kind: str
    digits: str
    display: str
    name: str
    summary: str


class Device(Schema):
    """A port and what is registered there now."""

    port_id: int
    name: str
    registration: RegistrationOut | None


class Attention(Schema):
    """`code`: ports_silent (active, not registered), numbers_empty (no dialplan), logins_failed (in a day)."""

    code: str
    count: int


class OverviewMoney(Schema):
    """The client's account, for who may see it: spent today, and what may still be spent now. In 1/10,000."""

    code: str
    currency: str
    balance: int
    spent_today: int
    left: int


class Overview(Schema):
    client: ClientOut
    numbers: NumbersCount
    ports: PortsCount
    calls_now: int
    calls_today: int
    hours: list[HourCount]
    spent_today: int
    currency: str
    money: OverviewMoney | None
    leads: list[Lead]
    devices: list[Device]
    attention: list[Attention]
    sounds: int
    provisioning: Provisioning
    notices: list[Notice]


class ClientPage(FilePage):
    is_active: bool | None = None


_SORTS = {"id": "id", "name": "name", "is_active": "is_active", "billing_account": "billing_account"}
_TITLES = {
    "id": ("ID", "ID"),
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "billing_account": ("Биллинговый счёт", "Billing account"),
    "is_active": ("Активен", "Active"),
    "time_zone": ("Временная зона", "Time zone"),
    "users": ("Пользователи", "Users"),
    "internal_numbers": ("Внутренние номера", "Internal numbers"),
    "external_numbers": ("Внешние номера", "External numbers"),
    "ports": ("Порты", "Ports"),
}


@router.get("", response={200: Listed[ClientOut], **ERRORS}, auth=Gate(Do.CLIENT_LIST))
def list_clients(request: ApiRequest, page: Query[ClientPage]) -> dict[str, Any] | HttpResponseBase:
    """The clients this user can see (a client's own user sees one)."""
    only = None if access.reaches_all(request.auth) else request.auth.client_id
    return listing(
        request,
        page,
        chosen(queries.clients(only), is_active=page.is_active),
        lambda rows: [{**row, **row["counts"]} for row in queries.client_rows(rows)],
        name="clients",
        titles=_TITLES,
        search=("name", "description", "billing_account"),
        sorts=_SORTS,
        default="name",
        over_clients=True,
    )


@router.post("/bulk", response={200: bulk.BulkOut, **ERRORS}, auth=Gate(Do.CLIENT_LIST))
def bulk_clients(request: ApiRequest, payload: bulk.BulkIn) -> dict[str, Any]:
    """Delete, activate or switch off several clients, or see what that would do."""
    user = request.auth

    def switch(value: bool) -> bulk.Deed | None:
        if not access.may(user, Do.CLIENT_CHANGE):
            return None
        return lambda key: actions.update_client(user, key, {"is_active": value})

    def delete(key: int) -> None:
        actions.delete_client(user, key)

    deeds: dict[bulk.Action, bulk.Deed | None] = {
        "delete": delete if access.may(user, Do.CLIENT_DELETE) else None,
        "activate": switch(True),
        "deactivate": switch(False),
    }
    return bulk.run(request, payload, deeds)


@router.post("", response={201: ClientOut, **ERRORS}, auth=Gate(Do.CLIENT_ADD))
def create_client(request: ApiRequest, payload: ClientIn) -> Status[dict[str, Any]]:
    """Create a client (S33)."""
    values = {**asdict(system.defaults()), **payload.model_dump(exclude_unset=True)}
    client = actions.create_client(request.auth, values)
    return Status(201, queries.client_rows([client])[0])


@router.get("/{int:client_id}", response={200: ClientOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def get_client(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """One client."""
    return queries.client_rows([request.client])[0]


@router.patch("/{int:client_id}", response={200: ClientOut, **ERRORS}, auth=Gate(Do.CLIENT_CHANGE))
def update_client(request: ApiRequest, client_id: int, payload: ClientPatch) -> dict[str, Any]:
    """Change a client. A client that is not active can neither call nor be called, nor log in."""
    client = actions.update_client(request.auth, client_id, payload.model_dump(exclude_unset=True))
    return queries.client_rows([client])[0]


@router.delete("/{int:client_id}", response={204: None, **ERRORS}, auth=Gate(Do.CLIENT_DELETE))
def delete_client(request: ApiRequest, client_id: int) -> Status[None]:
    """Delete a client that holds nothing any more (409 says what it still holds)."""
    actions.delete_client(request.auth, client_id)
    return Status(204, None)


@router.get("/{int:client_id}/overview", response={200: Overview, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def get_overview(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """«Обзор»: the client in figures."""
    money = access.may(request.auth, Do.CLIENT_MONEY, client_id)
    system = request.client.is_operator and access.may(request.auth, Do.SYSTEM)
    return overview_of(request.client, request.auth.language, money=money, system=system)


@router.get(
    "/{int:client_id}/provisioning", response={200: Provisioning, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_provisioning(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Which version is saved, and which is active on which engine node."""
    return engine.provisioning(client_id)
