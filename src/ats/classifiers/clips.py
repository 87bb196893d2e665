"""How a contact's number is written: `+79161234567`, or a mask of leading digits `+7916*` (S170). Pure."""

import re
from typing import Any

from ats import checks

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_MASK = re.compile(r"\+[1-9][0-9]{0,13}\*")
_IGNORED = re.compile(r"[\s().\-\u2010-\u2015\u00a0]")


def clip(value: Any) -> str:
    """Digits as they are stored: `79161234567`, `7916*`. Raises checks.Bad: other than +… and masks is not taken,
    because 8916… in a list could as well be a number of China."""
    text = _IGNORED.sub("", checks.text(40, required=True)(value))
    if not (_NUMBER.fullmatch(text) or _MASK.fullmatch(text)):
        raise checks.Bad("bad_clip")
    return text[1:]


def display(stored: str) -> str:
    """As people write it again."""
    return f"+{stored}"


def mask_lengths(clips: list[str]) -> list[int]:
    """How many digits the masks among them name, the longest first, each once."""
    return sorted({len(one) - 1 for one in clips if one.endswith("*")}, reverse=True)
