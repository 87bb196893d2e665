"""Call detail («Детализация») and active calls of a client."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponseBase, StreamingHttpResponse
from django_scopes import scope
from ninja import Field, Query, Router, Schema

from ats.api import exporting, live
from ats.api.codewords import CALL_RESULT
from ats.api.faxes import FaxOut
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, counted, moment
from ats.api.recordings import RecordingOut
from ats.api.shapes import ERRORS, Id
from ats.calls import finding, queries
from ats.calls.summary import summary
from ats.clients.access import Do
from ats.clients.models import Client
from ats.engine.watching import watch
from ats.numbering import e164
from ats.recordings import queries as recordings

router = Router(tags=["calls"])
_WATCHING = Gate(Do.CALLS_VIEW)


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
    cost: int | None  # 1/10,000 of the currency unit; empty: not billed
    currency: str
    destination: str  # direction class; empty: it came in
    has_fax: bool
    has_recording: bool


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
    """`rated_outside`: an outside billing rates it (`…/price` tells what it was asked and said)."""

    linkedid: str
    rated_outside: bool
    legs: list[LegOut]
    path: list[PathItem]
    faxes: list[FaxOut]
    recordings: list[RecordingOut]


class CallFilters(FilePage):
    """`from`/`to`: ISO 8601 moments, half-open by the time of start. `number`: whole, any usual way of writing.

    `port_id`: called or answered. `talk_from_s`: talked at least so long. `cost_from`: at least so much, in 1/10,000.
    """

    from_: datetime | None = Field(None, alias="from")
    to: datetime | None = None
    direction: Literal["", "internal", "in", "out"] = ""
    result: Literal["", "answered", "no_answer", "busy", "cancelled", "no_route", "failed", "lost"] = ""
    has_fax: bool | None = None
    has_recording: bool | None = None
    number: str = Field("", max_length=40)
    port_id: Id | None = None
    talk_from_s: int | None = Field(None, ge=0, le=1_000_000)
    cost_from: int | None = Field(None, ge=0, le=10**15)

    def wanted(self, client: Client) -> dict[str, Any]:
        """The filters as `calls.finding` takes them."""
        return {
            "from": moment("from", self.from_),
            "to": moment("to", self.to),
            "direction": self.direction,
            "result": self.result,
            "numbers": _ways(self.number, client),
            "port_id": self.port_id,
            "has_fax": self.has_fax,
            "has_recording": self.has_recording,
            "cost_from": self.cost_from,
            "talk_from_ms": (self.talk_from_s or 0) * 1000,
            "search": self.search,
        }


class ResultCount(Schema):
    result: str
    count: int


class HourCount(Schema):
    hour: int
    answered: int
    missed: int


class NumberCount(Schema):
    number: str
    count: int
    talk_ms: int


class CallSummary(Schema):
    """Totals and charts of what the filters find; of the calls since `since` when there are too many."""

    since: datetime | None
    calls: int
    answered: int
    talk_ms: int
    wait_ms: int
    cost: int
    results: list[ResultCount]
    hours: list[HourCount]
    numbers: list[NumberCount]


_TITLES = {
    "started_at": ("Начало", "Started"),
    "direction": ("Направление", "Direction"),
    "caller": ("Кто", "From"),
    "caller_name": ("Имя", "Name"),
    "called": ("Кому", "To"),
    "via": ("Через номер", "Through number"),
    "answered_by": ("Ответил", "Answered by"),
    "ring_s": ("Ожидание, с", "Waited, s"),
    "talk_s": ("Разговор, с", "Talked, s"),
    "result": ("Результат", "Result"),
    "cause": ("Причина", "Cause"),
    "destination": ("Куда", "Destination"),
    "money": ("Стоимость", "Cost"),
    "currency": ("Валюта", "Currency"),
    "linkedid": ("Идентификатор", "Identifier"),
}


def _ways(text: str, client: Client) -> tuple[str, ...]:
    """How a number may stand in call detail: E.164 digits, and as people dial it (rows keep what was dialled)."""
    text = text.strip()
    if not text:
        return ()
    try:
        digits = e164.normalise(text, client.area_code)
    except e164.NotANumber:
        return (text,)
    dialled = f"8{digits[1:]}" if digits.startswith("7") else f"810{digits}"
    return tuple(dict.fromkeys((digits, dialled, text)))


@router.get("/{int:client_id}/calls/active", response={200: LiveCalls, **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def list_active_calls(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Calls in progress. Asking makes the engine's agent look; the first answer may lag a second."""
    watch(client_id)
    return live.snapshot(client_id, live.own_numbers())


@router.get(
    "/{int:client_id}/calls/active/stream",
    response={200: LiveCalls, **ERRORS},
    auth=_WATCHING,
    openapi_extra={"responses": {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}},
)
async def stream_active_calls(request: ApiRequest, client_id: int) -> StreamingHttpResponse:
    """Server-sent events: event `calls` with the same body on every change, a comment each 10 s."""

    def visible() -> frozenset[str] | None:
        # The scope of the view is gone when the stream runs, and what he may see may be less by then.
        _WATCHING.again(request)
        with scope(client=client_id, owner=request.scope_owner):
            return live.own_numbers()

    async def body() -> AsyncIterator[str]:
        async for state in live.changes(client_id, visible):
            yield ": alive\n\n" if state is None else f"event: calls\ndata: {json.dumps(state)}\n\n"

    response = StreamingHttpResponse(body(), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


@router.get("/{int:client_id}/calls", response={200: Listed[CallOut], **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def list_calls(
    request: ApiRequest, client_id: int, filters: Query[CallFilters]
) -> dict[str, Any] | HttpResponseBase:
    """Finished calls, the newest first unless sorted otherwise."""
    wanted = filters.wanted(request.client)
    if filters.format:
        keys = queries.call_keys(client_id, wanted, filters.sort, exporting.MAX_ROWS)
        sheet = exporting.Sheet("calls", _TITLES, keys, _file_rows, words={"result": CALL_RESULT})
        return exporting.response(sheet, filters.format, request.auth)
    found = queries.call_page(
        client_id, wanted, page=filters.page, page_size=filters.page_size, sort=filters.sort
    )
    return {
        "items": found.items,
        **counted(found.total, finding.cap(wanted)),
        "looked_since": found.since,
    }


def _file_rows(keys: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "ring_s": row["ring_ms"] // 1000,
            "talk_s": row["talk_ms"] // 1000,
            "money": None if row["cost"] is None else row["cost"] / 10_000,
        }
        for row in queries.call_rows(keys)
    ]


@router.get("/{int:client_id}/calls/summary", response={200: CallSummary, **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def get_call_summary(request: ApiRequest, client_id: int, filters: Query[CallFilters]) -> dict[str, Any]:
    """What the calls that match come to: totals, and calls by hour, result and number."""
    return summary(client_id, filters.wanted(request.client), request.auth.time_zone)


@router.get(
    "/{int:client_id}/calls/{int:call_id}", response={200: CallCard, **ERRORS}, auth=Gate(Do.CALLS_VIEW)
)
def get_call(request: ApiRequest, client_id: int, call_id: int) -> dict[str, Any]:
    """One call with its legs and its way through the dialplan."""
    card = live.found(queries.call_card(client_id, call_id, request.auth.language))
    card["recordings"] = recordings.recordings_of(call_id)
    return card
