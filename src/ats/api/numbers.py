"""«Ресурс нумерации»: internal and external numbers of a client, and the operator's pool (S51-S58)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api import bulk
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, Page, listing, page_of
from ats.api.shapes import ERRORS, Id
from ats.clients import access
from ats.clients.access import Do
from ats.errors import Denied
from ats.numbering import actions, pool_actions, queries
from ats.numbering.models import Number, Step
from ats.scoping import belonging

router = Router(tags=["numbers"])
pool_router = Router(tags=["pool"])


class NumberOut(Schema):
    """`display` is how people write it; `summary` where its dialplan leads first."""

    id: int
    kind: str
    digits: str
    display: str
    name: str
    description: str
    time_zone: str
    owner_id: int | None
    revision: int
    steps_count: int
    summary: str


class InternalIn(Schema):
    digits: str
    name: str = ""
    description: str = ""
    time_zone: str = ""
    owner_id: Id | None = None


class NumberPatch(Schema):
    """Only the fields sent are changed; the digits of a number never change."""

    name: str = ""
    description: str = ""
    time_zone: str = ""
    owner_id: Id | None = None


class AllotIn(Schema):
    number_id: Id


class FreeNumber(Schema):
    id: int
    digits: str
    display: str


class PoolNumber(Schema):
    """An external number of the operator; without `client_id` it is free."""

    id: int
    digits: str
    display: str
    description: str
    client_id: int | None
    client_name: str
    created_at: datetime


class PoolIn(Schema):
    """One number, or with `to` every number from `digits` to it. Any usual way of writing is understood."""

    digits: str
    to: str = ""
    description: str = ""


class PoolAdded(Schema):
    """`added` new numbers; `existing` were in the pool already and stayed as they were."""

    added: int
    existing: int
    items: list[PoolNumber]


class NumberPage(FilePage):
    """`drawn`: only numbers with a dialplan, or only those without."""

    drawn: bool | None = None


class PoolPage(FilePage):
    """`free`: only numbers nobody has, or only allotted ones."""

    free: bool | None = None


_SORTS = {"id": "id", "digits": "digits", "name": "name", "description": "description"}
_POOL_SORTS = {"id": "id", "digits": "digits", "client_name": "client__name", "created_at": "created_at"}
_TITLES = {
    "id": ("ID", "ID"),
    "digits": ("Номер", "Number"),
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "summary": ("Куда ведёт", "Leads to"),
    "steps_count": ("Шагов", "Steps"),
    "time_zone": ("Временная зона", "Time zone"),
}
_POOL_TITLES = {
    "id": ("ID", "ID"),
    "digits": ("Номер", "Number"),
    "description": ("Описание", "Description"),
    "client_name": ("Клиент", "Client"),
    "created_at": ("Создан", "Created"),
}


def _list(request: ApiRequest, kind: Number.Kind, page: NumberPage) -> dict[str, Any] | HttpResponseBase:
    rows = queries.numbers(kind)
    if page.drawn is not None:
        steps = Exists(belonging(Step).filter(number=OuterRef("pk")))
        rows = rows.filter(steps if page.drawn else ~steps)
    return listing(
        request,
        page,
        rows,
        lambda found: queries.number_rows(found, request.auth.language),
        name=f"numbers-{kind}",
        titles=_TITLES,
        search=("digits", "name", "description"),
        sorts=_SORTS,
        default="digits",
    )


def _row(request: ApiRequest, number: Number) -> dict[str, Any]:
    return queries.number_rows([number], request.auth.language)[0]


@router.get(
    "/{int:client_id}/numbers/internal",
    response={200: Listed[NumberOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def list_internal_numbers(
    request: ApiRequest, client_id: int, page: Query[NumberPage]
) -> dict[str, Any] | HttpResponseBase:
    """Internal numbers of the client."""
    return _list(request, Number.Kind.INTERNAL, page)


@router.post(
    "/{int:client_id}/numbers/internal", response={201: NumberOut, **ERRORS}, auth=Gate(Do.INTERNAL_ADD)
)
def create_internal_number(
    request: ApiRequest, client_id: int, payload: InternalIn
) -> Status[dict[str, Any]]:
    """Create an internal number (1-6 digits; every client may have its own 100)."""
    return Status(201, _row(request, actions.create_internal(request.auth, client_id, payload.model_dump())))


@router.get(
    "/{int:client_id}/numbers/external",
    response={200: Listed[NumberOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def list_external_numbers(
    request: ApiRequest, client_id: int, page: Query[NumberPage]
) -> dict[str, Any] | HttpResponseBase:
    """City numbers allotted to the client."""
    return _list(request, Number.Kind.EXTERNAL, page)


@router.get(
    "/{int:client_id}/numbers/external/free",
    response={200: Listed[FreeNumber], **ERRORS},
    auth=Gate(Do.EXTERNAL_ALLOT),
)
def list_free_numbers(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Numbers of the pool that nobody has yet (S51)."""
    rows, total = page_of(
        queries.free_numbers(), page, search=("digits",), sorts={"digits": "digits"}, default="digits"
    )
    return {"items": [queries.free_row(row) for row in rows], **total}


@router.post(
    "/{int:client_id}/numbers/external", response={201: NumberOut, **ERRORS}, auth=Gate(Do.EXTERNAL_ALLOT)
)
def allot_external_number(request: ApiRequest, client_id: int, payload: AllotIn) -> Status[dict[str, Any]]:
    """Allot a free number of the pool to the client; 409 when somebody got it first."""
    return Status(201, _row(request, pool_actions.allot(request.auth, client_id, payload.number_id)))


@router.get(
    "/{int:client_id}/numbers/{int:number_id}",
    response={200: NumberOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_number(request: ApiRequest, client_id: int, number_id: int) -> dict[str, Any]:
    """One number of the client, internal or external."""
    return _row(request, queries.number(number_id))


@router.patch(
    "/{int:client_id}/numbers/{int:number_id}",
    response={200: NumberOut, **ERRORS},
    auth=Gate(Do.NUMBER_CHANGE),
)
def update_number(
    request: ApiRequest, client_id: int, number_id: int, payload: NumberPatch
) -> dict[str, Any]:
    """Change name, description or time zone of a number."""
    number = actions.update_number(request.auth, number_id, payload.model_dump(exclude_unset=True))
    return _row(request, number)


@router.delete(
    "/{int:client_id}/numbers/{int:number_id}", response={204: None, **ERRORS}, auth=Gate(Do.INTERNAL_ADD)
)
def delete_number(request: ApiRequest, client_id: int, number_id: int) -> Status[None]:
    """Delete an internal number, or give an external one back to the pool; its dialplan goes with it."""
    _delete(request, number_id)
    return Status(204, None)


@router.post(
    "/{int:client_id}/numbers/bulk", response={200: bulk.BulkOut, **ERRORS}, auth=Gate(Do.INTERNAL_ADD)
)
def bulk_numbers(request: ApiRequest, client_id: int, payload: bulk.BulkIn) -> dict[str, Any]:
    """Delete several internal numbers or give external ones back, or see what that would do."""
    return bulk.run(request, payload, {"delete": lambda key: _delete(request, key)})


def _delete(request: ApiRequest, number_id: int) -> None:
    number = queries.number(number_id)
    if number.kind == Number.Kind.INTERNAL:
        actions.delete_internal(request.auth, number_id)
    elif access.may(request.auth, Do.EXTERNAL_ALLOT, request.scope_client_id):
        pool_actions.release(request.auth, number_id)
    else:
        raise Denied


@pool_router.get("/numbers", response={200: Listed[PoolNumber], **ERRORS}, auth=Gate(Do.POOL))
def list_pool(request: ApiRequest, page: Query[PoolPage]) -> dict[str, Any] | HttpResponseBase:
    """The operator's pool: every external number and whose it is."""
    rows = queries.pool()
    if page.free is not None:
        rows = rows.filter(client__isnull=page.free)
    return listing(
        request,
        page,
        rows,
        lambda found: [queries.pool_row(row) for row in found],
        name="pool",
        titles=_POOL_TITLES,
        search=("digits", "description", "client__name"),
        sorts=_POOL_SORTS,
        default="digits",
        over_clients=True,
    )


@pool_router.post("/numbers/bulk", response={200: bulk.BulkOut, **ERRORS}, auth=Gate(Do.POOL))
def bulk_pool(request: ApiRequest, payload: bulk.BulkIn) -> dict[str, Any]:
    """Take several free numbers out of the pool, or see what that would do."""
    user = request.auth
    return bulk.run(request, payload, {"delete": lambda key: pool_actions.remove_from_pool(user, key)})


@pool_router.post("/numbers", response={201: PoolAdded, **ERRORS}, auth=Gate(Do.POOL))
def add_to_pool(request: ApiRequest, payload: PoolIn) -> Status[dict[str, Any]]:
    """Add a number or a range (up to 10,000) to the pool."""
    added, existing = pool_actions.add_to_pool(request.auth, payload.digits, payload.to, payload.description)
    items = [queries.pool_row(row) for row in added[:500]]
    return Status(201, {"added": len(added), "existing": existing, "items": items})


@pool_router.delete("/numbers/{int:number_id}", response={204: None, **ERRORS}, auth=Gate(Do.POOL))
def remove_from_pool(request: ApiRequest, number_id: int) -> Status[None]:
    """Take a free number out of the pool; 409 names the client that has it."""
    pool_actions.remove_from_pool(request.auth, number_id)
    return Status(204, None)
