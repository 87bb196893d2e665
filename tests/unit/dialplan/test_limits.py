"""Limits in the compiled dialplan: what is compiled where, and which numbers may be called."""

import random
from dataclasses import replace

import pytest

from ats.dialplan.compiler import compile_client
from ats.dialplan.conf import to_conf
from ats.dialplan.directions import Direction, class_prefixes, longest
from ats.dialplan.limitplan import Limits, OwnLimits, PlanLimits, PortLimits, refusals
from ats.dialplan.model import ClientPlan, DialPort, NumberPlan, Outcome, PlaySound, Step
from ats.dialplan.path import Kind, parse, split_by_client
from ats.numbering.directions import classify
from tests.unit.dialplan.plans import MOSCOW, example_1, plan_of
from tests.unit.dialplan.test_policies import elements


def limited() -> ClientPlan:
    """A client, one of its ports and a step with limits of every kind that is compiled."""
    steps = (
        Step(9, 1, DialPort(33, "170001"), limits=Limits(2, 60), targets={Outcome.BUSY: 2}),
        Step(10, 2, PlaySound(5), limits=Limits(1, 30)),
    )
    city = (Step(11, 1, DialPort(34, "170002")),)
    plan = plan_of(
        NumberPlan(43, "100", False, MOSCOW, steps), NumberPlan(44, "74951234567", True, MOSCOW, city)
    )
    client = OwnLimits(
        lines_in=30,
        lines_out=5,
        lines_all=31,
        duration_in_s=600,
        duration_out_s=900,
        closed=frozenset({Direction.INTERNATIONAL}),
        allow=("375",),
    )
    port = PortLimits(
        33,
        "170001",
        OwnLimits(lines_in=1, lines_all=2, deny=("7900",)),
        7,
        OwnLimits(lines_out=1, counted=True),
    )
    return replace(plan, limits=PlanLimits(client, (port,)))


def lines(plan: ClientPlan) -> list[str]:
    return [f"{line.exten},{line.priority},{line.app}({line.data})" for line in compile_client(plan).lines]


@pytest.mark.parametrize("plan", [limited(), elements()])
def test_every_jump_of_a_limited_plan_has_a_place_to_land(plan: ClientPlan) -> None:
    compiled = compile_client(plan)
    here = {line.exten for line in compiled.lines}
    for line in compiled.lines:
        target = line.data.rsplit("?", 1)[-1] if line.app in ("Goto", "GotoIf", "Gosub") else ""
        if not target or "${" in target.split(",")[0]:
            continue
        if target.isdigit():
            assert any(x.exten == line.exten and x.priority == int(target) for x in compiled.lines), line
        elif not target.startswith(("ats-", "codes,")):
            assert target.split(",")[0] in here, line


def test_nothing_is_compiled_without_limits() -> None:
    text = to_conf(compile_client(example_1()))
    assert not any(word in text for word in ("GROUP(", "TIMEOUT", "ATSPOL", "ATSD", "ats-lines", "giL", "u*"))


def test_emergency_calls_pass_all_limits() -> None:
    text = lines(limited())
    assert "k112,1,Goto(112,1)" in text
    assert "112,1,Goto(ats-sos,112,1)" in text


def test_a_port_of_the_fraud_guard_calls_nobody_outside() -> None:
    port = PortLimits(33, "170001", OwnLimits(locked=True))
    text = lines(replace(example_1(), limits=PlanLimits(ports=(port,))))
    assert any("17=fr@p33" in line for line in text)
    assert not any(line.startswith("_w33*") for line in text)
    assert "_u*X!,1,Goto(v${EXTEN:2},1)" in text  # others call as before


@pytest.mark.parametrize("area_code", ["495", "812", "84722", "995", ""])
def test_prefixes_of_the_engine_say_what_the_numbering_plan_says(area_code: str) -> None:
    dice = random.Random(5)
    prefixes = class_prefixes(area_code)
    digits = [f"7{dice.randrange(10**9, 10**10)}" for _ in range(3000)]
    digits += [f"7{area_code}{'0' * (10 - len(area_code))}", "78001234567", "77011234567", "442079460000"]
    digits += [str(dice.randrange(2 * 10**8, 7 * 10**10)) for _ in range(500)]
    for number in digits:
        if number[0] == "7" and len(number) != 11 or number[0] == "0":
            continue
        assert prefixes[longest(prefixes, number) or ""] == classify(number, area_code).direction, number


def verdict(number: str, *scopes: tuple[str, OwnLimits]) -> tuple[str, str] | None:
    found = dict(refusals("495", scopes))
    return found[longest(found, number) or ""]


def test_the_longest_prefix_wins_and_a_denial_wins_a_tie() -> None:
    own = OwnLimits(
        closed=frozenset({Direction.INTERNATIONAL}), allow=("375", "7900"), deny=("7900", "37533", "79001")
    )
    assert verdict("375291234567", ("c1", own)) is None
    assert verdict("375331234567", ("c1", own)) == ("pre", "c1")
    assert verdict("442079460000", ("c1", own)) == ("dir", "c1")
    assert verdict("79001234567", ("c1", own)) == ("pre", "c1")
    assert verdict("79161234567", ("c1", own)) is None


def test_all_must_allow_and_the_narrowest_is_named() -> None:
    port = OwnLimits(closed=frozenset({Direction.MOBILE}), allow=("44",))
    client = OwnLimits(closed=frozenset({Direction.INTERNATIONAL, Direction.MOBILE}))
    assert verdict("79161234567", ("p3", port), ("c1", client)) == ("dir", "p3")
    assert verdict("442079460000", ("p3", port), ("c1", client)) == (
        "dir",
        "c1",
    )  # an allowance is one's own only
    assert verdict("74951234567", ("p3", port), ("c1", client)) is None


def test_refused_words_belong_to_their_client() -> None:
    parts = split_by_client("17=la@c17 18>74951234567 18=dir@p33")
    assert parts == {17: "17=la@c17", 18: "18>74951234567 18=dir@p33"}
    word = parse("17=md@u5")[0]
    assert (word.kind, word.client_id, word.limit, word.owner, word.owner_id) == (
        Kind.LIMIT,
        17,
        "minutes_day",
        "user",
        5,
    )
    assert parse("17=zz@u5")[0].kind is Kind.UNKNOWN


@pytest.mark.parametrize("prefix", ["7X", "7\n", "!", "7${X}"])
def test_prefixes_that_are_no_digits_never_reach_the_engine(prefix: str) -> None:
    plan = replace(example_1(), limits=PlanLimits(OwnLimits(deny=(prefix,))))
    with pytest.raises(ValueError, match="not allowed"):
        compile_client(plan)


def test_a_call_the_exchange_makes_takes_a_line_of_the_client() -> None:
    text = lines(replace(limited(), remote=True))
    assert "_j!,1,Gosub(ats-lines,s,1(c17a,31))" in text
    assert "_j!,1,Goto(a${EXTEN:1},1)" in lines(replace(example_1(), remote=True))
