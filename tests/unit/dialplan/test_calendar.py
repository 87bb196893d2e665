"""Windows are half-open, midnight belongs to the evening before, dates are inclusive."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ats.dialplan.calendar import is_always, matches, outside_dates, parts, time_spec
from ats.dialplan.model import Calendar

MONDAY = datetime(2026, 11, 23)
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(0, 9, 29), False),
        (at(0, 9, 30), True),
        (at(4, 18, 29), True),
        (at(4, 18, 30), False),
        (at(5, 12), False),
    ],
)
def test_working_hours(moment: datetime, expected: bool) -> None:
    assert matches(Calendar(31, 570, 1110), moment) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(4, 21, 59), False),
        (at(4, 22), True),  # Friday evening
        (at(5, 5, 59), True),  # its Saturday morning
        (at(5, 6), False),
        (at(4, 5), False),  # Friday morning belongs to Thursday, which is not in it
        (at(0, 3), False),
    ],
)
def test_window_over_midnight_belongs_to_its_first_day(moment: datetime, expected: bool) -> None:
    assert matches(Calendar(1 << 4, 22 * 60, 6 * 60), moment) is expected


def test_dates_are_inclusive_and_follow_the_first_day_over_midnight() -> None:
    new_year = Calendar(127, 22 * 60, 6 * 60, date(2026, 12, 31), date(2026, 12, 31))
    assert matches(new_year, datetime(2026, 12, 31, 22))
    assert matches(new_year, datetime(2027, 1, 1, 5, 59))
    assert not matches(new_year, datetime(2026, 12, 31, 5))
    assert not matches(new_year, datetime(2027, 1, 1, 22))


def test_default_is_always_and_an_empty_window_never() -> None:
    assert is_always(Calendar())
    assert list(parts(Calendar(127, 600, 600))) == []
    assert list(parts(Calendar(0))) == []


calendars = st.builds(
    Calendar,
    st.integers(0, 127),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)


@given(calendars, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_conditions_for_the_engine_say_the_same(calendar: Calendar, moment: datetime) -> None:
    """What GotoIfTime and the date expression would decide equals `matches`."""
    decided = any(
        _goto_if_time(time_spec(part, "UTC"), moment) and not _outside(outside_dates(part, "UTC"), moment)
        for part in parts(calendar)
    )
    assert decided == matches(calendar, moment)


def _goto_if_time(spec: str, moment: datetime) -> bool:
    times, days, _, _, _ = spec.split(",")
    if days != "*" and DAY_NAMES[moment.weekday()] not in days.split("&"):
        return False
    if times == "*":
        return True
    start, end = times.split("-")
    return start <= f"{moment:%H:%M}" <= end


def _outside(expression: str | None, moment: datetime) -> bool:
    if expression is None:
        return False
    text = expression.replace("${STRFTIME(${EPOCH},UTC,%Y%m%d)}", f"{moment:%Y%m%d}")
    bounds = text.removeprefix("$[").removesuffix("]").split(" | ")
    return any(
        int(left) < int(right) if sign == "<" else int(left) > int(right)
        for left, sign, right in (bound.split() for bound in bounds)
    )
