"""The steps of a number by level, and whether a call could walk further than the loop guard allows."""

from collections.abc import Iterable, Mapping

from ats.dialplan.menuplan import MenuPlan
from ats.dialplan.model import CallBack, ClientPlan, EnterMenu, GoNumber, HangUp, NumberPlan, Outcome, Step

MAX_STEPS = 100  # a call that passes more ends (loop guard)
# A call whose path is longer when it comes to the next step ends too: the engine cuts a journal line at 1,023 bytes,
# and besides the path there stand names, and what the last step adds.
MAX_PATH = 600


class Levels:
    """Levels of one number; the steps of a level stay in order of creation (S98)."""

    def __init__(self, number: NumberPlan) -> None:
        self.number = number
        self._by_level: dict[int, list[Step]] = {}
        for step in number.steps:
            self._by_level.setdefault(step.level, []).append(step)

    @property
    def first(self) -> int | None:
        """The level a call enters; None when the number has no steps."""
        return min(self._by_level, default=None)

    def __contains__(self, level: int) -> bool:
        return level in self._by_level

    def steps(self, level: int) -> list[Step]:
        return self._by_level[level]

    def items(self) -> Iterable[tuple[int, list[Step]]]:
        return sorted(self._by_level.items())


def guarded_numbers(plan: ClientPlan) -> frozenset[int]:
    """Ids of numbers whose steps must be guarded: from them, more than MAX_STEPS steps are possible, or a path of
    more than MAX_PATH characters.

    Guarding costs a little on every step, and nearly every real dialplan is a short tree.
    """
    levels = {number.id: Levels(number) for number in plan.numbers}
    menus = {menu.id: menu for menu in plan.menus}
    walks = (_LongestWalk(levels, menus), _LongestPath(plan, levels, menus))
    guarded = {
        number.id
        for number in plan.numbers
        if any(walk.from_number(number.id, 0) > walk.most for walk in walks)
    }
    # A number called from a guarded one takes part in the same count.
    queue = list(guarded)
    while queue:
        for step in levels[queue.pop()].number.steps:
            for number_id in _inner(step, menus):
                if number_id in levels and number_id not in guarded:
                    guarded.add(number_id)
                    queue.append(number_id)
    return frozenset(guarded)


def _inner(step: Step, menus: Mapping[int, MenuPlan]) -> Iterable[int]:
    """Numbers a step may hand the call to. Keyed internal numbers are counted where they are keyed (`elements.menus`):
    every number of the client would be guarded else."""
    match step.action:
        case GoNumber(number_id=number_id):
            return (number_id,)
        case EnterMenu(menu_id=menu_id) if menu_id in menus:
            return set(menus[menu_id].keys.values())
        case _:
            return ()


class _LongestWalk:
    """Longest possible walk in steps, cut off above `most`; a cycle counts as too long."""

    most = MAX_STEPS

    def __init__(self, levels: dict[int, Levels], menus: Mapping[int, MenuPlan]) -> None:
        self._levels = levels
        self._menus = menus
        self._known: dict[tuple[int, int], int] = {}
        self._open: set[tuple[int, int]] = set()

    def from_number(self, number_id: int, depth: int) -> int:
        levels = self._levels.get(number_id)
        if levels is None:
            return 0
        inside = 0 if levels.first is None else self._from_level(number_id, levels.first, depth)
        return self._entry(number_id) + inside

    def _entry(self, number_id: int) -> int:
        """What entering and leaving a number adds."""
        return 0

    def _own(self, step: Step) -> int:
        """What a step itself adds."""
        return 1

    def _from_level(self, number_id: int, level: int, depth: int) -> int:
        levels = self._levels[number_id]
        if level not in levels:
            return 0
        key = (number_id, level)
        if key in self._known:
            return self._known[key]
        if key in self._open or depth > MAX_STEPS:
            return self.most + 1
        self._open.add(key)
        length = max(self._from_step(number_id, step, depth + 1) for step in levels.steps(level))
        length = min(self.most + 1, length)
        self._open.discard(key)
        self._known[key] = length
        return length

    def _from_step(self, number_id: int, step: Step, depth: int) -> int:
        forward = step.targets.get(Outcome.FORWARD)
        if forward is not None:
            return self._own(step) + self._from_level(number_id, forward, depth)
        numbers = _inner(step, self._menus)
        inner = max((self.from_number(number_id, depth) for number_id in numbers), default=0)
        after = [self._from_level(number_id, level, depth) for level in step.targets.values()]
        return self._own(step) + inner + max(after, default=0)


class _LongestPath(_LongestWalk):
    """The same in characters of the path (dialplan/path.py), each word with the space before it."""

    most = MAX_PATH

    def __init__(self, plan: ClientPlan, levels: dict[int, Levels], menus: Mapping[int, MenuPlan]) -> None:
        super().__init__(levels, menus)
        self._head = len(f" {plan.client_id}/{plan.version}/")
        self._keyed = max((len(number.digits) for number in plan.numbers if not number.external), default=1)

    def _entry(self, number_id: int) -> int:
        steps = self._levels[number_id].number.steps
        targets = [level for step in steps for level in (step.level, *step.targets.values())]
        ending = len(f" n!{max(targets, default=0)}")
        return self._head + len(str(number_id)) + ending

    def _own(self, step: Step) -> int:
        match step.action:
            case EnterMenu(menu_id=menu_id) if menu_id in self._menus:
                menu = self._menus[menu_id]
                more = menu.attempts * len(" k") + menu.attempts * (self._keyed if menu.extension_dial else 1)
            case HangUp() | CallBack():
                more = len(" h127")
            case _:
                more = 0
        return len(f" n{step.id}") + more
