"""Received faxes of a client (S160-S162)."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse, HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.filesend import file_response
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, listing
from ats.api.shapes import ERRORS, binary
from ats.clients.access import Do
from ats.faxes import actions, queries

router = Router(tags=["faxes"])


class FaxOut(Schema):
    """`station`: what the sending machine calls itself; `complete` false: only `pages` pages came, see `error`."""

    id: int
    caller: str
    station: str
    received_at: datetime
    pages: int
    complete: bool
    error: str
    mode: str


class FaxSettingsOut(Schema):
    """`email`: where each fax is sent as PDF; empty: nowhere."""

    email: str


_SORTS = {"id": "id", "received_at": "received_at", "caller": "caller", "pages": "pages"}
_TITLES = {
    "id": ("ID", "ID"),
    "received_at": ("Время", "Time"),
    "caller": ("Номер", "Number"),
    "station": ("Факс отправителя", "Sender's station"),
    "pages": ("Страниц", "Pages"),
    "complete": ("Принят целиком", "Complete"),
    "error": ("Ошибка", "Error"),
}


@router.get("/{int:client_id}/faxes", response={200: Listed[FaxOut], **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def list_faxes(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Received faxes, the newest first unless sorted otherwise."""
    return listing(
        request,
        page,
        queries.faxes(),
        lambda rows: [queries.fax_row(row) for row in rows],
        name="faxes",
        titles=_TITLES,
        search=("caller", "station"),
        sorts=_SORTS,
        default="-received_at",
    )


@router.get(
    "/{int:client_id}/faxes/{int:fax_id}/file",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
    openapi_extra=binary("application/pdf", "image/tiff"),
)
def get_fax_file(
    request: ApiRequest, client_id: int, fax_id: int, format: Literal["pdf", "tif"] = "pdf"
) -> HttpResponse:
    """The pages as PDF, or the TIFF that came over the line."""
    kind = "application/pdf" if format == "pdf" else "image/tiff"
    path = queries.file_path(fax_id, format)
    return file_response(request, path, kind, f"fax-{fax_id}.{format}")


@router.get(
    "/{int:client_id}/faxes/{int:fax_id}/pages/{int:page}",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
    openapi_extra=binary("image/png"),
)
def get_fax_page(request: ApiRequest, client_id: int, fax_id: int, page: int) -> HttpResponse:
    """One page (from 1) as a picture for the screen."""
    return HttpResponse(queries.page_picture(fax_id, page), content_type="image/png")


@router.delete(
    "/{int:client_id}/faxes/{int:fax_id}", response={204: None, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def delete_fax(request: ApiRequest, client_id: int, fax_id: int) -> Status[None]:
    """Delete a fax with its pages."""
    actions.delete_fax(request.auth, fax_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/fax-settings", response={200: FaxSettingsOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_fax_settings(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Where faxes of the client are sent."""
    return {"email": queries.fax_email()}


@router.put(
    "/{int:client_id}/fax-settings", response={200: FaxSettingsOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def set_fax_settings(request: ApiRequest, client_id: int, payload: FaxSettingsOut) -> dict[str, Any]:
    """Send each fax to this address as PDF; an empty one: to nobody."""
    return {"email": actions.set_fax_email(request.auth, client_id, payload.email)}
