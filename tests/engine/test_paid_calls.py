"""Calls that cost money, through the real engine: asked once, cut at the second, settled from the journal."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ats.engine import runtime
from launcher import health, supervise
from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, Line, step
from tests.harness.instance import Instance, wait_for
from tests.harness.money import UNIT, Till, hundred_calls, nothing_is_lost
from tests.harness.softphone import baresip

New = Callable[[], Company]
CITY_NUMBER = "84951112233"


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.53", "127.0.0.54")
    yield made
    made.close()


@pytest.fixture
def paying(city: City, company: New, free_did: Callable[[], str]) -> Callable[..., tuple[Till, Line]]:
    """A client with a city number, one registered phone and an account."""

    def make(cap: int, **rate: int) -> tuple[Till, Line]:
        client = company()
        line = client.line("100")
        client.external(free_did())
        till = Till(client, {"price": 6 * UNIT, "first_s": 1, "next_s": 1, **rate}, daily_cap=cap)
        client.wait_active()
        line.phone.register()
        return till, line

    return make


def test_a_paid_call_is_charged_and_explained(city: City, paying: Callable[..., tuple[Till, Line]]) -> None:
    till, line = paying(10 * UNIT, connection_fee=5_000)
    waiting = city.first.answer()
    line.phone.call(CITY_NUMBER, talk_ms=1500)
    waiting.wait()
    [row] = till.company.calls(1)
    assert (row["destination"], row["cost"], row["currency"]) == ("local", 7_000, "RUB")
    assert till.wait_settled()["spent_today"] == 7_000
    told = till.api.get(f"{till.company.path}/calls/{row['id']}/price")
    assert told["total"] == 7_000
    assert [line["code"] for line in told["charges"][0]["lines"]] == ["connection", "talk"]


def test_the_call_is_cut_at_the_second(city: City, paying: Callable[..., tuple[Till, Line]]) -> None:
    """Money for two seconds and a half: two are talked, and two are paid."""
    till, line = paying(2_500)
    waiting = city.first.answer()
    call = line.phone.start_call(CITY_NUMBER, talk_ms=15_000)
    waiting.wait()
    [row] = till.company.calls(1)
    call.stop()
    assert 2_000 <= row["talk_ms"] < 3_000
    assert row["cost"] == 2_000 == till.wait_settled()["spent_today"]
    # What is left is not enough for a second: refused before any operator is tried, with the reason.
    line.phone.call(CITY_NUMBER, status=403)


def test_a_call_that_goes_on_gets_more_time(city: City, paying: Callable[..., tuple[Till, Line]]) -> None:
    """Near its limit an account gives 20 s at first; the call goes on over that, and ends by the phone."""
    till, line = paying(30_000)
    waiting = city.first.answer()
    line.phone.call(CITY_NUMBER, talk_ms=23_000, timeout=60)
    waiting.wait()
    [row] = till.company.calls(1)
    assert row["talk_ms"] >= 23_000
    assert row["cost"] == till.wait_settled()["spent_today"] == -(-row["talk_ms"] // 1000) * 1_000


def test_refused_without_money_and_the_card_says_why(
    city: City, paying: Callable[..., tuple[Till, Line]]
) -> None:
    till, line = paying(0)
    line.phone.call(CITY_NUMBER, status=403)
    [row] = till.company.calls(1)
    path = [item["text"] for item in till.company.card(row["id"])["path"]]
    assert any("недостаточно денег" in text for text in path), path
    assert row["destination"] == "local"
    waiting = city.first.answer()
    line.phone.call("112")  # an emergency asks nobody
    waiting.wait()


def test_without_money_a_phrase_of_its_own_is_heard(
    city: City, paying: Callable[..., tuple[Till, Line]]
) -> None:
    """In the caller's language, for an empty account and for a limit of money; a closed direction says another."""
    till, line = paying(0)
    client, sounds = till.company, Path(runtime.__file__).with_name("sounds")
    user = client.api.post(
        f"{client.path}/users",
        {"name": "John", "login": f"john-{client.id}", "password": PASSWORD, "role": "client_user", "language": "en"},
    )  # fmt: skip
    johns, closed = client.line("101", owner_id=user["id"]), client.line("102")
    client.api.put(f"{client.path}/limits/port/{closed.port_id}", {"closed": ["local"]})
    client.wait_active()
    lines = (line, johns, closed)
    for one in lines:
        one.phone.hertz = 440
        one.phone.register()

    def heard() -> dict[str, tuple[bool, bool]]:
        """Who hears the phrase in Russian, and in English."""
        calls = [one.phone.start_call(CITY_NUMBER, status=403, early=183) for one in lines]
        for call in calls:
            call.wait()
            call.stop()
        return {
            one.digits: (
                call.likeness(sounds / "ru/no-money.wav") > 0.8,
                call.likeness(sounds / "en/no-money.wav") > 0.8,
            )
            for one, call in zip(lines, calls, strict=True)
        }

    expected = {"100": (True, False), "101": (False, True), "102": (False, False)}
    assert heard() == expected
    client.api.put(f"{client.path}/limits/client/{client.id}", {"money_day": 0})
    client.wait_active()
    assert heard() == expected
    rows = client.calls(6)
    told = [[item["text"] for item in client.card(row["id"])["path"]][-1] for row in rows]
    assert sorted(told) == [
        "не выпущен: на счёте недостаточно денег",
        "не выпущен: на счёте недостаточно денег",
        *["ограничение клиента: деньги на день израсходованы"] * 2,
        *["ограничение порта «Линия 102»: направление закрыто"] * 2,
    ]


def test_nobody_answers_and_nothing_stays_reserved(
    city: City, paying: Callable[..., tuple[Till, Line]]
) -> None:
    till, line = paying(10 * UNIT)
    busy = city.first.refuse("486 Busy Here")
    line.phone.call(CITY_NUMBER, status=486)
    busy.wait()
    till.company.calls(1)
    assert till.wait_settled()["spent_today"] == 0


def test_without_the_authoriser_the_dialplan_alone_decides(
    instance: Instance, city: City, paying: Callable[..., tuple[Till, Line]]
) -> None:
    """Paid calls are refused; emergency goes on; what the policy allows goes out and is charged afterwards."""
    till, line = paying(10 * UNIT)
    server = supervise._rpc(instance.config).supervisor
    server.stopProcess("authoriser")
    try:
        line.phone.call(CITY_NUMBER, status=403)
        waiting = city.first.answer()
        line.phone.call("112")
        waiting.wait()
        instance.api.put("/billing/down-policy", {"directions": ["local"]})
        till.company.wait_active()
        waiting = city.first.answer()
        line.phone.call(CITY_NUMBER, talk_ms=500)
        waiting.wait()
        line.phone.call("89161112233", status=403)
        rows = till.company.calls(4)
        assert [row["cost"] for row in rows] == [None, 1_000, None, None]
    finally:
        instance.api.put("/billing/down-policy", {"directions": []})
        server.startProcess("authoriser")


def test_a_caller_does_not_wait_for_an_authoriser_that_hangs(
    instance: Instance, city: City, paying: Callable[..., tuple[Till, Line]]
) -> None:
    """Stopped, it takes connections and never answers: the agent ends it, and it is as good as away."""
    till, line = paying(10 * UNIT)
    os.kill(instance.pid("authoriser"), signal.SIGSTOP)
    line.phone.call(CITY_NUMBER, status=403, timeout=20)
    wait_for(lambda: health.authoriser(instance.config).ok, 20)
    # Another one has taken its place, and a call goes out as before.
    waiting = city.first.answer()
    line.phone.call(CITY_NUMBER, talk_ms=500)
    waiting.wait()
    assert [row["cost"] for row in till.company.calls(2)] == [1_000, None]
    assert till.wait_settled()["spent_today"] == 1_000


def test_a_forward_goes_out_at_the_clients_cost(
    instance: Instance, city: City, paying: Callable[..., tuple[Till, Line]]
) -> None:
    """The one way out that steps, callbacks and transfers take: `o<E.164>` of the client's own context."""
    till, _ = paying(10 * UNIT)
    version = till.api.get(f"{till.company.path}/provisioning")["version"]
    context = f"c{till.company.id}.v{version}"
    waiting = city.first.answer(talk_ms=1500)
    instance.engine(f"channel originate Local/o74951112233@{context} application Echo")
    waiting.wait()
    assert till.wait_settled()["spent_today"] == 2_000
    assert till.charges()[0]["digits"] == "74951112233"


def test_who_transfers_a_call_pays_for_it(
    city: City, paying: Callable[..., tuple[Till, Line]], free_did: Callable[[], str]
) -> None:
    """A caller of another client is sent on to the city, at once and after asking there: the one who sends pays."""
    tills, _ = zip(*(paying(100 * UNIT) for _ in range(2)), strict=True)
    callers, secretarys = (till.company for till in tills)
    who = callers.line("201")
    secretary = secretarys.line("201", extras={"transfer": True, "transfer_keys": True})
    office = secretarys.external(did := free_did())
    secretarys.dialplan(office, [step(1, {"kind": "port", "port_id": secretary.port_id})])
    for client in (callers, secretarys):
        client.wait_active()
    sip_port = city.instance.config.sip_port
    with (
        baresip(sip_port, who.phone.login, PASSWORD, 440) as caller,
        baresip(sip_port, secretary.phone.login, PASSWORD, 660) as keys,
    ):
        waiting = city.first.answer()
        caller.dial(f"8{did[1:]}")
        wait_for(lambda: len(_talking(city.instance)) == 2, 20, caller.log)
        keys.keys(f"t{CITY_NUMBER}\n")
        wait_for(lambda: any("PJSIP/t" in name for name in _talking(city.instance)), 20, keys.log)
        time.sleep(2)
        caller.hang_up()
        waiting.wait()
        [blind] = _charged(tills[1], 1)
        waiting = city.first.answer()
        caller.dial(f"8{did[1:]}")
        wait_for(lambda: len(_talking(city.instance)) == 2, 20, caller.log)
        caller.wait_heard(660)
        keys.press("*2")
        caller.wait_gone(660)
        keys.press(CITY_NUMBER)
        wait_for(lambda: any("PJSIP/t" in name for name in _talking(city.instance)), 20, keys.log)
        time.sleep(2)
        keys.hang_up()
        time.sleep(3)
        caller.hang_up()
        waiting.wait()
        consulted, _ = _charged(tills[1], 2)
    assert blind["digits"] == consulted["digits"] == "74951112233"
    assert blind["talk_s"] >= 2
    assert consulted["talk_s"] >= 4  # also what was talked after the transfer
    assert tills[1].wait_settled()["spent_today"] == blind["cost"] + consulted["cost"]
    assert tills[0].charges() == []


def _talking(instance: Instance) -> list[str]:
    rows = (line.split("!") for line in instance.engine("core show channels concise").splitlines())
    return [row[0] for row in rows if len(row) > 4 and row[4] == "Up"]


def _charged(till: Till, count: int) -> list[dict[str, Any]]:
    wait_for(lambda: len(till.charges()) == count, 20, lambda: str(till.charges()))
    return till.charges()


@pytest.mark.parametrize("kills", [0, 3])
def test_a_hundred_calls_at_once_on_one_cap(
    instance: Instance, city: City, paying: Callable[..., tuple[Till, Line]], tmp_path: Path, kills: int
) -> None:
    """Each costs 6 roubles, the cap is 60 of them and a bit. With kills fewer may get out, never more."""
    till, line = paying(60 * 6 * UNIT + 5, first_s=60, next_s=60)
    killer = threading.Thread(target=_kill, args=(instance, kills))
    killer.start()
    try:
        hundred_calls(city, line, CITY_NUMBER, tmp_path)
    finally:
        killer.join()
    charged = nothing_is_lost(till, 100)
    if not kills:
        assert charged == 360 * UNIT
        assert len(till.charges()) == 60


def _kill(instance: Instance, kills: int) -> None:
    """kill -9 of the authoriser, the agent or the worker while calls are being set up."""
    dice = random.Random(7)
    for part in ("authoriser", "agent", "worker")[:kills]:
        time.sleep(dice.uniform(0.5, 1.5))
        if pid := instance.pid(part):
            os.kill(pid, signal.SIGKILL)
