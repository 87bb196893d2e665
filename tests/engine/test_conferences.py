"""Conference rooms on the real engine: PIN, full, and who hears whom."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.harness.company import PASSWORD, Company, Line, step
from tests.harness.instance import wait_for
from tests.harness.softphone import Baresip, baresip
from tests.harness.sounds import tone_bytes
from tests.harness.tones import strengths

New = Callable[[], Company]


class Room:
    """A client with lines 100, 101 … and a conference room at number 300."""

    def __init__(self, client: Company, lines: int, **fields: Any) -> None:
        self.client = client
        self.lines = [client.line(str(100 + index)) for index in range(lines)]
        self.room = client.api.post(f"{client.path}/conferences", {"name": "Планёрка", **fields})
        number = client.number("300")
        client.dialplan(number, [step(1, {"kind": "conference", "conference_id": self.room["id"]})])
        client.wait_active()

    def softphone(self, stack: ExitStack, line: Line, hertz: float) -> Baresip:
        port = self.client.instance.config.sip_port
        return stack.enter_context(baresip(port, line.phone.login, PASSWORD, hertz))

    def members(self) -> int:
        shown = self.client.instance.engine(f"confbridge list k{self.room['id']}")
        return shown.count("PJSIP/")


def test_three_hear_each_other(company: New) -> None:
    room = Room(company(), 3)
    tones = (440.0, 620.0, 880.0)
    with ExitStack() as stack:
        phones = [room.softphone(stack, line, hertz) for line, hertz in zip(room.lines, tones, strict=True)]
        for phone in phones:
            phone.dial("300")
        wait_for(lambda: room.members() == 3, 10)
        phones[0].pause(5)
        for phone in phones:
            phone.hang_up()
        wait_for(lambda: room.members() == 0, 10)
        for own, phone in zip(tones, phones, strict=True):
            found = strengths(phone.heard(), tones)
            assert all(found[hertz] > 5 * found[own] for hertz in tones if hertz != own), (own, found)
    assert {row["result"] for row in room.client.calls(3)} == {"answered"}


def _recordings(client: Company, call_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.card(call_id)["recordings"]
    return found


def test_a_room_is_recorded_as_one_and_every_call_in_it_has_the_recording(
    company: New, tmp_path: Path
) -> None:
    """One comes, one goes, a third comes: the file is not there before the last has left, and holds all of them."""
    room = Room(company(), 3, record=True)
    client, tones = room.client, (440.0, 620.0, 880.0)
    with ExitStack() as stack:
        first, second, third = (
            room.softphone(stack, line, hertz) for line, hertz in zip(room.lines[:3], tones, strict=True)
        )
        first.dial("300")
        wait_for(lambda: room.members() == 1, 10)
        second.dial("300")
        second.wait_heard(440)
        first.wait_heard(620)
        first.hang_up()
        [early] = client.calls(1)
        third.dial("300")
        third.wait_heard(620)
        second.wait_heard(880)
        assert _recordings(client, early["id"]) == []
        third.hang_up()
        second.hang_up()
        wait_for(lambda: room.members() == 0, 10)
    rows = client.calls(3)
    wait_for(lambda: all(_recordings(client, row["id"]) for row in rows), 20)
    sounds, numbers = set(), set()
    for row in rows:
        [recording] = _recordings(client, row["id"])
        path = f"{client.path}/calls/{row['id']}/recordings/{recording['id']}/audio"
        sounds.add(client.api.get_bytes(path))
        numbers.add(recording["number"])
    assert numbers == {"100", "101", "102"}
    assert len(sounds) == 1  # the same for everybody
    file = tmp_path / "room.wav"
    file.write_bytes(sounds.pop())
    found = strengths(file, (*tones, 1000.0), latest_s=60)
    assert all(found[hertz] > 5 * found[1000.0] for hertz in tones), found


def test_who_is_left_alone_hears_music_again(company: New) -> None:
    """Music until somebody comes, and again after he has gone; the room goes with the last."""
    client = company()
    package = client.api.get(f"{client.path}/packages")["items"][0]["id"]  # the one marked *
    client.api.upload(f"{client.path}/packages/{package}/files", {}, "tone.wav", tone_bytes(1200.0))
    room = Room(client, 2)
    with ExitStack() as stack:
        first, second = (
            room.softphone(stack, line, hertz) for line, hertz in zip(room.lines, (440.0, 880.0), strict=True)
        )
        first.dial("300")
        first.wait_heard(1200)
        second.dial("300")
        first.wait_heard(880)
        second.wait_heard(440)
        second.hang_up()
        first.wait_heard(1200)
        assert room.members() == 1
        first.hang_up()
        wait_for(lambda: room.members() == 0, 10)
    assert "k" + str(room.room["id"]) not in client.instance.engine("confbridge list")


def test_a_full_room_is_busy(company: New) -> None:
    room = Room(company(), 2, max_members=1)
    first, second = room.lines
    for line in room.lines:
        line.phone.register()
    inside = first.phone.start_call("300", talk_ms=3000)
    wait_for(lambda: room.members() == 1, 5)
    second.phone.call("300", status=486)
    inside.wait()
    assert {row["result"] for row in room.client.calls(2)} == {"answered", "busy"}


def _asked(room: Room, prompt: str) -> None:
    """Waits until a caller hears a prompt; keys pressed before it would be taken for an earlier answer."""
    wait_for(
        lambda: prompt in room.client.instance.engine("core show channels concise"),
        20,
        lambda: room.client.instance.engine("core show channels concise"),
    )


def test_the_pin_opens_the_room(company: New) -> None:
    """Who knows the PIN hears the room and is heard there; a slip of the finger is forgiven."""
    room = Room(company(), 2, pin="4719")
    tones = (440.0, 880.0)
    with ExitStack() as stack:
        phones = [room.softphone(stack, line, hertz) for line, hertz in zip(room.lines, tones, strict=True)]
        phones[0].dial("300")
        _asked(room, "conf-getpin")
        phones[0].press("4718#")
        _asked(room, "conf-invalidpin")
        assert room.members() == 0
        phones[0].press("4719#")
        wait_for(lambda: room.members() == 1, 15)
        phones[1].dial("300")
        _asked(room, "conf-getpin")
        phones[1].press("4719#")
        wait_for(lambda: room.members() == 2, 15)
        phones[0].pause(4)
        for phone in phones:
            phone.hang_up()
        wait_for(lambda: room.members() == 0, 10)
        for own, phone in zip(tones, phones, strict=True):
            found = strengths(phone.heard(), tones)
            assert all(found[hertz] > 5 * found[own] for hertz in tones if hertz != own), (own, found)


def test_a_wrong_pin_leads_to_no_route(company: New) -> None:
    """«Нет маршрута» after the third wrong PIN."""
    room = Room(company(), 1, pin="4719")
    with ExitStack() as stack:
        phone = room.softphone(stack, room.lines[0], 440)
        phone.dial("300")
        for prompt, pin in (
            ("conf-getpin", "4718#"),
            ("conf-invalidpin", "471#"),
            ("conf-invalidpin", "47190#"),
        ):
            _asked(room, prompt)
            phone.press(pin)
            phone.pause(1)
        wait_for(lambda: "session closed" in phone.log().lower(), 20, phone.log)
        assert room.members() == 0
    [row] = room.client.calls(1)
    path = room.client.card(row["id"])["path"]
    assert [item["via"] for item in path if item["via"]] == ["no_route"]
