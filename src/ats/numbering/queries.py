"""Numbers for the API and, as a plan, for the engine."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, QuerySet, Subquery, prefetch_related_objects
from django_scopes import scope, scopes_disabled

from ats.clients.models import Client
from ats.dialplan.extras import Extras
from ats.dialplan.limitplan import Limits
from ats.dialplan.model import (
    Action,
    AskPin,
    Calendar,
    CallBack,
    Classify,
    ClientPlan,
    DialForwarding,
    DialPort,
    EnterMenu,
    EnterQueue,
    GoNumber,
    HangUp,
    Holidays,
    JoinConference,
    LeaveMessage,
    NumberPlan,
    Outcome,
    PlaySound,
    ReceiveFax,
    RingAll,
)
from ats.dialplan.model import Step as PlanStep
from ats.dialplan.talk import PortPlan, mark_letters, needs_context
from ats.errors import Missing
from ats.forwarding.models import Forwarding
from ats.limits.queries import plan_limits
from ats.mailboxes.queries import mailbox_plans
from ats.menus.queries import menu_plans
from ats.numbering import e164
from ats.numbering.dialplan_queries import with_things
from ats.numbering.models import Holiday, Number, Step
from ats.numbering.titles import summary
from ats.ports.models import Port
from ats.queues.models import Queue
from ats.remote.queries import is_used, known_callers

_TARGETS = {
    Outcome.FORWARD: "on_forward",
    Outcome.ANSWERED: "on_answer",
    Outcome.NO_ANSWER: "on_no_answer",
    Outcome.BUSY: "on_busy",
    Outcome.NO_ROUTE: "on_no_route",
    Outcome.FOUND: "on_found",
    Outcome.NOT_FOUND: "on_not_found",
}

# What a step may lead to → what the plan needs of it.
_THINGS = {
    "port": ("port__number",),
    "forwarding": ("forwarding",),
    "queue": ("queue__agents__port", "queue__agents__forwarding"),
    "menu": ("menu",),
    "classifier": ("classifier",),
    "conference": ("conference",),
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
    for step in with_things(Step.objects.filter(number__in=[row.pk for row in rows])):
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
            "owner_id": row.owner_id,
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


def holidays() -> QuerySet[Holiday]:
    """The holiday calendar of the client in scope."""
    return Holiday.objects.all()


def client_plan(client_id: int) -> ClientPlan:
    """Everything the compiler needs of one client (a few queries, whatever its size).

    A client that is not active has no numbers for the engine: nobody calls it or from it.
    Raises Client.DoesNotExist. The version is read first: content can be newer than it, never older.
    """
    with scope(client=client_id):
        lines = Port.objects.filter(connection=Port.Connection.TRUNK, pickup_group__isnull=False)
        operator = Client.objects.filter(is_operator=True).values("language")[:1]
        client = Client.objects.annotate(trunk_groups=Exists(lines), system=Subquery(operator)).get(
            pk=client_id
        )
        found = list(Number.objects.order_by("pk")) if client.is_active else []
        steps: dict[int, list[PlanStep]] = defaultdict(list)
        for step in _steps():
            steps[step.number_id].append(plan_step(step))
        limits = plan_limits(client_id)
        known, remote = known_callers(), is_used()
        days = tuple(Holiday.objects.order_by("day").values_list("day", flat=True))
        led_to = any(isinstance(step.action, EnterMenu) for own in steps.values() for step in own)
        menus, mailboxes = menu_plans() if led_to else (), mailbox_plans()
        ports = tuple(
            PortPlan(port.pk, port.endpoint, extras, port.media_through_server, port.kind)
            for port in Port.objects.exclude(extras={}).filter(
                is_active=True, connection=Port.Connection.SUBSCRIBER
            )
            if needs_context(extras := Extras.of(port.extras), keys=port.media_through_server)
        )
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
        holidays=days,
        known_callers=known,
        remote=remote,
        limits=limits,
        menus=menus,
        mailboxes=mailboxes,
        time_zone=client.time_zone,
        trunk_groups=client.trunk_groups and not client.is_operator,
        ports=ports if client.is_active else (),
        language=client.language,
        system_language=client.system or "ru",
    )


def _steps() -> list[Step]:
    """The steps of the client in scope with what they lead to. A kind of thing that none leads to costs no query."""
    found = list(Step.objects.order_by("position"))
    led_to = [name for name in _THINGS if any(getattr(step, f"{name}_id") for step in found)]
    wanted = [lookup for name in led_to for lookup in _THINGS[name]]
    if any(step.action == Step.Action.RING for step in found):
        wanted += ["ringing__port", "ringing__forwarding"]
    prefetch_related_objects(found, *wanted)
    return found


def plan_step(step: Step) -> PlanStep:
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
            holidays=Holidays(step.holidays),
        ),
        timeout_s=step.timeout_s,
        targets={
            outcome: level
            for outcome, field in _TARGETS.items()
            if (level := getattr(step, field)) is not None
        },
        extras=None if step.extras is None else Extras.of(step.extras),
        limits=Limits(**(step.limits or {})),
    )


def _plan_action(step: Step) -> Action:
    """The action as the compiler takes it; the check constraints and saves keep its thing there."""
    match step.action:
        case Step.Action.PORT if step.port:
            return dial_port(step.port)
        case Step.Action.FORWARDING if step.forwarding:
            return dial_forwarding(step.forwarding)
        case Step.Action.RING:
            ports = [dial_port(one.port) for one in step.ringing.all() if one.port]
            outside = [dial_forwarding(one.forwarding) for one in step.ringing.all() if one.forwarding]
            return RingAll((*ports, *outside))
        case Step.Action.QUEUE if step.queue:
            return _enter_queue(step.queue)
        case Step.Action.MENU if step.menu:
            return EnterMenu(step.menu.pk, Extras.of(step.menu.extras))
        case Step.Action.SOUND if step.sound_id:
            return PlaySound(step.sound_id)
        case Step.Action.CLASSIFIER if step.classifier:
            return Classify(step.classifier.pk, tuple(step.classifier.masks))
        case Step.Action.MAILBOX if step.mailbox_id:
            return LeaveMessage(step.mailbox_id)
        case Step.Action.FAX:
            return ReceiveFax()
        case Step.Action.CONFERENCE if step.conference:
            room = step.conference
            extras = Extras(record=room.record)
            return JoinConference(room.pk, room.pin, room.language, room.max_members, extras)
        case Step.Action.PIN:
            return AskPin()
        case Step.Action.CALLBACK if step.to_number_id:
            return CallBack(step.to_number_id)
        case Step.Action.NUMBER if step.to_number_id:
            return GoNumber(step.to_number_id)
        case _:
            return HangUp(step.cause or 16)


def _enter_queue(queue: Queue) -> EnterQueue:
    agents = [agent for agent in queue.agents.all() if agent.port is None or agent.port.is_active]
    things = [thing for agent in agents if (thing := agent.port or agent.forwarding)]
    return EnterQueue(
        queue_id=queue.pk,
        extras=Extras.of(queue.extras),
        strategy=queue.strategy,
        language=queue.language,
        pickup_group_id=queue.pickup_group_id,
        agents=len(agents),
        marks=any(mark_letters(Extras.of(thing.extras)) for thing in things),
        outside=tuple(dial_forwarding(agent.forwarding) for agent in agents if agent.forwarding),
    )


def dial_port(port: Port) -> DialPort:
    """A port as an action rings it."""
    keys, extras = port.media_through_server, Extras.of(port.extras)
    # A SIP endpoint brings its own number: no need to look for it.
    shown = port.number.digits if port.kind != Port.Kind.SIP and port.number else ""
    return DialPort(
        port.pk, port.endpoint, port.is_active, port.kind, extras, keys, port.pickup_group_id, shown
    )


def dial_forwarding(forwarding: Forwarding) -> DialForwarding:
    """A forwarding number as an action rings it."""
    return DialForwarding(forwarding.pk, forwarding.digits, Extras.of(forwarding.extras), forwarding.language)
