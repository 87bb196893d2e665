"""A client's queues as plain values: what the compiler and the writer of engine.db read. Pure."""

from dataclasses import dataclass

from ats.dialplan.extras import Extras
from ats.dialplan.technology import channel


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """A port (its endpoint's name) or a number outside. `order`: login | logout | pause | unpause, as the cabinet
    asked last, the `order_no`-th asking; "" never."""

    agent_id: int
    endpoint: str
    digits: str  # E.164 of the forwarding number, "" for a port
    order: str = ""
    order_no: int = 0
    kind: str = "sip"  # of the port

    @property
    def telephone(self) -> str:
        """The port as the engine rings it; "" for a number outside."""
        return channel(self.kind, self.endpoint) if self.endpoint else ""


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """`max_waiting` 0: no limit; `agents` in the order the client gave them."""

    queue_id: int
    client_id: int
    strategy: str
    language: str
    pickup_group_id: int | None
    extras: Extras
    max_waiting: int
    ring_s: int
    retry_s: int
    wrapup_s: int
    announce_place: bool
    announce_every_s: int
    agents: tuple[AgentPlan, ...]

    @property
    def name(self) -> str:
        """What the engine calls it."""
        return f"q{self.queue_id}"
