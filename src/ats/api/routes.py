"""The operator's outbound routes («Маршруты»): E.164 prefix → trunks in order."""

from typing import Any

from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS, Id, Named
from ats.clients.access import Do
from ats.ports import route_actions, route_queries

router = Router(tags=["routes"])


class RouteOut(Schema):
    id: int
    prefix: str
    description: str
    trunk_ids: list[int]
    trunks: list[Named]


class RouteIn(Schema):
    """The empty prefix is the route of last resort; trunks are tried in the order given."""

    prefix: str = ""
    description: str = ""
    trunk_ids: list[Id]


class RoutePatch(Schema):
    prefix: str = ""
    description: str = ""
    trunk_ids: list[Id] = []


_SORTS = {"id": "id", "prefix": "prefix", "description": "description"}


@router.get("", response={200: Listed[RouteOut], **ERRORS}, auth=Gate(Do.ROUTES_VIEW))
def list_routes(request: ApiRequest, page: Query[Page]) -> dict[str, Any]:
    """All routes."""
    rows, total = page_of(
        route_queries.routes(), page, search=("prefix", "description"), sorts=_SORTS, default="prefix"
    )
    return {"items": [route_queries.route_row(route) for route in rows], **total}


@router.post("", response={201: RouteOut, **ERRORS}, auth=Gate(Do.ROUTES_CHANGE))
def create_route(request: ApiRequest, payload: RouteIn) -> Status[dict[str, Any]]:
    """Create a route over trunks of the operator's own client."""
    route = route_actions.create_route(request.auth, payload.model_dump())
    return Status(201, route_queries.route_row(route_queries.route(route.pk)))


@router.get("/{int:route_id}", response={200: RouteOut, **ERRORS}, auth=Gate(Do.ROUTES_VIEW))
def get_route(request: ApiRequest, route_id: int) -> dict[str, Any]:
    """One route."""
    return route_queries.route_row(route_queries.route(route_id))


@router.patch("/{int:route_id}", response={200: RouteOut, **ERRORS}, auth=Gate(Do.ROUTES_CHANGE))
def update_route(request: ApiRequest, route_id: int, payload: RoutePatch) -> dict[str, Any]:
    """Change a route."""
    route_actions.update_route(request.auth, route_id, payload.model_dump(exclude_unset=True))
    return route_queries.route_row(route_queries.route(route_id))


@router.delete("/{int:route_id}", response={204: None, **ERRORS}, auth=Gate(Do.ROUTES_CHANGE))
def delete_route(request: ApiRequest, route_id: int) -> Status[None]:
    """Delete a route."""
    route_actions.delete_route(request.auth, route_id)
    return Status(204, None)
