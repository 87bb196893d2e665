"""Walks a call through a client's dialplan without an engine: the same semantics as the compiled text.

The path it returns must equal what the real engine writes for the same call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from ats.dialplan.calendar import Miss, why_not
from ats.dialplan.elements.base import CAUSE, ENTRY_CAUSE
from ats.dialplan.elements.outside import CALLBACK_CAUSE
from ats.dialplan.graph import MAX_PATH, MAX_STEPS, Levels, guarded_numbers
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
class Stage:
    """One word of the path with what led to it. `passed`: steps of the level that do not apply now, and why."""

    word: str
    number_id: int
    step: Step | None = None
    level: int | None = None
    via: Outcome | None = None
    passed: tuple[tuple[Step, Miss], ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """`path`: tokens as the engine writes them; `cause`: Q.850 given to the caller; `stages`: the same, explained."""

    path: str
    cause: int
    stages: tuple[Stage, ...] = field(default=(), compare=False, repr=False)


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
    return Walk(" ".join(stage.word for stage in walker.stages), cause, tuple(walker.stages))


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
        self._guarded = guarded_numbers(plan)
        self._taken = 0
        self._length = 0  # of the path as the engine has it, with a space before each word
        self.stages: list[Stage] = []

    def number(self, number_id: int) -> int:
        """Walks one number; returns the cause it ends with."""
        number = self._numbers[number_id]
        levels = Levels(number)
        note = partial(self._note, number_id)
        note(f"{self._plan.client_id}/{self._plan.version}/{number.id}")
        level = levels.first
        if level is None:
            note("!")
            return ENTRY_CAUSE
        via: Outcome | None = None
        while True:
            letter = via.value if via is not None else ""
            ending = CAUSE[via] if via is not None else ENTRY_CAUSE
            if level not in levels:
                note(f"{letter}!{level}", level=level, via=via)
                return ending
            step, passed = self._choose(number, levels, level)
            if step is None:
                note(f"{letter}?{level}", level=level, via=via, passed=passed)
                return ending
            if number_id in self._guarded and self._too_far(letter):
                note(f"{letter} !loop".strip(), via=via)
                raise _CallEnds(ENTRY_CAUSE)
            note(f"{letter}{step.id}", step=step, level=level, via=via, passed=passed)
            via = self._outcome(number_id, step)
            target = step.targets.get(via)
            if target is None:
                note(f"{via}-", step=step, via=via)
                return CAUSE[via]
            level = target

    def _too_far(self, letter: str | None) -> bool:
        """The loop guard before a step: the letter of the arrow (or a space) stands in the path already. None: before
        a number that was keyed in a menu."""
        self._taken += 1
        return self._taken > MAX_STEPS or self._length + (0 if letter is None else 1 + len(letter)) > MAX_PATH

    def _note(self, number_id: int, word: str, **why: Any) -> None:
        self._length += 1 + len(word)
        self.stages.append(Stage(word, number_id, **why))

    def _choose(
        self, number: NumberPlan, levels: Levels, level: int
    ) -> tuple[Step | None, tuple[tuple[Step, Miss], ...]]:
        local = self._when.astimezone(ZoneInfo(number.time_zone))
        passed: list[tuple[Step, Miss]] = []
        for step in levels.steps(level):
            miss = why_not(step.calendar, local, self._plan.holidays)
            if miss is None:
                return step, tuple(passed)
            passed.append((step, miss))
        return None, tuple(passed)

    def _outcome(self, number_id: int, step: Step) -> Outcome:
        if Outcome.FORWARD in step.targets:
            return Outcome.FORWARD
        match step.action:
            case GoNumber(number_id=inner):
                return _OUTCOME_OF_CAUSE[self.number(inner)]
            case EnterMenu(menu_id=menu_id):
                return self._menu(number_id, step, self._menus[menu_id])
            case HangUp(cause=cause):
                self._note(number_id, f"h{cause}", step=step)
                raise _CallEnds(cause)
            case CallBack():
                self._note(number_id, f"h{CALLBACK_CAUSE}", step=step)
                raise _CallEnds(CALLBACK_CAUSE)
            case DialPort(is_active=False):
                return Outcome.NO_ROUTE
            case RingAll(members=members) if not any(_rings(member) for member in members):
                return Outcome.NO_ROUTE
            case _:
                return self._decide(step)

    def _menu(self, number_id: int, step: Step, menu: MenuPlan) -> Outcome:
        for attempt in range(1, menu.attempts + 1):
            keyed = self._press(step, attempt)
            if not keyed:
                continue
            self._note(number_id, f"k{keyed}", step=step)
            inner = menu.keys.get(keyed)
            if inner is None and menu.extension_dial:
                inner = self._internal.get(keyed)
                if inner is not None and self._too_far(None):
                    self._note(number_id, "!loop")
                    raise _CallEnds(ENTRY_CAUSE)
            if inner in self._numbers:
                return _OUTCOME_OF_CAUSE[self.number(inner)]
        return Outcome.NO_ANSWER


def _rings(member: DialPort | DialForwarding) -> bool:
    return isinstance(member, DialForwarding) or member.is_active
