"""Telephone numbers: from any usual way of writing to E.164 digits, and back for people (S252). Pure."""

import re

import phonenumbers

_IGNORED = re.compile(r"[\s().\-\u2010-\u2015\u00a0]")
MAX_DIGITS = 15


class NotANumber(ValueError):
    """The text is not a telephone number."""


def normalise(text: str, area_code: str = "") -> str:
    """E.164 digits without plus of a number as people write or dial it in Russia.

    Understood: +7 495 123-45-67, 8 (495) 123-45-67, 7495…, 495 123-45-67, 810 44 20…, +44 20…, and a local
    number when `area_code` makes it ten digits (123-45-67 in 495). Raises NotANumber.
    """
    bare = _IGNORED.sub("", text)
    plus = bare.startswith("+")
    digits = bare[1:] if plus else bare
    if not digits or not (digits.isascii() and digits.isdigit()):
        raise NotANumber(text)
    if not plus:
        digits = _from_national(digits, area_code)
    if not 8 <= len(digits) <= MAX_DIGITS or digits.startswith("0"):
        raise NotANumber(text)
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException as error:
        raise NotANumber(text) from error
    if not phonenumbers.is_possible_number(parsed):
        raise NotANumber(text)
    return digits


def _from_national(digits: str, area_code: str) -> str:
    if digits.startswith("810") and len(digits) > 11:
        return digits[3:]
    if len(digits) == 11 and digits[0] == "8":
        return "7" + digits[1:]
    if len(digits) == 10 and digits[0] != "0":
        return "7" + digits
    if area_code and len(area_code) + len(digits) == 10:
        return "7" + area_code + digits
    return digits


def display(digits: str) -> str:
    """E.164 digits as people write them: +7 495 123-45-67. Anything else comes back as it is."""
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(parsed):
        return digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
