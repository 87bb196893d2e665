"""Golden texts of the compiler, and what must never reach a dialplan."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ats.dialplan.compiler import compile_client
from ats.dialplan.conf import to_conf
from ats.dialplan.ending import ending_lines
from ats.dialplan.model import (
    ClientPlan,
    Compiled,
    DialPort,
    NumberPlan,
    Outcome,
    PlaySound,
    RoutePlan,
    Step,
    TrunkPlan,
)
from ats.dialplan.routes import compile_routes
from tests.unit.dialplan.plans import MOSCOW, example_1, example_2, office, plan_of
from tests.unit.dialplan.test_limits import limited
from tests.unit.dialplan.test_policies import elements

GOLDEN = Path(__file__).parent / "golden"


def routes() -> Compiled:
    first, second = TrunkPlan(5, "t5", "national"), TrunkPlan(6, "t6", "plus")
    return compile_routes(
        [RoutePlan("7", (first, second)), RoutePlan("7495", (second,)), RoutePlan("", ())], 3
    )


@pytest.mark.parametrize(
    ("name", "compiled"),
    [
        ("example_1", compile_client(example_1())),
        ("example_2", compile_client(example_2())),
        ("office", compile_client(office())),
        ("routes", routes()),
        ("limits", compile_client(limited())),
        ("elements", compile_client(elements())),
    ],
)
def test_golden(name: str, compiled: Compiled) -> None:
    """ATS_GOLDEN=write rewrites the files; read the difference before committing it."""
    file = GOLDEN / f"{name}.conf"
    if os.environ.get("ATS_GOLDEN") == "write":
        file.write_text(to_conf(compiled))
    assert to_conf(compiled) == file.read_text()


@pytest.mark.parametrize("plan", [example_1(), example_2(), office()])
def test_every_jump_has_a_place_to_land(plan: ClientPlan) -> None:
    compiled = compile_client(plan)
    context = f"c{plan.client_id}.v{plan.version}"
    here = {line.exten for line in compiled.lines}
    ending = {line.exten for line in ending_lines()}
    for line in compiled.lines:
        assert line.context == context
        target = _jump(line.app, line.data)
        if target is None or "${" in target:
            continue
        head = target.split(",")[0]
        if head == "ats-end":
            assert target.split(",")[1] in ending
        elif head not in ("ats-out", "ats-sos", "codes"):
            assert head in here, line


def _jump(app: str, data: str) -> str | None:
    if app in ("Goto", "Gosub"):
        return data
    return data.rsplit("?", 1)[1] if app in ("GotoIf", "GotoIfTime") else None


def test_priorities_of_an_extension_have_no_gap() -> None:
    for plan in (example_1(), example_2(), office()):
        seen: dict[tuple[str, str], int] = {}
        for line in compile_client(plan).lines:
            key = (line.context, line.exten)
            assert line.priority == seen.get(key, 0) + 1
            seen[key] = line.priority


@pytest.mark.parametrize(
    "plan",
    [
        plan_of(NumberPlan(1, "10,1", False, MOSCOW, ())),
        plan_of(NumberPlan(1, "100\n", False, MOSCOW, ())),
        plan_of(NumberPlan(1, "100", False, "Europe/Moscow,x", ())),
        plan_of(NumberPlan(1, "100", False, MOSCOW, (Step(1, 1, DialPort(1, "a&SIP/b")),))),
        plan_of(NumberPlan(1, "100", False, MOSCOW, (Step(1, 1, DialPort(1, "${X}")),))),
        ClientPlan(1, 1, "4${", ()),
    ],
)
def test_values_that_could_break_out_are_refused(plan: ClientPlan) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        compile_client(plan)


@pytest.mark.parametrize(
    "route",
    [RoutePlan("7X", ()), RoutePlan("7\n", ()), RoutePlan("7", (TrunkPlan(1, "t1@x", "e164"),))],
)
def test_routes_refuse_them_too(route: RoutePlan) -> None:
    with pytest.raises(ValueError, match=r"digits|not allowed"):
        compile_routes([route], 1)


def test_steps_are_counted_only_where_a_loop_is_possible() -> None:
    loop = (
        Step(1, 1, PlaySound(1), targets={Outcome.ANSWERED: 2}),
        Step(2, 2, PlaySound(2), targets={Outcome.ANSWERED: 1}),
    )
    looping = plan_of(
        NumberPlan(1, "100", False, MOSCOW, loop),
        NumberPlan(2, "101", False, MOSCOW, (Step(3, 1, PlaySound(1)),)),
    )
    counted = {line.exten for line in compile_client(looping).lines if "ATSSTEPS" in line.data}
    assert counted == {"s1", "s2"}


def test_a_short_tree_over_long_ids_is_guarded_for_its_path() -> None:
    def tree(first: int) -> ClientPlan:
        steps = [
            Step(first + level, level, PlaySound(1), targets={Outcome.ANSWERED: level + 1})
            for level in range(1, 61)
        ]
        return plan_of(NumberPlan(1, "100", False, MOSCOW, tuple(steps)))

    def guards(plan: ClientPlan) -> set[str]:
        return {
            line.data
            for line in compile_client(plan).lines
            if "ATSSTEPS}" in line.data and line.app == "GotoIf"
        }

    assert guards(tree(0)) == set()
    assert guards(tree(10**12)) == {
        "$[${ATSSTEPS} > 100 | ${LEN(${CHANNEL(userfield)})} > 600]?ats-end,loop,1"
    }


def test_a_client_whose_calls_cost_money_leaves_by_the_door_that_asks() -> None:
    plan = replace(office(), asks=True, when_down=("7495XXXXXXX",))
    lines = {(line.exten, line.priority): f"{line.app}({line.data})" for line in compile_client(plan).lines}
    assert lines["_8XXXXXXXXXX", 1] == "Goto(o7${EXTEN:1},1)"
    assert lines["_oX!", 1].endswith(",ATSASK=c17.v5)")
    assert lines["_d7495XXXXXXX", 1] == "Goto(route,${EXTEN:1},1)"
    assert lines["112", 1] == "Goto(ats-sos,112,1)"  # an emergency asks nobody
    free = {(line.exten, line.priority): line.data for line in compile_client(office()).lines}
    # A call that a phone of ours sent on, whoever's it was, leaves by the door that says who pays.
    own = '$["${CHANNEL(accountcode)}" = "17" & "${CLIP}" != ""]'
    assert free["_8XXXXXXXXXX", 1] == f"{own}?ats-out,7${{EXTEN:1}},1:o7${{EXTEN:1}},1"
    assert not any(exten.startswith("_d") for exten, _ in free)


def test_a_policy_pattern_must_be_digits_and_x() -> None:
    with pytest.raises(ValueError, match="not allowed"):
        compile_client(replace(office(), asks=True, when_down=("7,1,System(x)",)))
