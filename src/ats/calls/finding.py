"""Finding calls among millions: every filter has an index that gives the newest matches without sorting.

A number may stand in four columns. One condition over all four would make the database read every call of the
client, or sort every match; four questions, each answered from its own index in the order of the page, do not.
"""

import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from ats.calls.models import Call, owned_by
from ats.faxes.models import Fax
from ats.scoping import belonging, owner
from ats.textsearch import HoldsText

TOTAL_CAP = 100_000  # counting millions of rows for a page of fifty would cost seconds
FILES_CAP = 10_000  # of calls with a file, each looked up from another table
SPAN = 100_000  # newest calls that a search for a part of a text, an order but that of time, or a summary looks through
NUMBER_COLUMNS = ("caller", "called", "via", "answered_by")
PORT_COLUMNS = ("caller_port_id", "answered_port_id")
_SEARCHED = (*NUMBER_COLUMNS, "caller_name")
_EXACT = ("direction", "result")


def found(filters: Mapping[str, Any]) -> QuerySet[Call]:
    """Calls of the client in scope that match all of `filters`.

    from, to: aware datetimes, half-open by the time of start; direction, result; numbers: the ways one number is
    written in rows, whoever's it is; port_id: the caller's port or the one that answered; talk_from_ms,
    cost_from (in 1/10,000): at least so much; has_fax, has_recording; search: any part of a number or name, among
    the newest SPAN calls.
    """
    rows = narrowed(filters)
    numbers, port_id = filters.get("numbers"), filters.get("port_id")
    if numbers:
        rows = rows.filter(_any([f"{column}__in" for column in NUMBER_COLUMNS], numbers))
    if port_id:
        rows = rows.filter(_any(PORT_COLUMNS, port_id))
    return rows


def narrowed(filters: Mapping[str, Any]) -> QuerySet[Call]:
    """As `found`, without number and port."""
    rows = Call.objects.all()
    if since := filters.get("from"):
        rows = rows.filter(started_at__gte=since)
    if until := filters.get("to"):
        rows = rows.filter(started_at__lt=until)
    for name in _EXACT:
        if value := filters.get(name):
            rows = rows.filter(**{name: value})
    if (wanted := filters.get("has_fax")) is not None:
        rows = rows.filter(with_fax() if wanted else ~with_fax())
    if (recorded := filters.get("has_recording")) is not None:
        rows = rows.filter(with_recording() if recorded else ~with_recording())
    if least := filters.get("cost_from"):
        rows = rows.filter(cost__gte=least)
    if shortest := filters.get("talk_from_ms"):
        rows = rows.filter(talk_ms__gte=shortest)
    text = str(filters.get("search") or "").replace("\x00", "").strip()
    if text:
        if oldest := horizon(rows):
            rows = rows.filter(started_at__gte=oldest)
        rows = rows.filter(HoldsText(*_SEARCHED, text=text))
    return rows


def cap(filters: Mapping[str, Any]) -> int:
    """Where counting what matches stops."""
    return FILES_CAP if filters.get("has_fax") or filters.get("has_recording") else TOTAL_CAP


def horizon(rows: QuerySet[Call]) -> datetime | None:
    """The start of the SPAN-th newest call; None when there are fewer."""
    at = rows.order_by("-started_at").values_list("started_at", flat=True)[SPAN : SPAN + 1]
    return next(iter(at), None)


def arms(filters: Mapping[str, Any]) -> list[QuerySet[Call]]:
    """The questions whose answers together are `found(filters)`, each with an index of its own."""
    rows = narrowed(filters)
    numbers, port_id = filters.get("numbers"), filters.get("port_id")
    if numbers:
        if port_id:
            rows = rows.filter(_any(PORT_COLUMNS, port_id))
        return [rows.filter(**{column: number}) for column in NUMBER_COLUMNS for number in numbers]
    if port_id:
        return [rows.filter(**{column: port_id}) for column in PORT_COLUMNS]
    if (person := owner()) is not None:
        return [rows.filter(one) for one in owned_by(person)]
    return [rows]


def newest(
    filters: Mapping[str, Any], start: int, count: int, fields: Sequence[str], *, oldest: bool = False
) -> list[dict[str, Any]]:
    """One page of rows in the order of time, the newest first (or the oldest)."""
    questions = arms(filters)
    order = ("started_at", "id") if oldest else ("-started_at", "-id")
    if len(questions) == 1:
        return part(questions[0].order_by(*order), start, count, fields)
    answers = [
        list(question.order_by(*order).values_list("started_at", "pk")[: start + count])
        for question in questions
    ]
    ids = list(dict.fromkeys(pk for _, pk in heapq.merge(*answers, reverse=not oldest)))
    return in_order(ids[start : start + count], fields)


def part(rows: QuerySet[Call], start: int, count: int, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Some of ordered rows.

    What is skipped before them is read too: only as ids, from the index where it gives the order. The ids were
    found in scope, so it is not said again (`scoping.belonging`).
    """
    ids = rows.values("pk")[start : start + count]
    chosen = belonging(Call).filter(pk__in=ids).order_by(*rows.query.order_by)
    return list(chosen.values(*fields, **extras()))


def in_order(ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of these ids in their order; one that is gone is left out."""
    rows = Call.objects.filter(pk__in=ids).order_by()
    known = {row["id"]: row for row in rows.values(*fields, **extras())}
    return [known[pk] for pk in ids if pk in known]


def extras() -> dict[str, Exists]:
    """What a row of the list says beyond its own columns."""
    return {"has_fax": with_fax(), "has_recording": with_recording()}


def with_fax() -> Exists:
    """Whether a fax came in the call (S162)."""
    return Exists(Fax.objects.filter(linkedid=OuterRef("linkedid"), node=OuterRef("node")))


def with_recording() -> Exists:
    """Whether somebody's talk in the call was recorded (S185)."""
    # By name: call detail must not know the room of recordings (pyproject, import rules).
    return Exists(apps.get_model("recordings.Recording").objects.filter(call_id=OuterRef("pk")))


def _any(columns: Sequence[str], value: object) -> Q:
    where = Q()
    for column in columns:
        where |= Q(**{column: value})
    return where
