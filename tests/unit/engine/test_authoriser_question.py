"""What the dialplan's context `ats-leave` asks, as the authoriser reads it."""

import pytest

from ats.engine.authoriser.agi import Request
from ats.engine.authoriser.server import question_of


@pytest.mark.parametrize(
    ("tail", "user_id", "limit_s"),
    [
        ("", None, None),
        ("/", None, None),
        ("//", None, None),
        ("/5", 5, None),
        ("/5/", 5, None),
        ("//60", None, 60),
    ],
)
def test_user_and_longest_talk_may_be_left_out(tail: str, user_id: int | None, limit_s: int | None) -> None:
    asked = Request(f"17/74951112233/node1-1.2{tail}", "PJSIP/170001-00000001", "node1-1.2")
    question = question_of("node1", asked)
    assert question is not None
    assert (question.client_id, question.digits, question.port) == (17, "74951112233", "170001")
    assert (question.user_id, question.limit_s) == (user_id, limit_s)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ("", (None, None, None)),
        ("s9", (9, None, None)),
        ("s9u7f4", (9, 7, 4)),
        ("u7", (None, 7, None)),
        ("f4", (None, None, 4)),
    ],
)
def test_what_leads_a_call_out_is_told(elements: str, expected: tuple[int | None, ...]) -> None:
    question = question_of("node1", Request(f"17/74951112233/x///{elements}", "Local/o7@c17.v5-00;2", "1.1"))
    assert question is not None
    assert (question.step_id, question.user_id, question.forwarding_id) == expected


@pytest.mark.parametrize(
    ("senders", "port"),
    [
        ("PJSIP/170001-0000002a/", "170001"),  # sent it on
        ("/PJSIP/170001-0000002a", "170001"),  # asks first, by code
        ("IAX2/170001-12/PJSIP/170002-0000002a", "170001"),
        ("Local/o74951112244c17v5-00000001/", ""),  # an agent outside: no port of the client
    ],
)
def test_who_sends_a_call_on_causes_it(senders: str, port: str) -> None:
    """His port is asked about, and not the user on whose behalf the call was made that he sends on."""
    request = Request(f"17/74951112233/x/5///{senders}", "PJSIP/170003-0000002b", "1.1")
    question = question_of("node1", request)
    assert question is not None
    assert (question.port, question.user_id) == (port, None)


def test_nobody_sends_a_call_on() -> None:
    question = question_of("node1", Request("17/74951112233/x/5////", "PJSIP/170003-0000002b", "1.1"))
    assert question is not None
    assert (question.port, question.user_id) == ("170003", 5)


@pytest.mark.parametrize(
    "script", ["17/7495/x/y", "17/7495/x///f4s9", "17/7495/x///s9x", "17/7495/x/1/2/3", "17/7495'/x", "17//x"]
)
def test_anything_else_is_no_question(script: str) -> None:
    assert question_of("node1", Request(script, "PJSIP/1-1", "x")) is None
