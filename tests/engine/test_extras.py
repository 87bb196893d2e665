"""ДВО (S134-S143) with two and three softphones: what people hear with a switch on, and with it off."""

import io
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.harness.company import PASSWORD, Company, Line, step
from tests.harness.instance import wait_for
from tests.harness.softphone import Baresip, baresip
from tests.harness.tones import tones_in, write_tone

New = Callable[[], Company]
# What each phone says, and the client's music, in Hz.
SAYS = {"100": 500, "101": 660, "102": 880}
MUSIC = 1200


@contextmanager
def phones(client: Company, *lines: Line, manual: tuple[str, ...] = ()) -> Iterator[dict[str, Baresip]]:
    port = client.instance.config.sip_port
    with ExitStack() as stack:
        yield {
            line.digits: stack.enter_context(
                baresip(port, line.phone.login, PASSWORD, SAYS[line.digits], manual=line.digits in manual)
            )
            for line in lines
        }


def transferred(phone: dict[str, Baresip], allowed: bool) -> None:
    """101 sends 100 on to 102 with its own key: 100 hears 102 then, or goes on hearing 101."""
    phone["100"].wait_heard(660)
    phone["101"].keys("t102\n")
    if allowed:
        phone["100"].wait_heard(880)
    else:
        phone["101"].wait_log("transfer failed")
        phone["100"].pause(2)  # 102 does not come even so
    phone["100"].hang_up()


def keyed_away(phone: dict[str, Baresip], allowed: bool) -> None:
    """The same with the code `##`."""
    phone["101"].press("##")
    if allowed:
        phone["100"].wait_gone(660)
    phone["101"].press("102")
    if allowed:
        phone["100"].wait_heard(880)
    else:
        phone["100"].still_hears(660, 5)
    phone["100"].hang_up()
    heard = tones_in(phone["100"].heard())
    assert (880 in heard) is allowed, heard


def with_music(client: Company, tmp_path: Path) -> None:
    package = client.api.get(f"{client.path}/packages")["items"][0]["id"]  # the one marked *
    data = write_tone(tmp_path / "music.wav", MUSIC, 20).read_bytes()
    client.api.upload(f"{client.path}/packages/{package}/files", {}, "music.wav", data)


def three(client: Company, **extras: bool) -> tuple[Line, Line, Line]:
    """100, 101 with these ДВО, 102."""
    return client.line("100"), client.line("101", extras=extras), client.line("102")


@pytest.mark.parametrize("allowed", [True, False])
def test_transfer_by_the_phone_itself(company: New, allowed: bool) -> None:
    client = company()
    lines = three(client, transfer=allowed)
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        transferred(phone, allowed)
        heard = tones_in(phone["100"].heard())
    assert (880 in heard) is allowed, heard
    assert 660 in heard


@pytest.mark.parametrize("allowed", [True, False])
def test_transfer_by_code(company: New, allowed: bool) -> None:
    """Codes only where «Перевод кодами» is on: the engine must listen to the whole talk for them."""
    client = company()
    lines = three(client, transfer_keys=allowed)
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        keyed_away(phone, allowed)


@pytest.mark.parametrize("keys", [False, True])
def test_only_codes_cost_the_native_bridge(company: New, keys: bool) -> None:
    """A plain talk is passed on packet by packet without a look into it."""
    client = company()
    first, second = client.line("100"), client.line("101", extras={"transfer_keys": keys})
    client.wait_active()
    technology = "simple_bridge" if keys else "native_rtp"
    with phones(client, first, second) as phone:
        phone["100"].dial("101")

        def bridges() -> str:
            return client.instance.engine("bridge show all")

        wait_for(lambda: technology in bridges(), 20, bridges)
        phone["100"].hang_up()
        wait_for(lambda: technology not in bridges(), 20, bridges)


def test_consulted_transfer_by_code_of_the_caller(company: New) -> None:
    """*2: the caller asks 102 first, then leaves; 101 goes on with 102."""
    client = company()
    own = client.line("100", extras={"transfer_keys": True})
    lines = (own, client.line("101"), client.line("102"))
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        phone["101"].wait_heard(SAYS["100"])
        phone["100"].press("*2")
        phone["101"].wait_gone(SAYS["100"])
        phone["100"].press("102")
        phone["100"].wait_heard(880)
        phone["100"].hang_up()
        phone["101"].wait_heard(880)
        phone["101"].hang_up()
        asked, after = tones_in(phone["100"].heard()), tones_in(phone["101"].heard())
    assert asked[-1] == 880, asked
    assert after[-1] == 880, after


@pytest.mark.parametrize("allowed", [True, False])
def test_hold_with_the_clients_music(company: New, tmp_path: Path, allowed: bool) -> None:
    client = company()
    with_music(client, tmp_path)
    first, second = client.line("100"), client.line("101", extras={"hold": allowed})
    client.wait_active()
    with phones(client, first, second) as phone:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        phone["101"].keys("x")
        if allowed:
            phone["100"].wait_heard(MUSIC)
        else:
            phone["100"].wait_gone(660)
            phone["100"].pause(2)  # and no music comes in its place
        phone["100"].hang_up()
        heard = tones_in(phone["100"].heard())
    assert (MUSIC in heard) is allowed, heard


@pytest.mark.parametrize(
    ("extras", "music"),
    [({"replace_ringing": True}, True), ({}, False), ({"replace_ringing": True, "ring_only": True}, False)],
)
def test_ringing_replaced_by_music(
    company: New, tmp_path: Path, extras: dict[str, bool], music: bool
) -> None:
    """S143; S141 «Только гудки» wins over it. A file added while the exchange runs is heard at once (S191)."""
    client = company()
    first, second = client.line("100"), client.line("101", extras=extras)
    client.wait_active()
    with_music(client, tmp_path)
    client.wait_active()
    with phones(client, first, second, manual=("101",)) as phone:
        phone["100"].keys("d101\n")
        if music:
            phone["100"].wait_heard(MUSIC)
        else:
            phone["100"].wait_log("180 Ringing")
            phone["100"].pause(2)
        phone["100"].hang_up()
        heard = tones_in(phone["100"].heard()) if phone["100"].recordings() else []
    assert (MUSIC in heard) is music, heard


def test_an_agent_of_a_queue_holds_and_parks(company: New, tmp_path: Path) -> None:
    """What a port may do it may as an agent: the caller hears the client's music, then the one who took the call."""
    client = company()
    with_music(client, tmp_path)
    lines = three(client)
    agents = [{"port_id": lines[1].port_id}]
    queue = client.api.post(f"{client.path}/queues", {"name": "Приём", "agents": agents})
    client.dialplan(client.number("200"), [step(1, {"kind": "queue", "queue_id": queue["id"]})])
    client.wait_active()
    with phones(client, *lines) as phone:
        wait_for(lambda: "Not in use" in client.instance.engine(f"queue show q{queue['id']}"), 20)
        phone["100"].dial("200")
        phone["100"].wait_heard(660)
        phone["101"].keys("x")
        phone["100"].wait_heard(MUSIC)
        phone["101"].keys("X")
        phone["100"].wait_heard(660)
        phone["101"].keys("t*75\n")
        phone["100"].wait_heard(MUSIC)
        phone["102"].dial("*761")
        phone["100"].wait_heard(880)
        phone["100"].hang_up()
        heard = tones_in(phone["100"].heard())
    known = [one for one in heard if one in (660, MUSIC, 880)]
    assert known[-1] == 880, heard
    assert known.count(MUSIC) >= 2, heard


@pytest.mark.parametrize("allowed", [True, False])
def test_codes_of_an_agents_own_port_work_in_a_queue(company: New, allowed: bool) -> None:
    """Of two agents one transfers by codes; the other one's talk is passed on without a look into it."""
    client = company()
    caller, agent, other = (
        client.line("100"),
        client.line("101", extras={"transfer_keys": allowed}),
        client.line("102"),
    )
    third = client.line("103", extras={"transfer_keys": not allowed})
    agents = [{"port_id": line.port_id} for line in (agent, third)]
    queue = client.api.post(f"{client.path}/queues", {"name": "Приём", "agents": agents})
    client.dialplan(client.number("200"), [step(1, {"kind": "queue", "queue_id": queue["id"]})])
    client.wait_active()

    def bridges() -> str:
        return client.instance.engine("bridge show all")

    with phones(client, caller, agent, other) as phone:
        wait_for(lambda: "Not in use" in client.instance.engine(f"queue show q{queue['id']}"), 20)
        phone["100"].dial("200")
        phone["100"].wait_heard(660)
        wait_for(lambda: ("simple_bridge" if allowed else "native_rtp") in bridges(), 20, bridges)
        keyed_away(phone, allowed)


def talk(phone: dict[str, Baresip], caller: str, called: str) -> None:
    """A call in which each has heard the other for two seconds and a half."""
    phone[caller].dial(called)
    phone[caller].wait_heard(SAYS[called], 2.5)
    phone[called].wait_heard(SAYS[caller], 2.5)
    phone[caller].hang_up()


def recordings(client: Company, count: int = 1) -> list[dict[str, Any]]:
    """Recordings of the newest call, once they are attached."""
    found: list[dict[str, Any]] = []

    def attached() -> bool:
        rows = client.calls(1)
        found[:] = [
            {**item, "call": row["id"]} for row in rows for item in client.card(row["id"])["recordings"]
        ]
        return len(found) >= count

    wait_for(attached, 15, lambda: str(found))
    return found


def sides(client: Company, recording: dict[str, Any]) -> tuple[int, int]:
    """Strongest frequency on the left and the right of a recording."""
    data = client.api.get_bytes(f"{client.path}/calls/{recording['call']}/recordings/{recording['id']}/audio")
    with wave.open(io.BytesIO(data)) as sound:
        assert sound.getnchannels() == 2
        raw = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").reshape(-1, 2)
        rate = sound.getframerate()
    spectra = [np.abs(np.fft.rfft(raw[:, side].astype(float))) for side in (0, 1)]
    left, right = (round(float(np.argmax(s)) * rate / len(raw) / 10) * 10 for s in spectra)
    return left, right


def test_automatic_recording_called_and_calling(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101", extras={"record": True})
    client.wait_active()
    with phones(client, first, second) as phone:
        talk(phone, "100", "101")
        [recording] = recordings(client)
        assert recording["number"] == "101"
        assert sides(client, recording) == (660, SAYS["100"])
        assert recording["duration_ms"] > 2000
        talk(phone, "101", "100")
        client.calls(2)
        [recording] = recordings(client)
        assert recording["number"] == "101"
        assert sides(client, recording) == (660, SAYS["100"])


def files_of(client: Company) -> list[Path]:
    """What the engine has recorded for a client, and records, that is not attached to a call yet."""
    return list((client.instance.config.recordings_dir / "new" / str(client.id)).glob("*"))


def test_nothing_is_recorded_otherwise(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    with phones(client, first, second) as phone:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        phone["101"].press("*1")
        phone["100"].still_hears(660)
        assert files_of(client) == []  # what is recorded has its file from the first moment on
        phone["100"].hang_up()
        [row] = client.calls(1)
        assert client.card(row["id"])["recordings"] == []


def test_recording_on_demand(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101", extras={"record_on_demand": True})
    client.wait_active()
    with phones(client, first, second) as phone:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        begun = time.monotonic()
        phone["101"].press("*1")
        wait_for(lambda: files_of(client) != [], 20)
        phone["100"].still_hears(660)
        phone["101"].press("*1")
        ended = time.monotonic()
        phone["100"].still_hears(660, 4)
        phone["100"].hang_up()
        [recording] = recordings(client)
    assert recording["on_demand"] is True
    assert 1000 < recording["duration_ms"] < (ended - begun) * 1000 + 2000
    assert sides(client, recording) == (660, SAYS["100"])


def test_recording_stays_with_its_leg_through_a_transfer(company: New) -> None:
    """101 is recorded until it hands the call to 102; what 102 and 100 say then is not."""
    client = company()
    lines = three(client, record=True)
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        begun = time.monotonic()
        phone["101"].wait_heard(SAYS["100"])
        phone["100"].wait_heard(660)
        phone["101"].keys("t102\n")
        phone["100"].wait_heard(880, 0.6)
        moved = time.monotonic()
        phone["100"].still_hears(880, 3)
        phone["100"].hang_up()
        [recording] = recordings(client)
        assert recording["number"] == "101"
        assert recording["duration_ms"] < (moved - begun) * 1000 + 1000
        assert sides(client, recording) == (660, SAYS["100"])


@pytest.mark.parametrize("allowed", [True, False])
def test_parked_and_taken_by_another(company: New, tmp_path: Path, allowed: bool) -> None:
    """101 sends the call to *75, 102 takes it with *761; meanwhile 100 hears the client's music."""
    client = company()
    with_music(client, tmp_path)
    lines = three(client, parking=allowed)
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        phone["101"].keys("t*75\n")
        if allowed:
            phone["100"].wait_heard(MUSIC)
            phone["102"].dial("*761")
            phone["100"].wait_heard(880)
        else:
            phone["101"].wait_log("transfer failed")
            phone["102"].dial("*761")
            phone["102"].wait_sound()  # nothing is parked there, he is told
            phone["100"].pause(1)
        phone["100"].hang_up()
        heard = tones_in(phone["100"].heard())
    assert (MUSIC in heard) is allowed, heard
    assert (880 in heard) is allowed, heard


def test_another_client_does_not_see_what_is_parked(company: New) -> None:
    one, two = company(), company()
    lines = three(one)
    stranger = two.line("102")
    one.wait_active()
    two.wait_active()
    with phones(one, *lines[:2]) as phone, phones(two, stranger) as other:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        phone["101"].keys("t*765\n")
        phone["101"].wait_log("terminated (duration")
        other["102"].dial("*765")
        other["102"].wait_sound()
        other["102"].pause(2)
        phone["100"].hang_up()
        # The stranger hears that nothing is parked there, the caller never the stranger.
        assert SAYS["102"] not in tones_in(phone["100"].heard())
        assert SAYS["100"] not in tones_in(other["102"].heard())


@pytest.mark.parametrize("back", [True, False])
def test_a_transfer_that_fails_comes_back(company: New, back: bool) -> None:
    """S140: 102 is not there; the caller is with 101 again, or the call is over."""
    client = company()
    lines = three(client, call_return=back)
    client.wait_active()
    with phones(client, *lines[:2]) as phone:
        phone["100"].dial("101")
        phone["100"].wait_heard(660)
        phone["101"].keys("t102\n")
        if back:
            phone["101"].wait_log("Call established", 2)
            phone["100"].hang_up()
        else:
            phone["100"].wait_log("session closed")
        log = phone["101"].log()
    assert log.count("Call established") == (2 if back else 1), log[-3000:]


def test_a_step_forbids_what_the_port_may(company: New) -> None:
    """ДВО of a step stand above the port's (S113): nobody in calls through it transfers."""
    client = company()
    lines = three(client)
    action = step(1, {"kind": "port", "port_id": lines[1].port_id})
    client.dialplan(lines[1].number_id, [{**action, "extras": {"transfer": False}}])
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        transferred(phone, False)
        heard = tones_in(phone["100"].heard())
    assert 880 not in heard, heard
