"""Telephone numbers from any usual way of writing to E.164 and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ats.numbering import e164


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+7 495 123-45-67", "74951234567"),
        ("8 (495) 123-45-67", "74951234567"),
        ("89161234567", "79161234567"),
        ("7 916 123 45 67", "79161234567"),
        ("495 123 45 67", "74951234567"),
        ("123-45-67", "74951234567"),
        ("810 44 20 7123 4567", "442071234567"),
        ("+44 20 7123 4567", "442071234567"),
        ("8\u00a0916\u2011123\u201345.67", "79161234567"),
    ],
)
def test_usual_writings(text: str, digits: str) -> None:
    assert e164.normalise(text, "495") == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "100",
        "abc",
        "+7495",
        "12345678901234567890",
        "+0123456789",
        "٧٤٩٥١٢٣٤٥٦٧",
        "7495123456\n7;",
        "-",
    ],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(e164.NotANumber):
        e164.normalise(text, "495")


def test_a_local_number_needs_its_area_code() -> None:
    with pytest.raises(e164.NotANumber):
        e164.normalise("123-45-67")
    assert e164.normalise("22-33-44", "8182") == "78182223344"


@given(st.text(max_size=30))
def test_any_text_gives_digits_or_is_refused(text: str) -> None:
    try:
        digits = e164.normalise(text, "495")
    except e164.NotANumber:
        return
    assert digits.isascii()
    assert digits.isdigit()
    assert 8 <= len(digits) <= 15
    assert e164.normalise(f"+{digits}") == digits


def test_display() -> None:
    assert e164.display("74951234567") == "+7 495 123-45-67"
    assert e164.display("100") == "100"
    assert e164.display("") == ""
