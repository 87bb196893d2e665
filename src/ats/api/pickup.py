"""Pickup groups («Группы перехвата», S176-S182) of a client."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, listing
from ats.api.shapes import ERRORS, Named
from ats.clients.access import Do
from ats.pickup import actions, queries

router = Router(tags=["pickup groups"])


class PickupGroupOut(Schema):
    """Ports and queues join by naming the group themselves."""

    id: int
    group: int
    name: str
    ports: list[Named]
    queues: list[Named]
    created_at: datetime


class PickupGroupIn(Schema):
    """`group`: its number, «Группа»; `name`: «Описание»."""

    group: int
    name: str


class PickupGroupPatch(Schema):
    group: int = 0
    name: str = ""


_SORTS = {"id": "id", "group": "group", "name": "name"}
_TITLES = {"group": ("Группа", "Group"), "name": ("Описание", "Description")}


@router.get(
    "/{int:client_id}/pickup-groups",
    response={200: Listed[PickupGroupOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def list_pickup_groups(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Pickup groups of the client with their members."""
    return listing(
        request,
        page,
        queries.groups(),
        lambda found: [queries.group_row(row) for row in found],
        name="pickup-groups",
        titles=_TITLES,
        search=("name",),
        sorts=_SORTS,
        default="group",
    )


@router.post(
    "/{int:client_id}/pickup-groups",
    response={201: PickupGroupOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def create_pickup_group(
    request: ApiRequest, client_id: int, payload: PickupGroupIn
) -> Status[dict[str, Any]]:
    """Create a pickup group."""
    made = actions.create_group(request.auth, client_id, payload.model_dump())
    return Status(201, queries.group_row(queries.group(made.pk)))


@router.get(
    "/{int:client_id}/pickup-groups/{int:group_id}",
    response={200: PickupGroupOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_pickup_group(request: ApiRequest, client_id: int, group_id: int) -> dict[str, Any]:
    """One pickup group."""
    return queries.group_row(queries.group(group_id))


@router.patch(
    "/{int:client_id}/pickup-groups/{int:group_id}",
    response={200: PickupGroupOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def update_pickup_group(
    request: ApiRequest, client_id: int, group_id: int, payload: PickupGroupPatch
) -> dict[str, Any]:
    """Change number or name of a pickup group."""
    actions.update_group(request.auth, group_id, payload.model_dump(exclude_unset=True))
    return queries.group_row(queries.group(group_id))


@router.delete(
    "/{int:client_id}/pickup-groups/{int:group_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def delete_pickup_group(request: ApiRequest, client_id: int, group_id: int) -> Status[None]:
    """Delete a pickup group; 409 says which ports and queues are in it."""
    actions.delete_group(request.auth, group_id)
    return Status(204, None)
