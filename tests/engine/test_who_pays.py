"""Who pays and what is counted when a call takes a turn on its way: picked up, sent on, its money or number taken."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.engine.test_element_limits import forwarding
from tests.engine.test_limits import limit
from tests.engine.test_semantics import phones
from tests.engine.test_ways_round import channels, of_port
from tests.harness.city import City
from tests.harness.company import Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.money import UNIT, Till
from tests.harness.phones import PICKED_MS
from tests.harness.switch import Switch

New = Callable[[], Company]
Did = Callable[[], str]
A_SECOND = {"price": 60 * UNIT, "first_s": 1, "next_s": 1}


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.110", "127.0.0.111")
    made.lead("7916", made.trunks[1])
    yield made
    made.close()


def test_a_forward_that_fails_and_one_that_a_colleague_picks_up_cost_their_attempts(
    city: City, company: New, free_did: Did
) -> None:
    """The first number is busy; while the second one rings in the city, 888# takes the call. Then it is answered."""
    client = company()
    group = client.api.post(f"{client.path}/pickup-groups", {"group": 1, "name": "Смена"})["id"]
    caller, near = client.line("100"), client.line("101", pickup_group_id=group)
    client.external(free_did())
    till = Till(client, {**A_SECOND, "attempt_fee": UNIT, "connection_fee": 5 * UNIT}, daily_cap=100 * UNIT)
    office, mobile = forwarding(client, "84951112233"), forwarding(client, "89161112244")
    agents = {"agents": [{"forwarding_id": mobile}], "ring_s": 30, "pickup_group_id": group}
    queue = client.api.post(f"{client.path}/queues", {"name": "Дежурный", **agents})["id"]
    first = step(1, {"kind": "forwarding", "forwarding_id": office}, busy=2)
    client.dialplan(client.number("200"), [first, step(2, {"kind": "queue", "queue_id": queue})])
    limit(client, "forwarding", mobile, minutes_day=10, lines_out=1)
    for line in (caller, near):
        line.phone.register()

    def rings() -> bool:
        return any("PJSIP/t" in row and "!Ringing!" in row for row in channels(client).splitlines())

    busy, ringing = city.first.refuse("486 Busy Here"), city.second.let_ring()
    call = caller.phone.start_call("200", callee_ends=True)
    wait_for(rings, 15, lambda: channels(client))
    near.phone.call("888#", talk_ms=PICKED_MS)
    for one in (call, busy, ringing):
        one.wait()
    assert {(row["result"], row["answered_by"]) for row in client.calls(2)} >= {("answered", "101")}
    wait_for(lambda: till.state()["spent_today"] == 2 * UNIT, 10, lambda: str(till.charges()))
    assert till.wait_settled()["spent_today"] == 2 * UNIT
    # Nothing was talked there, and the line is free again.
    assert client.api.get(f"{client.path}/limits/forwarding/{mobile}")["used"]["seconds_day"] == 0
    busy, answering = city.first.refuse("486 Busy Here"), city.second.answer(talk_ms=1500)
    caller.phone.call("200", callee_ends=True)
    for one in (busy, answering):
        one.wait()
    wait_for(lambda: len(till.charges()) == 4, 10, lambda: str(till.charges()))
    assert [one["cost"] for one in till.charges()] == [8 * UNIT, UNIT, UNIT, UNIT]


def outside(client: Company) -> int:
    """Legs to the city that talk."""
    rows = [row.split("!") for row in channels(client).splitlines()]
    return sum(row[0].startswith("PJSIP/t") and bool(row[-2]) for row in rows)


def test_a_paid_leg_in_a_conference_whose_money_and_number_are_taken(
    city: City, company: New, free_did: Did
) -> None:
    """Its maker has sent it there and left: it keeps his line and ends when the money does that is left now, to the
    second. The call and the charge stay with the client who had the number. A limit of minutes lowered ends at once a
    talk that held hours."""
    client, other, counted = company(), company(), company()
    lines, free = (client.line("100"), client.line("101")), counted.line("100")
    room = client.api.post(f"{client.path}/conferences", {"name": "Планёрка"})
    client.dialplan(client.number("300"), [step(1, {"kind": "conference", "conference_id": room["id"]})])
    number = client.external(did := free_did())
    counted.external(free_did())
    till = Till(client, A_SECOND, kind="prepaid", credit=10_000 * UNIT)
    theirs = Till(other, A_SECOND, kind="prepaid", credit=10_000 * UNIT)
    limit(client, "port", lines[0].port_id, lines_out=1)
    limit(counted, "client", counted.id, minutes_day=600)
    with phones(client, *lines) as (boss, clerk), phones(counted, free) as (talker,):
        first = clerk.call("300").talking()
        answering, answers = city.first.answer(), city.second.answer()
        long = talker.call("89161112244").talking()
        began = time.monotonic()
        own = boss.call("84951112233").talking()
        wait_for(lambda: outside(client) == 2, 15, lambda: channels(client))
        own.refer("300")
        assert own.referred().endswith("200 OK")
        own.hang_up()
        wait_for(lambda: of_port(client, lines[0].phone.login) == 0, 15, lambda: channels(client))
        assert boss.call("84951112244").refused() == 486
        assert till.state()["reserved"] == 60 * UNIT
        affordable = int(time.monotonic() - began) + 4
        till.api.patch(f"/billing/accounts/{till.id}", {"credit": affordable * UNIT})
        client.api.delete(f"{client.path}/numbers/{number}")
        [taken] = client.api.get(f"{other.path}/numbers/external/free?search={did[-7:]}")["items"]
        client.api.post(f"{other.path}/numbers/external", {"number_id": taken["id"]})
        limit(counted, "client", counted.id, minutes_day=0)
        long.ended()
        answers.wait()
        answering.wait()
        first.hang_up()
    rows = client.calls(3, timeout=20)
    [paid] = [row for row in rows if row["called"] == "84951112233"]
    assert (paid["caller"], paid["cost"]) == ("100", affordable * UNIT)
    assert affordable * 1000 <= paid["talk_ms"] < affordable * 1000 + 1500
    assert till.wait_settled()["balance"] == -affordable * UNIT
    assert (theirs.charges(), theirs.state()["reserved"]) == ([], 0)
    assert other.api.get(f"{other.path}/calls")["total"] == 0


def test_a_number_sent_back_by_the_operator_for_ever_is_sent_on_a_few_times(
    instance: Instance, company: New, free_did: Did
) -> None:
    """A mobile telephone that forwards to the office, which forwards to it: each round would be two calls more."""
    client = company()
    line = client.line("100")
    number = client.external(did := free_did())
    mobile = forwarding(client, "89171112233")
    client.dialplan(number, [step(1, {"kind": "forwarding", "forwarding_id": mobile})])
    back = {"extensions.conf": f"[in]\nexten => _X!,1,Dial(PJSIP/{did}@ats)\n same => n,Hangup()\n"}
    with Switch(instance.config, **back) as switch:
        trunk = switch.trunk(instance)
        route = instance.api.post("/routes", {"prefix": "7917", "trunk_ids": [trunk]})["id"]
        client.wait_active()
        line.phone.register()
        call = line.phone.start_call(f"8{did[1:]}", status=503)
        rows = client.calls(7, timeout=20)
        call.stop()
        wait_for(lambda: "0 active channels" in instance.engine("core show channels count"), 20)
        assert len(rows) == client.api.get(f"{client.path}/calls")["total"] == 7
        instance.api.delete(f"/routes/{route}")
        instance.api.delete(f"/clients/{instance.operator_id()}/ports/{trunk}")
