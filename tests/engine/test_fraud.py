"""The fraud guard on real calls: a port that calls too much is locked, people are told, and one click unlocks it."""

import email
import email.policy
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.harness import sipp
from tests.harness.city import City
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.harness.ports import free_port

CITY_NUMBER = "84951112233"


class Postbox:
    """What a mail server was given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_a_port_that_calls_too_much_is_locked_and_unlocked(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    with Instance(smtp_host="127.0.0.1", smtp_port=port, smtp_from="ats@example.org") as instance:
        city = City(instance, "127.0.0.60", "127.0.0.61")
        client = Company(instance, "Ромашка")
        line, other = client.line("100"), client.line("101")
        client.external("74957000002")
        boss = {"login": "boss", "password": "Lyutik-boss-4411", "email": "boss@example.org"}
        client.api.post(f"{client.path}/users", {**boss, "role": "client_admin"})
        client.api.patch("/fraud/settings", {"velocity_calls": 3, "velocity_points": 100})
        client.wait_active()
        for phone in (line.phone, other.phone):
            phone.register()

        def goes_out(phone: Any) -> None:
            waiting = city.first.answer()
            phone.call(CITY_NUMBER)
            waiting.wait()

        def notices() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = client.api.get(f"{client.path}/overview")["notices"]
            return [notice for notice in found if notice["code"] == "port_locked"]

        # Three calls of a client that is not billed: locked while all of them still talk.
        answering = city.first.start(sipp.ringing(), "-m", "3")
        talking = [line.phone.start_call(CITY_NUMBER, talk_ms=60_000) for _ in range(3)]
        wait_for(lambda: bool(notices()), 30)
        assert client.api.get(f"{client.path}/calls")["total"] == 0
        for call in talking:
            call.stop()
        answering.stop()
        client.wait_active()
        line.phone.call(CITY_NUMBER, status=403)
        waiting = city.first.answer()
        line.phone.call("112")
        waiting.wait()
        goes_out(other.phone)  # the port is locked, not the client
        wait_for(lambda: bool(box.letters), 30)
        [letter] = box.letters
        assert letter["To"] == "boss@example.org"
        assert "Линия 100" in letter["Subject"]
        assert "вызовов за 10 минут: 3" in letter.get_content()
        [case] = client.api.get(f"{client.path}/fraud")["items"]
        client.api.post(f"{client.path}/fraud/{case['id']}/unlock")
        client.wait_active()
        goes_out(line.phone)
        assert notices() == []
