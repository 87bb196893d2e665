"""Voice menus («Голосовые меню», S148-S158) of a client."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Field, Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, listing
from ats.api.shapes import ERRORS, Id
from ats.clients.access import Do
from ats.menus import actions, queries

router = Router(tags=["menus"])


class MenuKeyIn(Schema):
    """A key («0»…«9», «*», «#») and the internal number it leads to."""

    key: str
    number_id: Id


class MenuKeyOut(MenuKeyIn):
    number_digits: str


class MenuOut(Schema):
    """`language` empty: as the call has it. `wait_s`: seconds for the first key; `attempts`: how often it is heard."""

    id: int
    name: str
    description: str
    language: str
    wait_s: int
    attempts: int
    extension_dial: bool
    announcement_id: int | None
    announcement_name: str
    extras: dict[str, bool]
    keys: list[MenuKeyOut]
    created_at: datetime


class MenuIn(Schema):
    name: str
    description: str = ""
    language: str = ""
    wait_s: int = 5
    attempts: int = 3
    extension_dial: bool = False
    announcement_id: Id | None = None
    extras: dict[str, bool] = {}
    keys: list[MenuKeyIn] = Field([], max_length=12)


class MenuPatch(Schema):
    """Only the fields sent are changed; `keys` replaces all keys."""

    name: str = ""
    description: str = ""
    language: str = ""
    wait_s: int = 5
    attempts: int = 3
    extension_dial: bool = False
    announcement_id: Id | None = None
    extras: dict[str, bool] = {}
    keys: list[MenuKeyIn] = Field([], max_length=12)


_SORTS = {"id": "id", "name": "name", "language": "language", "wait_s": "wait_s", "created_at": "created_at"}
_TITLES = {
    "id": ("ID", "ID"),
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "language": ("Язык", "Language"),
    "announcement_name": ("Анонс", "Announcement"),
    "wait_s": ("Время ожидания, с", "Wait, s"),
    "attempts": ("Повторов", "Attempts"),
    "extension_dial": ("Внутренние номера", "Internal numbers"),
}


@router.get("/{int:client_id}/menus", response={200: Listed[MenuOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def list_menus(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Voice menus of the client."""
    return listing(
        request,
        page,
        queries.menus(),
        lambda rows: [queries.menu_row(row) for row in rows],
        name="menus",
        titles=_TITLES,
        search=("name", "description"),
        sorts=_SORTS,
        default="name",
    )


@router.post("/{int:client_id}/menus", response={201: MenuOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def create_menu(request: ApiRequest, client_id: int, payload: MenuIn) -> Status[dict[str, Any]]:
    """Create a voice menu."""
    menu = actions.create_menu(request.auth, client_id, payload.model_dump())
    return Status(201, queries.menu_row(queries.menu(menu.pk)))


@router.get(
    "/{int:client_id}/menus/{int:menu_id}", response={200: MenuOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_menu(request: ApiRequest, client_id: int, menu_id: int) -> dict[str, Any]:
    """One voice menu."""
    return queries.menu_row(queries.menu(menu_id))


@router.patch(
    "/{int:client_id}/menus/{int:menu_id}", response={200: MenuOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def update_menu(request: ApiRequest, client_id: int, menu_id: int, payload: MenuPatch) -> dict[str, Any]:
    """Change a voice menu."""
    actions.update_menu(request.auth, menu_id, payload.model_dump(exclude_unset=True))
    return queries.menu_row(queries.menu(menu_id))


@router.delete(
    "/{int:client_id}/menus/{int:menu_id}", response={204: None, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def delete_menu(request: ApiRequest, client_id: int, menu_id: int) -> Status[None]:
    """Delete a voice menu; 409 says which dialplans lead to it."""
    actions.delete_menu(request.auth, menu_id)
    return Status(204, None)
