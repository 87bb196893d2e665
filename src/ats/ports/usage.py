"""Where things are used: what a refusal to delete them says."""

from django.db.models import Q, QuerySet

from ats.errors import Fault, places
from ats.forwarding.models import Forwarding
from ats.menus.models import MenuKey
from ats.numbering import e164
from ats.numbering.models import Number, Step
from ats.ports.models import Port, RouteTrunk
from ats.queues.models import Agent


def uses_of_number(number: Number) -> tuple[Fault, ...]:
    """Dialplans of other numbers, ports, voice menus and campaigns that name this number."""
    steps = Step.objects.filter(to_number=number).exclude(number=number)
    ports = Port.objects.filter(Q(number=number) | Q(clip=number)).order_by("name")
    campaigns = number.campaigns.order_by("name").values_list("name", flat=True)
    keys = MenuKey.objects.filter(number=number).select_related("menu").order_by("menu__name")
    return places(
        [
            *at_steps(steps),
            *(Fault("at_port", {"name": port.name}) for port in ports),
            *(Fault("at_menu", {"name": key.menu.name}) for key in keys),
            *(Fault("at_campaign", {"name": name}) for name in campaigns),
        ]
    )


def uses_of_port(port: Port) -> tuple[Fault, ...]:
    """Dialplans, queues and routes that name this port."""
    agents = Agent.objects.filter(port=port).select_related("queue").order_by("queue__name")
    routes = RouteTrunk.objects.filter(trunk=port).select_related("route").order_by("route__prefix")
    return places(
        [
            *at_steps(Step.objects.filter(Q(port=port) | Q(ringing__port=port))),
            *(Fault("at_queue", {"name": agent.queue.name}) for agent in agents),
            *(Fault("at_route", {"prefix": item.route.prefix or "*"}) for item in routes),
        ]
    )


def uses_of_forwarding(forwarding: Forwarding) -> tuple[Fault, ...]:
    """Dialplans and queues that ring this forwarding number."""
    steps = Step.objects.filter(Q(forwarding=forwarding) | Q(ringing__forwarding=forwarding)).distinct()
    agents = forwarding.queue_agents.select_related("queue").order_by("queue__name")
    return places([*at_steps(steps), *(Fault("at_queue", {"name": one.queue.name}) for one in agents)])


def at_steps(steps: QuerySet[Step]) -> list[Fault]:
    """Each of these steps as a place where something is used."""
    return [
        Fault("at_step", {"number": _written(step.number), "level": step.level})
        for step in steps.select_related("number").order_by("number__digits", "level", "position")
    ]


def _written(number: Number) -> str:
    return e164.display(number.digits) if number.kind == Number.Kind.EXTERNAL else number.digits
