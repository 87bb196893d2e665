"""The client's holiday calendar."""

from datetime import date
from typing import Any

from ninja import Field, Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.numbering import holiday_actions, queries
from ats.numbering.models import Holiday

router = Router(tags=["holidays"])


class HolidayOut(Schema):
    id: int
    day: date
    name: str


class HolidayIn(Schema):
    day: date
    name: str = ""


class ImportYear(Schema):
    """Public holidays of Russia of this year."""

    year: int = Field(ge=2000, le=2100)


class ImportedDays(Schema):
    """The days that were added; those that stood there before stay."""

    items: list[HolidayOut]


def _row(found: Holiday) -> dict[str, Any]:
    return {"id": found.pk, "day": found.day, "name": found.name}


@router.get(
    "/{int:client_id}/holidays", response={200: Listed[HolidayOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def list_holidays(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Days that steps with «праздники» in their calendar look at."""
    rows, total = page_of(
        queries.holidays(), page, search=("name",), sorts={"day": "day", "name": "name"}, default="day"
    )
    return {"items": [_row(row) for row in rows], **total}


@router.post("/{int:client_id}/holidays", response={201: HolidayOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def add_holiday(request: ApiRequest, client_id: int, payload: HolidayIn) -> Status[dict[str, Any]]:
    """Add a day."""
    return Status(201, _row(holiday_actions.add_holiday(request.auth, client_id, payload.model_dump())))


@router.post(
    "/{int:client_id}/holidays/import",
    response={200: ImportedDays, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def import_holidays(request: ApiRequest, client_id: int, payload: ImportYear) -> dict[str, Any]:
    """Add the public holidays of Russia of a year."""
    added = holiday_actions.import_russian(request.auth, client_id, payload.year)
    return {"items": [_row(day) for day in added]}


@router.delete(
    "/{int:client_id}/holidays/{int:holiday_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def delete_holiday(request: ApiRequest, client_id: int, holiday_id: int) -> Status[None]:
    """Remove a day."""
    holiday_actions.delete_holiday(request.auth, holiday_id)
    return Status(204, None)
