"""Limits of dialplan elements on the calls they lead outside: whose policy a call takes, whichever way it goes."""

from dataclasses import replace

from ats.dialplan.compiler import compile_client
from ats.dialplan.directions import Direction
from ats.dialplan.limitplan import Limits, OwnLimits, PlanLimits
from ats.dialplan.model import (
    AskPin,
    CallBack,
    ClientPlan,
    DialForwarding,
    DialPort,
    EnterQueue,
    NumberPlan,
    Outcome,
    RingAll,
    Step,
)
from tests.unit.dialplan.plans import MOSCOW, plan_of

FOUR, FIVE = DialForwarding(4, "79161112233"), DialForwarding(5, "79161112244")


def elements() -> ClientPlan:
    """Every kind of step that leads outside, with limits on the step, on what it rings, on the number's owner."""
    own = OwnLimits(lines_out=2, closed=frozenset({Direction.INTERNATIONAL}), counted=True)
    steps = (
        Step(9, 1, FOUR, limits=Limits(out=own), targets={Outcome.BUSY: 2}),
        Step(10, 2, RingAll((DialPort(33, "170001"), FOUR, FIVE)), targets={Outcome.NO_ANSWER: 3}),
        Step(11, 3, EnterQueue(8, agents=2, unknown=(FOUR, FIVE)), limits=Limits(out=OwnLimits(lines_out=1))),
    )
    city = (
        Step(12, 1, AskPin(), limits=Limits(out=OwnLimits(counted=True))),
        Step(13, 2, CallBack(43), limits=Limits(out=OwnLimits(counted=True))),
    )
    owned = (Step(14, 1, FIVE),)
    plan = plan_of(
        NumberPlan(43, "100", False, MOSCOW, steps),
        NumberPlan(44, "74951234567", True, MOSCOW, city),
        NumberPlan(45, "101", False, MOSCOW, owned, owner_id=7),
    )
    limits = PlanLimits(
        elements={("forwarding", 4): Limits(out=OwnLimits(duration_out_s=60))},
        users={7: OwnLimits(deny=("7916",))},
    )
    return replace(plan, limits=limits)


def text_of(plan: ClientPlan) -> list[str]:
    compiled = compile_client(plan)
    return [
        f"{line.exten},{line.priority},{line.app}({line.data})" for line in compiled.lines + compiled.pointers
    ]


def has(text: list[str], *parts: str) -> bool:
    return any(all(part in line for part in parts) for line in text)


def test_every_way_out_of_a_limited_step_takes_its_policy() -> None:
    text = text_of(elements())
    assert has(text, "Dial(Local/us9f4*79161112233@c17.v5/n")
    assert has(text, "Dial(PJSIP/170001&Local/uf4*79161112233@c17.v5/n&Local/u*79161112244@c17.v5/n")
    assert has(text, "_oX!,1,Goto(c17.v5,q${EXTEN},1)")
    assert has(text, "qo79161112233,1,Goto(u${ATSEL}f4*79161112233,1)")
    assert has(text, "_qoX!,1,Goto(u${ATSEL}*${EXTEN:2},1)")
    for policy in ("s11", "s11f4", "s12", "s13", "f4"):
        assert has(text, f"_u{policy}*X!,1,"), policy
    for policy in ("s11", "s12", "s13"):
        assert has(text, f"Set(__ATSEL={policy})")
    assert has(text, "Originate(Local/b${ATSN}@c17.v5/n,", "v(__ATSEL=${ATSEL})")
    his = (
        "u${ATSEL}u${ATSU}*${EXTEN:1},1"  # by PIN or callback: a user's own limits as well, where he has some
    )
    assert has(text, f"_oX!,1,GotoIf(${{DIALPLAN_EXISTS(c17.v5,{his})}}?{his}:u${{ATSEL}}*${{EXTEN:1}},1)")
    assert has(text, "_us12u7*7916!", "17=pre@u7")


def test_the_step_is_named_and_told_to_the_authoriser() -> None:
    text = text_of(elements())
    assert has(text, "_ws9f4*X!,", "Gosub(ats-lines,s,1(s9o,2))")
    assert has(text, "17=lo@s9")
    assert has(text, "_us9f4*X!", "17=dir@s9")
    assert has(text, "_ws9f4*X!,", "Set(ATSEC=s9f4)")
    assert has(text, "_ws9f4*X!,", "Set(ATSO=60)")
    assert not has(text, "_us11*", "ATSEC")  # its lines are the engine's own matter


def test_who_owns_a_number_does_not_pass_his_limits_by_its_dialplan() -> None:
    text = text_of(elements())
    assert has(text, "Dial(Local/uu7*79161112244@c17.v5/n")
    assert has(text, "_uu7*7916!", "17=pre@u7")


def test_an_owner_is_told_where_calls_are_billed() -> None:
    """He may have an account of his own, which pays for what his number leads outside."""
    plan = replace(elements(), limits=PlanLimits(), asks=True)
    plan = replace(plan, numbers=plan.numbers[2:])
    assert has(text_of(plan), "_uu7*X!", "Set(ATSEC=u7)")


def test_without_limits_of_elements_the_way_out_is_the_usual_one() -> None:
    steps = (Step(9, 1, FOUR), Step(11, 3, EnterQueue(8, unknown=(FOUR,))))
    plan = plan_of(NumberPlan(43, "100", False, MOSCOW, steps))
    text = text_of(plan)
    assert has(text, "Dial(Local/o79161112233@c17.v5/n")
    assert not has(text, "ATSEL") and not has(text, "qo")


def test_calls_the_exchange_makes_for_a_user_take_a_line_of_his_but_emergency_ones() -> None:
    text = text_of(replace(elements(), limits=PlanLimits(users={7: OwnLimits(lines_all=2)}), remote=True))
    assert has(text, 'Dial(Local/${IF($["${GROUP(u${ATSU}a)}"=""]?t:a)}${FILTER(0-9+,${ATSWANT})}@c17.v5/n')
    assert has(text, "_t!,1,GosubIf(${DIALPLAN_EXISTS(c17.v5,m${ATSU},1)}?m${ATSU},1)")
    assert has(text, "m7,1,Gosub(ats-lines,s,1(u7a,2))")
    assert has(text, "t112,1,Goto(a112,1)")
    for made in ("_j!", "_boX!"):
        assert has(text, f"{made},1,GosubIf(${{DIALPLAN_EXISTS(c17.v5,m${{ATSU}},1)}}")
    assert not has(text_of(elements()), "m${ATSU}")
