"""One action on many rows of a list, with a dry run that says what would happen.

A dry run is the real thing, rolled back: what it promises cannot differ from what is then done.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from django.db import transaction
from ninja import Field, Schema

from ats.api.gate import ApiRequest
from ats.api.messages import language_of, localised, text
from ats.api.shapes import Id
from ats.errors import Denied, Problem

Action = Literal["delete", "activate", "deactivate"]
Deed = Callable[[int], object]


class BulkIn(Schema):
    """`ids` of rows of the list; with `dry_run` nothing is changed."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=500)]
    action: Action
    dry_run: bool = False


class BulkItem(Schema):
    """`ok`, or why not in `message`."""

    id: int
    ok: bool
    message: str


class BulkOut(Schema):
    items: list[BulkItem]
    done: int
    refused: int
    dry_run: bool


def run(request: ApiRequest, payload: BulkIn, deeds: Mapping[Action, Deed | None]) -> dict[str, Any]:
    """Do `deeds[action]` to every id, each by itself: one that is refused does not stop the others.

    A deed that is None is not allowed to this user. Raises Denied.
    """
    deed = deeds.get(payload.action)
    if deed is None:
        raise Denied
    language = language_of(request)
    items: list[dict[str, Any]] = []
    with transaction.atomic():
        for key in dict.fromkeys(payload.ids):
            try:
                with transaction.atomic():
                    deed(key)
            except Problem as problem:
                items.append({"id": key, "ok": False, "message": _words(problem, language)})
            else:
                items.append({"id": key, "ok": True, "message": ""})
        if payload.dry_run:
            transaction.set_rollback(True)
    done = sum(item["ok"] for item in items)
    return {"items": items, "done": done, "refused": len(items) - done, "dry_run": payload.dry_run}


def _words(problem: Problem, language: str) -> str:
    if problem.fields:
        return " ".join(
            text(fault.code, language, localised(fault.params, language)) for fault in problem.fields.values()
        )
    return text(problem.code, language, localised(problem.params, language))
