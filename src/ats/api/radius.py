"""Outside billings over RADIUS, for the operator: their servers, what waits for them, and whose calls they rate."""

from datetime import datetime
from typing import Any

from django_scopes import scope
from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS, Id
from ats.billing.queries import lacks_price
from ats.clients.access import Do
from ats.errors import invalid
from ats.limits import queries as limits
from ats.radius import actions, queries

router = Router(tags=["billing"])
client_router = Router(tags=["billing"])


class ServerOut(Schema):
    """A server; its secret is never shown."""

    id: int
    host: str
    auth_port: int
    acct_port: int


class ServerIn(Schema):
    """`id`: of a known server, which keeps its secret when none is given."""

    id: Id | None = None
    host: str = ""
    auth_port: int = 1812
    acct_port: int = 1813
    secret: str = ""


class RadiusOut(Schema):
    """`waiting`: accounting records not acknowledged yet, the oldest of them since `waiting_since`.

    `failures`: attempts in a row that no server answered; `error`: why.
    """

    id: int
    name: str
    nas_id: str
    has_password: bool
    timeout_ms: int
    tries: int
    silent_s: int
    interim_s: int
    renews: bool
    servers: list[ServerOut]
    clients: int
    waiting: int
    waiting_since: datetime | None
    failures: int
    error: str
    delivered_at: datetime | None


class RadiusIn(Schema):
    """`servers` in the order they are asked. `timeout_ms`: of one try; `tries`: with one server, before the next.

    `silent_s`: longest talk while no server answers (0: such calls are refused). `interim_s`: between two
    Interim-Updates (0: none). `renews`: ask for more before the time granted runs out. `password`: User-Password of
    the questions, where a billing wants one.
    """

    name: str = ""
    nas_id: str = "canmos-ats"
    password: str = ""
    timeout_ms: int = 2000
    tries: int = 2
    silent_s: int = 0
    interim_s: int = 300
    renews: bool = False
    servers: list[ServerIn] = []


class RatingOut(Schema):
    """Who rates a client's calls: an outside billing, or (nothing) our tariffs."""

    radius_id: int | None
    radius_name: str


class RatingIn(Schema):
    radius_id: Id | None


@router.get("", response={200: Listed[RadiusOut], **ERRORS}, auth=Gate(Do.MONEY_VIEW))
def list_radius(request: ApiRequest, page: Query[Page]) -> dict[str, Any]:
    """Outside billings and how delivery to them stands."""
    rows, total = page_of(
        queries.profiles(), page, search=("name",), sorts={"id": "id", "name": "name"}, default="name"
    )
    return {"items": queries.profile_rows(list(rows)), **total}


@router.post("", response={201: RadiusOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def create_radius(request: ApiRequest, payload: RadiusIn) -> Status[dict[str, Any]]:
    """Add an outside billing."""
    made = actions.save_profile(request.auth, None, payload.model_dump())
    return Status(201, _shown(made.pk))


@router.patch("/{int:radius_id}", response={200: RadiusOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def update_radius(request: ApiRequest, radius_id: int, payload: RadiusIn) -> dict[str, Any]:
    """Change an outside billing; what waits for it is tried at once."""
    actions.save_profile(request.auth, radius_id, payload.model_dump(exclude_unset=True))
    return _shown(radius_id)


@router.delete("/{int:radius_id}", response={204: None, **ERRORS}, auth=Gate(Do.SYSTEM))
def delete_radius(request: ApiRequest, radius_id: int) -> Status[None]:
    """Delete an outside billing that was never used."""
    actions.delete_profile(request.auth, radius_id)
    return Status(204, None)


@client_router.get("/{int:client_id}/rating", response={200: RatingOut, **ERRORS}, auth=Gate(Do.MONEY_VIEW))
def get_rating(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Who rates this client's calls."""
    return _rating(client_id)


@client_router.put("/{int:client_id}/rating", response={200: RatingOut, **ERRORS}, auth=Gate(Do.MONEY_CHANGE))
def save_rating(request: ApiRequest, client_id: int, payload: RatingIn) -> dict[str, Any]:
    """Have an outside billing rate this client's calls, or our tariffs; from the next call on."""
    with scope(client=client_id):
        uncounted = (
            payload.radius_id is not None and limits.counts_money(client_id) and lacks_price(client_id)
        )
    if uncounted:
        raise invalid("radius_id", "no_price")
    actions.bind(request.auth, client_id, payload.radius_id)
    return _rating(client_id)


def _shown(radius_id: int) -> dict[str, Any]:
    return queries.profile_rows([queries.profile(radius_id)])[0]


def _rating(client_id: int) -> dict[str, Any]:
    found = queries.binding(client_id)
    return {"radius_id": found.pk if found else None, "radius_name": found.name if found else ""}
