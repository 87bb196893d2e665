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


@pytest.mark.parametrize("script", ["17/7495/x/y", "17/7495/x/1/2/3", "17/7495'/x", "17//x"])
def test_anything_else_is_no_question(script: str) -> None:
    assert question_of("node1", Request(script, "PJSIP/1-1", "x")) is None
