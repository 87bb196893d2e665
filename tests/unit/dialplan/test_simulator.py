"""The walk of a call, by hand-checked paths."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ats.dialplan.graph import MAX_PATH
from ats.dialplan.model import Calendar, ClientPlan, GoNumber, NumberPlan, Outcome, PlaySound, Step
from ats.dialplan.simulator import Walk, simulate
from tests.unit.dialplan.plans import MOSCOW, example_1, example_2, office, plan_of

TUESDAY_NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 12:00 in Moscow
TUESDAY_LUNCH = datetime(2026, 11, 24, 10, 59, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def always(outcome: Outcome) -> Callable[[Step], Outcome]:
    return lambda _step: outcome


def by_step(**outcomes: Outcome) -> Callable[[Step], Outcome]:
    return lambda step: outcomes[f"s{step.id}"]


@pytest.mark.parametrize(
    ("plan", "number", "when", "decide", "walk"),
    [
        (example_1(), 43, TUESDAY_NOON, always(Outcome.ANSWERED), Walk("17/5/43 9 a-", 16)),
        (example_1(), 43, TUESDAY_NOON, always(Outcome.BUSY), Walk("17/5/43 9 b-", 17)),
        (
            example_2(),
            43,
            TUESDAY_NOON,
            by_step(s9=Outcome.NO_ANSWER, s10=Outcome.ANSWERED),
            Walk("17/5/43 9 n10 a-", 16),
        ),
        (office(), 44, TUESDAY_LUNCH, always(Outcome.ANSWERED), Walk("17/5/44 1 17/5/43 6 r- r-", 20)),
        (
            office(),
            44,
            TUESDAY_NOON,
            by_step(s2=Outcome.NO_ANSWER, s5=Outcome.NO_ROUTE),
            Walk("17/5/44 2 n4 f5 r-", 20),
        ),
        (office(), 44, SATURDAY_NIGHT, always(Outcome.ANSWERED), Walk("17/5/44 3 h21", 21)),
        (office(), 44, SATURDAY_NOON, always(Outcome.ANSWERED), Walk("17/5/44 ?2", 20)),
        (office(), 45, SATURDAY_NOON, always(Outcome.ANSWERED), Walk("17/5/45 !", 20)),
    ],
)
def test_walks(
    plan: ClientPlan, number: int, when: datetime, decide: Callable[[Step], Outcome], walk: Walk
) -> None:
    assert simulate(plan, number, when, decide) == walk


def test_missing_level_ends_with_the_cause_of_the_condition() -> None:
    step = Step(1, 1, PlaySound(1), targets={Outcome.ANSWERED: 20, Outcome.NO_ROUTE: 30})
    plan = plan_of(NumberPlan(1, "100", False, MOSCOW, (step,)))
    assert simulate(plan, 1, TUESDAY_NOON, always(Outcome.ANSWERED)) == Walk("17/5/1 1 a!20", 16)
    assert simulate(plan, 1, TUESDAY_NOON, always(Outcome.NO_ROUTE)) == Walk("17/5/1 1 r!30", 20)


def test_no_step_of_the_next_level_applies_now() -> None:
    steps = (
        Step(1, 1, PlaySound(1), targets={Outcome.ANSWERED: 2}),
        Step(2, 2, PlaySound(1), Calendar(1 << 6)),  # Sundays
    )
    plan = plan_of(NumberPlan(1, "100", False, MOSCOW, steps))
    assert simulate(plan, 1, TUESDAY_NOON, always(Outcome.ANSWERED)) == Walk("17/5/1 1 a?2", 16)


def test_loop_ends_after_a_hundred_steps() -> None:
    step = Step(1, 1, PlaySound(1), targets={Outcome.ANSWERED: 1})
    plan = plan_of(NumberPlan(1, "100", False, MOSCOW, (step,)))
    walk = simulate(plan, 1, TUESDAY_NOON, always(Outcome.ANSWERED))
    assert walk.path == "17/5/1 1" + " a1" * 99 + " a !loop"
    assert walk.cause == 20


def test_a_loop_over_long_ids_ends_before_its_path_outgrows_the_journal() -> None:
    step = Step(1_000_000_000, 1, PlaySound(1), targets={Outcome.ANSWERED: 1})
    plan = plan_of(NumberPlan(1, "100", False, MOSCOW, (step,)))
    walk = simulate(plan, 1, TUESDAY_NOON, always(Outcome.ANSWERED))
    assert walk.path == "17/5/1 1000000000" + " a1000000000" * 49 + " a !loop"
    assert len(" 17/5/1 1000000000" + " a1000000000" * 48 + " a") <= MAX_PATH
    assert len(" 17/5/1 1000000000" + " a1000000000" * 49 + " a") > MAX_PATH


def test_numbers_that_call_each_other_end_too() -> None:
    plan = plan_of(
        NumberPlan(1, "100", False, MOSCOW, (Step(1, 1, GoNumber(2)),)),
        NumberPlan(2, "101", False, MOSCOW, (Step(2, 1, GoNumber(1)),)),
    )
    walk = simulate(plan, 1, TUESDAY_NOON, always(Outcome.ANSWERED))
    assert walk.path.endswith("!loop")
    assert MAX_PATH < len(walk.path) < MAX_PATH + 20
