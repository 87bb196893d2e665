"""Each warning with a dialplan that has it and one that has not."""

from datetime import date

import pytest

from ats.dialplan.lint import lint
from ats.dialplan.model import (
    Calendar,
    CallBack,
    ClientPlan,
    DialForwarding,
    DialPort,
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
