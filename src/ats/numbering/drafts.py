"""A dialplan as a plan for the simulator and for lint: as it is saved, or a draft that is not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ats.dialplan.model import Action, ClientPlan, RingAll
from ats.dialplan.model import Step as PlanStep
from ats.forwarding.models import Forwarding
from ats.numbering import queries
from ats.numbering.dialplan_actions import reachable
from ats.numbering.dialplan_checks import step_fields
from ats.numbering.models import Number, Step
from ats.ports.models import Port

# Ids of steps that are not saved: above any real one, in the order of the draft.
UNSAVED = 10**15


def plan_with(client_id: int, number: Number, steps: Sequence[Mapping[str, Any]] | None) -> ClientPlan:
    """The plan of a number and of all it leads to (`queries.part_plan`).

    With `steps` (as the API takes them): those instead of the number's saved ones.

    Raises Invalid as a save would. A step without id has the id UNSAVED + its place.
    """
    if steps is None:
        return queries.part_plan(client_id, [number.pk])
    present = Step.objects.filter(number=number).values_list("pk", flat=True)
    fields = step_fields(steps, reachable(frozenset(present), steps))
    drawn = tuple(_plan_step(number, index, dict(item)) for index, item in enumerate(fields))
    to = {item["to_number_id"] for item in fields} - {None}
    plan = queries.part_plan(client_id, {number.pk, *to}, {item["menu_id"] for item in fields} - {None})
    numbers = tuple(replace(one, steps=drawn) if one.id == number.pk else one for one in plan.numbers)
    return replace(plan, numbers=numbers)


def _plan_step(number: Number, index: int, item: dict[str, Any]) -> PlanStep:
    step_id, members = item.pop("id"), item.pop("ringing")
    step = Step(pk=step_id or UNSAVED + index, number=number, position=index + 1, **item)
    if step.action != Step.Action.RING:
        return queries.plan_step(step)
    step.action = Step.Action.FAX  # the members of an unsaved step are not rows yet
    return replace(queries.plan_step(step), action=_ring(members))


def _ring(members: Sequence[tuple[int | None, int | None]]) -> Action:
    ports = Port.objects.in_bulk([port for port, _ in members if port])
    outside = Forwarding.objects.in_bulk([forwarding for _, forwarding in members if forwarding])
    return RingAll(
        (
            *(queries.dial_port(port) for port in ports.values()),
            *(queries.dial_forwarding(one) for one in outside.values()),
        )
    )
