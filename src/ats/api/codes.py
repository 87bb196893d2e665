"""Feature codes («Коды услуг») of the exchange."""

from typing import Any

from ninja import Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.codes import actions, queries

router = Router(tags=["codes"])


class CodeOut(Schema):
    """`digits` "": switched off. `place`: dialled (instead of a number) or talk (keyed during a call). `argument`: more
    digits follow."""

    feature: str
    title: str
    digits: str
    default: str
    place: str
    argument: bool


class Codes(Schema):
    items: list[CodeOut]


class CodesIn(Schema):
    """Feature → its code; "" switches it off; features left out stay as they are."""

    codes: dict[str, str]


@router.get("", response={200: Codes, **ERRORS}, auth=Gate(Do.SELF))
def get_codes(request: ApiRequest) -> dict[str, Any]:
    """All feature codes as they are now."""
    return {"items": queries.code_rows(request.auth.language)}


@router.put("", response={200: Codes, **ERRORS}, auth=Gate(Do.CODES_CHANGE))
def save_codes(request: ApiRequest, payload: CodesIn) -> dict[str, Any]:
    """Change codes; effective at once for every client."""
    actions.save_codes(request.auth, payload.codes)
    return {"items": queries.code_rows(request.auth.language)}
