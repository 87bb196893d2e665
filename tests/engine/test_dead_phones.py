"""Telephones that die in mid-call without a word, and living ones that are silent."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.engine.test_semantics import T38, talk
from tests.harness.byhand import HandPhone, Talk, sdp
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance
from tests.harness.softphone import baresip

New = Callable[[], Company]
PICTURES = "m=video 5004 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"


@pytest.fixture
def impatient(instance: Instance) -> Iterator[None]:
    instance.api.patch("/system/settings", {"talks": {"silence_s": 3, "held_s": 6}})
    yield
    instance.api.patch("/system/settings", {"talks": {"silence_s": 600, "held_s": 3600}})


@pytest.mark.usefixtures("impatient")
def test_a_dead_telephone_ends_its_talk_and_a_silent_one_does_not(company: New) -> None:
    """One is killed in mid-call: the other side's call ends, and call detail says why. Meanwhile no sound comes to the
    engine of telephones that send it to each other, that are two fax machines, or that hold their talk (until the
    longer patience with those is over); and of one that talks no pictures come."""
    client = company()
    for digits in range(101, 110):
        extras = {"video": digits in (107, 108)}
        client.line(str(digits), extras=extras, media_through_server=digits not in (101, 102))
    dying = client.line("100")
    ports = client.api.get(f"{client.path}/ports?size=50")["items"]
    logins = {one["number_digits"]: one["login"] for one in ports}
    sip = client.instance.config.sip_port
    client.wait_active()
    with ExitStack() as stack:
        made = {}
        for digits in range(101, 110):
            phone = HandPhone(sip, logins[str(digits)], PASSWORD, 400 + 60 * (digits - 100))
            stack.callback(phone.close)
            phone.register()
            made[digits] = phone
        direct = talk(made[101], "102", made[102])
        for one in direct:
            asked = one.wait("INVITE")
            one.reply(asked, "200 OK", one.sdp())
            one.wait("ACK")
        fax = talk(made[103], "104", made[104])
        fax[0].request("INVITE", sdp("image 4444 udptl t38", *T38))
        fax[1].reply(fax[1].wait("INVITE"), "200 OK", sdp("image 4446 udptl t38", *T38))
        fax[0].wait(200)
        fax[0].ack()
        fax[1].wait("ACK")
        film = talk(made[107], "108", made[108])
        film[0].request("INVITE", film[0].sdp() + PICTURES)
        film[1].reply(film[1].wait("INVITE"), "200 OK", film[1].sdp() + PICTURES)
        film[1].wait("ACK")
        assert "m=video 0" not in film[0].wait(200).body
        film[0].ack()
        held = talk(made[105], "106", made[106])
        held[0].request("INVITE", held[0].sdp("sendonly"))
        held[0].wait(200)
        held[0].ack()
        for one in (*fax, held[0]):
            one.forget()
        with baresip(sip, dying.phone.login, PASSWORD, 300) as dies:
            dies.keys("d109\n")
            left = made[109].called()
            left.pick_up()
            left.hears(300)
            dies.die()
            left.ended()
        silent: dict[str, Talk] = {"direct": direct[0], "fax": fax[0], "film": film[0]}
        held[0].ended()
        held[1].ended()
        ended = {name for name, one in silent.items() if one.has("BYE")}
        assert not ended, ended
        for one in silent.values():
            one.hang_up()
    rows = {row["called"]: row for row in client.calls(5)}
    causes = {called: (row["result"], row["cause"]) for called, row in rows.items()}
    assert causes == dict.fromkeys(("102", "104", "108"), ("answered", 16)) | dict.fromkeys(
        ("106", "109"), ("answered", 44)
    )
    assert rows["106"]["talk_ms"] > 5_500, rows["106"]
