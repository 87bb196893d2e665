"""«Номера переадресации» (S129-S147)."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, listing
from ats.api.shapes import ERRORS, ExtrasShape
from ats.clients.access import Do
from ats.forwarding import actions, queries

router = Router(tags=["forwardings"])


class ForwardingOut(Schema):
    """`digits`: E.164 without plus; `language` empty: the client's."""

    id: int
    name: str
    description: str
    digits: str
    display: str
    language: str
    extras: ExtrasShape
    created_at: datetime


class ForwardingIn(Schema):
    """`digits` as people write it: 89161234567, +7 916 123-45-67, +44 …"""

    name: str
    digits: str
    description: str = ""
    language: str = ""
    extras: ExtrasShape = ExtrasShape()


class ForwardingPatch(Schema):
    """Only the fields sent are changed."""

    name: str = ""
    digits: str = ""
    description: str = ""
    language: str = ""
    extras: ExtrasShape = ExtrasShape()


_TITLES = {
    "name": ("Название", "Name"),
    "display": ("Номер", "Number"),
    "description": ("Описание", "Description"),
}
_SORTS = {"id": "id", "name": "name", "digits": "digits", "created_at": "created_at"}


@router.get(
    "/{int:client_id}/forwardings",
    response={200: Listed[ForwardingOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def list_forwardings(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Forwarding numbers of the client."""
    return listing(
        request,
        page,
        queries.forwardings(),
        lambda found: [queries.forwarding_row(row) for row in found],
        name="forwardings",
        titles=_TITLES,
        search=("name", "digits", "description"),
        sorts=_SORTS,
        default="name",
    )


@router.post(
    "/{int:client_id}/forwardings", response={201: ForwardingOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def create_forwarding(request: ApiRequest, client_id: int, payload: ForwardingIn) -> Status[dict[str, Any]]:
    """Add a forwarding number."""
    made = actions.create_forwarding(request.auth, client_id, payload.model_dump())
    return Status(201, queries.forwarding_row(made))


@router.get(
    "/{int:client_id}/forwardings/{int:forwarding_id}",
    response={200: ForwardingOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_forwarding(request: ApiRequest, client_id: int, forwarding_id: int) -> dict[str, Any]:
    """One forwarding number."""
    return queries.forwarding_row(queries.forwarding(forwarding_id))


@router.patch(
    "/{int:client_id}/forwardings/{int:forwarding_id}",
    response={200: ForwardingOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def update_forwarding(
    request: ApiRequest, client_id: int, forwarding_id: int, payload: ForwardingPatch
) -> dict[str, Any]:
    """Change a forwarding number; dialplans that ring it follow at once."""
    values = payload.model_dump(exclude_unset=True)
    return queries.forwarding_row(actions.update_forwarding(request.auth, forwarding_id, values))


@router.delete(
    "/{int:client_id}/forwardings/{int:forwarding_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def delete_forwarding(request: ApiRequest, client_id: int, forwarding_id: int) -> Status[None]:
    """Delete a forwarding number; 409 says where it is used."""
    actions.delete_forwarding(request.auth, forwarding_id)
    return Status(204, None)
