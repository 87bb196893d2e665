"""The six words for where a call goes (S16-S18), and the numbering plan as prefixes, for the engine. Pure.

`numbering.directions` classifies whole numbers by the same plan; a test compares the two.
"""

from collections.abc import Container
from enum import StrEnum

EMERGENCY_NUMBERS = frozenset({"101", "102", "103", "104", "112"})
# Area codes of one place: a call between them is local.
SAME_PLACE = (frozenset({"495", "499"}),)
FREE_CODE = "800"  # 8-800: the called side pays, from anywhere


class Direction(StrEnum):
    """Values are stored and stand in the API."""

    EMERGENCY = "emergency"
    INTERNAL = "internal"  # inside the exchange
    LOCAL = "local"
    MOBILE = "mobile"  # DEF codes 9xx
    LONG_DISTANCE = "long_distance"
    INTERNATIONAL = "international"


def class_prefixes(area_code: str) -> dict[str, Direction]:
    """E.164 prefix → direction for a client at home in `area_code`; the longest prefix that fits decides."""
    found = {
        "": Direction.INTERNATIONAL,
        "7": Direction.LONG_DISTANCE,
        "76": Direction.INTERNATIONAL,  # Kazakhstan
        "77": Direction.INTERNATIONAL,
        f"7{FREE_CODE}": Direction.LOCAL,
    }
    if area_code:
        place = next((codes for codes in SAME_PLACE if area_code in codes), frozenset({area_code}))
        found |= {f"7{code}": Direction.LOCAL for code in sorted(place) if not code.startswith("9")}
    return found | {"79": Direction.MOBILE}


def longest(prefixes: Container[str], digits: str) -> str | None:
    """The longest of the prefixes that `digits` begins with."""
    return next((digits[:size] for size in range(len(digits), -1, -1) if digits[:size] in prefixes), None)
