"""What is probably not meant in a dialplan. Pure; warnings never block a save.

Source: the manual's «от меньшего к большему» trap (S98), S105 (a missing level is legal and no warning).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ats.dialplan.calendar import DAY_MINUTES, parts
from ats.dialplan.graph import Levels
from ats.dialplan.limitplan import Limits
from ats.dialplan.model import (
    CallBack,
    ClientPlan,
    DialForwarding,
    DialPort,
    EnterMenu,
    EnterQueue,
    GoNumber,
    Holidays,
    NumberPlan,
    Outcome,
    RingAll,
    Step,
)
from ats.dialplan.policies import forwardings

_WEEK = 7 * DAY_MINUTES
_ALL = (1 << _WEEK) - 1


@dataclass(frozen=True, slots=True)
class Warning:
    """`code` has its words in `ats.api.messages` as `lint_<code>`; `minute`: of the week, Monday 00:00 is 0."""

    code: str
    step_id: int | None = None
    level: int | None = None
    minute: int | None = None
    other_id: int | None = None
    # Of a loop: its levels, or its numbers, in order, the first one again at the end.
    way: tuple[int, ...] | tuple[str, ...] = ()
    key: str = ""  # of a menu


def lint(plan: ClientPlan, number_id: int) -> list[Warning]:
    """Warnings of one number, in the order of its steps. KeyError: no such number."""
    numbers = {number.id: number for number in plan.numbers}
    number = numbers[number_id]
    if not number.steps:
        return [Warning("no_steps")] if number.external else []
    levels = Levels(number)
    reached = _reached(levels)
    found = [
        Warning("unreachable", step.id, step.level) for step in number.steps if step.level not in reached
    ]
    for level in sorted(reached):
        found += _windows(level, levels.steps(level))
    found += _loops(levels, reached)
    found += _rounds(numbers, number)
    for step in number.steps:
        found += _things(plan, numbers, number, step)
    order = {step.id: index for index, step in enumerate(number.steps)}
    return sorted(found, key=lambda one: order.get(one.step_id or 0, -1))


def _reached(levels: Levels) -> set[int]:
    reached: set[int] = set()
    queue = [levels.first]
    while queue:
        level = queue.pop()
        if level is None or level in reached or level not in levels:
            continue
        reached.add(level)
        for step in levels.steps(level):
            queue += _ways(step).values()
    return reached


def _ways(step: Step) -> dict[Outcome, int]:
    """The arrows that can be taken at all: «Переадресация» leaves no other."""
    forward = step.targets.get(Outcome.FORWARD)
    return dict(step.targets) if forward is None else {Outcome.FORWARD: forward}


def _minutes(step: Step) -> int:
    """The minutes of a week the step's window covers, as bits."""
    bits = 0
    for part in parts(step.calendar):
        for day in range(7):
            if part.days >> day & 1:
                bits |= ((1 << (part.end - part.start)) - 1) << (day * DAY_MINUTES + part.start)
    return bits


def _depends_on_date(step: Step) -> bool:
    calendar = step.calendar
    dated = calendar.date_from is not None or calendar.date_to is not None
    return dated or calendar.holidays is not Holidays.ANY


def _windows(level: int, steps: Iterable[Step]) -> Iterator[Warning]:
    covered = any_date = 0
    before: list[tuple[Step, int]] = []
    for step in steps:
        own = _minutes(step)
        any_date |= own
        if own & ~covered == 0:
            over = next((other.id for other, bits in before if bits & own), None)
            yield Warning("shadowed", step.id, level, other_id=over)
        if not _depends_on_date(step):
            covered |= own
            before.append((step, own))
    gap = _ALL & ~any_date
    if gap:
        yield Warning("gap", None, level, (gap & -gap).bit_length() - 1)


def _loops(levels: Levels, reached: set[int]) -> Iterator[Warning]:
    """A way round on which nobody ever talks: it ends only by the loop guard or when the caller gives up."""
    edges = {
        level: {
            target
            for step in levels.steps(level)
            for outcome, target in _ways(step).items()
            if outcome is not Outcome.ANSWERED and target in reached
        }
        for level in reached
    }
    told: set[int] = set()
    for level in sorted(reached):
        if level in told:
            continue
        seen: set[int] = set()
        queue = list(edges[level])
        while queue:
            here = queue.pop()
            if here not in seen:
                seen.add(here)
                queue += edges[here]
        if level in seen:
            round_trip = {other for other in seen if level in _from(edges, other)}
            told |= round_trip
            yield Warning("loop", levels.steps(level)[0].id, level, way=_way_back(edges, level))


def _way_back(edges: dict[int, set[int]], start: int) -> tuple[int, ...]:
    """The shortest way from a level round to itself."""
    ways: list[tuple[int, ...]] = [(start,)]
    seen: set[int] = set()
    while True:
        way = ways.pop(0)
        for target in sorted(edges[way[-1]]):
            if target == start:
                return (*way, start)
            if target not in seen:
                seen.add(target)
                ways.append((*way, target))


def _from(edges: dict[int, set[int]], start: int) -> set[int]:
    seen: set[int] = set()
    queue = list(edges[start])
    while queue:
        here = queue.pop()
        if here not in seen:
            seen.add(here)
            queue += edges[here]
    return seen


def _rounds(numbers: dict[int, NumberPlan], number: NumberPlan) -> Iterator[Warning]:
    """Numbers that lead to each other and at last to this one again, each by a step that somebody can get to."""
    ways: dict[int, tuple[NumberPlan, ...]] = {}  # to every number it leads to: the shortest
    queue: list[tuple[NumberPlan, ...]] = [(number,)]
    while queue:
        way = queue.pop(0)
        for step in _onward(way[-1]):
            there = numbers.get(step.action.number_id) if isinstance(step.action, GoNumber) else None
            if there is None:
                continue
            if there.id == number.id:
                first = next(one for one in _onward(number) if _leads_to(one, (*way, number)[1]))
                digits = tuple(one.digits for one in (*way, number))
                yield Warning("round", first.id, first.level, way=digits)
                return
            if there.id not in ways:
                ways[there.id] = (*way, there)
                queue.append(ways[there.id])


def _onward(number: NumberPlan) -> list[Step]:
    """Steps of a number that hand the call to another one."""
    going = [
        step
        for step in number.steps
        if isinstance(step.action, GoNumber) and Outcome.FORWARD not in step.targets
    ]
    if not going:
        return []
    reached = _reached(Levels(number))
    return [step for step in going if step.level in reached]


def _leads_to(step: Step, number: NumberPlan) -> bool:
    return isinstance(step.action, GoNumber) and step.action.number_id == number.id


def _things(
    plan: ClientPlan, numbers: dict[int, NumberPlan], number: NumberPlan, step: Step
) -> Iterator[Warning]:
    if Outcome.FORWARD in step.targets:
        return
    match step.action:
        case DialPort(is_active=False):
            yield Warning("inactive_port", step.id, step.level)
        case RingAll(members=members) if not any(
            isinstance(one, DialForwarding) or one.is_active for one in members
        ):
            yield Warning("inactive_port", step.id, step.level)
        case GoNumber(number_id=target) | CallBack(number_id=target):
            if target not in numbers or not numbers[target].steps:
                yield Warning("empty_number", step.id, step.level)
        case EnterQueue(agents=0):
            yield Warning("empty_queue", step.id, step.level)
        case EnterMenu(menu_id=menu_id):
            yield from _menu(plan, numbers, step, menu_id)
    outside = list(forwardings(step))
    if not outside and not isinstance(step.action, CallBack):
        return
    if not any(number.external for number in plan.numbers):
        yield Warning("no_clip", step.id, step.level)
    if _limitless(plan, number, step, outside):
        yield Warning("paid_unlimited", step.id, step.level)


def _menu(plan: ClientPlan, numbers: dict[int, NumberPlan], step: Step, menu_id: int) -> Iterator[Warning]:
    menu = next((one for one in plan.menus if one.id == menu_id), None)
    if menu is None:
        return
    if not menu.keys and not menu.extension_dial:
        yield Warning("deaf_menu", step.id, step.level)
    for key, target in sorted(menu.keys.items()):
        if target not in numbers or not numbers[target].steps:
            yield Warning("empty_key", step.id, step.level, key=key)


def _limitless(plan: ClientPlan, number: NumberPlan, step: Step, outside: list[DialForwarding]) -> bool:
    """Whether nothing bounds what the step can cost: no limit of its own, of its queue or its numbers outside, of its
    number's user, of the client."""
    limits, user = plan.limits, plan.limits.users.get(number.owner_id or 0)
    own = limits.client
    if step.limits != Limits() or own.counted or own.lines_out is not None or own.duration_out_s is not None:
        return False
    if user is not None and user.limits_out:
        return False
    if isinstance(step.action, EnterQueue) and limits.elements.get(("queue", step.action.queue_id)):
        return False
    elements = [limits.elements.get(("forwarding", one.forwarding_id), Limits()) for one in outside]
    return not elements or any(one == Limits() for one in elements)
