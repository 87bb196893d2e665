"""Paid calls rated by an outside billing: real calls, and a real RADIUS server (FreeRADIUS)."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.harness import sipp
from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, Line
from tests.harness.freeradius import SECRET, FreeRadius
from tests.harness.instance import Instance, wait_for
from tests.harness.ports import free_port

CITY_NUMBER = "84951112233"
# An account may talk without limit, for two seconds, or not at all.
ACCOUNTS = """
long	Auth-Type := Accept
	Class = "0x6c6f6e67"
short	Auth-Type := Accept
	h323-credit-time = "h323-credit-time=2",
	h323-return-code = "h323-return-code=0"
renewed	Acct-Session-Time >= 5, Auth-Type := Reject
	Reply-Message = "Деньги кончились",
	h323-return-code = "h323-return-code=12"
renewed	Auth-Type := Accept
	h323-credit-time = "h323-credit-time=4"
mute	Acct-Session-Time >= 1, Auth-Type := Accept, Response-Packet-Type := Do-Not-Respond
mute	Auth-Type := Accept
	h323-credit-time = "h323-credit-time=6"
poor	Auth-Type := Reject
	Reply-Message = "Пополните счёт",
	h323-return-code = "h323-return-code=12"
"""
Subscriber = tuple[Company, Line]


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.81", "127.0.0.82")
    yield made
    made.close()


@pytest.fixture(scope="module")
def server() -> Iterator[FreeRadius]:
    with FreeRadius("127.0.0.20", ACCOUNTS) as running:
        yield running


@pytest.fixture(scope="module")
def billing(instance: Instance, server: FreeRadius) -> int:
    """The outside billing; its first server is never there, the second is the real one."""
    address = {"host": server.ip, "secret": SECRET}
    servers = [
        {**address, "auth_port": 1, "acct_port": 1},
        {**address, "auth_port": server.auth_port, "acct_port": server.acct_port},
    ]
    values = {"name": "Внешний биллинг", "servers": servers, "interim_s": 1, "timeout_ms": 1000}
    return int(instance.api.post("/radius", values)["id"])


@pytest.fixture
def subscriber(
    city: City, company: Callable[[], Company], free_did: Callable[[], str], billing: int
) -> Callable[[str], Subscriber]:
    def make(account: str) -> Subscriber:
        client = company()
        line = client.line("100")
        client.external(free_did())
        client.api.patch(client.path, {"billing_account": account})
        client.api.put(f"{client.path}/rating", {"radius_id": billing})
        client.wait_active()
        line.phone.register()
        return client, line

    return make


def told(server: FreeRadius, client: Company, status: str, count: int = 1) -> list[dict[str, str]]:
    """The records of that status of this client's calls, once there are so many."""
    [row] = client.calls(1)[:1]
    price = client.api.get(f"{client.path}/calls/{row['id']}/price")
    session = price["outside"][0]["session"]
    found: list[dict[str, str]] = []

    def enough() -> bool:
        found[:] = [one for one in server.records_of(session) if one["Acct-Status-Type"] == status]
        return len(found) >= count

    wait_for(enough, 15, lambda: str(server.records()[-3:]))
    return found


def test_the_call_is_cut_at_the_second_the_billing_allows(
    city: City, server: FreeRadius, subscriber: Callable[[str], Subscriber]
) -> None:
    client, line = subscriber("short")
    waiting = city.first.answer()
    call = line.phone.start_call(CITY_NUMBER, talk_ms=15_000)
    waiting.wait()
    [row] = client.calls(1)
    call.stop()
    assert 2_000 <= row["talk_ms"] < 3_000
    assert (row["cost"], row["destination"]) == (None, "local")
    [stop] = told(server, client, "Stop")
    assert stop["User-Name"] == "short"
    assert (stop["Called-Station-Id"], stop["Calling-Station-Id"]) == ("74951112233", row["via"])
    assert (stop["Acct-Session-Time"], stop["Acct-Terminate-Cause"]) == ("2", "Session-Timeout")
    assert stop["h323-disconnect-cause"] == "10"
    [start] = told(server, client, "Start")
    assert start["h323-conf-id"] == stop["h323-conf-id"]
    assert len(server.records_of(stop["Acct-Session-Id"])) <= 4  # an Interim-Update or two between them
    card = client.card(row["id"])
    assert card["rated_outside"] is True
    [part] = client.api.get(f"{client.path}/calls/{row['id']}/price")["outside"]
    assert (part["billing"], part["account"], part["allowed_s"], part["talk_s"]) == (
        "Внешний биллинг", "short", 2, 2,
    )  # fmt: skip


def test_asked_for_more_in_mid_call_and_cut_when_it_refuses_or_is_silent(
    instance: Instance, city: City, server: FreeRadius, billing: int, subscriber: Callable[[str], Subscriber]
) -> None:
    """Four seconds, four more from the question on, then no; and six seconds of which nothing more is heard."""
    instance.api.patch(f"/radius/{billing}", {"renews": True})
    renewed, mute = subscriber("renewed"), subscriber("mute")
    waiting = city.first.start(sipp.ringing(), "-m", "2")
    calls = [line.phone.start_call(CITY_NUMBER, talk_ms=20_000) for _, line in (renewed, mute)]
    waiting.wait(30)
    rows = [client.calls(1)[0] for client, _ in (renewed, mute)]
    for call in calls:
        call.stop()
    instance.api.patch(f"/radius/{billing}", {"renews": False})
    parts = [
        client.api.get(f"{client.path}/calls/{row['id']}/price")["outside"][0]
        for (client, _), row in zip((renewed, mute), rows, strict=True)
    ]
    for row, part in zip(rows, parts, strict=True):
        assert part["allowed_s"] * 1000 <= row["talk_ms"] < part["allowed_s"] * 1000 + 1000, part
    assert (parts[0]["renewed"] >= 1, parts[0]["allowed_s"] > 4) == (True, True)
    assert (parts[0]["no_more"], parts[0]["end_reply"]) == (
        "внешний биллинг: недостаточно денег", "Деньги кончились",
    )  # fmt: skip
    assert (parts[1]["renewed"], parts[1]["allowed_s"]) == (0, 6)
    assert parts[1]["no_more"] == "внешний биллинг не отвечает"
    [stop] = told(server, renewed[0], "Stop")
    assert (stop["Acct-Session-Time"], stop["Acct-Terminate-Cause"]) == (
        str(parts[0]["allowed_s"]), "Session-Timeout",
    )  # fmt: skip


def test_a_call_that_goes_on_is_told_of(
    city: City, server: FreeRadius, subscriber: Callable[[str], Subscriber]
) -> None:
    client, line = subscriber("long")
    waiting = city.first.answer()
    line.phone.call(CITY_NUMBER, talk_ms=4_500)
    waiting.wait()
    [stop] = told(server, client, "Stop")
    session = server.records_of(stop["Acct-Session-Id"])
    order = [one["Acct-Status-Type"] for one in session]
    assert order[0] == "Start" and order[-1] == "Stop" and len(order) > 2
    assert set(order[1:-1]) == {"Interim-Update"}
    times = [int(one["Acct-Session-Time"]) for one in session[1:]]
    assert times == sorted(times) and times[-2] >= 1
    assert stop["Acct-Terminate-Cause"] == "User-Request"
    assert {one["Class"] for one in session} == {"0x6c6f6e67"}


def test_our_own_limits_hold_for_the_billings_calls_too(
    city: City, server: FreeRadius, subscriber: Callable[[str], Subscriber]
) -> None:
    """The billing grants without limit, we a minute: 30, 15 and 7 seconds for three calls, the last is given more."""
    client, line = subscriber("long")
    path = f"{client.path}/limits/client/{client.id}"
    client.api.put(path, {"minutes_day": 1})
    client.wait_active()

    def held_at_least(seconds: int) -> bool:
        return bool(client.api.get(path)["used"]["seconds_day"] >= seconds)

    answering = city.first.start(sipp.ringing(), "-m", "3")
    calls = []
    for held, talk_ms in ((30, 9_500), (45, 9_300), (52, 9_000)):
        calls.append(line.phone.start_call(CITY_NUMBER, talk_ms=talk_ms))
        wait_for(partial(held_at_least, held), 10)
    wait_for(lambda: client.api.get(path)["used"]["seconds_day"] == 60, 12)
    line.phone.call(CITY_NUMBER, status=403)  # all is held by the three
    for running in (*calls, answering):
        running.wait()
    rows = client.calls(4)
    assert min(row["talk_ms"] for row in rows if row["result"] == "answered") >= 9_000
    wait_for(lambda: client.api.get(path)["used"]["seconds_day"] < 40, 10)


def test_refused_by_the_billing_and_the_card_says_why(
    city: City, server: FreeRadius, subscriber: Callable[[str], Subscriber]
) -> None:
    client, line = subscriber("poor")
    line.phone.call(CITY_NUMBER, status=403, timeout=30)
    [row] = client.calls(1)
    path = [item["text"] for item in client.card(row["id"])["path"]]
    assert any("внешний биллинг: недостаточно денег" in text for text in path), path
    [part] = client.api.get(f"{client.path}/calls/{row['id']}/price")["outside"]
    assert part["reply"] == "Пополните счёт"
    waiting = city.first.answer()
    line.phone.call("112")  # an emergency asks nobody
    waiting.wait()
    assert not [one for one in server.records() if one["User-Name"] == "poor"]


def test_no_record_is_lost_while_the_server_is_down(
    instance: Instance,
    city: City,
    server: FreeRadius,
    billing: int,
    subscriber: Callable[[str], Subscriber],
    tmp_path: Path,
) -> None:
    """The server is stopped for the length of 200 calls, then started: every accounting record arrives once."""
    client, line = subscriber("long")
    wait_for(lambda: _state(instance, billing)["waiting"] == 0, 20, lambda: str(_state(instance, billing)))
    server.stop()
    line.phone.call(CITY_NUMBER, status=403, timeout=30)  # nobody answers: refused, unless…
    instance.api.patch(f"/radius/{billing}", {"silent_s": 60, "interim_s": 0})
    _calls(instance, city, line, 200, tmp_path)
    client.calls(201, timeout=60)
    assert client.api.get(f"{client.path}/calls?result=answered")["total"] == 200
    state = _state(instance, billing)
    assert state["waiting"] == 400 and state["failures"] and state["error"]
    server.start()
    wait_for(lambda: _state(instance, billing)["waiting"] == 0, 70, lambda: str(_state(instance, billing)))
    came: dict[str, list[str]] = {}
    for one in server.records():
        if int(one["Acct-Delay-Time"]) > 0:
            came.setdefault(one["Acct-Session-Id"], []).append(one["Acct-Status-Type"])
    assert len(came) == 200
    assert Counter(map(tuple, came.values())) == {("Start", "Stop"): 200}
    assert (_state(instance, billing)["failures"], _state(instance, billing)["error"]) == (0, "")


def _state(instance: Instance, billing: int) -> dict[str, Any]:
    [found] = [row for row in instance.api.get("/radius")["items"] if row["id"] == billing]
    return dict(found)


def _calls(instance: Instance, city: City, line: Line, count: int, folder: Path) -> None:
    """So many calls to the city, twenty a second, each of half a second."""
    answering, calling = folder / "answer.xml", folder / "call.xml"
    answering.write_text(sipp.ringing())
    calling.write_text(sipp.call(line.phone.login, PASSWORD, talk_ms=500))
    common = ["-nostdin", "-timeout", "90"]
    callee = subprocess.Popen(
        ["sipp", "-sf", str(answering), "-i", city.first.ip, "-p", str(city.first.port), *common],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        subprocess.run(
            ["sipp", f"127.0.0.1:{instance.config.sip_port}", "-sf", str(calling), "-s", CITY_NUMBER,
             "-i", "127.0.0.1", "-p", str(free_port()), "-r", "20", "-m", str(count), "-l", "200", *common],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False,
            timeout=120,
        )  # fmt: skip
    finally:
        callee.kill()
        callee.wait()
    wait_for(lambda: instance.engine("core show channels count").startswith("0 active"), 60)
