"""Voice menus with real phones: keys over RFC 4733, numbers keyed in full, wrong keys, silence."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.company import PASSWORD, Company, step
from tests.harness.softphone import baresip
from tests.harness.sounds import tone_bytes
from tests.harness.tones import listen

New = Callable[[], Company]


class Office:
    """100 calls, 101 and 102 answer, 110 is a voice menu announced by 700 Hz; a dead menu plays 1300 Hz."""

    def __init__(self, client: Company, *, dtmf: str = "rfc4733", **menu: Any) -> None:
        self.client = client
        self.caller = client.line("100", dtmf=dtmf)
        self.first, self.second = client.line("101"), client.line("102")
        sounds = {}
        for name, hertz in (("Анонс", 700), ("Никого", 1300)):
            made = client.api.upload(f"{client.path}/sounds", {"name": name}, "x.wav", tone_bytes(hertz, 6))
            sounds[name] = made["id"]
        values = {"name": "Приёмная", "announcement_id": sounds["Анонс"], "wait_s": 2, "attempts": 2, **menu}
        values["keys"] = [{"key": "1", "number_id": self.first.number_id}, *menu.get("keys", [])]
        self.menu_id = client.api.post(f"{client.path}/menus", values)["id"]
        self.number = client.number("110")
        client.dialplan(
            self.number,
            [
                step(1, {"kind": "menu", "menu_id": self.menu_id}, no_answer=2, no_route=3),
                step(2, {"kind": "sound", "sound_id": sounds["Никого"]}),
            ],
        )
        client.wait_active()
        steps = client.api.get(f"{client.path}/numbers/{self.number}/dialplan")["steps"]
        self.menu_step, self.dead_step = steps[0]["id"], steps[1]["id"]

    def key_in(self, keys: str, hears: float, *, first: float = 700) -> tuple[float, list[str]]:
        """Calls 110, keys once `first` is heard, and hangs up once it `hears` what it should after that.

        The tone heard in the last second and the texts of the path.
        """
        port = self.client.instance.config.sip_port
        before = self.client.api.get(f"{self.client.path}/calls")["total"]
        with (
            baresip(port, self.caller.phone.login, PASSWORD, 440) as phone,
            baresip(port, self.first.phone.login, PASSWORD, 880),
            baresip(port, self.second.phone.login, PASSWORD, 1000),
        ):
            phone.dial("110")
            phone.wait_heard(first, 0.5)
            phone.press(keys)
            phone.forget()
            phone.wait_heard(hears, timeout=40)
            phone.hang_up()
            heard = listen(phone.heard(), latest_s=1).hertz
        row = self.client.calls(before + 1)[0]
        return heard, [item["text"] for item in self.client.card(row["id"])["path"]]


def near(hertz: float, expected: float) -> bool:
    return abs(hertz - expected) < expected * 0.03


def test_a_key_leads_to_its_number(company: New) -> None:
    office = Office(company())
    heard, path = office.key_in("1", 880)
    assert near(heard, 880), (heard, path)
    assert "Нажато 1" in path or "Pressed 1" in path, path
    assert any("101" in text for text in path), path


def test_an_internal_number_can_be_keyed_though_a_key_begins_it(company: New) -> None:
    office = Office(company(), extension_dial=True)
    heard, path = office.key_in("102", 1000)
    assert near(heard, 1000), (heard, path)
    heard, path = office.key_in("1", 880)
    assert near(heard, 880), (heard, path)


@pytest.mark.parametrize(
    ("mode", "how"), [("info", {"info": "1"}), ("inband", {"keys": ",1", "in_sound": True})]
)
def test_keys_in_other_ways(company: New, mode: str, how: dict[str, Any]) -> None:
    """S76, as the port is set up: SIP INFO, or two tones in the sound."""
    office = Office(company(), dtmf=mode)
    caller, called = office.caller.phone, office.first.phone
    caller.hertz, called.hertz = 1500, 880
    caller.register()
    called.register()
    answering = called.answer()
    calling = caller.start_call("110", talk_ms=3500, **how)
    calling.wait()
    answering.wait()
    calling.stop()
    answering.stop()
    assert near(calling.heard()[-1], 880), calling.heard()


def test_a_wrong_key_asks_again_and_silence_is_no_answer(company: New) -> None:
    office = Office(company())
    heard, path = office.key_in("7", 700)
    assert any(text.endswith("7") for text in path), path
    # Nothing keyed: twice the announcement of six seconds and two of waiting, then «Нет ответа» → level 2.
    heard, path = office.key_in("", 1300)
    assert near(heard, 1300), heard
    assert any("→" in text for text in path), path


def test_star_and_hash_are_keys(company: New) -> None:
    client = company()
    office = Office(client)
    client.api.patch(
        f"{client.path}/menus/{office.menu_id}",
        {"keys": [{"key": "#", "number_id": office.second.number_id}]},
    )
    client.wait_active()
    heard, path = office.key_in("#", 1000)
    assert near(heard, 1000), (heard, path)


def test_ring_tones_instead_of_the_announcement(company: New) -> None:
    office = Office(company(), extras={"ring_only": True})
    heard, path = office.key_in("", 425, first=425)
    assert near(heard, 425), (heard, path)
