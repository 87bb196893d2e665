"""What people hear: both directions, keys pressed, a played message. Measured by tone, with real softphones."""

import time
from collections.abc import Callable

from tests.engine.test_examples import upload_sound
from tests.harness.company import PASSWORD, Company, step
from tests.harness.phones import baresip
from tests.harness.tones import listen

New = Callable[[], Company]


def near(hertz: float, expected: float) -> bool:
    return abs(hertz - expected) < expected * 0.03


def test_both_hear_each_other_through_nat_and_server(company: New) -> None:
    client = company()
    first, second = client.line("100", nat=True), client.line("101", media_through_server=True)
    client.wait_active()
    port = client.instance.config.sip_port
    with (
        baresip(port, first.phone.login, PASSWORD, 440) as a,
        baresip(port, second.phone.login, PASSWORD, 880) as b,
    ):
        a.dial("101")
        time.sleep(4)
        a.keys("5")
        time.sleep(1)
        a.hang_up()
        time.sleep(1)
        heard_by_a, heard_by_b = listen(a.heard()), listen(b.heard())
        log = b.log()
    assert near(heard_by_a.hertz, 880), heard_by_a
    assert near(heard_by_b.hertz, 440), heard_by_b
    assert min(heard_by_a.rms, heard_by_b.rms) > 0.1
    assert "5" in log.split("DTMF", 1)[-1] if "DTMF" in log else "received event: '5'" in log, log[-2000:]


def test_sound_message_is_heard(company: New) -> None:
    client = company()
    caller = client.line("100")
    sound = upload_sound(client, "Приветствие", 3.0)
    number = client.number("110")
    client.dialplan(number, [step(1, {"kind": "sound", "sound_id": sound})])
    client.wait_active()
    with baresip(client.instance.config.sip_port, caller.phone.login, PASSWORD, 440) as phone:
        phone.dial("110")
        time.sleep(4.5)
        heard = listen(phone.heard())
    assert near(heard.hertz, 0.2 * 16000 / 6.28318), heard
    assert heard.rms > 0.05
