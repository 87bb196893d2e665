"""Numbers for the API and, as a plan, for the engine."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Exists, Prefetch, QuerySet, Subquery
from django_scopes import scope, scopes_disabled

from ats.clients.models import Client
from ats.dialplan.extras import Extras
from ats.dialplan.limitplan import Limits, PlanLimits
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
from ats.dialplan.talk import PortPlan, by_keys, mark_letters, needs_context
from ats.errors import Missing
from ats.forwarding.models import Forwarding
from ats.limits.queries import own, plan_limits, step_limit
from ats.mailboxes.queries import mailbox_plans
from ats.menus.models import MenuKey, VoiceMenu
from ats.menus.queries import menu_plans
from ats.numbering import e164
from ats.numbering.dialplan_queries import with_things
from ats.numbering.models import Holiday, Number, Step, StepTarget
from ats.numbering.titles import summary
from ats.numbering.used import EVERYTHING, Rare, Used
from ats.ports.models import Port
from ats.queues.models import Agent, Queue
from ats.remote.queries import is_used, known_callers
from ats.scoping import belonging

_TARGETS = {
    Outcome.FORWARD: "on_forward",
    Outcome.ANSWERED: "on_answer",
    Outcome.NO_ANSWER: "on_no_answer",
    Outcome.BUSY: "on_busy",
    Outcome.NO_ROUTE: "on_no_route",
    Outcome.FOUND: "on_found",
    Outcome.NOT_FOUND: "on_not_found",
}

# What a step leads to and the plan needs of it, by action.
_THINGS = {
    Step.Action.PORT: "port__number",
    Step.Action.FORWARDING: "forwarding",
    Step.Action.QUEUE: "queue",
    Step.Action.MENU: "menu",
    Step.Action.CLASSIFIER: "classifier",
    Step.Action.CONFERENCE: "conference",
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


def client_plan(client_id: int, used: Used = EVERYTHING) -> ClientPlan:
    """Everything the compiler needs of one client (a few queries, whatever its size); only `used` is asked for.

    A client that is not active has no numbers for the engine: nobody calls it or from it.
    Raises Client.DoesNotExist. The version is read first: content can be newer than it, never older.
    """
    return _plan(client_id, None, used)


def part_plan(client_id: int, numbers: Iterable[int], menus: Iterable[int] = ()) -> ClientPlan:
    """The same for lint and the simulator, which ask about a few numbers: these, and all that they lead to.

    `menus`: voice menus that are led to as well. One external number is there if the client has any; mailboxes, ports
    and callers known by their telephone are not. Raises Client.DoesNotExist.
    """
    with scope(client=client_id):
        return _plan(client_id, _reach(set(numbers), set(menus)))


def _plan(client_id: int, only: set[int] | None, used: Used = EVERYTHING) -> ClientPlan:
    """Of all numbers, or of some; see `client_plan` and `part_plan`."""
    with scope(client=client_id):
        lines = Port.objects.filter(connection=Port.Connection.TRUNK, pickup_group__isnull=False)
        operator = Client.objects.filter(is_operator=True).values("language")[:1]
        handling = Number.objects.filter(campaigns__isnull=False)  # a campaign's calls come in there
        client = Client.objects.annotate(
            trunk_groups=Exists(lines), system=Subquery(operator), calls_out=Exists(handling)
        ).get(pk=client_id)
        wanted, drawn = Number.objects.order_by("pk"), Step.objects.all()
        if only is not None:
            city = (
                Number.objects.filter(kind=Number.Kind.EXTERNAL).order_by("pk").values_list("pk", flat=True)
            )
            wanted, drawn = wanted.filter(pk__in=only.union(city[:1])), drawn.filter(number__in=only)
        found = list(wanted) if client.is_active else []
        steps: dict[int, list[PlanStep]] = defaultdict(list)
        for step in _with_plans(drawn):
            steps[step.number_id].append(plan_step(step))
        limits = plan_limits(client_id) if Rare.LIMITS in used else PlanLimits()
        days = Holiday.objects.order_by("day").values_list("day", flat=True)
        entered = {
            step.action.menu_id
            for own in steps.values()
            for step in own
            if isinstance(step.action, EnterMenu)
        }
        plan = ClientPlan(
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
                    owner_id=row.owner_id,
                )
                for row in found
            ),
            holidays=tuple(days) if Rare.HOLIDAYS in used else (),
            limits=limits,
            menus=menu_plans() if entered else (),
            time_zone=client.time_zone,
            trunk_groups=client.trunk_groups and not client.is_operator,
            language=client.language,
            system_language=client.system or "ru",
        )
        if only is not None:
            return plan
        return replace(
            plan,
            known_callers=known_callers() if Rare.CALLERS in used else (),
            remote=client.calls_out or (Rare.USERS in used and is_used()),
            mailboxes=mailbox_plans() if Rare.MAILBOXES in used else (),
            ports=_port_plans() if client.is_active and Rare.MARKED_PORTS in used else (),
        )


def _port_plans() -> tuple[PortPlan, ...]:
    """Ports of the client in scope whose calls need a context of their own."""
    active = Port.objects.filter(is_active=True, connection=Port.Connection.SUBSCRIBER)
    return tuple(
        PortPlan(port.pk, port.endpoint, extras, port.media_through_server, port.kind)
        for port in active.exclude(extras={})
        if needs_context(extras := Extras.of(port.extras), keys=port.media_through_server)
    )


def _reach(numbers: set[int], menus: set[int]) -> set[int] | None:
    """These numbers of the client in scope and all that steps and menus lead to from them; None: any of them.

    A menu in which numbers are dialled leads anywhere.
    """
    known: set[int] = set()
    looked: set[int] = set()
    while numbers or menus:
        known |= numbers
        looked |= menus
        if VoiceMenu.objects.filter(pk__in=menus, extension_dial=True).exists():
            return None
        led = set(MenuKey.objects.filter(menu__in=menus).values_list("number_id", flat=True))
        steps = Step.objects.filter(number__in=numbers).order_by()
        to = steps.exclude(to_number=None, menu=None).values_list("to_number_id", "menu_id")
        for number_id, menu_id in to.distinct():
            led |= {number_id} - {None}
            menus = menus | {menu_id} - {None}
        numbers, menus = led - known, menus - looked
    return known


def _with_plans(steps: QuerySet[Step]) -> list[Step]:
    """Steps of the client in scope with what the plan needs of all they lead to.

    Joined in, and only those kinds that some step leads to. Not prefetched: to SQLite a question for a thousand things
    is an expression too deep.
    """
    kinds = set(steps.order_by().values_list("action", flat=True).distinct())
    joined = [name for action, name in _THINGS.items() if action in kinds]
    found = steps.select_related(*joined) if joined else steps
    if Step.Action.QUEUE in kinds:
        found = found.prefetch_related(
            Prefetch("queue__agents", belonging(Agent).select_related("port", "forwarding"))
        )
    if Step.Action.RING in kinds:
        found = found.prefetch_related(
            Prefetch("ringing", belonging(StepTarget).select_related("port__number", "forwarding"))
        )
    return list(found.order_by("position"))


def _plan_limits(values: Mapping[str, Any]) -> Limits:
    return Limits(values.get("lines"), values.get("duration_s"), own(step_limit(values)))


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
        limits=_plan_limits(step.limits or {}),
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
            return JoinConference(room.pk, room.pin, room.language, room.max_members, room.record)
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
    things = [
        (Extras.of(thing.extras), agent.port is None or agent.port.media_through_server)
        for agent in agents
        if (thing := agent.port or agent.forwarding)
    ]
    return EnterQueue(
        queue_id=queue.pk,
        extras=Extras.of(queue.extras),
        strategy=queue.strategy,
        language=queue.language,
        pickup_group_id=queue.pickup_group_id,
        agents=len(agents),
        marks=any(mark_letters(extras) for extras, _ in things),
        keys=any(by_keys(extras, keys=heard) for extras, heard in things),
        unknown=(
            *(dial_forwarding(agent.forwarding) for agent in agents if agent.forwarding),
            *(dial_port(agent.port) for agent in agents if agent.port and agent.port.kind != Port.Kind.SIP),
        ),
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
