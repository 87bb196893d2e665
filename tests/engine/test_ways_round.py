"""Ways round a limit that people find by themselves: codes in a talk, leaving a call that goes on, calls that the
exchange makes for them."""

from collections.abc import Callable, Iterator

import pytest

from tests.engine.test_limits import limit, told
from tests.engine.test_remote import asked
from tests.engine.test_semantics import phones, talk
from tests.harness.api import Api
from tests.harness.byhand import HandPhone, Talk
from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.money import UNIT, Till
from tests.harness.softphone import Baresip, baresip

New = Callable[[], Company]
Did = Callable[[], str]


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.98", "127.0.0.99")
    yield made
    made.close()


def test_asking_first_by_code_is_held_to_the_limits_of_who_asks(
    city: City, company: New, free_did: Did
) -> None:
    """*2 has the engine make the call itself, from no telephone: it is the secretary's all the same."""
    client = company()
    secretary = client.line("100", extras={"transfer_keys": True})
    number = client.external(did := free_did())
    client.dialplan(number, [step(1, {"kind": "port", "port_id": secretary.port_id})])
    limit(client, "port", secretary.port_id, closed=["local", "mobile"])
    with baresip(client.instance.config.sip_port, secretary.phone.login, PASSWORD, 440) as keys:
        caller = city.first.start_call(did, callee_ends=True)
        wait_for(lambda: channels(client).count("!Up!") == 2, 15, keys.log)
        ask(keys, "84951112233")
        # The engine calls nobody; he is told why, and is back with his caller.
        wait_for(lambda: "!Playback!" in channels(client), 15, lambda: channels(client))
        wait_for(lambda: "!Playback!" not in channels(client), 15, lambda: channels(client))
        keys.hang_up()
        caller.wait()
    [row] = client.calls(1, timeout=20)
    assert told(client, row["id"]) == ["ограничение порта «Линия 100»: направление закрыто"]


@pytest.mark.parametrize("how", ["asking first", "blindly"])
def test_who_leaves_a_call_outside_leaves_his_line_to_it(
    city: City, company: New, free_did: Did, how: str
) -> None:
    """He puts the city through to a colleague and is free; the call goes on at his client's cost, in his line."""
    client = company()
    lines = client.line("100"), client.line("101")
    client.external(free_did())
    limit(client, "client", client.id, lines_all=2 if how == "asking first" else 1)
    limit(client, "port", lines[0].port_id, lines_out=1)
    with phones(client, *lines) as (boss, clerk):
        answering = city.first.answer()
        first = boss.call("84951112233")
        first.talking()
        # Answered is not yet put together: what asks for a transfer in between is refused, as is one who rings.
        wait_for(lambda: together(client) == 2, 15, lambda: channels(client))
        if how == "asking first":
            second, asked = talk(boss, "101", clerk)
            first.refer("101", second)
            assert first.referred().endswith("200 OK")
            first.hang_up()
            second.ended()
        else:
            first.refer("101")
            asked = clerk.called()
            asked.pick_up()
            first.hang_up()
        wait_for(lambda: of_port(client, lines[0].phone.login) == 0, 15, lambda: channels(client))
        assert boss.call("84951112244").refused() == 486
        asked.hang_up()
        answering.wait()
        answering = city.first.answer()
        again = boss.call("84951112244")
        again.talking()
        again.hang_up()
        answering.wait()
    refused = [text for row in client.calls(3) for text in told(client, row["id"])]
    full = "порта «Линия 100»: исходящих линий" if how == "asking first" else "клиента: одновременных вызовов"
    assert [text.startswith(f"ограничение {full} больше не") for text in refused] == [True], refused


def test_who_leaves_before_the_city_answers_leaves_his_line_to_it(
    city: City, company: New, free_did: Did
) -> None:
    """His colleague takes his place while it rings."""
    client = company()
    lines = client.line("100"), client.line("101")
    client.external(free_did())
    limit(client, "port", lines[0].port_id, lines_out=1)
    with phones(client, *lines) as (boss, clerk):
        call, first = talk(clerk, "100", boss)
        answering = city.first.answer(ring_ms=4_000)
        second = boss.call("84951112233")
        second.wait(180)
        first.refer("84951112233", second)
        first.referred()
        first.hang_up()
        wait_for(
            lambda: of_port(client, lines[0].phone.login) == 0 and up(client) == 2,
            15,
            lambda: channels(client),
        )
        assert boss.call("84951112244").refused() == 486
        call.hang_up()
        answering.wait()


def test_a_paid_call_parked_and_taken_by_who_may_not_call_outside(
    city: City, company: New, free_did: Did
) -> None:
    """It stays the call of whoever made it, in his line and at his client's cost, to the second the money lasts; also
    when his port is deleted in the meantime."""
    client = company()
    lines = client.line("100"), client.line("101")
    client.external(free_did())
    till = Till(client, {"price": 60 * UNIT, "first_s": 1, "next_s": 1}, daily_cap=8 * UNIT)
    limit(client, "port", lines[0].port_id, lines_out=1)
    limit(client, "port", lines[1].port_id, closed=["local"])
    with phones(client, *lines) as (boss, clerk):
        answering = city.first.answer()
        first = boss.call("84951112233")
        first.talking()
        wait_for(lambda: together(client) == 2, 15, lambda: channels(client))
        first.refer("*75")
        assert first.referred().endswith("200 OK")
        first.hang_up()
        wait_for(lambda: of_port(client, lines[0].phone.login) == 0, 15, lambda: channels(client))
        assert boss.call("84951112244").refused() == 486
        taken = clerk.call("*761").talking()
        client.dialplan(lines[0].number_id, [])
        client.api.delete(f"{client.path}/ports/{lines[0].port_id}")
        taken.ended()
        answering.wait()
    rows = client.calls(3, timeout=20)
    [paid] = [row for row in rows if row["called"] == "84951112233"]
    assert (paid["caller"], paid["result"], paid["cost"]) == ("100", "answered", 8 * UNIT)
    assert 8_000 <= paid["talk_ms"] < 9_000
    assert till.wait_settled()["spent_today"] == 8 * UNIT == sum(one["cost"] for one in till.charges())


def ask(keys: Baresip, number: str) -> None:
    """Presses *2, waits until he is asked for the number, and presses that."""
    keys.forget()
    keys.press("*2")
    keys.wait_sound()
    keys.press(number)


def channels(client: Company) -> str:
    return client.instance.engine("core show channels concise")


def up(client: Company) -> int:
    return channels(client).count("!Up!")


def together(client: Company) -> int:
    """Channels in a bridge (it is the last but one of a line's fields)."""
    return sum(bool(line.split("!")[-2]) for line in channels(client).splitlines() if "!" in line)


def of_port(client: Company, login: str) -> int:
    """Its channels, not those that name it."""
    return sum(line.startswith(f"PJSIP/{login}-") for line in channels(client).splitlines())


def called_back(robot: Api, client: Company, *legs: tuple[str, HandPhone]) -> list[Talk]:
    """The exchange calls the one and then the other, and both pick up."""
    robot.post(f"{client.path}/callback", {"from": legs[0][0], "to": legs[1][0]})
    found = []
    for _, phone in legs:
        found.append(phone.called())
        found[-1].pick_up()
    return found


def test_a_call_the_exchange_makes_takes_a_line_of_the_client(company: New) -> None:
    """One call at once: no callback beside a talk, no talk beside a callback."""
    client = company()
    lines = [client.line(digits) for digits in ("100", "101", "102")]
    limit(client, "client", client.id, lines_all=1)
    login = f"remote-{client.id}"
    rights = ["http_login", "view_own", "web_services"]
    client.api.post(f"{client.path}/users", {"login": login, "password": PASSWORD, "rights": rights})
    robot = client.api.stranger()
    robot.login(login, PASSWORD)
    with phones(client, *lines) as (first, second, third):
        ours, theirs = talk(first, "101", second)
        robot.post(f"{client.path}/callback", {"from": "102", "to": "101"})
        [refused] = client.calls(1)
        assert told(client, refused["id"]) == ["ограничение клиента: одновременных вызовов больше нельзя"]
        ours.hang_up()
        theirs.ended()
        legs = called_back(robot, client, ("102", third), ("101", second))
        assert first.call("102").refused() == 486
        legs[0].hang_up()
        legs[1].ended()
    assert sorted(row["result"] for row in client.calls(4)) == ["answered", "answered", "busy", "busy"]


def test_what_a_user_has_the_exchange_call_takes_his_line(company: New) -> None:
    """By PIN and by callback, from anywhere: with one line in all he has one call, and his own telephone in it is no
    second one."""
    client = company()
    login, pin = f"remote-{client.id}", "407153"
    rights = ["http_login", "view_own", "web_services", "pin"]
    fields = {"login": login, "password": PASSWORD, "rights": rights}
    user = client.api.post(f"{client.path}/users", fields)["id"]
    client.api.put(f"{client.path}/users/{user}/remote/pin", {"pin": pin})
    lines = client.line("100"), client.line("101", owner_id=user), client.line("102")
    client.dialplan(client.number("150"), [step(1, {"kind": "pin"})])
    limit(client, "user", user, lines_all=1)
    robot = client.api.stranger()
    robot.login(login, PASSWORD)

    with phones(client, *lines) as (guest, own, third):

        def by_pin(caller: HandPhone) -> tuple[Talk, Talk]:
            call = caller.call("150").talking()
            for prompt, keys in (("vm-password", f"{pin}#"), ("vm-enter-num-to-call", "102#")):
                asked(client, prompt)
                call.press(keys)
            answered = third.called()
            answered.pick_up()
            return call, answered

        first, second = by_pin(guest)
        assert own.call("102").refused() == 486
        robot.post(f"{client.path}/callback", {"from": "100", "to": "102"})
        refused = client.calls(2)
        first.hang_up()
        second.ended()
        first, second = by_pin(own)
        first.hang_up()
        second.ended()
        legs = called_back(robot, client, ("100", guest), ("101", own))
        assert own.call("102").refused() == 486
        legs[0].hang_up()
        legs[1].ended()
    full = f"ограничение пользователя «{login}»: одновременных вызовов больше нельзя"
    assert [told(client, row["id"]) for row in refused] == [[full], [full]]
    assert len([row for row in client.calls(6) if row["result"] == "answered"]) == 3
