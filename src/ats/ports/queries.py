"""Ports for the API, and as plain rows for the engine."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet, Subquery
from django_scopes import scope, scopes_disabled

from ats.clients.models import Client
from ats.dialplan.extras import Extras
from ats.dialplan.language import resolve
from ats.dialplan.model import RoutePlan, TrunkPlan
from ats.errors import Missing
from ats.numbering import e164
from ats.numbering.models import Number
from ats.ports.models import Port, Route


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """Everything the engine needs of one active port.

    `endpoint`: its name there. `clip`: E.164 digits shown to the city, empty when the client has no external
    number. `caller_number`/`caller_name`: what other telephones of the client see. `line_number_id`: the number
    that calls of a client's own trunk go to. `networks`: CIDR strings, empty for any.
    """

    port_id: int
    client_id: int
    client_is_operator: bool
    language: str
    endpoint: str
    is_trunk: bool
    login: str
    password: str
    caller_number: str
    caller_name: str
    clip: str
    pickup_group_id: int | None
    may_be_picked_up: bool
    line_number_id: int | None
    nat: bool
    media_through_server: bool
    dtmf: str
    networks: tuple[str, ...]
    webrtc: bool
    max_contacts: int
    remote_host: str
    remote_port: int
    remote_login: str
    remote_domain: str
    register: bool
    number_format: str
    kind: str = "sip"
    extras: Extras = Extras()


def ports() -> QuerySet[Port]:
    """Ports of the client in scope."""
    return Port.objects.select_related("number", "clip")


def port(port_id: int) -> Port:
    """One port of the client in scope. Raises Missing."""
    found = ports().filter(pk=port_id).first()
    if found is None:
        raise Missing
    return found


def port_row(found: Port) -> dict[str, Any]:
    """A port as the API shows it: everything but its password and registration."""
    return {
        "id": found.pk,
        "kind": found.kind,
        "connection": found.connection,
        "name": found.name,
        "description": found.description,
        "is_active": found.is_active,
        "owner_id": found.owner_id,
        "login": found.login,
        "number_id": found.number_id,
        "number_digits": found.number.digits if found.number else "",
        "number_name": found.number.name if found.number else "",
        "clip_id": found.clip_id,
        "clip_display": e164.display(found.clip.digits) if found.clip else "",
        "nat": found.nat,
        "media_through_server": found.media_through_server,
        "dtmf": found.dtmf,
        "networks": found.networks,
        "pickup_group_id": found.pickup_group_id,
        "extras": asdict(Extras.of(found.extras)),
        "webrtc": found.webrtc,
        "max_contacts": found.max_contacts,
        "remote_host": found.remote_host,
        "remote_port": found.remote_port,
        "remote_login": found.remote_login,
        "remote_domain": found.remote_domain,
        "register": found.register,
        "number_format": found.number_format,
        "created_at": found.created_at,
    }


def endpoints_of(client_id: int) -> list[EndpointRow]:
    """The active ports of a client for the engine (two queries, whatever its size).

    Empty for a client that is not active. Raises Client.DoesNotExist.
    """
    with scope(client=client_id):
        first = Number.objects.filter(kind=Number.Kind.EXTERNAL).order_by("pk").values("digits")[:1]
        client = Client.objects.annotate(first_external=Subquery(first)).get(pk=client_id)
        if not client.is_active:
            return []
        return [
            _endpoint(found, client, client.first_external or "")
            for found in ports().select_related("owner").filter(is_active=True).order_by("pk")
        ]


def _endpoint(found: Port, client: Client, default_clip: str) -> EndpointRow:
    is_trunk = found.connection == Port.Connection.TRUNK
    number = found.number
    return EndpointRow(
        port_id=found.pk,
        client_id=client.pk,
        client_is_operator=client.is_operator,
        language=resolve(found.owner.language if found.owner else "", client.language),
        endpoint=found.endpoint,
        is_trunk=is_trunk,
        login=found.login,
        password=found.password,
        caller_number="" if is_trunk or number is None else number.digits,
        caller_name="" if is_trunk else ((number.name if number else "") or found.name),
        clip=found.clip.digits if found.clip else default_clip,
        pickup_group_id=found.pickup_group_id,
        may_be_picked_up=Extras.of(found.extras).pickup,
        line_number_id=found.number_id if is_trunk and not client.is_operator else None,
        nat=found.nat,
        media_through_server=found.media_through_server,
        extras=Extras.of(found.extras),
        dtmf=found.dtmf,
        networks=tuple(found.networks),
        webrtc=found.webrtc,
        max_contacts=found.max_contacts,
        remote_host=found.remote_host,
        remote_port=found.remote_port,
        remote_login=found.remote_login,
        remote_domain=found.remote_domain,
        register=found.register,
        number_format=found.number_format,
        kind=found.kind,
    )


def route_plans() -> tuple[RoutePlan, ...]:
    """The operator's outbound routes with their active trunks in order (two queries)."""
    with scopes_disabled():  # a route spans the operator's ports; no client's data is in it
        routes = list(Route.objects.prefetch_related("route_trunks__trunk").order_by("prefix"))
        return tuple(
            RoutePlan(
                prefix=route.prefix,
                trunks=tuple(
                    TrunkPlan(item.trunk.pk, item.trunk.endpoint, item.trunk.number_format, item.trunk.kind)
                    for item in route.route_trunks.all()
                    if item.trunk.is_active
                ),
            )
            for route in routes
        )
