"""The gateway protocol against what strangers can put into it."""

import asyncio

import pytest

from ats.engine.authoriser.agi import AgiError, Request, read_request
from ats.engine.authoriser.server import question_of

HEAD = (
    "agi_network: yes\nagi_network_script: 17/74951112233/n-1.5//\n"
    "agi_request: x\nagi_channel: PJSIP/17001-0000002a\n"
)
UNIQUE = "agi_uniqueid: n-1.5\n"


async def read(text: str) -> Request:
    reader = asyncio.StreamReader(limit=4096)
    reader.feed_data(text.encode())
    reader.feed_eof()
    return await read_request(reader)


async def test_a_question_of_the_engine() -> None:
    request = await read(HEAD + UNIQUE + "agi_callerid: 7\n\n")
    question = question_of("n", request)
    assert question is not None
    assert (question.client_id, question.digits, question.linkedid) == (17, "74951112233", "n-1.5")
    assert (question.port, question.user_id) == ("17001", None)


async def test_line_breaks_in_a_strangers_number_name_nobody_else_as_payer() -> None:
    evil = (
        "agi_callerid: 7\nagi_network_script: 5/79001112233/x\nagi_channel: PJSIP/99-1\nagi_uniqueid: y\n\n"
    )
    request = await read(HEAD + UNIQUE + evil)
    assert (request.script, request.channel, request.uniqueid) == (
        "17/74951112233/n-1.5//", "PJSIP/17001-0000002a", "n-1.5",
    )  # fmt: skip
    # Nothing that comes after the first stranger's value is believed, even where the engine said nothing before.
    assert (await read(HEAD + "agi_callerid: 7\nagi_uniqueid: y\n\n")).uniqueid == ""


@pytest.mark.parametrize(
    "script",
    ["", "ping2", "17", "17/abc/x", "17/7495/../x", "17/7495/x y", "-1/7495/x", "17/" + "7" * 30 + "/x"],
)
async def test_what_is_no_question_gets_no_decision(script: str) -> None:
    assert question_of("n", Request(script, "PJSIP/1-1", "n-1.5")) is None


async def test_endless_input_is_given_up() -> None:
    with pytest.raises(AgiError):
        await read("x" * 10_000)
    with pytest.raises(AgiError):
        await read("a: b\n" * 10_000)
