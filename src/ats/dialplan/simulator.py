"""Walks a call through a client's dialplan without an engine: the same semantics as the compiled text.

The path it returns must equal what the real engine writes for the same call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ats.dialplan.calendar import matches
from ats.dialplan.elements.base import CAUSE, ENTRY_CAUSE
from ats.dialplan.elements.outside import CALLBACK_CAUSE
from ats.dialplan.graph import MAX_STEPS, Levels
from ats.dialplan.model import (
    CallBack,
    ClientPlan,
    DialForwarding,
    DialPort,
    GoNumber,
    HangUp,
    NumberPlan,
    Outcome,
    RingAll,
    Step,
)

# Asks how the action of a step ends; not asked for forwards, nested numbers and hang-ups.
Decide = Callable[[Step], Outcome]


@dataclass(frozen=True, slots=True)
class Walk:
    """`path`: tokens as the engine writes them; `cause`: Q.850 given to the caller."""

    path: str
    cause: int


class _CallEnds(Exception):
    def __init__(self, cause: int) -> None:
        self.cause = cause


def simulate(plan: ClientPlan, number_id: int, when: datetime, decide: Decide) -> Walk:
    """The walk of a call that enters `number_id` at `when` (an aware time). KeyError: no such number."""
    walker = _Walker(plan, when, decide)
    try:
        cause = walker.number(number_id)
    except _CallEnds as end:
        cause = end.cause
    return Walk(" ".join(walker.tokens), cause)


_OUTCOME_OF_CAUSE = {
    16: Outcome.ANSWERED,
    19: Outcome.NO_ANSWER,
    17: Outcome.BUSY,
    20: Outcome.NO_ROUTE,
}


class _Walker:
    def __init__(self, plan: ClientPlan, when: datetime, decide: Decide) -> None:
        self._plan = plan
        self._numbers = {number.id: number for number in plan.numbers}
        self._when = when
        self._decide = decide
        self._taken = 0
        self.tokens: list[str] = []

    def number(self, number_id: int) -> int:
        """Walks one number; returns the cause it ends with."""
        number = self._numbers[number_id]
        levels = Levels(number)
        self.tokens.append(f"{self._plan.client_id}/{self._plan.version}/{number.id}")
        level = levels.first
        if level is None:
            self.tokens.append("!")
            return ENTRY_CAUSE
        via: Outcome | None = None
        while True:
            letter = via.value if via is not None else ""
            if level not in levels:
                self.tokens.append(f"{letter}!{level}")
                return CAUSE[via] if via is not None else ENTRY_CAUSE
            step = self._choose(number, levels, level)
            if step is None:
                self.tokens.append(f"{letter}?{level}")
                return CAUSE[via] if via is not None else ENTRY_CAUSE
            self._taken += 1
            if self._taken > MAX_STEPS:
                if letter:
                    self.tokens.append(letter)
                self.tokens.append("!loop")
                raise _CallEnds(ENTRY_CAUSE)
            self.tokens.append(f"{letter}{step.id}")
            via = self._outcome(step)
            target = step.targets.get(via)
            if target is None:
                self.tokens.append(f"{via}-")
                return CAUSE[via]
            level = target

    def _choose(self, number: NumberPlan, levels: Levels, level: int) -> Step | None:
        local = self._when.astimezone(ZoneInfo(number.time_zone))
        holidays = self._plan.holidays
        return next((step for step in levels.steps(level) if matches(step.calendar, local, holidays)), None)

    def _outcome(self, step: Step) -> Outcome:
        if Outcome.FORWARD in step.targets:
            return Outcome.FORWARD
        match step.action:
            case GoNumber(number_id=number_id):
                return _OUTCOME_OF_CAUSE[self.number(number_id)]
            case HangUp(cause=cause):
                self.tokens.append(f"h{cause}")
                raise _CallEnds(cause)
            case CallBack():
                self.tokens.append(f"h{CALLBACK_CAUSE}")
                raise _CallEnds(CALLBACK_CAUSE)
            case DialPort(is_active=False):
                return Outcome.NO_ROUTE
            case RingAll(members=members) if not any(_rings(member) for member in members):
                return Outcome.NO_ROUTE
            case _:
                return self._decide(step)


def _rings(member: DialPort | DialForwarding) -> bool:
    return isinstance(member, DialForwarding) or member.is_active
