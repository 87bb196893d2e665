"""How many calls of today took each step and each arrow of a number, from the paths of call detail."""

from collections import Counter
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
    total = 0
    steps: Counter[int] = Counter()
    arrows: Counter[tuple[int, str, int | None]] = Counter()
    for path, calls in paths:
        total += calls
        last: int | None = None
        for word in parse(path):
            if word.number_id != number_id:
                continue
            if word.kind is Kind.ENTER:
                last = None
                continue
            step_id = word.step_id if word.kind is Kind.STEP else None
            if last is not None and word.via is not None:
                arrows[last, word.via.value, step_id] += calls
            if step_id is not None:
                steps[step_id] += calls
                last = step_id
    return {
        "calls": total,
        "steps": [{"step_id": step, "calls": calls} for step, calls in steps.items()],
        "arrows": [
            {"from_id": start, "letter": letter, "to_id": to, "calls": calls}
            for (start, letter, to), calls in arrows.items()
        ],
    }
