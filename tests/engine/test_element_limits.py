"""Limits of dialplan elements on what they lead outside (S39, S114), and nobody's limits passed by sending calls on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.test_limits import limit, told
from tests.harness import sipp
from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import Running
from tests.harness.softphone import baresip

New = Callable[[], Company]
Did = Callable[[], str]


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.92", "127.0.0.93")
    yield made
    made.close()


def forwarding(client: Company, digits: str) -> int:
    values = {"name": f"Номер {digits}", "digits": digits}
    return int(client.api.post(f"{client.path}/forwardings", values)["id"])


def led_out(level: int, forwarding_id: int, limits: dict[str, Any], **targets: int) -> dict[str, Any]:
    action = {"kind": "forwarding", "forwarding_id": forwarding_id}
    return {**step(level, action, **targets), "limits": limits}


def talking(client: Company, calls: int) -> None:
    """Until so many calls are talked in the city."""

    def talks() -> int:
        rows = client.instance.engine("core show channels concise").splitlines()
        return sum("PJSIP/t" in row.split("!")[0] and row.split("!")[4] == "Up" for row in rows)

    wait_for(lambda: talks() == calls, 10, lambda: client.instance.engine("core show channels"))


def test_elements_are_kept_to_what_they_may_lead_outside(city: City, company: New, free_did: Did) -> None:
    """One line, a closed direction, one call a minute: each sends the call on by «По занято», and the card says why."""
    client = company()
    line = client.line("100")
    client.external(free_did())
    mobile, office = forwarding(client, "89161112233"), forwarding(client, "84951112233")
    number = client.number("200")
    client.dialplan(
        number,
        [
            led_out(1, mobile, {"lines_out": 1}, busy=2),
            led_out(2, office, {"closed": ["local"]}, busy=3),
            led_out(3, office, {"calls_minute": 1}),
        ],
    )
    client.wait_active()
    line.phone.register()
    answering = city.first.start(sipp.ringing(), "-m", "2")
    running: list[Running] = []
    for calls in (1, 2):
        running.append(line.phone.start_call("200", talk_ms=6_000))
        talking(client, calls)
    line.phone.call("200", status=486)
    for one in (*running, answering):
        one.wait()
    first, second, third = (told(client, row["id"]) for row in reversed(client.calls(3)))
    full = "ограничение шага «Заданный номер Номер 89161112233»: исходящих линий больше нет"
    closed = "ограничение шага «Заданный номер Номер 84951112233»: направление закрыто"
    often = "ограничение шага «Заданный номер Номер 84951112233»: слишком много вызовов в минуту"
    assert [first, second, third] == [[], [full, closed], [full, closed, often]]


def test_a_forwarding_number_is_limited_by_whatever_rings_it(city: City, company: New, free_did: Did) -> None:
    """By a step, by several at once, by a queue: its minutes are one account."""
    client = company()
    line = client.line("100")
    client.external(free_did())
    mobile = forwarding(client, "89161112233")
    agents = [{"forwarding_id": mobile}]
    queue = client.api.post(f"{client.path}/queues", {"name": "Дежурный", "agents": agents, "ring_s": 5})[
        "id"
    ]
    for digits, action in (
        ("200", {"kind": "forwarding", "forwarding_id": mobile}),
        ("201", {"kind": "ring", "port_ids": [], "forwarding_ids": [mobile]}),
        ("202", {"kind": "queue", "queue_id": queue}),
    ):
        client.dialplan(client.number(digits), [step(1, action, timeout_s=3)])
    limit(client, "forwarding", mobile, minutes_day=1)
    line.phone.register()
    path = f"{client.path}/limits/forwarding/{mobile}"
    waiting = city.first.answer()
    line.phone.call("202", talk_ms=1500)
    waiting.wait()
    wait_for(lambda: client.api.get(path)["used"]["seconds_day"] == 2, 10, lambda: str(client.api.get(path)))
    limit(client, "forwarding", mobile, minutes_day=0)
    for digits, status in (("200", 486), ("201", 486), ("202", 480)):
        line.phone.call(digits, status=status)
    refused = [told(client, row["id"]) for row in client.calls(4)[:3]]
    spent = "ограничение номера переадресации «Номер 89161112233»: минуты на день израсходованы"
    assert [texts[:1] for texts in refused] == [[spent]] * 3


def test_who_sends_a_call_on_is_held_to_his_own_limits(city: City, company: New, free_did: Did) -> None:
    """A secretary whose port may not call the city sends an outside caller there: he hears why not, she is named."""
    client = company()
    secretary = client.line("100", extras={"transfer": True})
    number = client.external(did := free_did())
    client.dialplan(number, [step(1, {"kind": "port", "port_id": secretary.port_id})])
    limit(client, "port", secretary.port_id, closed=["local", "mobile"])
    with baresip(client.instance.config.sip_port, secretary.phone.login, PASSWORD, 440) as keys:
        caller = city.first.start_call(did, talk_ms=9_000)
        wait_for(
            lambda: client.instance.engine("core show channels concise").count("!Up!") == 2, 15, keys.log
        )
        keys.keys("t84951112233\n")
        [row] = client.calls(1, timeout=20)
        caller.stop()
    assert told(client, row["id"]) == ["ограничение порта «Линия 100»: направление закрыто"]


def test_a_user_does_not_pass_his_limits_by_his_number(city: City, company: New, free_did: Did) -> None:
    """He leads his own number to where his ports may not call."""
    client = company()
    line = client.line("100")
    client.external(free_did())
    user = client.api.post(
        f"{client.path}/users",
        {"name": "Иван", "login": f"ivan-{client.id}", "password": PASSWORD, "role": "client_user"},
    )
    number = client.number("200")
    client.api.patch(f"{client.path}/numbers/{number}", {"owner_id": user["id"]})
    client.dialplan(number, [led_out(1, forwarding(client, "89161112233"), {})])
    limit(client, "user", user["id"], closed=["mobile"])
    line.phone.register()
    line.phone.call("200", status=486)
    [row] = client.calls(1)
    assert told(client, row["id"]) == [f"ограничение пользователя «ivan-{client.id}»: направление закрыто"]


def test_a_callback_is_held_to_the_limits_of_its_user(company: New, free_did: Did) -> None:
    """The exchange makes the call, from no port of his: by web service as by PIN."""
    client = company()
    line = client.line("100")
    client.external(free_did())
    login = f"remote-{client.id}"
    values = {"login": login, "password": PASSWORD, "rights": ["http_login", "view_own", "web_services"]}
    user = client.api.post(f"{client.path}/users", values)
    limit(client, "user", user["id"], closed=["mobile"])
    line.phone.register()
    robot = client.api.stranger()
    robot.login(login, PASSWORD)
    waiting = line.phone.answer()
    robot.post(f"{client.path}/callback", {"from": "100", "to": "89161112233"})
    waiting.wait()
    [row] = client.calls(1)
    assert told(client, row["id"]) == [f"ограничение пользователя «{login}»: направление закрыто"]
