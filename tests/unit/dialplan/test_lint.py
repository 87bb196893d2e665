"""Each warning with a dialplan that has it and one that has not."""

from dataclasses import replace
from datetime import date

import pytest

from ats.dialplan.limitplan import OwnLimits, PlanLimits
from ats.dialplan.lint import lint
from ats.dialplan.menuplan import MenuPlan
from ats.dialplan.model import (
    Calendar,
    CallBack,
    ClientPlan,
    DialForwarding,
    DialPort,
    EnterMenu,
    EnterQueue,
    GoNumber,
    Limits,
    NumberPlan,
    Outcome,
    RingAll,
    Step,
)
from tests.unit.dialplan.plans import MOSCOW, WEEKDAYS, example_1, example_2, plan_of

PORT = DialPort(1, "170001")
OFF = DialPort(2, "170002", is_active=False)
OUT = DialForwarding(1, "79161112233")
LUNCH = Calendar(WEEKDAYS, 13 * 60, 14 * 60)
WORK = Calendar(WEEKDAYS, 9 * 60 + 30, 18 * 60 + 30)
CITY = NumberPlan(9, "74951112233", True, MOSCOW, (Step(99, 1, PORT),))


def codes(*steps: Step, others: tuple[NumberPlan, ...] = (CITY,)) -> list[tuple[str, int | None]]:
    plan = plan_of(NumberPlan(1, "100", False, MOSCOW, steps), *others)
    return [(found.code, found.step_id) for found in lint(plan, 1)]


@pytest.mark.parametrize("plan", [example_1(), example_2()])
def test_the_manuals_examples_have_no_fault(plan: ClientPlan) -> None:
    assert lint(plan, 43) == []


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ((Step(1, 1, PORT), Step(2, 5, PORT)), [("unreachable", 2)]),
        ((Step(1, 1, PORT, targets={Outcome.BUSY: 5}), Step(2, 5, PORT)), []),
        # a forward leaves no other arrow
        (
            (Step(1, 1, PORT, targets={Outcome.FORWARD: 20, Outcome.BUSY: 5}), Step(2, 5, PORT)),
            [("unreachable", 2)],
        ),
        ((Step(1, 1, PORT, WORK), Step(2, 1, PORT, LUNCH), Step(3, 1, PORT)), [("shadowed", 2)]),
        ((Step(1, 1, PORT, LUNCH), Step(2, 1, PORT, WORK), Step(3, 1, PORT)), []),
        ((Step(1, 1, PORT), Step(2, 1, PORT, LUNCH)), [("shadowed", 2)]),
        # what stands on some dates only covers nothing
        (
            (
                Step(1, 1, PORT, Calendar(date_from=date(2027, 1, 1))),
                Step(2, 1, PORT, LUNCH),
                Step(3, 1, PORT),
            ),
            [],
        ),
        ((Step(1, 1, PORT, WORK),), [("gap", None)]),
        (
            (Step(1, 1, PORT, targets={Outcome.BUSY: 2}), Step(2, 2, PORT, targets={Outcome.NO_ANSWER: 1})),
            [("loop", 1)],
        ),
        ((Step(1, 1, PORT, targets={Outcome.ANSWERED: 1}),), []),
        ((Step(1, 1, OFF),), [("inactive_port", 1)]),
        ((Step(1, 1, RingAll((OFF,))),), [("inactive_port", 1)]),
        ((Step(1, 1, RingAll((OFF, PORT))),), []),
        ((Step(1, 1, OUT),), [("paid_unlimited", 1)]),
        ((Step(1, 1, CallBack(9)),), [("paid_unlimited", 1)]),
        ((Step(1, 1, OUT, limits=Limits(duration_s=600)),), []),
        # of a queue's agents outside, too
        ((Step(1, 1, EnterQueue(5, agents=2, unknown=(OUT,))),), [("paid_unlimited", 1)]),
        ((Step(1, 1, EnterQueue(5, agents=1)),), []),
        ((Step(1, 1, EnterQueue(5)),), [("empty_queue", 1)]),
        ((Step(1, 1, GoNumber(9)),), []),
        ((Step(1, 1, GoNumber(8)),), [("empty_number", 1)]),
        ((), []),
    ],
)
def test_warnings(steps: tuple[Step, ...], found: list[tuple[str, int | None]]) -> None:
    assert codes(*steps) == found


def test_a_call_out_needs_a_city_number() -> None:
    assert ("no_clip", 1) in codes(Step(1, 1, OUT), others=())


def test_the_first_moment_without_a_step_is_told() -> None:
    steps = (Step(1, 1, PORT, Calendar(127, 0, 600)), Step(2, 1, PORT, Calendar(127, 660, 1440)))
    [found] = lint(plan_of(NumberPlan(1, "100", False, MOSCOW, steps)), 1)
    assert (found.code, found.minute) == ("gap", 600)


def test_a_city_number_without_steps() -> None:
    plan = plan_of(NumberPlan(1, "74951112233", True, MOSCOW, ()))
    assert [found.code for found in lint(plan, 1)] == ["no_steps"]


def test_a_loop_is_told_with_its_way() -> None:
    steps = (
        Step(1, 1, PORT, targets={Outcome.BUSY: 2}),
        Step(2, 2, PORT, targets={Outcome.NO_ANSWER: 5, Outcome.BUSY: 3}),
        Step(3, 3, PORT, targets={Outcome.BUSY: 5}),
        Step(4, 5, PORT, targets={Outcome.NO_ROUTE: 2}),
    )
    [found] = [
        one for one in lint(plan_of(NumberPlan(1, "100", False, MOSCOW, steps)), 1) if one.code == "loop"
    ]
    assert (found.level, found.way) == (2, (2, 5, 2))


def test_what_a_menu_leads_to() -> None:
    menu = MenuPlan(7, keys={"1": 9, "2": 8, "*": 10})
    plan = plan_of(NumberPlan(1, "100", False, MOSCOW, (Step(1, 1, EnterMenu(7)),)), CITY)

    def found(menu: MenuPlan) -> list[tuple[str, str]]:
        return [(one.code, one.key) for one in lint(replace(plan, menus=(menu,)), 1)]

    assert found(menu) == [("empty_key", "*"), ("empty_key", "2")]
    assert found(replace(menu, keys={"1": 9})) == []
    assert found(replace(menu, keys={})) == [("deaf_menu", "")]
    assert found(replace(menu, keys={}, extension_dial=True)) == []


def test_numbers_that_lead_to_each_other() -> None:
    def number(key: int, *steps: Step) -> NumberPlan:
        return NumberPlan(key, f"10{key}", False, MOSCOW, steps)

    busy = {Outcome.BUSY: 2}
    first = number(1, Step(11, 1, PORT, targets=busy), Step(12, 2, GoNumber(2)))
    second = number(2, Step(21, 1, PORT), Step(22, 2, GoNumber(3)))
    third = number(3, Step(31, 1, GoNumber(2), targets={Outcome.FORWARD: 2}), Step(32, 2, GoNumber(1)))
    # Nobody gets to the step of 102 that leads on
    assert [one.code for one in lint(plan_of(first, second, third), 1)] == []
    second = replace(second, steps=(replace(second.steps[0], targets=busy), second.steps[1]))
    plan = plan_of(first, second, third)
    ways = {key: [(one.code, one.step_id, one.way) for one in lint(plan, key)] for key in (1, 2, 3)}
    assert ways[1] == [("round", 12, ("101", "102", "103", "101"))]
    assert ways[2] == [("round", 22, ("102", "103", "101", "102"))]
    assert ways[3] == [("round", 32, ("103", "101", "102", "103"))]
    assert [one.way for one in lint(plan_of(number(1, Step(1, 1, GoNumber(1)))), 1)] == [("101", "101")]


def test_whose_limits_bound_a_paid_step() -> None:
    own = OwnLimits(lines_out=1)
    number = NumberPlan(
        1, "100", False, MOSCOW, (Step(1, 1, EnterQueue(5, agents=1, unknown=(OUT,))),), owner_id=4
    )
    plan = plan_of(number, CITY)
    for limits in (
        PlanLimits(client=own),
        PlanLimits(users={4: own}),
        PlanLimits(elements={("queue", 5): Limits(lines=1)}),
        PlanLimits(elements={("forwarding", 1): Limits(lines=1)}),
    ):
        assert lint(replace(plan, limits=limits), 1) == []
    assert [one.code for one in lint(replace(plan, limits=PlanLimits(users={5: own})), 1)] == [
        "paid_unlimited"
    ]
