"""One named test per rule of the numbering plan."""

import pytest

from ats.numbering import e164
from ats.numbering.directions import Direction, classify, dialled, local_prefixes


def direction(text: str, area_code: str = "495") -> Direction:
    return classify(dialled(text, area_code), area_code).direction


@pytest.mark.parametrize("number", ["101", "102", "103", "104", "112"])
def test_emergency_numbers_are_emergencies_whatever_the_region(number: str) -> None:
    assert direction(number) == direction(number, "") == Direction.EMERGENCY


def test_another_short_number_is_no_emergency() -> None:
    with pytest.raises(e164.NotANumber):
        dialled("105")


def test_eight_and_ten_digits_is_russia() -> None:
    assert dialled("8 (812) 123-45-67") == "78121234567"
    assert direction("88121234567") == Direction.LONG_DISTANCE


def test_eight_ten_is_abroad() -> None:
    assert dialled("810 44 20 7946 0000") == "442079460000"
    assert direction("810442079460000") == Direction.INTERNATIONAL


def test_plus_seven_is_russia_and_plus_another_is_abroad() -> None:
    assert direction("+78121234567") == Direction.LONG_DISTANCE
    assert direction("+442079460000") == Direction.INTERNATIONAL


def test_a_number_without_area_code_is_local() -> None:
    assert dialled("123-45-67", "495") == "74951234567"
    assert direction("1234567") == Direction.LOCAL


def test_home_area_code_is_local_and_another_is_long_distance() -> None:
    assert direction("84951234567", "495") == Direction.LOCAL
    assert direction("84951234567", "812") == Direction.LONG_DISTANCE


def test_both_codes_of_moscow_are_one_place() -> None:
    assert direction("84991234567", "495") == direction("84951234567", "499") == Direction.LOCAL


def test_a_longer_home_code_is_compared_whole() -> None:
    assert direction("+7 84722 12345", "84722") == Direction.LOCAL
    assert direction("+7 84742 12345", "84722") == Direction.LONG_DISTANCE


def test_without_a_home_region_nothing_is_local() -> None:
    assert classify("74951234567").direction == Direction.LONG_DISTANCE


def test_def_codes_are_mobile_even_at_home() -> None:
    assert direction("+79161234567") == Direction.MOBILE
    assert classify("79951234567", "995").direction == Direction.MOBILE


def test_eight_hundred_is_local_from_anywhere() -> None:
    assert direction("88001234567", "812") == Direction.LOCAL


def test_kazakhstan_shares_plus_seven_and_is_abroad() -> None:
    assert classify("77272123456", "495").direction == Direction.INTERNATIONAL
    assert classify("77011234567").country == "KZ"


def test_country_is_told() -> None:
    assert classify("442079460000").country == "GB"
    assert classify("12125551234").country == "US"
    assert classify("74951234567").country == "RU"
    assert classify("881612345678").country == ""


def test_digits_that_make_no_number_are_the_dearest_kind() -> None:
    for digits in ("", "7", "74951", "0", "999999999999999"):
        assert classify(digits).direction == Direction.INTERNATIONAL


def test_prefixes_for_the_engine_say_the_same() -> None:
    assert local_prefixes("495") == ["7495", "7499"]
    assert local_prefixes("812") == ["7812"]
    assert local_prefixes("") == []
