"""Words of the path: what the compiled dialplan writes is what the card of a call reads."""

from hypothesis import given
from hypothesis import strategies as st

from ats.dialplan.model import Outcome
from ats.dialplan.path import Kind, parse, split_by_client, text_of


def test_every_word() -> None:
    words = parse(" 17/5/43 9 n12 b!20")
    assert [word.kind for word in words] == [Kind.ENTER, Kind.STEP, Kind.STEP, Kind.LEVEL_MISSING]
    assert (words[0].client_id, words[0].version, words[0].number_id) == (17, 5, 43)
    assert (words[1].step_id, words[1].via) == (9, None)
    assert (words[2].step_id, words[2].via) == (12, Outcome.NO_ANSWER)
    assert (words[3].level, words[3].via) == (20, Outcome.BUSY)
    ends = {"n-": Kind.NOT_SET, "n?2": Kind.NO_STEP_NOW, "?1": Kind.NO_STEP_NOW, "!": Kind.NO_STEPS}
    ends |= {"n!loop": Kind.LOOP, "!loop": Kind.LOOP, "h21": Kind.HANG_UP, "t5": Kind.TRUNK}
    for text, kind in ends.items():
        assert parse(text)[0].kind is kind, text
    out = parse("17>74951234567")[0]
    assert (out.kind, out.client_id, out.digits) == (Kind.OUT, 17, "74951234567")


def test_a_number_gets_its_call_back_when_another_numbers_walk_ends() -> None:
    words = parse("17/5/43 9 17/5/44 11 n- n12 h17")
    assert [word.number_id for word in words] == [43, 43, 44, 44, 44, 43, 43]


def test_each_client_sees_only_its_own_part() -> None:
    assert split_by_client("17/5/43 9 n12 17>7495 18/2/77 3 n- t5") == {
        17: "17/5/43 9 n12 17>7495",
        18: "18/2/77 3 n- t5",
    }
    assert split_by_client("") == {}
    assert split_by_client("9 n12") == {}


@given(st.text(max_size=60))
def test_anything_is_read_and_comes_back(text: str) -> None:
    words = parse(text)
    assert text_of(words) == " ".join(text.split())
    split_by_client(text)
