"""Voicemail with a real phone, a real mail server and the sound measured: left, sent, listened to by telephone."""

import email
import email.policy
import io
import time
import wave
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import Running, SipPhone
from tests.harness.ports import free_port
from tests.harness.softphone import baresip
from tests.harness.tones import listen

SMTP_PORT = free_port()


class Postbox:
    """What a mail server was given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with Instance(smtp_host="127.0.0.1", smtp_port=SMTP_PORT, smtp_from="ats@example.org") as running:
        yield running


@pytest.fixture
def office(instance: Instance) -> Company:
    return Company(instance, f"Почта {time.time_ns()}")


def leave(client: Company, login: str, seconds: float = 3.0) -> None:
    with baresip(client.instance.config.sip_port, login, PASSWORD, 440) as phone:
        phone.dial("110")
        phone.wait_sound()
        phone.wait_quiet()  # greeting and tone are over
        phone.pause(seconds)  # what he says
        phone.hang_up()


def test_a_message_arrives_by_mail_and_in_the_cabinet_and_is_heard_by_telephone(office: Company) -> None:
    client, api = office, office.api
    caller = client.line("100")
    box = api.post(
        f"{client.path}/mailboxes",
        {"name": "Секретарь", "box": "110", "pin": "4321", "email": "boss@example.org"},
    )
    number = client.number("110")
    client.dialplan(number, [step(1, {"kind": "mailbox", "mailbox_id": box["id"]})])
    desk = client.port("Секретарь", number_id=number)
    client.wait_active()
    lamp = SipPhone(client.instance.config.sip_port, desk["login"], PASSWORD)
    lamp.register()
    told(lamp.lamp(), waiting="no", new=0, old=0)
    lit = lamp.lamp()
    # The mail server is down while the message is left: the letter waits for it.
    leave(client, caller.phone.login)
    path = f"{client.path}/mailboxes/{box['id']}/messages"
    wait_for(lambda: api.get(path)["total"] == 1, 10, lambda: str(api.get(path)))
    message = api.get(path)["items"][0]
    assert message["caller"] == "100"
    assert message["duration_ms"] > 1500
    assert not message["is_read"]
    told(lit, waiting="yes", new=1, old=0)
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=SMTP_PORT)
    controller.start()
    try:
        wait_for(lambda: len(postbox.letters) > 0, 40)
        time.sleep(3)
    finally:
        controller.stop()
    assert len(postbox.letters) == 1  # nothing is doubled
    letter = postbox.letters[0]
    assert letter["To"] == "boss@example.org"
    text = letter.get_body().get_content()
    assert "100" in text
    assert "Время звонка" in text
    sound = next(letter.iter_attachments()).get_content()
    with wave.open(io.BytesIO(sound)) as recording:
        assert recording.getnframes() > 8000
    path_of_sound = client.instance.home / "heard.wav"
    path_of_sound.write_bytes(sound)
    assert abs(listen(path_of_sound).hertz - 440) < 15
    dark = lamp.lamp()
    listen_by_telephone(client, caller.phone.login)
    wait_for(lambda: api.get(path)["items"][0]["is_read"], 10, lambda: str(api.get(path)))
    told(dark, waiting="no", new=0, old=1)
    the_lamp_follows_the_cabinet(client, lamp, f"{path}/{message['id']}")


def the_lamp_follows_the_cabinet(client: Company, lamp: SipPhone, message: str) -> None:
    """Marked there, told again to a telephone after the engine's death, put out when the message is deleted."""
    lit = lamp.lamp()
    client.api.patch(message, {"is_read": False})
    told(lit, waiting="yes", new=1, old=0)
    again = lamp.lamp()
    client.instance.restart(["engine"])
    told(again, waiting="yes", new=1, old=0)
    dark = lamp.lamp()
    client.api.delete(message)
    told(dark, waiting="no", new=0, old=0)


def told(notified: Running, *, waiting: str, new: int, old: int) -> None:
    """What a telephone was told of its messages."""
    notified.wait(60)  # contacts are looked at the more seldom the slower the machine is
    text = notified.messages()
    assert "Event: message-summary" in text
    assert f"Messages-Waiting: {waiting}" in text, text
    assert f"Voice-Message: {new}/{old} " in text, text


def listen_by_telephone(client: Company, login: str) -> None:
    with baresip(client.instance.config.sip_port, login, PASSWORD, 300, to_announcements=True) as phone:
        phone.dial("*97")
        phone.wait_sound()
        phone.press("110#")
        phone.forget()
        phone.wait_sound()
        phone.press("4321#")
        phone.forget()
        phone.wait_heard(440, timeout=40)
        phone.hang_up()
        assert abs(listen(phone.heard(), latest_s=1).hertz - 440) < 15, phone.heard()


def test_a_wrong_pin_opens_nothing(office: Company) -> None:
    client, api = office, office.api
    caller = client.line("100")
    box = api.post(f"{client.path}/mailboxes", {"name": "Ящик", "box": "110", "pin": "4321"})
    client.dialplan(client.number("110"), [step(1, {"kind": "mailbox", "mailbox_id": box["id"]})])
    client.wait_active()
    leave(client, caller.phone.login)
    path = f"{client.path}/mailboxes/{box['id']}/messages"
    wait_for(lambda: api.get(path)["total"] == 1, 10, lambda: str(api.get(path)))
    with baresip(
        client.instance.config.sip_port, caller.phone.login, PASSWORD, 300, to_announcements=True
    ) as phone:
        phone.dial("*97")
        phone.wait_sound()
        phone.press("110#")
        phone.forget()
        phone.wait_sound()
        phone.press("1111#")
        phone.forget()
        phone.wait_sound()  # that there is no such box, or what lies in it
        phone.pause(4)
        phone.hang_up()
    assert not api.get(path)["items"][0]["is_read"]
