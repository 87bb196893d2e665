"""Calls from elsewhere: by PIN (S234), by a known CLIP (S235), by the web service (S236)."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import SipPhone
from tests.harness.softphone import baresip

New = Callable[[], Company]
USER_PASSWORD = "Correct-Horse-7"
CITY, SPARE = "127.0.0.82", "127.0.0.83"
KNOWN, STRANGER = "79161110055", "79161110066"


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, CITY, SPARE)
    yield made
    made.close()


def user_of(client: Company, *rights: str) -> int:
    user = {
        "login": f"remote{client.id}",
        "password": USER_PASSWORD,
        "rights": ["http_login", "view_own", *rights],
    }
    return int(client.api.post(f"{client.path}/users", user)["id"])


def test_a_pin_lets_dial_on(company: New) -> None:
    """The PIN is keyed by a softphone, what it dials then rings the other telephone."""
    client = company()
    caller, callee = client.line("100"), client.line("101")
    number = client.number("150")
    client.dialplan(number, [step(1, {"kind": "pin"})])
    user = user_of(client, "pin")
    pin = client.api.put(f"{client.path}/users/{user}/remote/pin", {"pin": ""})["pin"]
    client.wait_active()
    callee.phone.register()
    with baresip(client.instance.config.sip_port, caller.phone.login, PASSWORD, 440) as phone:
        talk = callee.phone.answer(talk_ms=1500)
        phone.dial("150")
        asked(client, "vm-password")
        phone.press(f"{pin}#")
        asked(client, "vm-enter-num-to-call")
        phone.press("101#")
        talk.wait(40)
        phone.hang_up()
    [row] = client.calls(1)
    assert (row["called"], row["result"]) == ("150", "answered")


def asked(client: Company, prompt: str) -> None:
    """Waits until the caller hears a prompt (keys take a softphone a while to send)."""
    wait_for(lambda: prompt in client.instance.engine("core show channels concise"), 40, lambda: prompt)


def test_the_web_service_connects_two_numbers(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    user_of(client, "web_services")
    client.wait_active()
    for line in (first, second):
        line.phone.register()
    robot = client.api.stranger()
    robot.login(f"remote{client.id}", USER_PASSWORD)
    waiting = first.phone.answer(), second.phone.answer(talk_ms=1500)
    order = robot.post(f"{client.path}/callback", {"from": "100", "to": "101"})
    wait_for(
        lambda: robot.get(f"{client.path}/callback/{order['id']}")["state"] != "new",
        10,
        lambda: str(robot.get(f"{client.path}/callback/{order['id']}")),
    )
    assert robot.get(f"{client.path}/callback/{order['id']}") == {**order, "state": "done"}
    for phone in waiting:
        phone.wait(20)


def test_a_known_telephone_is_called_back_and_a_stranger_is_not(
    city: City, company: New, free_did: Callable[[], str]
) -> None:
    """S235: the caller hears «busy», hangs up, and is called back at the user's cost; who answers gets the number."""
    client = company()
    line, did = client.line("100"), free_did()
    number = client.external(did)
    client.dialplan(number, [step(1, {"kind": "callback", "number_id": line.number_id})])
    user = user_of(client, "clip_callback")
    client.api.put(f"{client.path}/users/{user}/remote/callers", {"callers": [f"+{KNOWN}"]})
    client.wait_active()
    line.phone.register()
    port = client.instance.config.sip_port
    SipPhone(port, STRANGER, None, ip=CITY).call(did, status=486)
    back, talk = city.first.answer(), line.phone.answer(talk_ms=1000)
    SipPhone(port, KNOWN, None, ip=CITY).call(did, status=486)
    back.wait()
    talk.wait()
    assert f"INVITE sip:{KNOWN}@" in back.messages()
    rows = client.calls(3)
    seen = [(row["caller"], row["called"], row["direction"], row["result"]) for row in reversed(rows)]
    assert seen == [
        (STRANGER, did, "in", "busy"),
        (KNOWN, did, "in", "busy"),
        (did, KNOWN, "out", "answered"),
    ]
