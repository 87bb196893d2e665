"""Call detail («Детализация») and active calls of a client."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from ats.api import live
from ats.api.faxes import FaxOut
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, moment
from ats.api.shapes import ERRORS
from ats.calls import queries
from ats.clients.access import Do

router = Router(tags=["calls"])


class LiveCallOut(Schema):
    """A channel in progress. `duration_ms` counts from `started_at` to the moment of the answer."""

    id: str
    linkedid: str
    caller: str
    called: str
    connected: str
    state: str
    answered: bool
    started_at: datetime
    duration_ms: int


class LiveCalls(Schema):
    items: list[LiveCallOut]
    updated_at: datetime


class CallOut(Schema):
    id: int
    direction: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    ring_ms: int
    talk_ms: int
    caller: str
    caller_name: str
    called: str
    via: str
    answered_by: str
    result: str
    cause: int
    has_fax: bool


class LegOut(Schema):
    seq: int
    endpoint: str
    number: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    cause: int


class PathItem(Schema):
    """One stage of the way through the dialplan: entering a number, a step taken, or how it ended."""

    number: str | None = None
    number_id: int | None = None
    step_id: int | None = None
    step_title: str | None = None
    level: int | None = None
    via: str | None = None
    end: str | None = None
    text: str = ""


class CallCard(CallOut):
    linkedid: str
    legs: list[LegOut]
    path: list[PathItem]
    faxes: list[FaxOut]


class CallFilters(Page):
    """`from`/`to`: ISO 8601 moments, half-open by the time of start."""

    from_: datetime | None = Field(None, alias="from")
    to: datetime | None = None
    direction: Literal["", "internal", "in", "out"] = ""
    result: Literal["", "answered", "no_answer", "busy", "cancelled", "no_route", "failed", "lost"] = ""
    has_fax: bool | None = None


@router.get("/{int:client_id}/calls/active", response={200: LiveCalls, **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def list_active_calls(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Calls in progress. Asking makes the engine's agent look; the first answer may lag a second."""
    live.watch(client_id)
    return live.snapshot(client_id, live.own_numbers())


@router.get(
    "/{int:client_id}/calls/active/stream",
    response={200: LiveCalls, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
    openapi_extra={"responses": {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}},
)
async def stream_active_calls(request: ApiRequest, client_id: int) -> StreamingHttpResponse:
    """Server-sent events: event `calls` with the same body on every change, a comment each 10 s."""

    # Asked for here: the scope is gone when the stream runs.
    own = await sync_to_async(live.own_numbers)()

    async def body() -> AsyncIterator[str]:
        async for state in live.changes(client_id, own):
            yield ": alive\n\n" if state is None else f"event: calls\ndata: {json.dumps(state)}\n\n"

    response = StreamingHttpResponse(body(), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


@router.get("/{int:client_id}/calls", response={200: Listed[CallOut], **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def list_calls(request: ApiRequest, client_id: int, filters: Query[CallFilters]) -> dict[str, Any]:
    """Finished calls, the newest first unless sorted otherwise."""
    wanted = filters.model_dump(include={"from_", "to", "search", "direction", "result", "has_fax"})
    wanted["from"] = moment("from", wanted.pop("from_"))
    wanted["to"] = moment("to", wanted["to"])
    items, total = queries.call_page(
        client_id, wanted, page=filters.page, page_size=filters.page_size, sort=filters.sort
    )
    return {"items": items, "total": total}


@router.get(
    "/{int:client_id}/calls/{int:call_id}", response={200: CallCard, **ERRORS}, auth=Gate(Do.CALLS_VIEW)
)
def get_call(request: ApiRequest, client_id: int, call_id: int) -> dict[str, Any]:
    """One call with its legs and its way through the dialplan."""
    return live.found(queries.call_card(client_id, call_id, request.auth.language))
