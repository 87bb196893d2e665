"""The dialplan of a number as the editor shows it."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from ats.numbering.models import Step, StepTarget
from ats.numbering.step_kinds import FIELDS, KINDS
from ats.numbering.titles import step_title
from ats.scoping import belonging


def step_rows(number_id: int, language: str) -> list[dict[str, Any]]:
    """Steps of a number in scope, in order of creation, with titles in the user's language."""
    steps = with_things(Step.objects.filter(number=number_id))
    return [
        {
            "id": step.pk,
            "level": step.level,
            "action": _action(step),
            "timeout_s": step.timeout_s,
            "targets": {
                "forward": step.on_forward,
                "after_answer": step.on_answer,
                "no_answer": step.on_no_answer,
                "busy": step.on_busy,
                "no_route": step.on_no_route,
                "found": step.on_found,
                "not_found": step.on_not_found,
            },
            "extras": step.extras,
            "limits": step.limits,
            "calendar": {
                "days": [day for day in range(1, 8) if step.days & (1 << (day - 1))],
                "time_from": _time(step.time_from),
                "time_to": _time(step.time_to),
                "date_from": step.date_from,
                "date_to": step.date_to,
                "holidays": step.holidays,
            },
            "x": step.x,
            "y": step.y,
            "title": step_title(step, language),
        }
        for step in steps.order_by("position")
    ]


def with_things(steps: QuerySet[Step]) -> QuerySet[Step]:
    """Steps with whatever they lead to, as their titles need it (two queries)."""
    ringing = belonging(StepTarget).select_related("port", "forwarding")
    return steps.select_related(*FIELDS).prefetch_related(Prefetch("ringing", ringing))


def _action(step: Step) -> dict[str, Any]:
    if step.action == Step.Action.HANGUP:
        return {"kind": "hangup", "cause": step.cause or 16}
    if step.action == Step.Action.RING:
        members = step.ringing.all()
        return {
            "kind": "ring",
            "port_ids": [one.port_id for one in members if one.port_id],
            "forwarding_ids": [one.forwarding_id for one in members if one.forwarding_id],
        }
    kind = KINDS[step.action]
    return {"kind": step.action} | ({kind.key: getattr(step, f"{kind.field}_id")} if kind.field else {})


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
