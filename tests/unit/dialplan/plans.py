"""Plans used by several tests: the worked examples of the manual and some awkward graphs."""

from ats.dialplan.model import (
    Calendar,
    ClientPlan,
    DialPort,
    GoNumber,
    HangUp,
    NumberPlan,
    Outcome,
    PlaySound,
    Step,
)

MOSCOW = "Europe/Moscow"
WEEKDAYS = 31


def plan_of(*numbers: NumberPlan) -> ClientPlan:
    return ClientPlan(17, 5, "495", numbers)


def example_1() -> ClientPlan:
    """S108: 100 → SIP «Линия 1», any day, any time."""
    return plan_of(NumberPlan(43, "100", False, MOSCOW, (Step(9, 1, DialPort(33, "170001")),)))


def example_2() -> ClientPlan:
    """S109: Линия 1 for 5 s, «Нет ответа» → sound message."""
    steps = (
        Step(9, 1, DialPort(33, "170001"), timeout_s=5, targets={Outcome.NO_ANSWER: 2}),
        Step(10, 2, PlaySound(5)),
    )
    return plan_of(NumberPlan(43, "100", False, MOSCOW, steps))


def office() -> ClientPlan:
    """Lunch before working hours (S98), a nested number, a level that does not exist (S105), a forward."""
    lunch = Calendar(WEEKDAYS, 13 * 60, 14 * 60)
    work = Calendar(WEEKDAYS, 9 * 60 + 30, 18 * 60 + 30)
    night = Calendar(127, 22 * 60, 6 * 60)
    city = (
        Step(1, 2, GoNumber(43), lunch, targets={Outcome.NO_ANSWER: 3, Outcome.BUSY: 20}),
        Step(2, 2, DialPort(33, "170001"), work, 90, {Outcome.NO_ANSWER: 3, Outcome.NO_ROUTE: 3}),
        Step(3, 2, HangUp(21), night),
        Step(4, 3, PlaySound(7), targets={Outcome.FORWARD: 4}),
        Step(5, 4, PlaySound(8), targets={Outcome.ANSWERED: 2}),
    )
    inner = (Step(6, 1, DialPort(34, "170002", is_active=False)),)
    return plan_of(
        NumberPlan(43, "101", False, MOSCOW, inner),
        NumberPlan(44, "74951234567", True, MOSCOW, city),
        NumberPlan(45, "102", False, MOSCOW, ()),
    )
