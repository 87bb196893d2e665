"""Conference rooms («Конференции») of a client."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, listing
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.conferences import actions, queries

router = Router(tags=["conferences"])


class ConferenceOut(Schema):
    id: int
    name: str
    description: str
    pin: str
    language: str
    max_members: int
    record: bool
    created_at: datetime


class ConferenceIn(Schema):
    """`pin` "": nobody is asked; `max_members` 0: no limit; `language` "": the client's."""

    name: str
    description: str = ""
    pin: str = ""
    language: str = ""
    max_members: int = 0
    record: bool = False


class ConferencePatch(Schema):
    name: str = ""
    description: str = ""
    pin: str = ""
    language: str = ""
    max_members: int = 0
    record: bool = False


_SORTS = {"id": "id", "name": "name", "max_members": "max_members", "record": "record"}
_TITLES = {
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "max_members": ("Участников не больше", "Members at most"),
    "record": ("Запись", "Recording"),
}


@router.get(
    "/{int:client_id}/conferences", response={200: Listed[ConferenceOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def list_conferences(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Conference rooms of the client."""
    return listing(
        request,
        page,
        queries.conferences(),
        lambda found: [queries.conference_row(row) for row in found],
        name="conferences",
        titles=_TITLES,
        search=("name", "description"),
        sorts=_SORTS,
        default="name",
    )


@router.post(
    "/{int:client_id}/conferences", response={201: ConferenceOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def create_conference(request: ApiRequest, client_id: int, payload: ConferenceIn) -> Status[dict[str, Any]]:
    """Create a conference room."""
    made = actions.create_conference(request.auth, client_id, payload.model_dump())
    return Status(201, queries.conference_row(made))


@router.get(
    "/{int:client_id}/conferences/{int:conference_id}",
    response={200: ConferenceOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_conference(request: ApiRequest, client_id: int, conference_id: int) -> dict[str, Any]:
    """One conference room."""
    return queries.conference_row(queries.conference(conference_id))


@router.patch(
    "/{int:client_id}/conferences/{int:conference_id}",
    response={200: ConferenceOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def update_conference(
    request: ApiRequest, client_id: int, conference_id: int, payload: ConferencePatch
) -> dict[str, Any]:
    """Change a conference room; those who are in it stay as they are."""
    actions.update_conference(request.auth, conference_id, payload.model_dump(exclude_unset=True))
    return queries.conference_row(queries.conference(conference_id))


@router.delete(
    "/{int:client_id}/conferences/{int:conference_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def delete_conference(request: ApiRequest, client_id: int, conference_id: int) -> Status[None]:
    """Delete a conference room; 409 says which dialplans lead to it."""
    actions.delete_conference(request.auth, conference_id)
    return Status(204, None)
