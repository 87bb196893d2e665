"""Changes to the queues of a client and to the state of their agents (S115-S128)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.dialplan.extras import Extras
from ats.errors import Conflict, Fault, Invalid, Missing, invalid, places
from ats.forwarding.models import Forwarding
from ats.pickup.models import PickupGroup
from ats.ports.models import Port
from ats.ports.usage import at_steps
from ats.queues.models import Agent, Queue

MAX_AGENTS = 100
ORDERS = ("login", "logout", "pause", "unpause")
_UNSEEN_BY_ENGINE = frozenset({"name", "description"})


def _extras(value: Any) -> dict[str, bool]:
    return Extras.of(value).stored()


_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "strategy": checks.one_of(Queue.Strategy.values),
    "language": checks.one_of(("", *checks.LANGUAGES)),
    "extras": _extras,
    "max_waiting": checks.whole(0, 1000),
    "ring_s": checks.whole(3, 600),
    "retry_s": checks.whole(1, 60),
    "wrapup_s": checks.whole(0, 3600),
    "announce_place": checks.flag,
    "announce_every_s": checks.whole(10, 3600),
}

_Key = tuple[int | None, int | None]  # port id, forwarding id


@transaction.atomic
def create_queue(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Queue:
    """Create a queue of the client in scope with its agents in the order given. Raises Invalid."""
    fields = _accepted(values)
    agents = _agents(values.get("agents") or ())
    queue = Queue(client_id=client_id, **fields)
    _save(queue)
    _set_agents(queue, agents)
    record(actor, client_id, "create", queue, after={**fields, "agents": _words(agents)})
    bump(client_id)
    return queue


@transaction.atomic
def update_queue(actor: User | None, queue_id: int, values: Mapping[str, Any]) -> Queue:
    """Change a queue in scope; only the fields given. `agents` replaces the whole list; who stays keeps his state.

    Raises Missing, Invalid.
    """
    queue = _locked(queue_id)
    before, after = apply(queue, _accepted(values))
    if after:
        _save(queue)
    if values.get("agents") is not None:
        wanted = _agents(values["agents"])
        had = list(queue.agents.values_list("port_id", "forwarding_id"))
        if had != wanted:
            before["agents"], after["agents"] = _words(had), _words(wanted)
            _set_agents(queue, wanted)
    if after:
        record(actor, queue.client_id, "update", queue, before=before, after=after)
        if after.keys() - _UNSEEN_BY_ENGINE:
            bump(queue.client_id)
    return queue


@transaction.atomic
def delete_queue(actor: User | None, queue_id: int) -> None:
    """Delete a queue in scope. Raises Missing; Conflict saying which dialplans lead to it."""
    queue = _locked(queue_id)
    if where := at_steps(queue.steps.all()):
        raise Conflict("in_use", where=places(where))
    client_id = queue.client_id
    before = {**fields_of(queue, (*_CHECKS, "pickup_group_id")), "agents": agents_of(queue)}
    record(actor, client_id, "delete", queue, before=before)
    queue.delete()
    bump(client_id)


@transaction.atomic
def order_agent(actor: User | None, queue_id: int, agent_id: int, order: str) -> Agent:
    """Log an agent of a queue in scope in or out, or pause him. Raises Missing, Invalid.

    The engine's nodes do it with their next push; a code dialled on the telephone may change it again.
    """
    if order not in ORDERS:
        raise invalid("order", "not_allowed", allowed=", ".join(ORDERS))
    agent = Agent.objects.select_for_update().filter(pk=agent_id, queue=queue_id).first()
    if agent is None:
        raise Missing
    Agent.objects.filter(pk=agent.pk).update(order=order, order_no=F("order_no") + 1)
    queue = agent.queue
    record(actor, queue.client_id, order, agent, name=f"{queue.name}: {agent.port or agent.forwarding}")
    bump(queue.client_id)
    return agent


def _accepted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Checked fields of a queue. Raises Invalid."""
    fields = checks.clean(values, _CHECKS)
    if "pickup_group_id" in values:
        group = values["pickup_group_id"]
        if group is not None and not PickupGroup.objects.filter(pk=group).exists():
            raise invalid("pickup_group_id", "not_own")
        fields["pickup_group_id"] = group
    return fields


def _agents(given: Sequence[Mapping[str, Any]]) -> list[_Key]:
    """(port id, forwarding id) of each agent, all of the client in scope. Raises Invalid naming every fault."""
    if len(given) > MAX_AGENTS:
        raise invalid("agents", "too_many", max=MAX_AGENTS)
    ports = set(Port.objects.filter(connection=Port.Connection.SUBSCRIBER).values_list("pk", flat=True))
    forwardings = set(Forwarding.objects.values_list("pk", flat=True))
    faults: dict[str, Fault] = {}
    keys: list[_Key] = []
    for index, agent in enumerate(given):
        port, forwarding = agent.get("port_id"), agent.get("forwarding_id")
        path = f"agents.{index}"
        if (port is None) == (forwarding is None):
            faults[f"{path}.port_id"] = Fault("agent_port_or_forwarding")
        elif port is not None and port not in ports:
            faults[f"{path}.port_id"] = Fault("not_own")
        elif forwarding is not None and forwarding not in forwardings:
            faults[f"{path}.forwarding_id"] = Fault("not_own")
        elif (port, forwarding) in keys:
            faults[f"{path}.port_id"] = Fault("twice")
        keys.append((port, forwarding))
    if faults:
        raise Invalid(faults)
    return keys


def _set_agents(queue: Queue, wanted: Sequence[_Key]) -> None:
    """Make the queue have exactly these agents in this order; rows that stay keep their ids."""
    rows = {(agent.port_id, agent.forwarding_id): agent for agent in queue.agents.all()}
    queue.agents.exclude(pk__in=[agent.pk for key, agent in rows.items() if key in wanted]).delete()
    for position, key in enumerate(wanted):
        agent = rows.get(key) or Agent(queue=queue, port_id=key[0], forwarding_id=key[1])
        agent.position = position
        agent.save()


def agents_of(queue: Queue) -> list[str]:
    """Agents of a queue as the audit names them: «port 5», «forwarding 2»."""
    return _words(list(queue.agents.values_list("port_id", "forwarding_id")))


def _words(agents: Sequence[_Key]) -> list[str]:
    return [f"port {port}" if port else f"forwarding {forwarding}" for port, forwarding in agents]


def _save(queue: Queue) -> None:
    try:
        with transaction.atomic():
            queue.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(queue_id: int) -> Queue:
    queue = Queue.objects.select_for_update().filter(pk=queue_id).first()
    if queue is None:
        raise Missing
    return queue
