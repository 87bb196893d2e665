"""What ДВО compile to: nothing for the usual ones, and the rules around them."""

from dataclasses import replace

import pytest

from ats.dialplan.compiler import compile_client
from ats.dialplan.extras import Extras
from ats.dialplan.language import needs_set, resolve
from ats.dialplan.model import DialPort, NumberPlan, RingAll, Step
from ats.dialplan.talk import PortPlan, caller_letters, dial_options, needs_context
from ats.engine import features
from tests.unit.dialplan.plans import MOSCOW, plan_of

USUAL = Extras()


def lines(*steps: Step, ports: tuple[PortPlan, ...] = ()) -> dict[tuple[str, int], str]:
    plan = replace(plan_of(NumberPlan(1, "100", False, MOSCOW, steps)), ports=ports)
    compiled = compile_client(plan)
    return {(line.exten, line.priority): f"{line.app}({line.data})" for line in compiled.lines}


@pytest.mark.parametrize(
    ("extras", "options"),
    [
        (USUAL, ""),
        (replace(USUAL, transfer_keys=True), "t"),
        (replace(USUAL, transfer=False, transfer_keys=True), ""),
        (replace(USUAL, ring_only=True), "r"),
        (replace(USUAL, replace_ringing=True), "m(c17)"),
        (replace(USUAL, replace_ringing=True, ring_only=True), "r"),
        (replace(USUAL, record=True), "U(ats-mark^17^r)"),
        (replace(USUAL, record=True, record_on_demand=True), "U(ats-mark^17^rd)"),
    ],
)
def test_options(extras: Extras, options: str) -> None:
    assert dial_options(17, extras, keys=True) == options


def test_codes_only_where_they_are_heard() -> None:
    """Sound that goes past the server brings no codes; the phone's own transfer is another matter."""
    by_code = replace(USUAL, transfer_keys=True)
    assert dial_options(17, by_code, keys=False) == ""
    assert [needs_context(by_code, keys=keys) for keys in (True, False)] == [True, False]
    assert not needs_context(USUAL, keys=True)


def test_the_callers_own_codes() -> None:
    """His port's context says so, whoever he calls; what others transfer to it is not his call."""
    port = PortPlan(33, "170001", replace(USUAL, transfer_keys=True))
    found = lines(Step(1, 1, DialPort(33, "170001")), ports=(port,))
    assert [found["_p33*.", at] for at in range(1, 5)] == [
        'GotoIf($["${CHANNEL:0:13}" = "PJSIP/170001-"]?3)',
        "Goto(c17,${EXTEN:4},1)",
        "Set(BRIDGE_FEATURES=T)",
        "Goto(c17,${EXTEN:4},1)",
    ]


def test_who_may_park() -> None:
    assert [caller_letters(replace(USUAL, parking=may), keys=True) for may in (True, False)] == ["K", ""]
    assert caller_letters(replace(USUAL, record=True, record_on_demand=True), keys=True) == "Krd"
    by_code = replace(USUAL, transfer_keys=True)
    assert [caller_letters(by_code, keys=keys) for keys in (True, False)] == ["KT", "K"]


def test_one_of_several_that_cannot_be_asked_stands_in_the_dialplan() -> None:
    """An IAX2 port's channel knows neither its owner nor its number nor its ДВО; a SIP one knows them all."""
    iax = DialPort(2, "170002", kind="iax2", number="101", extras=replace(USUAL, record=True))
    found = lines(Step(1, 1, RingAll((DialPort(1, "170001"), iax))))
    assert found["g1", 3] == "Dial(PJSIP/170001&IAX2/170002,120,giU(ats-who))"
    assert [found["x170002", at] for at in range(1, 5)] == [
        "Set(CHANNEL(accountcode)=17)",
        "Set(CALLERID(num)=101)",
        "Set(ATSL=${ATSL}r)",
        "Return()",
    ]
    plain = lines(Step(1, 1, RingAll((DialPort(1, "170001"), DialPort(3, "170003")))))
    assert plain["g1", 2] == "Dial(PJSIP/170001&PJSIP/170003,120,gi)"


def test_a_step_stands_above_the_port() -> None:
    port = DialPort(1, "170001", extras=replace(USUAL, record=True))
    own = lines(Step(1, 1, port))
    assert own["g1", 2] == "Dial(PJSIP/170001,120,giU(ats-mark^17^r))"
    above = lines(Step(1, 1, port, extras=Extras(transfer=False)))
    assert [above["g1", at] for at in (2, 3, 4)] == [
        "Set(__TRANSFER_CONTEXT=ats-none)",
        "Dial(PJSIP/170001,120,gi)",
        "Set(__TRANSFER_CONTEXT=)",
    ]


def test_a_port_with_return_has_a_way_of_its_own() -> None:
    """Its own calls are marked; those it sends on remember who sent them."""
    port = PortPlan(33, "170001", Extras(record=True, call_return=True))
    found = lines(Step(1, 1, DialPort(33, "170001")), ports=(port,))
    way = [found["_p33*.", at] for at in range(1, 7)]
    assert way == [
        'GotoIf($["${CHANNEL:0:13}" = "PJSIP/170001-"]?4)',
        "Set(ATSBACK=PJSIP/170001)",
        "Goto(c17,${EXTEN:4},1)",
        "Set(TRANSFER_CONTEXT=c17.p33)",
        "Gosub(ats-mark,s,1(17,r))",
        "Goto(c17,${EXTEN:4},1)",
    ]
    with pytest.raises(ValueError, match="not allowed"):
        lines(ports=(PortPlan(33, "x,1", Extras(record=True)),))


def test_a_step_with_return_ends_at_the_sender() -> None:
    found = lines(Step(1, 1, DialPort(1, "170001", extras=Extras(call_return=True))))
    assert found["g1", 3] == "Goto(ats-back,${DIALSTATUS},1)"


def test_the_language_rule() -> None:
    """S250: the nearest choice wins; the engine is told only where a channel may come with another one."""
    assert resolve("en", "ru", "ru") == "en"
    assert resolve("", "", "en") == "en"
    assert resolve("", "", "") == "ru"
    assert not needs_set("ru", ("ru",))
    assert needs_set("en", ("en", "ru"))
    numbers = (NumberPlan(1, "74951234567", True, MOSCOW, ()),)
    plan = replace(plan_of(*numbers), language="en")
    assert "CHANNEL(language)=en" in {line.data for line in compile_client(plan).lines}
    assert not any("language" in line.data for line in compile_client(plan_of(*numbers)).lines)


def test_codes_of_a_talk_as_the_engine_reads_them() -> None:
    text = features.conf({"transfer": "##", "consult": "", "record": "*1"})
    assert "blindxfer=##\natxfer=\n" in text
    assert 'ats-record=*1,self,Gosub,"ats-demand,s,1"' in text
    assert "ats-record" not in features.conf({"transfer": "##", "consult": "*2", "record": ""})
    with pytest.raises(ValueError, match="not a code"):
        features.conf({"transfer": "##\n[general]", "consult": "", "record": ""})
