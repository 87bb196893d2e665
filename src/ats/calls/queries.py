"""Call detail for people: one page of it, and the card of one call. Everything within one client."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django_scopes import scope

from ats.billing import outside
from ats.calls import finding, paging
from ats.calls.limittext import owner_names
from ats.calls.models import Call, Leg
from ats.calls.pathtext import path_item
from ats.config import Config
from ats.dialplan.path import parse
from ats.errors import invalid
from ats.faxes import queries as faxes
from ats.numbering.dialplan_queries import with_things
from ats.numbering.models import Number, Step

_FIELDS = (
    "id", "linkedid", "direction", "started_at", "answered_at", "ended_at", "ring_ms", "talk_ms", "caller",
    "caller_name", "called", "via", "answered_by", "caller_port_id", "answered_port_id", "result", "cause",
    "cost", "currency", "destination",
)  # fmt: skip
_LEG_FIELDS = ("seq", "endpoint", "number", "started_at", "answered_at", "ended_at", "cause")
_SORTS = (
    "started_at", "ended_at", "direction", "caller", "called", "via", "answered_by", "result", "cause", "ring_ms",
    "talk_ms", "cost", "destination",
)  # fmt: skip
_STALE_S = 10.0
_LAG_B = 64 << 10  # what the worker gathers before it hurries


class CallPage(NamedTuple):
    """One page of calls, how many there are (counted to one more than `finding.cap`), and since when they were looked
    for: None, all there are."""

    items: list[dict[str, Any]]
    total: int
    since: datetime | None


def call_page(
    client_id: int, filters: Mapping[str, Any], *, page: int = 1, page_size: int = 50, sort: str = ""
) -> CallPage:
    """One page of a client's calls.

    `filters`: see `finding.sought`, which also says when only the newest calls are looked through. `sort`: a column,
    `-` before it for descending; default the newest first.
    Raises Invalid for an unknown column.
    """
    column = sort or "-started_at"
    if column.removeprefix("-") not in _SORTS:
        raise invalid("sort", "unknown_sort", allowed=", ".join(_SORTS))
    with scope(client=client_id):
        found = finding.sought(filters, by_time=column.removeprefix("-") == "started_at")
        items, total = paging.page(
            found, column, (page - 1) * page_size, page_size, _FIELDS, finding.cap(filters)
        )
        return CallPage(items, total, found.since)


def call_keys(client_id: int, filters: Mapping[str, Any], sort: str, limit: int) -> list[int]:
    """Ids of all calls of a client that match, in order; arguments as for `call_page`."""
    column = sort or "-started_at"
    if column.removeprefix("-") not in _SORTS:
        raise invalid("sort", "unknown_sort", allowed=", ".join(_SORTS))
    with scope(client=client_id):
        found = finding.sought(filters, by_time=column.removeprefix("-") == "started_at")
        return list(finding.ordered(found.rows, column).values_list("pk", flat=True)[:limit])


def call_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Calls of the client in scope by id, as `call_page` shows them."""
    return paging.in_order(Call.objects.all(), ids, _FIELDS)


def call_card(client_id: int, call_id: int, language: str = "ru") -> dict[str, Any] | None:
    """One call with its legs and its way through the dialplan, or None when this client has no such call."""
    with scope(client=client_id):
        found = (
            Call.objects.filter(pk=call_id)
            .values(*_FIELDS, "node", "path", has_recording=finding.with_recording())
            .first()
        )
        if found is None:
            return None
        card: dict[str, Any] = dict(found)
        card["legs"] = list(Leg.objects.filter(call_id=call_id).order_by("seq").values(*_LEG_FIELDS))
        card["path"] = _path(card["path"], language)
        node = card.pop("node")
        card["rated_outside"] = bool(outside.parts(node, card["linkedid"], client_id))
        card["faxes"] = faxes.of_call(node, card["linkedid"])
        card["has_fax"] = bool(card["faxes"])
        return card


def worker_state(config: Config) -> tuple[bool, str]:
    """Whether the worker of this installation works, and a few words why (for /api/health and `./ats status`)."""
    try:
        state = json.loads((config.run_dir / "worker.json").read_text(encoding="utf-8"))
        age = time.time() - float(state["at"])
        lag, error = int(state["lag_bytes"]), str(state["error"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, "no sign of life yet"
    if age > _STALE_S:
        return False, f"no sign of life for {age:.0f} s"
    if error:
        return False, error
    rejected = state.get("rejected", 0)
    # Shown in every language, so hardly a word: «ok» or the two figures that matter.
    return True, f"lag {lag} B, rejected {rejected}" if lag > _LAG_B or rejected else "ok"


def _path(text: str, language: str) -> list[dict[str, Any]]:
    words = parse(text)
    numbers = Number.objects.in_bulk({word.number_id for word in words if word.number_id is not None})
    steps = {
        step.pk: step
        for step in with_things(
            Step.objects.filter(pk__in={word.step_id for word in words if word.step_id is not None})
        )
    }
    names = owner_names(words, language)
    return [path_item(word, numbers, steps, language, names) for word in words]
