"""How talks that cost something end: with a signal before it, at once when nobody pays any more, and what they cost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ats.engine import runtime
from tests.engine.test_limits import limit
from tests.harness.city import City
from tests.harness.company import Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.money import Till

New = Callable[[], Company]
Did = Callable[[], str]
SIGNAL = Path(runtime.__file__).with_name("sounds") / "ru/ends-soon.wav"
FIRST, SECOND = "84951112233", "88121112233"  # by one operator and by the other
PER_S = 1_000


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.94", "127.0.0.95")
    made.lead("7812", made.trunks[1])
    instance.wait_active(made.operator)
    yield made
    made.close()


def paying(client: Company, cap: int, **rate: int) -> Till:
    return Till(client, {"price": 60 * PER_S, "first_s": 1, "next_s": 1, **rate}, daily_cap=cap)


def test_who_pays_hears_a_signal_before_the_end(
    instance: Instance, city: City, company: New, free_did: Did
) -> None:
    """For want of money (the authoriser knows) and of time (the engine does); the cut stays at the second."""
    poor, brief = company(), company()
    lines = poor.line("100"), brief.line("100")
    for client in (poor, brief):
        client.external(free_did())
    till = paying(poor, 12 * PER_S)
    limit(brief, "port", lines[1].port_id, duration_out_s=12)
    poor.wait_active()
    instance.api.patch("/system/settings", {"talks": {"warn_s": 5}})
    for phone in (lines[0].phone, lines[1].phone, city.first, city.second):
        phone.hertz = 440
    for line in lines:
        line.phone.register()
    try:
        # Until the setting is in force.
        wait_for(lambda: instance.engine("dialplan show globals").count("ATSWARN=5") == 1, 30)
        answering = city.first.answer(), city.second.answer()
        calls = [
            line.phone.start_call(to, talk_ms=40_000) for line, to in zip(lines, (FIRST, SECOND), strict=True)
        ]
        for one in answering:
            one.wait()
        heard = [call.likeness(SIGNAL) for call in calls]
        in_the_city = [one.likeness(SIGNAL) for one in answering]
        for call in calls:
            call.stop()
    finally:
        instance.api.patch("/system/settings", {"talks": {"warn_s": 30}})
        city.first.hertz = city.second.hertz = None
    talked = [client.calls(1)[0]["talk_ms"] for client in (poor, brief)]
    assert all(12_000 <= ms < 13_000 for ms in talked), talked
    assert till.wait_settled()["spent_today"] == 12 * PER_S
    assert min(heard) > 0.5, (heard, in_the_city)
    assert max(in_the_city) < 0.3, (heard, in_the_city)


def test_a_talk_ends_when_its_account_is_switched_off(
    instance: Instance, city: City, company: New, free_did: Did
) -> None:
    client = company()
    line = client.line("100")
    client.external(free_did())
    till = paying(client, 1000 * PER_S)
    client.wait_active()
    line.phone.register()
    waiting = city.first.answer()
    call = line.phone.start_call(FIRST, talk_ms=40_000)
    wait_for(lambda: instance.engine("core show channels concise").count("!Up!") == 2, 10)
    till.api.patch(f"/billing/accounts/{till.id}", {"is_active": False})
    waiting.wait(12)
    call.stop()
    [row] = client.calls(1)
    assert row["talk_ms"] < 10_000
    assert 0 < row["cost"] == till.wait_settled()["spent_today"] <= row["talk_ms"] + PER_S
    line.phone.call(FIRST, status=403)


def test_the_price_of_a_call_to_several_numbers_adds_up(city: City, company: New, free_did: Did) -> None:
    """Two numbers at once, of which one answers; then a number whose first operator is out of order: three attempts."""
    broken, whole = city.switch("127.0.0.96"), city.switch("127.0.0.97")
    city.lead("7343", city.trunk(broken), city.trunk(whole))
    client = company()
    line = client.line("100")
    client.external(free_did())
    till = paying(client, 1000 * PER_S, attempt_fee=300, connection_fee=5_000)
    ids = [
        client.api.post(f"{client.path}/forwardings", {"name": digits, "digits": digits})["id"]
        for digits in (FIRST, SECOND, "83431112233")
    ]
    several = {"kind": "ring", "port_ids": [], "forwarding_ids": ids[:2]}
    one = {"kind": "forwarding", "forwarding_id": ids[2]}
    client.dialplan(client.number("200"), [step(1, several, after_answer=2), step(2, one)])
    client.wait_active()
    city.instance.wait_active(city.operator)
    line.phone.register()
    out_of_order, last = broken.refuse("503 Service Unavailable"), whole.answer(talk_ms=1_200)
    answers, gives_up = city.first.answer(talk_ms=2_200), city.second.let_ring()
    call = line.phone.start_call("200", talk_ms=20_000)
    for running in (answers, gives_up, out_of_order, last):
        running.wait()
    call.stop()
    [row] = client.calls(1)
    settled = till.wait_settled()
    price = client.api.get(f"{client.path}/calls/{row['id']}/price")
    charges = price["charges"]
    assert sorted((charge["digits"], charge["talk_s"]) for charge in charges) == [
        ("73431112233", 2),
        ("74951112233", 3),
        ("78121112233", None),
    ]
    for charge in charges:
        assert sum(item["amount"] for item in charge["lines"]) == charge["cost"], charge
    total = 3 * 300 + 2 * 5_000 + 5 * PER_S
    assert (
        total
        == sum(one["cost"] for one in charges)
        == price["total"]
        == row["cost"]
        == settled["spent_today"]
    )
