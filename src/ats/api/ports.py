"""VoIP ports of a client («Порты VoIP», S59-S86)."""

from datetime import datetime
from typing import Any, Literal

import segno
from django.conf import settings
from django.http import HttpResponseBase
from ninja import Field, Query, Router, Schema, Status

from ats.api import bulk
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing
from ats.api.shapes import ERRORS, ExtrasShape, Id, RegistrationOut
from ats.clients.access import Do
from ats.engine import queries as engine
from ats.ports import actions, credentials, queries
from ats.ports.models import Port
from ats.ports.softphones import Account

router = Router(tags=["ports"])


class PortOut(Schema):
    """Passwords are never here; `registration` is null when the engine knows of none."""

    id: int
    kind: str
    connection: str
    name: str
    description: str
    is_active: bool
    owner_id: int | None
    login: str
    number_id: int | None
    number_digits: str
    number_name: str
    clip_id: int | None
    clip_display: str
    nat: bool
    media_through_server: bool
    dtmf: str
    networks: list[str]
    pickup_group_id: int | None
    extras: ExtrasShape
    webrtc: bool
    max_contacts: int
    remote_host: str
    remote_port: int
    remote_login: str
    remote_domain: str
    register_: bool = Field(alias="register")
    number_format: str
    created_at: datetime
    registration: RegistrationOut | None


class PortIn(Schema):
    """Without `login` and `password` a subscriber's port gets generated ones; `kind`: sip | iax2 | h323; `remote_port`
    0: the usual one of its protocol."""

    kind: str = "sip"
    connection: str = "subscriber"
    name: str
    description: str = ""
    is_active: bool = True
    owner_id: Id | None = None
    login: str = ""
    password: str = ""
    number_id: Id | None = None
    clip_id: Id | None = None
    nat: bool = False
    media_through_server: bool = True
    dtmf: str = "rfc4733"
    networks: list[str] = []
    pickup_group_id: Id | None = None
    extras: ExtrasShape = ExtrasShape()
    webrtc: bool = False
    max_contacts: int = 1
    remote_host: str = ""
    remote_port: int = 0
    remote_login: str = ""
    remote_domain: str = ""
    register_: bool = Field(False, alias="register")
    number_format: str = "e164"


class PortPatch(Schema):
    """Only the fields sent are changed; `kind` and `connection` never change."""

    name: str = ""
    description: str = ""
    is_active: bool = True
    owner_id: Id | None = None
    login: str = ""
    password: str = ""
    number_id: Id | None = None
    clip_id: Id | None = None
    nat: bool = False
    media_through_server: bool = True
    dtmf: str = ""
    networks: list[str] = []
    pickup_group_id: Id | None = None
    extras: ExtrasShape = ExtrasShape()
    webrtc: bool = False
    max_contacts: int = 1
    remote_host: str = ""
    remote_port: int = 5060
    remote_login: str = ""
    remote_domain: str = ""
    register_: bool = Field(False, alias="register")
    number_format: str = ""


class SoftphoneOut(Schema):
    """`text` goes into `file` of that softphone."""

    app: str
    file: str
    text: str


class Credentials(Schema):
    """What is typed into a telephone; `tls_port`: for SIP over TLS, 0: this kind of port has none.

    `qr`: all of it as one SIP address, a picture (SVG data address; empty where there is no SIP).
    """

    server: str
    port: int
    tls_port: int
    login: str
    password: str
    qr: str
    softphones: list[SoftphoneOut]


class LoginSuggestion(Schema):
    login: str


class PortPage(FilePage):
    connection: Literal["", "subscriber", "trunk"] = ""
    kind: Literal["", "sip", "iax2", "h323"] = ""
    is_active: bool | None = None
    registered: bool | None = None
    webrtc: bool | None = None


_SORTS = {
    "id": "id",
    "name": "name",
    "login": "login",
    "connection": "connection",
    "kind": "kind",
    "is_active": "is_active",
    "number_digits": "number__digits",
}
_TITLES = {
    "id": ("ID", "ID"),
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "kind": ("Тип", "Type"),
    "connection": ("Подключение", "Connection"),
    "login": ("Логин", "Login"),
    "number_digits": ("Номер", "Number"),
    "clip_display": ("CLIP", "CLIP"),
    "is_active": ("Активен", "Active"),
    "status": ("Регистрация", "Registration"),
    "address": ("Адрес", "Address"),
    "user_agent": ("Устройство", "Device"),
    "remote_host": ("Удалённый адрес", "Remote address"),
}
_UNKNOWN = {"status": "", "address": "", "user_agent": ""}


def _rows(rows: list[Port]) -> list[dict[str, Any]]:
    known = engine.registrations_by_port([port.pk for port in rows])
    return [{**queries.port_row(port), "registration": known.get(port.pk)} for port in rows]


@router.get(
    "/{int:client_id}/ports",
    response={200: Listed[PortOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
    by_alias=True,
)
def list_ports(
    request: ApiRequest, client_id: int, page: Query[PortPage]
) -> dict[str, Any] | HttpResponseBase:
    """Ports of the client with the state of their registration."""
    rows = chosen(
        queries.ports(),
        connection=page.connection,
        kind=page.kind,
        is_active=page.is_active,
        webrtc=page.webrtc,
    )
    if page.registered is not None:
        known = engine.registered_port_ids(client_id)
        rows = rows.filter(pk__in=known) if page.registered else rows.exclude(pk__in=known)
    return listing(
        request,
        page,
        rows,
        lambda found: [{**_UNKNOWN, **(row["registration"] or {}), **row} for row in _rows(found)],
        name="ports",
        titles=_TITLES,
        search=("name", "login", "description", "number__digits"),
        sorts=_SORTS,
        default="name",
    )


@router.post(
    "/{int:client_id}/ports/bulk", response={200: bulk.BulkOut, **ERRORS}, auth=Gate(Do.PORTS_CHANGE)
)
def bulk_ports(request: ApiRequest, client_id: int, payload: bulk.BulkIn) -> dict[str, Any]:
    """Delete, switch on or off several ports, or see what that would do."""
    user = request.auth
    deeds: dict[bulk.Action, bulk.Deed | None] = {
        "delete": lambda key: actions.delete_port(user, key),
        "activate": lambda key: actions.update_port(user, key, {"is_active": True}),
        "deactivate": lambda key: actions.update_port(user, key, {"is_active": False}),
    }
    return bulk.run(request, payload, deeds)


@router.post(
    "/{int:client_id}/ports",
    response={201: PortOut, **ERRORS},
    auth=Gate(Do.PORTS_CHANGE),
    by_alias=True,
)
def create_port(request: ApiRequest, client_id: int, payload: PortIn) -> Status[dict[str, Any]]:
    """Create a port: a subscriber's device, or a trunk to another operator."""
    values = payload.model_dump(by_alias=True)
    if not payload.remote_port:
        del values["remote_port"]
    port = actions.create_port(request.auth, client_id, values)
    return Status(201, _rows([queries.port(port.pk)])[0])


@router.get(
    "/{int:client_id}/ports/password-suggestions",
    response={200: list[str], **ERRORS},
    auth=Gate(Do.PORTS_CHANGE),
)
def suggest_passwords(request: ApiRequest, client_id: int) -> list[str]:
    """Five good passwords to choose from (S62)."""
    return credentials.suggest_passwords()


@router.get(
    "/{int:client_id}/ports/login-suggestion",
    response={200: LoginSuggestion, **ERRORS},
    auth=Gate(Do.PORTS_CHANGE),
)
def suggest_login(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """A free SIP login for the next port of the client."""
    return {"login": credentials.suggest_login(client_id)}


@router.get(
    "/{int:client_id}/ports/{int:port_id}",
    response={200: PortOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
    by_alias=True,
)
def get_port(request: ApiRequest, client_id: int, port_id: int) -> dict[str, Any]:
    """One port."""
    return _rows([queries.port(port_id)])[0]


@router.patch(
    "/{int:client_id}/ports/{int:port_id}",
    response={200: PortOut, **ERRORS},
    auth=Gate(Do.PORTS_CHANGE),
    by_alias=True,
)
def update_port(request: ApiRequest, client_id: int, port_id: int, payload: PortPatch) -> dict[str, Any]:
    """Change a port."""
    values = payload.model_dump(exclude_unset=True, by_alias=True)
    actions.update_port(request.auth, port_id, values)
    return _rows([queries.port(port_id)])[0]


@router.delete(
    "/{int:client_id}/ports/{int:port_id}", response={204: None, **ERRORS}, auth=Gate(Do.PORTS_CHANGE)
)
def delete_port(request: ApiRequest, client_id: int, port_id: int) -> Status[None]:
    """Delete a port; 409 says which dialplans or routes still use it."""
    actions.delete_port(request.auth, port_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/ports/{int:port_id}/credentials",
    response={200: Credentials, **ERRORS},
    auth=Gate(Do.PORTS_SECRET),
)
def get_credentials(request: ApiRequest, client_id: int, port_id: int) -> dict[str, Any]:
    """What to type into the telephone of a subscriber's port; reading it is written to the audit."""
    port = actions.reveal_password(request.auth, port_id)
    config = settings.CONFIG
    server = config.listen
    if server in ("0.0.0.0", "::"):  # noqa: S104 - only compared: any address then means the one asked
        server = request.get_host().rsplit(":", 1)[0]
    number = config.iax_port if port.kind == Port.Kind.IAX2 else config.sip_port
    sip = port.kind == Port.Kind.SIP
    account = Account(port.login, port.password, server.strip("[]"), number)
    return {
        "server": server,
        "port": number,
        "tls_port": config.sips_port if sip else 0,
        "login": port.login,
        "password": port.password,
        "qr": segno.make(account.uri(), error="m").svg_data_uri(scale=5) if sip else "",
        "softphones": [
            {"app": "Linphone", "file": "linphonerc", "text": account.linphone()},
            {"app": "baresip", "file": "accounts", "text": account.baresip()},
        ]
        if sip
        else [],
    }
