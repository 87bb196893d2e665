"""When does a step apply: the same rule as a function (simulator) and as dialplan conditions (compiler).

Half-open windows [from, to); a window that crosses midnight belongs to the day it starts on, with its weekday,
its dates and its being a holiday (docs/architecture/dialplan.md; manual S95-S99).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from ats.dialplan.model import Calendar, Holidays

ALL_DAYS = 127
DAY_MINUTES = 1440
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Part:
    """A calendar cut at midnight: on `days` from minute `start` to `end` (exclusive), dates inclusive.

    `morning`: the part after midnight, which belongs to the day before.
    """

    days: int
    start: int
    end: int
    date_from: date | None
    date_to: date | None
    holidays: Holidays = Holidays.ANY
    morning: bool = False


def is_always(calendar: Calendar) -> bool:
    """True for the default of the manual: any day, any time (S96)."""
    return (
        calendar.days & ALL_DAYS == ALL_DAYS
        and calendar.time_from == 0
        and calendar.time_to == DAY_MINUTES
        and calendar.date_from is None
        and calendar.date_to is None
        and calendar.holidays is Holidays.ANY
    )


def parts(calendar: Calendar) -> Iterator[Part]:
    """One part, or two when the window crosses midnight; none when nothing can ever match."""
    days = calendar.days & ALL_DAYS
    if not days or calendar.time_from == calendar.time_to:
        return
    if calendar.time_from < calendar.time_to:
        yield Part(
            days,
            calendar.time_from,
            calendar.time_to,
            calendar.date_from,
            calendar.date_to,
            calendar.holidays,
        )
        return
    yield Part(days, calendar.time_from, DAY_MINUTES, calendar.date_from, calendar.date_to, calendar.holidays)
    if calendar.time_to:
        # The morning belongs to the evening before: its weekday and its dates are one day later.
        next_days = ((days << 1) | (days >> 6)) & ALL_DAYS
        yield Part(
            next_days,
            0,
            calendar.time_to,
            _next(calendar.date_from),
            _next(calendar.date_to),
            calendar.holidays,
            morning=True,
        )


def matches(calendar: Calendar, local: datetime, holidays: Collection[date] = ()) -> bool:
    """Does the step apply at this wall-clock time of the number's zone?"""
    minute = local.hour * 60 + local.minute
    today = local.date()
    return any(
        part.days >> local.weekday() & 1
        and part.start <= minute < part.end
        and (part.date_from is None or today >= part.date_from)
        and (part.date_to is None or today <= part.date_to)
        and _holiday_fits(part, today, holidays)
        for part in parts(calendar)
    )


class Miss(StrEnum):
    """Why a calendar does not apply now."""

    DATES = "dates"
    HOLIDAYS = "holidays"
    DAY = "day"
    TIME = "time"


def why_not(calendar: Calendar, local: datetime, holidays: Collection[date] = ()) -> Miss | None:
    """What keeps the step from applying, the widest reason first; None when it applies."""
    if matches(calendar, local, holidays):
        return None
    any_time = replace(calendar, time_from=0, time_to=DAY_MINUTES)
    any_day = replace(any_time, days=ALL_DAYS)
    if not matches(replace(any_day, holidays=Holidays.ANY), local):
        return Miss.DATES
    if not matches(any_day, local, holidays):
        return Miss.HOLIDAYS
    return Miss.TIME if matches(any_time, local, holidays) else Miss.DAY


def _holiday_fits(part: Part, today: date, holidays: Collection[date]) -> bool:
    if part.holidays is Holidays.ANY:
        return True
    belongs_to = today - timedelta(days=1) if part.morning else today
    return (belongs_to in holidays) == (part.holidays is Holidays.ONLY)


def time_spec(part: Part, time_zone: str) -> str:
    """The part as the argument of GotoIfTime: `09:30-18:29,mon&tue,*,*,Europe/Moscow` (its end is inclusive)."""
    whole_day = part.start == 0 and part.end == DAY_MINUTES
    times = "*" if whole_day else f"{_clock(part.start)}-{_clock(part.end - 1)}"
    names = [name for bit, name in enumerate(_DAY_NAMES) if part.days >> bit & 1]
    days = "*" if part.days == ALL_DAYS else "&".join(names)
    return f"{times},{days},*,*,{time_zone}"


def outside_dates(part: Part, time_zone: str) -> str | None:
    """An Asterisk expression that is true when today is outside the part's dates; None without dates."""
    today = f"${{STRFTIME(${{EPOCH}},{time_zone},%Y%m%d)}}"
    bounds = []
    if part.date_from is not None:
        bounds.append(f"{today} < {part.date_from:%Y%m%d}")
    if part.date_to is not None:
        bounds.append(f"{today} > {part.date_to:%Y%m%d}")
    return f"$[{' | '.join(bounds)}]" if bounds else None


def wrong_day(part: Part, time_zone: str, context: str) -> str | None:
    """An Asterisk expression that is true when the part's day is (or is not) a holiday; None when that is all one.

    Holidays stand in the client's context as `h20261231`, so a look costs the same however many there are.
    """
    if part.holidays is Holidays.ANY:
        return None
    moment = "${EPOCH}"
    if part.morning:
        # About noon of the day before, whatever happened to the clocks in between.
        moment = f"$[${{EPOCH}} - ${{STRFTIME(${{EPOCH}},{time_zone},%H)}} * 3600 - 43200]"
    day = f"h${{STRFTIME({moment},{time_zone},%Y%m%d)}}"
    unwanted = "0" if part.holidays is Holidays.ONLY else "1"
    return f"$[${{DIALPLAN_EXISTS({context},{day},1)}} = {unwanted}]"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _next(day: date | None) -> date | None:
    if day is None or day == date.max:
        return day
    return day + timedelta(days=1)
