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
from tests.harness.phones import Baresip, baresip
from tests.harness.tones import tones_in, write_tone

New = Callable[[], Company]
# What each phone says, and the client's music, in Hz.
SAYS = {"100": 440, "101": 660, "102": 880}
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


def key(phone: Baresip, digits: str) -> None:
    """Keys digits in a talk; Ctrl-D lets go of the key, without it baresip holds it down."""
    for digit in digits:
        phone.keys(f"{digit}\x04")


def with_music(client: Company, tmp_path: Path) -> None:
    package = client.api.post(f"{client.path}/packages", {"name": "Музыка"})["id"]
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
        time.sleep(2)
        phone["101"].keys("t102\n")
        time.sleep(4)
        phone["100"].hang_up()
        time.sleep(1)
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
        time.sleep(2)
        key(phone["101"], "##")
        time.sleep(1.5)
        key(phone["101"], "102")
        time.sleep(7)
        phone["100"].hang_up()
        time.sleep(1)
        heard = tones_in(phone["100"].heard())
    assert (880 in heard) is allowed, heard


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

        wait_for(lambda: technology in bridges(), 5, bridges)
        phone["100"].hang_up()
        wait_for(lambda: technology not in bridges(), 5, bridges)


def test_consulted_transfer_by_code_of_the_caller(company: New) -> None:
    """*2: the caller asks 102 first, then leaves; 101 goes on with 102."""
    client = company()
    own = client.line("100", extras={"transfer_keys": True})
    lines = (own, client.line("101"), client.line("102"))
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        time.sleep(1.5)
        key(phone["100"], "*2")
        time.sleep(1.5)
        key(phone["100"], "102")
        time.sleep(6)
        phone["100"].hang_up()
        time.sleep(3)
        phone["101"].hang_up()
        time.sleep(1)
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
        time.sleep(2)
        phone["101"].keys("x")
        time.sleep(4)
        phone["100"].hang_up()
        time.sleep(1)
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
        time.sleep(5)
        phone["100"].hang_up()
        time.sleep(1)
        dumps = list(phone["100"].folder.glob("dump-*-dec.wav"))
        heard = tones_in(phone["100"].heard()) if dumps else []
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
        wait_for(lambda: "Not in use" in client.instance.engine(f"queue show q{queue['id']}"), 10)
        phone["100"].dial("200")
        time.sleep(2)
        phone["101"].keys("x")
        time.sleep(2)
        phone["101"].keys("X")
        time.sleep(1)
        phone["101"].keys("t*75\n")
        time.sleep(2.5)
        phone["102"].dial("*761")
        time.sleep(2)
        phone["100"].hang_up()
        time.sleep(1)
        heard = tones_in(phone["100"].heard())
    known = [one for one in heard if one in (660, MUSIC, 880)]
    assert known[-1] == 880, heard
    assert known.count(MUSIC) >= 2, heard


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
        phone["100"].dial("101")
        time.sleep(3)
        phone["100"].hang_up()
        [recording] = recordings(client)
        assert recording["number"] == "101"
        assert sides(client, recording) == (660, 440)
        assert recording["duration_ms"] > 2000
        phone["101"].dial("100")
        time.sleep(3)
        phone["101"].hang_up()
        client.calls(2)
        [recording] = recordings(client)
        assert recording["number"] == "101"
        assert sides(client, recording) == (660, 440)


def test_nothing_is_recorded_otherwise(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    with phones(client, first, second) as phone:
        phone["100"].dial("101")
        time.sleep(1.5)
        key(phone["101"], "*1")
        time.sleep(1.5)
        phone["100"].hang_up()
        [row] = client.calls(1)
        time.sleep(6)
        assert client.card(row["id"])["recordings"] == []


def test_recording_on_demand(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101", extras={"record_on_demand": True})
    client.wait_active()
    with phones(client, first, second) as phone:
        phone["100"].dial("101")
        time.sleep(3)
        key(phone["101"], "*1")
        time.sleep(3)
        key(phone["101"], "*1")
        time.sleep(3)
        phone["100"].hang_up()
        [recording] = recordings(client)
    assert recording["on_demand"] is True
    assert 1000 < recording["duration_ms"] < 5500
    assert sides(client, recording) == (660, 440)


def test_recording_stays_with_its_leg_through_a_transfer(company: New) -> None:
    """101 is recorded until it hands the call to 102; what 102 and 100 say then is not."""
    client = company()
    lines = three(client, record=True)
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        time.sleep(3)
        phone["101"].keys("t102\n")
        time.sleep(4)
        phone["100"].hang_up()
        [recording] = recordings(client)
        assert recording["number"] == "101"
        assert recording["duration_ms"] < 5000
        assert sides(client, recording) == (660, 440)


@pytest.mark.parametrize("allowed", [True, False])
def test_parked_and_taken_by_another(company: New, tmp_path: Path, allowed: bool) -> None:
    """101 sends the call to *75, 102 takes it with *761; meanwhile 100 hears the client's music."""
    client = company()
    with_music(client, tmp_path)
    lines = three(client, parking=allowed)
    client.wait_active()
    with phones(client, *lines) as phone:
        phone["100"].dial("101")
        time.sleep(2)
        phone["101"].keys("t*75\n")
        time.sleep(4)
        if allowed:
            phone["102"].dial("*761")
        else:
            phone["102"].keys("d*761\n")
        time.sleep(3)
        phone["100"].hang_up()
        time.sleep(1)
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
        time.sleep(1)
        phone["101"].keys("t*765\n")
        time.sleep(2)
        other["102"].keys("d*765\n")
        time.sleep(3)
        phone["100"].hang_up()
        other["102"].hang_up()
        time.sleep(1)
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
        time.sleep(2)
        phone["101"].keys("t102\n")
        time.sleep(5)
        phone["100"].hang_up()
        time.sleep(1)
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
        time.sleep(2)
        phone["101"].keys("t102\n")
        time.sleep(4)
        phone["100"].hang_up()
        time.sleep(1)
        heard = tones_in(phone["100"].heard())
    assert 880 not in heard, heard
