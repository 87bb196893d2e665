"""Other operators: calls from and to the city, failover between trunks, a client's own third-party line."""

from collections.abc import Callable, Iterator

import pytest

from bench.bare import PASSWORD as BARE_PASSWORD
from bench.bare import BareEngine
from tests.harness.city import City
from tests.harness.company import Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import PICKED_MS, SipPhone
from tests.harness.ports import free_port

New = Callable[[], Company]
# Operators live at loopback addresses of their own: an address decides whose trunk a call comes by.
CITY, SPARE, FOREIGN, LINE_IP = "127.0.0.50", "127.0.0.51", "127.0.0.52", "127.0.0.62"


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, CITY, SPARE)
    yield made
    made.close()


def test_call_from_the_city(city: City, company: New, free_did: Callable[[], str]) -> None:
    client = company()
    line = client.line("100")
    did = free_did()
    number = client.external(did)
    client.dialplan(number, [step(1, {"kind": "port", "port_id": line.port_id})])
    client.wait_active()
    line.phone.register()
    for written in (did, f"+{did}", f"8{did[1:]}", did[1:]):
        waiting = line.phone.answer()
        city.first.call(written)
        waiting.wait()
    rows = client.calls(4)
    assert {(row["direction"], row["via"], row["result"]) for row in rows} == {("in", did, "answered")}
    assert rows[0]["caller"] == "switch"


def test_city_calls_a_number_nobody_has(city: City) -> None:
    city.first.call("74990000000", status=404)


def test_a_stranger_gets_no_call_through(
    instance: Instance, company: New, free_did: Callable[[], str]
) -> None:
    client = company()
    line = client.line("100")
    number = client.external(did := free_did())
    client.dialplan(number, [step(1, {"kind": "port", "port_id": line.port_id})])
    client.wait_active()
    stranger = SipPhone(instance.config.sip_port, "anybody", None, ip=FOREIGN)
    stranger.call(did, status=401)


def test_call_to_the_city_shows_the_clients_number(
    city: City, company: New, free_did: Callable[[], str]
) -> None:
    client = company()
    line = client.line("100")
    did = free_did()
    client.external(did)
    client.wait_active()
    line.phone.register()
    for written in ("84951112233", "+74951112233", "74951112233", "1112233"):
        waiting = city.first.answer()
        line.phone.call(written)
        waiting.wait()
        seen = waiting.messages()
        assert "INVITE sip:74951112233@" in seen
        assert f"<sip:{did}@" in seen
    rows = client.calls(4)
    assert {(row["direction"], row["via"], row["result"]) for row in rows} == {("out", did, "answered")}


def test_next_trunk_when_one_is_down(city: City, company: New, free_did: Callable[[], str]) -> None:
    client = company()
    line = client.line("100")
    client.external(free_did())
    client.wait_active()
    line.phone.register()
    refused, waiting = city.first.refuse("503 Service Unavailable"), city.second.answer()
    line.phone.call("84951112233")
    refused.wait()
    waiting.wait()
    # The called number being busy is the answer, not a reason to try another operator.
    busy = city.first.refuse("486 Busy Here")
    line.phone.call("84951112233", status=486)
    busy.wait()
    rows = client.calls(2)
    assert [row["result"] for row in rows] == ["busy", "answered"]


def test_two_clients_call_each_other_inside_the_exchange(
    city: City, company: New, free_did: Callable[[], str]
) -> None:
    """Neither trunk is used: both are silent, a call through them would fail."""
    one, two = company(), company()
    caller, callee = one.line("100"), two.line("100")
    one_did, two_did = free_did(), free_did()
    one.external(one_did)
    two.dialplan(two.external(two_did), [step(1, {"kind": "port", "port_id": callee.port_id})])
    one.wait_active()
    two.wait_active()
    caller.phone.register()
    callee.phone.register()
    waiting = callee.phone.answer()
    caller.phone.call(f"8{two_did[1:]}")
    waiting.wait()
    assert f"<sip:{one_did}@" in waiting.messages()
    [out], [incoming] = one.calls(1), two.calls(1)
    assert (out["direction"], out["via"]) == ("out", one_did)
    assert (incoming["direction"], incoming["caller"], incoming["via"]) == ("in", one_did, two_did)


def test_without_a_city_number_no_call_to_the_city(city: City, company: New) -> None:
    client = company()
    line = client.line("100")
    client.wait_active()
    line.phone.register()
    line.phone.call("84951112233", status=403)


def test_the_group_of_a_line_takes_its_calls(company: New) -> None:
    """S181: who is in the pickup group of the line a call came by may take it, whichever telephone rings."""
    client = company()
    groups = [
        client.api.post(f"{client.path}/pickup-groups", {"group": number, "name": f"Группа {number}"})["id"]
        for number in (1, 2)
    ]
    rung, near, far = (client.line(digits) for digits in ("100", "101", "102"))
    for line, group in zip((near, far), groups, strict=True):
        client.api.patch(f"{client.path}/ports/{line.port_id}", {"pickup_group_id": group})
    target = client.number("300")
    client.dialplan(target, [step(1, {"kind": "port", "port_id": rung.port_id})])
    abroad = SipPhone(client.instance.config.sip_port, "abroad", None, ip=LINE_IP)
    client.port(
        "Линия",
        connection="trunk",
        number_id=target,
        remote_host=LINE_IP,
        remote_port=abroad.port,
        networks=[f"{LINE_IP}/32"],
        pickup_group_id=groups[0],
    )
    client.wait_active()
    for line in (rung, near, far):
        line.phone.register()
    ringing = rung.phone.let_ring()
    call = abroad.start_call("300", callee_ends=True)
    wait_for(lambda: "Ringing" in client.instance.engine("core show channels"), 10)
    far.phone.call("888#", status=404)
    near.phone.call("888#", talk_ms=PICKED_MS)
    call.wait()
    ringing.wait()
    taken = [row for row in client.calls(3) if row["direction"] == "in"]
    assert [(row["result"], row["answered_by"]) for row in taken] == [("answered", "101")]


def test_line_of_a_foreign_operator(instance: Instance, company: New) -> None:
    """S83-S86: a trunk that registers at another operator's server, here a bare Asterisk; its calls go to 300."""
    client = company()
    line = client.line("100")
    target = client.number("300")
    client.dialplan(target, [step(1, {"kind": "port", "port_id": line.port_id})])
    with BareEngine(instance.config, free_port("127.0.0.60"), "127.0.0.60") as operator:
        trunk = client.port(
            "Линия оператора",
            connection="trunk",
            number_id=target,
            remote_host="127.0.0.60",
            remote_port=operator.sip_port,
            remote_domain="127.0.0.60",
            remote_login="101",
            password=BARE_PASSWORD,
            register=True,
            networks=["127.0.0.60/32"],
        )
        client.wait_active()
        line.phone.register()
        wait_for(lambda: "101/sip" in operator.console("pjsip show contacts"), 15)

        def shown() -> bool:
            state = client.api.get(f"{client.path}/ports/{trunk['id']}")["registration"]
            return bool(state) and state["status"] == "registered"

        wait_for(shown, 10, lambda: str(client.api.get(f"{client.path}/registrations")))
        abroad = SipPhone(operator.sip_port, "100", BARE_PASSWORD, ip="127.0.0.60", server="127.0.0.60")
        abroad.register()
        waiting = line.phone.answer()
        abroad.call("101")
        waiting.wait()
        [row] = client.calls(1)
        assert (row["direction"], row["result"]) == ("in", "answered")
