"""The fraud guard's rules: calls of one port → signals with points. Pure; everything can be tuned.

A stolen SIP password is used at once and for the dearest calls there are: many calls, to many numbers, abroad, at
night. Each sign alone happens in honest offices too; together they lock the port, not the client.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

VELOCITY_OVER = timedelta(minutes=10)
OVER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts, how much, and when the port is locked. Money in 1/10,000 of the unit, hours local."""

    enabled: bool = True
    lock_at: int = 100  # points
    velocity_calls: int = 30  # calls out within 10 minutes
    velocity_points: int = 50
    destinations: int = 10  # different numbers abroad within an hour
    destinations_points: int = 50
    country_points: int = 40  # for each country nobody of the client called in the last 90 days
    night_from: int = 23
    night_to: int = 6
    night_calls: int = 3  # calls abroad at night within an hour
    night_points: int = 40
    spend: int = 10_000_000  # within an hour
    spend_points: int = 100


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class Seen:
    """One call out of a port. `country`: ISO 3166 of a call abroad, empty at home."""

    at: datetime
    digits: str
    country: str
    money: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """Why points were given; `count` against `limit`, `detail` for people (a country)."""

    code: str
    points: int
    count: int
    limit: int
    detail: str = ""

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def thresholds(stored: Mapping[str, Any]) -> Thresholds:
    """The defaults with what the operator has changed."""
    return Thresholds(**{name: value for name, value in stored.items() if name in asdict(DEFAULTS)})


def signals(
    calls: Sequence[Seen], known_countries: frozenset[str], now: datetime, time_zone: str, rules: Thresholds
) -> list[Signal]:
    """What is strange about a port's calls of the last hour. `known_countries`: those the client calls anyway."""
    recent = [call for call in calls if now - OVER <= call.at <= now]
    abroad = [call for call in recent if call.country]
    found: list[Signal] = []

    def add(code: str, points: int, count: int, limit: int, detail: str = "") -> None:
        if points and limit and count >= limit:
            found.append(Signal(code, points, count, limit, detail))

    quick = [call for call in recent if call.at >= now - VELOCITY_OVER]
    add("velocity", rules.velocity_points, len(quick), rules.velocity_calls)
    add("destinations", rules.destinations_points, len({call.digits for call in abroad}), rules.destinations)
    for country in sorted({call.country for call in abroad} - known_countries):
        calls_there = sum(call.country == country for call in abroad)
        add("new_country", rules.country_points, calls_there, 1, country)
    night = [call for call in abroad if is_night(call.at, time_zone, rules)]
    add("night", rules.night_points, len(night), rules.night_calls)
    add("spend", rules.spend_points, sum(call.money for call in recent), rules.spend)
    return found


def is_night(moment: datetime, time_zone: str, rules: Thresholds) -> bool:
    """Whether nobody should be at work where the client lives."""
    hour = moment.astimezone(ZoneInfo(time_zone)).hour
    if rules.night_from <= rules.night_to:
        return rules.night_from <= hour < rules.night_to
    return hour >= rules.night_from or hour < rules.night_to
