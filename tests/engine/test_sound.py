"""What people hear: both directions, keys pressed, a played message. Measured by tone, with real softphones."""

import re
import time
from collections.abc import Callable

import pytest

from tests.engine.test_examples import upload_sound
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import wait_for
from tests.harness.softphone import baresip
from tests.harness.tones import listen

New = Callable[[], Company]


def near(hertz: float, expected: float) -> bool:
    return abs(hertz - expected) < expected * 0.03


def test_both_hear_each_other_through_nat_and_server(company: New) -> None:
    client = company()
    first, second = client.line("100", nat=True), client.line("101", media_through_server=True)
    client.wait_active()
    port = client.instance.config.sip_port
    pressed = re.compile(r"DTMF.{0,40}\b5\b|received event: '5'")
    with (
        baresip(port, first.phone.login, PASSWORD, 440) as a,
        baresip(port, second.phone.login, PASSWORD, 880) as b,
    ):
        a.dial("101")
        a.wait_heard(880)
        b.wait_heard(440)
        a.press("5")
        wait_for(lambda: pressed.search(b.log()) is not None, 20, b.log)
        a.hang_up()
        heard_by_a, heard_by_b = listen(a.heard()), listen(b.heard())
        log = b.log()
    assert near(heard_by_a.hertz, 880), heard_by_a
    assert near(heard_by_b.hertz, 440), heard_by_b
    assert min(heard_by_a.rms, heard_by_b.rms) > 0.1
    assert pressed.search(log), log[-2000:]


@pytest.mark.parametrize("through_server", [True, False])
def test_sound_goes_through_the_server_or_not(company: New, through_server: bool) -> None:
    """S65: counted by the engine. Past it, the phones still hear each other."""
    client = company()
    flag = {"media_through_server": through_server}
    first, second = client.line("100", **flag), client.line("101", **flag)
    client.wait_active()
    port = client.instance.config.sip_port
    with (
        baresip(port, first.phone.login, PASSWORD, 440) as a,
        baresip(port, second.phone.login, PASSWORD, 880) as b,
    ):
        a.dial("101")
        a.wait_heard(880)
        b.wait_heard(440)
        if not through_server:
            wait_for(lambda: _stand_still(client, second.phone.login), 20)
        before = _packets(client, second.phone.login)
        time.sleep(2)
        passed = _packets(client, second.phone.login) - before
        a.hang_up()
        assert near(listen(a.heard()).hertz, 880)
        assert near(listen(b.heard()).hertz, 440)
    assert passed > 60 if through_server else passed == 0


def _stand_still(client: Company, login: str) -> bool:
    """Whether no packet comes in half a second. What came before the telephones were put together stays counted."""
    before = _packets(client, login)
    time.sleep(0.5)
    return _packets(client, login) == before


def _packets(client: Company, login: str) -> int:
    """RTP packets the engine has received from a phone in its present call, before they went past it if they do."""
    rows: list[list[str]] = []
    seen = ""

    def listed() -> bool:
        nonlocal seen
        # While a re-INVITE is under way the engine lists the channel without figures.
        seen = client.instance.engine("pjsip show channelstats")
        own = [line for line in seen.splitlines() if f"{login}-" in line]
        rows[:] = [line.split() for line in own if "alaw" in line or line.endswith("direct media")]
        return rows != []

    wait_for(listed, 5, lambda: seen)
    # BridgeId ChannelId UpTime Codec Count …, or ChannelId «direct media»
    return int(rows[0][rows[0].index("alaw") + 1]) if "alaw" in rows[0] else 0


def test_sound_message_is_heard(company: New) -> None:
    client = company()
    caller = client.line("100")
    sound = upload_sound(client, "Приветствие", 3.0)
    number = client.number("110")
    client.dialplan(number, [step(1, {"kind": "sound", "sound_id": sound})])
    client.wait_active()
    with baresip(client.instance.config.sip_port, caller.phone.login, PASSWORD, 440) as phone:
        phone.dial("110")
        phone.wait_heard(0.2 * 16000 / 6.28318)
        heard = listen(phone.heard())
    assert near(heard.hertz, 0.2 * 16000 / 6.28318), heard
    assert heard.rms > 0.05
