"""The dialplan of one client as plain values: what the compiler and the simulator both read.

No Django here: `numbering.queries` turns rows into these. Semantics: manual S87-S113, docs/architecture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """How a step (or a whole number) ended; the value is the letter used in path tokens."""

    FORWARD = "f"
    ANSWERED = "a"
    NO_ANSWER = "n"
    BUSY = "b"
    NO_ROUTE = "r"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a step applies. `days`: bits, Monday = 1; window [from, to) in minutes, from > to crosses midnight
    and then belongs to the day it starts on; dates inclusive. The default is always (S96)."""

    days: int = 127
    time_from: int = 0
    time_to: int = 1440
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True, slots=True)
class DialPort:
    """Ring a port; an inactive one is «Нет маршрута» at once."""

    port_id: int
    endpoint: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class PlaySound:
    """Answer and play $ATS_HOME/media/<client>/<sound>.wav."""

    sound_id: int


@dataclass(frozen=True, slots=True)
class GoNumber:
    """Hand the call to another internal number of the same client; its outcome is this step's outcome."""

    number_id: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call at once with a Q.850 cause."""

    cause: int = 16


Action = DialPort | PlaySound | GoNumber | HangUp


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Targets are level numbers; a missing key means «not set» (the call ends)."""

    id: int
    level: int
    action: Action
    calendar: Calendar = Calendar()
    timeout_s: int | None = None
    targets: Mapping[Outcome, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A number with its steps in order of creation. `external` numbers are reachable from the city."""

    id: int
    digits: str
    external: bool
    time_zone: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """Everything the compiler needs of one client."""

    client_id: int
    version: int
    area_code: str
    numbers: tuple[NumberPlan, ...]


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """A trunk in a route; `number_format` is e164 | plus | national (ports.Port.NumberFormat)."""

    port_id: int
    endpoint: str
    number_format: str


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """E.164 prefix ("" = all) → trunks tried in order."""

    prefix: str
    trunks: tuple[TrunkPlan, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One engine priority. `exten` may be a pattern (`_X!`)."""

    context: str
    exten: str
    priority: int
    app: str
    data: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """`lines`: the versioned contexts; `pointers`: lines whose replacement is the flip, pushed last."""

    version: int
    lines: tuple[Line, ...]
    pointers: tuple[Line, ...]
    dids: tuple[str, ...] = ()  # external numbers; each has a line in context `did` among the pointers
