"""The gateway protocol against what strangers can put into it."""

import socket

import pytest

from ats.engine.authoriser.agi import MAX_BYTES, AgiError, Request, has_left, read_request, set_variable
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


def test_what_a_strangers_line_break_has_left_over_is_no_answer() -> None:
    """The engine reads our command only when it has written all its lines; its answer is what begins with 200."""
    ours, engines = socket.socketpair()
    with ours, engines:
        engines.sendall(b"agi_extension: 7\n\n200 result=1\n")
        set_variable(ours, "ATSS", "S(60)")
        assert engines.recv(100) == b'SET VARIABLE ATSS "S(60)"\n'
        assert not has_left(ours)
        engines.close()
        assert has_left(ours)
