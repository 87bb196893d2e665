"""The gateway protocol against what strangers can put into it."""

import socket

import pytest

from ats.engine.authoriser.agi import (
    MAX_BYTES,
    AgiError,
    Request,
    has_left,
    read_request,
    set_variable,
    wait_end,
)
from ats.engine.authoriser.server import question_of

HEAD = (
    "agi_network: yes\nagi_network_script: 17/74951112233/n-1.5//\n"
    "agi_request: x\nagi_channel: PJSIP/17001-0000002a\n"
)
UNIQUE = "agi_uniqueid: n-1.5\n"


def read(text: str) -> Request:
    ours, engines = socket.socketpair()
    with ours, engines:
        engines.sendall(text.encode())
        engines.shutdown(socket.SHUT_WR)
        return read_request(ours)


def test_a_question_of_the_engine() -> None:
    request = read(HEAD + UNIQUE + "agi_callerid: 7\n\n")
    question = question_of("n", request)
    assert question is not None
    assert (question.client_id, question.digits, question.linkedid) == (17, "74951112233", "n-1.5")
    assert (question.port, question.user_id) == ("17001", None)


def test_line_breaks_in_a_strangers_number_name_nobody_else_as_payer() -> None:
    evil = (
        "agi_callerid: 7\nagi_network_script: 5/79001112233/x\nagi_channel: PJSIP/99-1\nagi_uniqueid: y\n\n"
    )
    request = read(HEAD + UNIQUE + evil)
    assert (request.script, request.channel, request.uniqueid) == (
        "17/74951112233/n-1.5//", "PJSIP/17001-0000002a", "n-1.5",
    )  # fmt: skip
    # Nothing that comes after the first stranger's value is believed, even where the engine said nothing before.
    assert (read(HEAD + "agi_callerid: 7\nagi_uniqueid: y\n\n")).uniqueid == ""


@pytest.mark.parametrize(
    "script",
    ["", "ping2", "17", "17/abc/x", "17/7495/../x", "17/7495/x y", "-1/7495/x", "17/" + "7" * 30 + "/x"],
)
def test_what_is_no_question_gets_no_decision(script: str) -> None:
    assert question_of("n", Request(script, "PJSIP/1-1", "n-1.5")) is None


def test_endless_input_is_given_up() -> None:
    for text in ("x" * (MAX_BYTES + 1), "a: b\n" * (MAX_BYTES // 5 + 1), "agi_network: yes\n"):
        with pytest.raises(AgiError):
            read(text)


def test_what_a_strangers_line_break_has_left_over_does_not_disturb_the_answer() -> None:
    """The engine reads our command, then the end, when it has written all its lines; nothing is reset before that."""
    ours, engines = socket.socketpair()
    with ours, engines:
        engines.sendall(b"agi_network: yes\n\nagi_extension: 7\n")
        read_request(ours)
        assert not has_left(ours)
        set_variable(ours, "ATSS", "S(60)")
        engines.sendall(b"agi_threadid: 1\n\n")
        assert engines.makefile("rb").readlines() == [b'SET VARIABLE ATSS "S(60)"\n']
        engines.sendall(b"200 result=1\n")
        engines.close()
        wait_end(ours)
        assert has_left(ours)
