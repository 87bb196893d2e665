"""Limits on real calls: lines under a burst, durations, directions, and what people are told."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.harness import sipp
from tests.harness.city import City
from tests.harness.company import Company, step
from tests.harness.instance import Instance, wait_for

New = Callable[[], Company]
Did = Callable[[], str]
CITY, SPARE = "127.0.0.70", "127.0.0.71"


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, CITY, SPARE)
    yield made
    made.close()


def limit(client: Company, scope: str, object_id: int, **values: Any) -> None:
    client.api.put(f"{client.path}/limits/{scope}/{object_id}", values)
    client.wait_active()


def told(client: Company, call_id: int) -> list[str]:
    """What the cabinet says about limits on the way of a call."""
    return [item["text"] for item in client.card(call_id)["path"] if item["end"] == "limit"]


def test_exactly_thirty_of_two_hundred_talk(city: City, company: New, free_did: Did) -> None:
    """30 lines, 200 attempts at the same moment: nobody more, and no line stays unused."""
    client = company()
    line = client.line("100")
    number = client.external(did := free_did())
    client.dialplan(number, [step(1, {"kind": "port", "port_id": line.port_id})])
    limit(client, "client", client.id, lines_in=30)
    line.phone.register()
    waiting = line.phone.start(sipp.ringing(ring_ms=100), "-m", "30")
    # Nobody hangs up before the last one has been refused.
    calls = city.first.start(
        sipp.burst("switch", 486, 12_000), "-s", did, "-m", "200", "-r", "200", "-l", "200"
    )
    calls.wait(60)
    waiting.wait(30)
    rows = client.calls(200, 30)
    page = client.api.get(f"{client.path}/calls?page_size=200")["items"]
    assert Counter(row["result"] for row in page) == {"answered": 30, "busy": 170}
    refused = next(row for row in rows if row["result"] == "busy")
    assert told(client, refused["id"]) == ["ограничение клиента: входящих линий больше нет"]
    # All lines are free again.
    waiting = line.phone.answer()
    city.first.call(did)
    waiting.wait()


def test_lines_of_the_client_count_every_call_once(company: New) -> None:
    client = company()
    lines = [client.line(digits) for digits in ("100", "101", "102", "103")]
    limit(client, "client", client.id, lines_all=1)
    for line in lines:
        line.phone.register()
    waiting = lines[1].phone.answer()
    talking = lines[0].phone.start_call("101", talk_ms=2500)
    wait_for(lambda: "1 active call" in client.instance.engine("core show channels count"), 5)
    lines[2].phone.call("103", status=486)
    talking.wait()
    waiting.wait()
    waiting = lines[3].phone.answer()
    lines[2].phone.call("103")
    waiting.wait()
    rows = client.calls(3)
    [refused] = [row for row in rows if row["result"] == "busy"]
    assert told(client, refused["id"]) == ["ограничение клиента: одновременных вызовов больше нельзя"]


def test_full_port_and_full_step_are_busy(company: New) -> None:
    """A limit of the element reached is «По занято» of the step (S114, S145)."""
    client = company()
    first, second, third = client.line("100"), client.line("101"), client.line("102")
    number = client.number("200")
    client.dialplan(
        number,
        [
            {**step(1, {"kind": "port", "port_id": second.port_id}, busy=2), "limits": {"lines": 1}},
            step(2, {"kind": "port", "port_id": third.port_id}),
        ],
    )
    limit(client, "port", third.port_id, lines_in=1)
    for line in (first, second, third):
        line.phone.register()
    waiting = second.phone.answer(), third.phone.answer()
    one = first.phone.start_call("200", talk_ms=4000)
    wait_for(lambda: "1 active call" in client.instance.engine("core show channels count"), 5)
    two = first.phone.start_call("200", talk_ms=3000)
    wait_for(lambda: "2 active calls" in client.instance.engine("core show channels count"), 5)
    first.phone.call("200", status=486)
    for running in (one, two, *waiting):
        running.wait()
    rows = client.calls(3)
    assert Counter(row["result"] for row in rows) == {"answered": 2, "busy": 1}
    [busy] = [row for row in rows if row["result"] == "busy"]
    assert told(client, busy["id"]) == [
        "ограничение шага «SIP Линия 101»: одновременных вызовов больше нельзя",
        "ограничение порта «Линия 102»: входящих линий больше нет",
    ]


@pytest.mark.parametrize("scope", ["client", "port"])
def test_a_long_call_to_the_city_is_cut(city: City, company: New, free_did: Did, scope: str) -> None:
    client = company()
    line = client.line("100")
    client.external(free_did())
    limit(client, scope, client.id if scope == "client" else line.port_id, duration_out_s=2)
    line.phone.register()
    waiting = city.first.answer(ring_ms=1500)
    line.phone.call("84951112233", callee_ends=True)
    waiting.wait()
    [row] = client.calls(1)
    assert row["result"] == "answered"
    assert 1900 <= row["talk_ms"] <= 2900  # ringing does not count


def test_a_long_call_from_the_city_is_cut(city: City, company: New, free_did: Did) -> None:
    """S144: in a number's own dialplan, and the smaller one of two limits."""
    client = company()
    line = client.line("100")
    number = client.external(did := free_did())
    client.dialplan(
        number, [{**step(1, {"kind": "port", "port_id": line.port_id}), "limits": {"duration_s": 60}}]
    )
    limit(client, "client", client.id, duration_in_s=2)
    line.phone.register()
    waiting = line.phone.answer(ring_ms=1500)
    city.first.call(did, callee_ends=True)
    waiting.wait()
    [row] = client.calls(1)
    assert 1900 <= row["talk_ms"] <= 2900


def test_directions(city: City, company: New, free_did: Did) -> None:
    """S16-S18: closed for the client, for one port more; a prefix let through; the way out is told."""
    client = company()
    boss, guest = client.line("100"), client.line("101")
    client.external(free_did())
    limit(client, "client", client.id, closed=["international"], allow_prefixes=["375"])
    limit(client, "port", guest.port_id, closed=["mobile", "long_distance"], deny_prefixes=["7495999"])
    for line in (boss, guest):
        line.phone.register()
    for phone, allowed in (
        (boss, ("89161234567", "88121234567", "84959991234", "810375291234567")),
        (guest, ("84951112233",)),
    ):
        for number in allowed:
            waiting = city.first.answer()
            phone.phone.call(number)
            waiting.wait()
    for phone, closed in (
        (boss, ("810442079460000",)),
        (guest, ("89161234567", "88121234567", "84959991234", "+442079460000")),
    ):
        for number in closed:
            phone.phone.call(number, status=403)
    rows = client.calls(10)
    refused = {row["called"]: told(client, row["id"])[0] for row in rows if row["result"] == "failed"}
    assert refused == {
        "810442079460000": "ограничение клиента: направление закрыто",
        "89161234567": "ограничение порта «Линия 101»: направление закрыто",
        "88121234567": "ограничение порта «Линия 101»: направление закрыто",
        "84959991234": "ограничение порта «Линия 101»: номер запрещён списком",
        "+442079460000": "ограничение клиента: направление закрыто",
    }
    assert {row["direction"] for row in rows} == {"out"}


def test_emergency_calls_go_out_whatever_is_closed(city: City, company: New, free_did: Did) -> None:
    client = company()
    line = client.line("100")
    client.external(free_did())
    every = ["local", "mobile", "long_distance", "international"]
    limit(client, "client", client.id, closed=every, lines_all=0, lines_out=0)
    line.phone.register()
    line.phone.call("84951112233", status=486)
    waiting = city.first.answer()
    line.phone.call("112")
    waiting.wait()


def test_a_phone_cannot_show_a_number_that_is_not_its_own(city: City, company: New, free_did: Did) -> None:
    """Caller ID is whitelisted: whatever stands in From and P-Asserted-Identity, the client's number goes out."""
    client = company()
    line = client.line("100")
    own = free_did()
    client.external(own)
    client.wait_active()
    line.phone.register()
    waiting = city.first.answer()
    scenario = sipp.call(line.phone.login, line.phone.password or "", name="Bank", asserted="74957777777")
    line.phone.start(scenario, "-s", "84951112233").wait()
    waiting.wait()
    seen = waiting.messages()
    assert f"<sip:{own}@" in seen
    assert "74957777777" not in seen
    assert "Bank" not in seen


def test_counted_limits_of_a_client_that_is_not_billed(city: City, company: New, free_did: Did) -> None:
    """The authoriser is asked, the journal says what it took, and the next call hears why not."""
    client = company()
    line = client.line("100")
    client.external(free_did())
    limit(client, "client", client.id, minutes_day=30, destinations_day=1)
    line.phone.register()
    waiting = city.first.answer()
    line.phone.call("84951112233", talk_ms=2500)
    waiting.wait()
    path = f"{client.path}/limits/client/{client.id}"
    # A begun second counts; before the journal is read the call holds more.
    wait_for(lambda: client.api.get(path)["used"]["seconds_day"] == 3, 10, lambda: str(client.api.get(path)))
    line.phone.call("84951112244", status=403)
    waiting = city.first.answer()
    line.phone.call("84951112233")
    waiting.wait()
    rows = client.calls(3)
    [refused] = [row for row in rows if row["result"] == "failed"]
    assert told(client, refused["id"]) == ["ограничение клиента: слишком много разных номеров за день"]


def test_a_call_longer_than_its_hold_still_counts_and_is_given_back_after_it(
    city: City, company: New, free_did: Did
) -> None:
    """A minute for three calls: 30, 15 and 7 seconds at first; the last one is given more, and no fourth goes out."""
    client = company()
    line = client.line("100")
    client.external(free_did())
    limit(client, "client", client.id, minutes_day=1)
    path = f"{client.path}/limits/client/{client.id}"
    line.phone.register()

    def held_at_least(seconds: int) -> bool:
        return bool(client.api.get(path)["used"]["seconds_day"] >= seconds)

    answering = city.first.start(sipp.ringing(), "-m", "3")
    calls = []
    for held, talk_ms in ((30, 20_000), (45, 14_500), (52, 14_000)):
        calls.append(line.phone.start_call("84951112233", talk_ms=talk_ms))
        wait_for(partial(held_at_least, held), 10)
    # Tidied later than its first 7 s and the 4 s its end is waited for: given up then, had it not been given another
    # share. The command starts now, so that the three still talk when it is done.
    words = "import time; from django.utils import timezone; from ats.limits import usage"
    later = f"time.sleep(max(0, {time.monotonic() + 11.2} - time.monotonic())); usage.tidy('node1', timezone.now())"
    with ThreadPoolExecutor() as beside:
        tidied = beside.submit(client.instance.manage, "shell", "-c", f"{words}; {later}")
        wait_for(lambda: client.api.get(path)["used"]["seconds_day"] == 60, 12)  # 52 at first
        tidied.result()
    line.phone.call("84951112244", status=403)
    for running in (*calls, answering):
        running.wait()
    rows = client.calls(4)
    talked = sum(-(-row["talk_ms"] // 1000) for row in rows)
    wait_for(lambda: abs(client.api.get(path)["used"]["seconds_day"] - talked) <= 3, 10)
    answering = city.first.answer()
    line.phone.call("84951112244")
    answering.wait()
