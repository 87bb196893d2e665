"""The AMI client's text side: nothing gets out of its line, nothing that comes in can break it."""

import asyncio
import contextlib
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ats.dialplan.model import Line
from ats.engine.agent.provision import add_line
from ats.engine.ami import (
    MAX_LINE,
    MAX_MESSAGE,
    Ami,
    AmiError,
    AmiUnavailable,
    Parser,
    UnsafeAction,
    encode,
    records,
)

GREETING = b"Asterisk Call Manager/11.0.0\r\n"


def test_an_action_is_one_header_per_line() -> None:
    raw = encode("Command", "a-1", [("Command", "core show uptime; ${X}")])
    assert raw == b"Action: Command\r\nActionID: a-1\r\nCommand: core show uptime; ${X}\r\n\r\n"


@pytest.mark.parametrize("value", ["a\r\nAction: Logoff", "a\nb", "a\rb", "a\0b", "\x1b[0m", "a\x7f"])
def test_a_control_character_in_a_value_is_refused(value: str) -> None:
    with pytest.raises(UnsafeAction):
        encode("Command", "a-1", [("Command", value)])


@pytest.mark.parametrize("name", ["", "A: b", "A\r\nB", "A B"])
def test_a_strange_header_name_is_refused(name: str) -> None:
    with pytest.raises(UnsafeAction):
        encode("Ping", "a-1", [(name, "x")])


def test_a_line_the_engine_would_throw_away_is_refused() -> None:
    room = MAX_LINE - len("Command: ")
    assert encode("Command", "a-1", [("Command", "x" * room)])
    for value in ("x" * (room + 1), "я" * (room // 2 + 1)):
        with pytest.raises(UnsafeAction):
            encode("Command", "a-1", [("Command", value)])


@given(st.lists(st.integers(0, MAX_LINE), max_size=30))
def test_records_are_whole_lines_the_engine_reads_at_once(lengths: list[int]) -> None:
    data = b"".join(b"x" * length + b"\r\n" for length in lengths)
    parts = list(records(data))
    assert b"".join(parts) == data
    assert all(len(part) <= 1024 for part in parts)
    assert all(part.endswith(b"\r\n") for part in parts if part)


@given(st.text())
def test_whatever_is_accepted_stays_in_its_line(value: str) -> None:
    try:
        raw = encode("Command", "a-1", [("Command", value)])
    except UnsafeAction:
        return
    assert raw.count(b"\n") == 4
    assert raw.endswith(b"\r\n\r\n")


def test_lines_of_a_dialplan_come_back_as_they_were_or_are_refused() -> None:
    chance = random.Random(20261125)
    hostile = ["\r", "\n", "\r\n\r\nAction: Command\r\nCommand: core stop now", "\0", "\x7f", "\x1b"]
    harmless = [
        *string.printable[:95],
        ": ",
        "Action: Logoff",
        "${SHELL(id)}",
        "я",
        "\u2028",
        "\x85",
        "🙂",
        ";",
        "&",
    ]
    refused = 0
    for _ in range(12_000):
        texts = ["".join(chance.choices(harmless, k=chance.randint(0, 30))) for _ in range(4)]
        bad = chance.random() < 0.5
        if bad:
            field = chance.randrange(4)
            place = chance.randint(0, len(texts[field]))
            texts[field] = texts[field][:place] + chance.choice(hostile) + texts[field][place:]
        context, exten, app, data = texts
        name, pairs = add_line(Line(context, exten, chance.randint(1, 999), app, data))
        try:
            raw = encode(name, "a-1", pairs)
        except UnsafeAction:
            assert bad
            refused += 1
            continue
        assert not bad
        (message,) = Parser().feed(GREETING + raw)
        assert message == {"Action": name, "ActionID": "a-1", **dict(pairs)}
    assert 5_000 < refused < 7_000


def test_messages_are_cut_at_any_place() -> None:
    raw = GREETING + b"Response: Success\r\nActionID: 7\r\n\r\nEvent: Registry\r\nStatus: Registered\r\n\r\n"
    for cut in range(len(raw)):
        parser = Parser()
        found = parser.feed(raw[:cut]) + parser.feed(raw[cut:])
        assert found == [
            {"Response": "Success", "ActionID": "7"},
            {"Event": "Registry", "Status": "Registered"},
        ]


def test_lines_of_a_command_are_kept_in_order() -> None:
    parser = Parser()
    (message,) = parser.feed(
        GREETING + b"Response: Success\r\nOutput: one: 1\r\nOutput:  two\r\nOutput: \r\n\r\n"
    )
    assert message.output == ["one: 1", " two", ""]


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_no_bytes_break_the_parser(chunks: list[bytes]) -> None:
    parser = Parser()
    for chunk in chunks:
        parser.feed(chunk)
    parser.feed(b"\r\n\r\n")
    messages = parser.feed(b"Response: Success\r\nActionID: end\r\n\r\n")
    assert not messages or messages[-1].get("ActionID") == "end"


def test_a_message_without_end_is_given_up() -> None:
    parser = Parser()
    parser.feed(GREETING)
    with pytest.raises(AmiError):
        parser.feed(b"x" * (MAX_MESSAGE + 1))


class FakePeer:
    """A server that says what a test tells it to say."""

    def __init__(self, *replies: bytes) -> None:
        self.replies = list(replies)
        self.got = b""
        self.port = 0

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        with contextlib.suppress(OSError):
            while data := await reader.readuntil(b"\r\n\r\n"):
                self.got += data
                action_id = data.split(b"ActionID: ", 1)[1].split(b"\r\n", 1)[0]
                if b"Action: Login" in data:
                    writer.write(b"Response: Success\r\nActionID: " + action_id + b"\r\n\r\n")
                    writer.write(b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n")
                elif self.replies:
                    reply = self.replies.pop(0)
                    if reply == b"DROP":
                        writer.close()
                        return
                    writer.write(reply.replace(b"$ID", action_id))
        writer.close()


async def test_an_answer_with_a_foreign_id_answers_nothing() -> None:
    """A hostile value echoed by the engine cannot pose as the answer to our action."""
    peer = FakePeer(
        b"Response: Success\r\nActionID: 1\r\n\r\n"
        b"Event: Evil\r\nActionID: $ID\r\n\r\n"
        b"Response: Error\r\nActionID: $ID\r\nMessage: no\r\n\r\n"
    )
    async with await peer.start():
        ami = Ami(peer.port, "u", "s")
        task = asyncio.create_task(ami.run())
        await asyncio.wait_for(ami.ready.wait(), 5)
        with pytest.raises(AmiError, match="no"):
            await ami.action("Ping", timeout=5)
        task.cancel()


async def test_a_break_fails_what_is_under_way_and_the_client_comes_back() -> None:
    peer = FakePeer(b"DROP", b"Response: Success\r\nActionID: $ID\r\n\r\n")
    async with await peer.start():
        ami = Ami(peer.port, "u", "s")
        task = asyncio.create_task(ami.run())
        await asyncio.wait_for(ami.ready.wait(), 5)
        with pytest.raises(AmiUnavailable):
            await ami.action("Ping", timeout=5)
        assert not ami.ready.is_set()
        await asyncio.wait_for(ami.ready.wait(), 5)
        assert (await ami.action("Ping", timeout=5)).ok
        task.cancel()


async def test_a_silent_engine_is_a_timeout_not_a_hang() -> None:
    peer = FakePeer()
    async with await peer.start():
        ami = Ami(peer.port, "u", "s")
        task = asyncio.create_task(ami.run())
        await asyncio.wait_for(ami.ready.wait(), 5)
        with pytest.raises(AmiUnavailable, match="in time"):
            await ami.action("Ping", timeout=0.2)
        task.cancel()


async def test_without_a_connection_an_action_says_so_at_once() -> None:
    with pytest.raises(AmiUnavailable):
        await Ami(1, "u", "s").action("Ping")


async def test_nothing_of_a_batch_is_sent_when_one_value_is_unsafe() -> None:
    peer = FakePeer()
    async with await peer.start():
        ami = Ami(peer.port, "u", "s")
        task = asyncio.create_task(ami.run())
        await asyncio.wait_for(ami.ready.wait(), 5)
        before = peer.got
        with pytest.raises(UnsafeAction):
            await ami.batch([("Ping", ()), ("Command", (("Command", "a\nb"),))])
        await asyncio.sleep(0.05)
        assert peer.got == before
        task.cancel()
