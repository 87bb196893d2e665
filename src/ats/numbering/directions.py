"""Where a call goes, as Russia's numbering plan and the world's country codes tell it. Pure (S5-S8, S49).

A direction decides what a call may cost and who may make it; limits, tariffs and the engine all use
these six words. Destinations are E.164 digits without plus, or a short number.
"""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from ats.dialplan.directions import EMERGENCY_NUMBERS, FREE_CODE, SAME_PLACE, Direction
from ats.numbering import e164

__all__ = ["EMERGENCY_NUMBERS", "PAID", "Destination", "Direction", "classify", "dialled", "local_prefixes"]

PAID = (Direction.LOCAL, Direction.MOBILE, Direction.LONG_DISTANCE, Direction.INTERNATIONAL)


@dataclass(frozen=True, slots=True)
class Destination:
    """`digits`: E.164 or a short number. `country`: ISO 3166 (empty: a world-wide or unknown code)."""

    digits: str
    direction: Direction
    country: str


def dialled(text: str, area_code: str = "") -> str:
    """Destination digits of what somebody dialled: 8…, 8-10…, +…, a local number, an emergency number.

    Raises e164.NotANumber.
    """
    bare = text.strip()
    return bare if bare in EMERGENCY_NUMBERS else e164.normalise(bare, area_code)


@lru_cache(maxsize=50_000)
def classify(digits: str, area_code: str = "") -> Destination:
    """The direction of E.164 digits for a client whose home is `area_code` (empty: nothing is local to it).

    Digits that make no number are international: that is the dearest, so nothing slips through.
    """
    if digits in EMERGENCY_NUMBERS:
        return Destination(digits, Direction.EMERGENCY, "RU")
    # +7 6… and +7 7… are Kazakhstan.
    if digits[:1] == "7" and len(digits) == 11 and digits[1] not in "67":
        return Destination(digits, _in_russia(digits[1:], area_code), "RU")
    return Destination(digits, Direction.INTERNATIONAL, _country(digits))


def local_prefixes(area_code: str) -> list[str]:
    """E.164 prefixes that are local for a client, for places that know no Python (the engine)."""
    return [f"7{code}" for code in sorted(_local_codes(area_code))]


def _in_russia(national: str, area_code: str) -> Direction:
    if national[0] == "9":
        return Direction.MOBILE
    if national.startswith(FREE_CODE) or any(national.startswith(code) for code in _local_codes(area_code)):
        return Direction.LOCAL
    return Direction.LONG_DISTANCE


def _local_codes(area_code: str) -> frozenset[str]:
    if not area_code:
        return frozenset()
    return next((place for place in SAME_PLACE if area_code in place), frozenset({area_code}))


def _country(digits: str) -> str:
    try:
        found = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return ""
    return "" if found in (None, "001") else str(found)
