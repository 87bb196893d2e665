"""Numbers for the API and, as a plan, for the engine."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django_scopes import scope, scopes_disabled

from ats.clients.models import Client
from ats.dialplan.model import (
    Action,
    Calendar,
    ClientPlan,
    DialPort,
    GoNumber,
    HangUp,
    NumberPlan,
    Outcome,
    PlaySound,
)
from ats.dialplan.model import Step as PlanStep
from ats.errors import Missing
from ats.numbering import e164
from ats.numbering.models import Number, Step
from ats.numbering.titles import summary

_TARGETS = {
    Outcome.FORWARD: "on_forward",
    Outcome.ANSWERED: "on_answer",
    Outcome.NO_ANSWER: "on_no_answer",
    Outcome.BUSY: "on_busy",
    Outcome.NO_ROUTE: "on_no_route",
}


def numbers(kind: Number.Kind) -> QuerySet[Number]:
    """Numbers of the client in scope."""
    return Number.objects.filter(kind=kind)


def number(number_id: int) -> Number:
    """One number of the client in scope. Raises Missing."""
    found = Number.objects.filter(pk=number_id).first()
    if found is None:
        raise Missing
    return found


def number_rows(found: Iterable[Number], language: str) -> list[dict[str, Any]]:
    """Numbers as the API shows them (one more query for the steps of all of them)."""
    rows = list(found)
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(number__in=[row.pk for row in rows]).select_related(
        "port", "sound", "to_number"
    ):
        steps[step.number_id].append(step)
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "digits": row.digits,
            "display": e164.display(row.digits) if row.kind == Number.Kind.EXTERNAL else row.digits,
            "name": row.name,
            "description": row.description,
            "time_zone": row.time_zone,
            "revision": row.revision,
            "steps_count": len(steps[row.pk]),
            "summary": summary(steps[row.pk], language),
        }
        for row in rows
    ]


def free_numbers() -> QuerySet[Number]:
    """Numbers of the operator's pool that no client has; they belong to no scope."""
    with scopes_disabled():
        return Number.objects.filter(kind=Number.Kind.EXTERNAL, client=None)


def free_row(row: Number) -> dict[str, Any]:
    """A free number as the API shows it."""
    return {"id": row.pk, "digits": row.digits, "display": e164.display(row.digits)}


def pool() -> QuerySet[Number]:
    """Every external number with its client: the operator's view over all clients."""
    with scopes_disabled():
        return Number.objects.filter(kind=Number.Kind.EXTERNAL).select_related("client")


def pool_row(row: Number) -> dict[str, Any]:
    """A number of the pool as the API shows it."""
    return {
        "id": row.pk,
        "digits": row.digits,
        "display": e164.display(row.digits),
        "description": row.description,
        "client_id": row.client_id,
        "client_name": row.client.name if row.client else "",
        "created_at": row.created_at,
    }


def client_plan(client_id: int) -> ClientPlan:
    """Everything the compiler needs of one client (three queries, whatever its size).

    A client that is not active has no numbers for the engine: nobody calls it or from it.
    Raises Client.DoesNotExist. The version is read first: content can be newer than it, never older.
    """
    with scope(client=client_id):
        client = Client.objects.get(pk=client_id)
        found = list(Number.objects.order_by("pk")) if client.is_active else []
        steps: dict[int, list[PlanStep]] = defaultdict(list)
        for step in Step.objects.select_related("port").order_by("position"):
            steps[step.number_id].append(_plan_step(step))
    return ClientPlan(
        client_id=client.pk,
        version=client.version,
        area_code=client.area_code,
        numbers=tuple(
            NumberPlan(
                id=row.pk,
                digits=row.digits,
                external=row.kind == Number.Kind.EXTERNAL,
                time_zone=row.time_zone or client.time_zone,
                steps=tuple(steps[row.pk]),
            )
            for row in found
        ),
    )


def _plan_step(step: Step) -> PlanStep:
    return PlanStep(
        id=step.pk,
        level=step.level,
        action=_plan_action(step),
        calendar=Calendar(
            days=step.days,
            time_from=step.time_from,
            time_to=step.time_to,
            date_from=step.date_from,
            date_to=step.date_to,
        ),
        timeout_s=step.timeout_s,
        targets={
            outcome: level
            for outcome, field in _TARGETS.items()
            if (level := getattr(step, field)) is not None
        },
    )


def _plan_action(step: Step) -> Action:
    if step.action == Step.Action.PORT and step.port:
        return DialPort(step.port.pk, step.port.endpoint, step.port.is_active)
    if step.action == Step.Action.SOUND and step.sound_id:
        return PlaySound(step.sound_id)
    if step.action == Step.Action.NUMBER and step.to_number_id:
        return GoNumber(step.to_number_id)
    return HangUp(step.cause or 16)
