"""How many calls of today took each step and each arrow of a number, from the paths of call detail; and where the
calls in progress are, from theirs."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count

from ats.calls.models import Call
from ats.dialplan.path import Kind, parse

MAX_PATHS = 5000  # different ones; calls that go the same way are counted by the database


def overlay(number_id: int, since: datetime) -> dict[str, Any]:
    """Counts of the client in scope since then: {"calls", "steps": [{step_id, calls}], "arrows": [{from_id, via,
    to_id, calls}]}; an arrow that ends the call has no `to_id`."""
    paths = (
        Call.objects.filter(started_at__gte=since, path__contains=f"/{number_id} ")
        .order_by()
        .values_list("path")
        .annotate(calls=Count("id"))
        .order_by("-calls")[:MAX_PATHS]
    )
    return _counted(paths, number_id)


def under_way(paths: Iterable[str], number_id: int) -> dict[str, Any]:
    """The same of calls in progress, each counted once: at the step it is at, and at the arrow that led it there."""
    return _counted(((path, 1) for path in paths), number_id, only_last=True)


def _counted(paths: Iterable[tuple[str, int]], number_id: int, *, only_last: bool = False) -> dict[str, Any]:
    total = 0
    steps: Counter[int] = Counter()
    arrows: Counter[tuple[int, str, int | None]] = Counter()
    for path, calls in paths:
        last: int | None = None
        own_steps: list[int] = []
        own_arrows: list[tuple[int, str, int | None]] = []
        for word in parse(path):
            if word.number_id != number_id:
                continue
            if word.kind is Kind.ENTER:
                last = None
                continue
            step_id = word.step_id if word.kind is Kind.STEP else None
            if last is not None and word.via is not None:
                own_arrows.append((last, word.via.value, step_id))
            if step_id is not None:
                own_steps.append(step_id)
                last = step_id
        if only_last:
            own_arrows = [one for one in own_arrows[-1:] if one[2] is not None and one[2] == last]
            own_steps = own_steps[-1:]
            calls = min(calls, len(own_steps))
        total += calls
        for step in own_steps:
            steps[step] += calls
        for arrow in own_arrows:
            arrows[arrow] += calls
    return {
        "calls": total,
        "steps": [{"step_id": step, "calls": calls} for step, calls in steps.items()],
        "arrows": [
            {"from_id": start, "letter": letter, "to_id": to, "calls": calls}
            for (start, letter, to), calls in arrows.items()
        ],
    }
