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
from ats.dialplan.menuplan import MenuPlan
from ats.dialplan.model import (
    CallBack,
    ClientPlan,
    DialForwarding,
    DialPort,
    EnterMenu,
    GoNumber,
    HangUp,
    NumberPlan,
    Outcome,
    RingAll,
    Step,
)

# Asks how the action of a step ends; not asked for forwards, nested numbers and hang-ups.
Decide = Callable[[Step], Outcome]
# Asks what the caller keys in a voice menu at an attempt (1 …); empty: nothing.
Press = Callable[[Step, int], str]


def _silent(_step: Step, _attempt: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Walk:
    """`path`: tokens as the engine writes them; `cause`: Q.850 given to the caller."""

    path: str
    cause: int


class _CallEnds(Exception):
    def __init__(self, cause: int) -> None:
        self.cause = cause


def simulate(
    plan: ClientPlan, number_id: int, when: datetime, decide: Decide, press: Press = _silent
) -> Walk:
    """The walk of a call that enters `number_id` at `when` (an aware time). KeyError: no such number."""
    walker = _Walker(plan, when, decide, press)
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
    def __init__(self, plan: ClientPlan, when: datetime, decide: Decide, press: Press) -> None:
        self._plan = plan
        self._numbers = {number.id: number for number in plan.numbers}
        self._when = when
        self._decide = decide
        self._press = press
        self._menus = {menu.id: menu for menu in plan.menus}
        self._internal = {number.digits: number.id for number in plan.numbers if not number.external}
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
            case EnterMenu(menu_id=menu_id):
                return self._menu(step, self._menus[menu_id])
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

    def _menu(self, step: Step, menu: MenuPlan) -> Outcome:
        for attempt in range(1, menu.attempts + 1):
            keyed = self._press(step, attempt)
            if not keyed:
                continue
            self.tokens.append(f"k{keyed}")
            number_id = menu.keys.get(keyed)
            if number_id is None and menu.extension_dial:
                number_id = self._internal.get(keyed)
            if number_id in self._numbers:
                return _OUTCOME_OF_CAUSE[self.number(number_id)]
        return Outcome.NO_ANSWER


def _rings(member: DialPort | DialForwarding) -> bool:
    return isinstance(member, DialForwarding) or member.is_active
