"""Phones register and call each other: causes to the caller, rows in call detail."""

import socket
from collections.abc import Callable

import pytest

from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import SipPhone

New = Callable[[], Company]


def test_registration_is_digest_and_shown(company: New) -> None:
    client = company()
    line = client.line("100")
    client.wait_active()
    SipPhone(client.instance.config.sip_port, line.phone.login, "wrong-password").register(status=401)
    SipPhone(client.instance.config.sip_port, "999999999", PASSWORD).register(status=401)
    line.phone.register()

    def shown() -> bool:
        state = client.api.get(f"{client.path}/ports/{line.port_id}")["registration"]
        return bool(state) and state["status"] == "registered" and str(line.phone.port) in state["address"]

    wait_for(shown, 5, lambda: str(client.api.get(f"{client.path}/registrations")))
    line.phone.register(expires=0)
    wait_for(lambda: not client.api.get(f"{client.path}/ports/{line.port_id}")["registration"], 5)


def test_internal_call_and_its_row(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.answer(ring_ms=300)
    first.phone.call("101", talk_ms=1200)
    waiting.wait()
    [row] = client.calls(1)
    assert (row["direction"], row["result"], row["caller"], row["called"], row["answered_by"]) == (
        "internal",
        "answered",
        "100",
        "101",
        "101",
    )
    assert 250 <= row["ring_ms"] <= 1500
    assert 1100 <= row["talk_ms"] <= 2000
    assert row["cause"] == 16
    card = client.card(row["id"])
    assert len(card["legs"]) == 2
    assert [item["number_id"] for item in card["path"] if item["number_id"]][:1] == [second.number_id]
    assert [item["step_title"] for item in card["path"] if item["step_id"]] == ["SIP Линия 101"]


def test_phone_behind_nat_is_reached_where_it_comes_from(company: New) -> None:
    """S64: it registers with an address of the network behind its router, which nobody else can reach."""
    client = company()
    first, second = client.line("100"), client.line("101", nat=True)
    client.wait_active()
    first.phone.register()
    second.phone.register(behind="127.9.9.9:4444")
    waiting = second.phone.answer()
    first.phone.call("101")
    waiting.wait()


@pytest.mark.parametrize(
    ("answer", "seen", "result", "cause"),
    [("486 Busy Here", 486, "busy", 17), ("603 Decline", 486, "busy", 17)],
)
def test_refused(company: New, answer: str, seen: int, result: str, cause: int) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.refuse(answer)
    first.phone.call("101", status=seen)
    waiting.wait()
    [row] = client.calls(1)
    assert (row["result"], row["cause"], row["talk_ms"]) == (result, cause, 0)


def test_no_answer_ends_with_480(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101", timeout_s=2)
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.let_ring()
    first.phone.call("101", status=480)
    waiting.wait()
    [row] = client.calls(1)
    assert (row["result"], row["cause"], row["answered_at"]) == ("no_answer", 19, None)
    assert 1800 <= row["ring_ms"] <= 3500


def test_caller_gives_up(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.let_ring()
    first.phone.call("101", cancel_ms=400)
    waiting.wait()
    [row] = client.calls(1)
    assert row["result"] == "cancelled"


def test_phone_that_is_not_registered(company: New) -> None:
    client = company()
    first, _second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    first.phone.call("101", status=480)
    [row] = client.calls(1)
    assert (row["result"], row["cause"]) == ("no_route", 20)


def test_callee_hangs_up_first(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.answer(talk_ms=400)
    first.phone.call("101", callee_ends=True)
    waiting.wait()
    [row] = client.calls(1)
    assert row["result"] == "answered"


def test_number_that_nobody_has(company: New) -> None:
    client = company()
    line = client.line("100")
    client.wait_active()
    line.phone.register()
    line.phone.call("199", status=404)
    [row] = client.calls(1)
    assert (row["called"], row["cause"]) == ("199", 1)


def test_dialplan_that_points_nowhere(company: New) -> None:
    """S105: a level that does not exist is legal; a number without steps and one without match end too."""
    client = company()
    line = client.line("100")
    other = client.line("101")
    empty = client.number("102")
    client.dialplan(other.number_id, [step(1, {"kind": "port", "port_id": other.port_id}, no_route=20)])
    client.wait_active()
    line.phone.register()
    line.phone.call("101", status=480)
    line.phone.call("102", status=480)
    rows = client.calls(2)
    ends = [[item["end"] for item in client.card(row["id"])["path"] if item["end"]] for row in rows]
    assert ends == [["no_steps"], ["level_missing"]]
    assert empty


def test_two_clients_have_their_own_100(company: New) -> None:
    """S58: the same digits reach the caller's own company."""
    one, two = company(), company()
    lines = {client.id: (client.line("100"), client.line("101")) for client in (one, two)}
    for client in (one, two):
        client.wait_active()
        for line in lines[client.id]:
            line.phone.register()
        waiting = lines[client.id][0].phone.answer()
        lines[client.id][1].phone.call("100")
        waiting.wait()
        [row] = client.calls(1)
        assert row["result"] == "answered"


def test_hostile_caller_name_and_digits_stay_text(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    # Only digits get through, so what is left of these is a number nobody has; labels cannot be dialled.
    for dialled in ("199-x", "1,99,1", "199%26PJSIP%2f101", "1$%7bEXTEN%7d9", "n43", "g1", "ats-end"):
        first.phone.call(dialled, status=404)
    waiting = second.phone.answer()
    first.phone.call("101", name="${SHELL(id)},;drop'table")
    waiting.wait()
    wait_for(lambda: [row for row in client.calls(1) if row["result"] == "answered"] != [], 5)


@pytest.mark.parametrize("target", ["102", "s1", "84951112233"])
def test_a_phone_cannot_send_a_call_on_by_itself(company: New, target: str) -> None:
    """302 to another number, to a label, to the city counts as busy: forwarding is for the dialplan."""
    client = company()
    first, second, third = client.line("100"), client.line("101"), client.line("102")
    client.wait_active()
    for line in (first, second, third):
        line.phone.register()
    waiting = second.phone.send_on(target)
    first.phone.call("101", status=486)
    waiting.wait()
    [row] = client.calls(1)
    assert row["result"] == "busy"
    assert len(client.card(row["id"])["legs"]) == 2


def test_malformed_sip_kills_nothing(instance: Instance) -> None:
    """Torture in the manner of RFC 4475: the engine answers or drops it, and lives."""
    before = instance.pid("engine")
    hostile = [
        b"\x00" * 400,
        b"INVITE sip:100@127.0.0.1 SIP/2.0\r\n\r\n",
        b"INVITE sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\n"
        b"From: <sip:a@b>;tag=1\r\nTo: <sip:100@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: -5\r\n\r\n",
        b"REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK2\r\nCSeq: 99999999999 REGISTER\r\n"
        b"From: <sip:" + b"A" * 9000 + b"@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 2\r\n\r\n",
        b"OPTIONS sip:x@127.0.0.1 SIP/7.0\r\nVia: garbage\r\n\r\n",
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for message in hostile * 20:
            sender.sendto(message[:60000], ("127.0.0.1", instance.config.sip_port))
    assert "Asterisk" in instance.engine("core show version")
    assert instance.pid("engine") == before
