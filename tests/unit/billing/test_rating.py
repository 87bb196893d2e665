"""A named test for every boundary of rating. Money: 10,000 is one rouble."""

import random
from datetime import UTC, datetime

import pytest

from ats.billing.rating import (
    LONGEST_S,
    MAX_MONEY,
    Rate,
    RateBook,
    billed_seconds,
    cost,
    dump,
    load,
    longest_talk,
    money_text,
    whole_increments,
)

MOSCOW = "Europe/Moscow"
BERLIN = "Europe/Berlin"
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # Monday, 12:00 in Moscow


def rate(**values: object) -> Rate:
    return Rate(**{"id": 1, "prefix": "7", "title": "Россия", "price": 60_000, **values})  # type: ignore[arg-type]


def find(book: RateBook, digits: str, at: datetime = NOON) -> int | None:
    found = book.find(digits, at)
    return found.id if found else None


# -- increments --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "billed"), [(0, 0), (1, 60), (59, 60), (60, 60), (61, 66), (66, 66), (67, 72)]
)
def test_edges_of_the_first_and_the_next_increment(talk: int, billed: int) -> None:
    assert billed_seconds(rate(first_s=60, next_s=6), talk) == billed


def test_per_second_charging() -> None:
    assert cost(rate(first_s=1, next_s=1), 61).total == 61_000


def test_the_price_of_talk_is_rounded_up_once_not_per_increment() -> None:
    priced = rate(price=1, first_s=1, next_s=1)
    assert cost(priced, 1).total == 1
    assert cost(priced, 60).total == 1
    assert cost(priced, 61).total == 2


@pytest.mark.parametrize(("talk", "billed"), [(5, 0), (10, 0), (11, 60), (70, 60), (71, 120)])
def test_edges_of_the_free_seconds(talk: int, billed: int) -> None:
    assert billed_seconds(rate(free_s=10), talk) == billed


# -- fees --------------------------------------------------------------------------------


def test_nobody_answered_only_the_attempt_is_charged() -> None:
    priced = rate(attempt_fee=500, connection_fee=7_000)
    assert cost(priced, None).total == 500
    assert cost(rate(connection_fee=7_000), None).total == 0


def test_answered_and_gone_at_once_costs_both_fees() -> None:
    assert cost(rate(attempt_fee=500, connection_fee=7_000), 0).total == 7_500


def test_every_line_of_the_explanation_adds_up() -> None:
    priced = rate(attempt_fee=500, connection_fee=7_000, free_s=5, first_s=60, next_s=30)
    told = cost(priced, 80)
    assert [line.code for line in told.lines] == ["attempt", "connection", "free", "talk"]
    assert sum(line.amount for line in told.lines) == told.total == 500 + 7_000 + 90_000
    assert told.lines[-1].params == {"talk": 80, "billed": 90, "first": 60, "next": 30, "price": 60_000}


# -- zero and huge -----------------------------------------------------------------------


def test_a_zero_rate_costs_nothing_however_long() -> None:
    assert cost(rate(price=0), LONGEST_S).total == 0
    assert longest_talk(rate(price=0), 0) == LONGEST_S


def test_a_huge_rate_stays_exact() -> None:
    priced = rate(price=MAX_MONEY, first_s=1, next_s=1)
    assert cost(priced, LONGEST_S).total == MAX_MONEY * 1440
    assert longest_talk(priced, MAX_MONEY // 60) is None
    assert longest_talk(priced, MAX_MONEY // 60 + 1) == 1


# -- how long may it last ----------------------------------------------------------------


def test_money_for_exactly_one_increment() -> None:
    assert longest_talk(rate(), 60_000) == 60
    assert longest_talk(rate(), 59_999) is None
    assert longest_talk(rate(), 119_999) == 60
    assert longest_talk(rate(connection_fee=1), 60_000) is None


def test_free_seconds_can_be_talked_without_money() -> None:
    assert longest_talk(rate(free_s=10), 0) == 10
    assert longest_talk(rate(free_s=10), 60_000) == 70


def test_the_longest_talk_is_exact_for_any_rate() -> None:
    dice = random.Random(5)
    for _ in range(3000):
        priced = rate(
            price=dice.choice([1, 7, 999, 60_000, 10**9]),
            connection_fee=dice.choice([0, 3, 5_000]),
            attempt_fee=dice.choice([0, 1]),
            free_s=dice.choice([0, 3, 30]),
            first_s=dice.choice([1, 6, 60]),
            next_s=dice.choice([1, 6, 60]),
        )
        money = dice.choice([0, 1, 59, 10_000, 123_456, 10**7])
        longest = longest_talk(priced, money)
        if longest is None:
            assert cost(priced, 1).total > money
        else:
            assert cost(priced, longest).total <= money
            assert longest == LONGEST_S or cost(priced, longest + 1).total > money


def test_whole_increments_waste_nothing() -> None:
    priced = rate(free_s=5, first_s=60, next_s=30)
    for wanted, whole in ((1, 65), (65, 65), (66, 95), (95, 95), (96, 125)):
        assert whole_increments(priced, wanted) == whole
        assert billed_seconds(priced, whole) == billed_seconds(priced, max(wanted, 6))


# -- which rate --------------------------------------------------------------------------


def test_the_longest_prefix_wins() -> None:
    book = RateBook(MOSCOW, [rate(id=1), rate(id=2, prefix="7916"), rate(id=3, prefix="791")])
    assert find(book, "79161234567") == 2
    assert find(book, "79171234567") == 3
    assert find(book, "74951234567") == 1
    assert find(book, "442079460000") is None


def test_an_empty_prefix_is_for_everything_else() -> None:
    assert find(RateBook(MOSCOW, [rate(id=9, prefix="")]), "442079460000") == 9


def test_a_rate_is_valid_from_its_moment_and_until_before_its_end() -> None:
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    book = RateBook(MOSCOW, [rate(id=1, valid_from=start, valid_until=end)])
    assert find(book, "7495", start) == 1
    assert find(book, "7495", start.replace(year=2025)) is None
    assert find(book, "7495", end.replace(month=3, day=31, hour=23, minute=59)) == 1
    assert find(book, "7495", end) is None


def test_the_price_that_came_last_replaces_the_one_before() -> None:
    book = RateBook(MOSCOW, [rate(id=1), rate(id=2, valid_from=NOON)])  # both without an end: the newer wins
    assert find(book, "7495", NOON) == 2
    assert find(book, "7495", datetime(2026, 3, 2, 8, 59, 59, tzinfo=UTC)) == 1


def test_a_price_change_during_a_call_does_not_touch_it() -> None:
    """The rule: the rate of the moment of asking holds to the end; so the cost needs no clock at all."""
    book = RateBook(MOSCOW, [rate(id=1, valid_until=NOON), rate(id=2, price=1, valid_from=NOON)])
    asked = book.find("7495", datetime(2026, 3, 2, 8, 59, 59, tzinfo=UTC))
    assert asked is not None
    assert asked.id == 1
    assert cost(asked, 3600).total == 60 * 60_000


def test_a_rate_whose_window_is_closed_gives_way_to_a_shorter_prefix() -> None:
    night = rate(id=2, prefix="7495", time_from=0, time_to=8 * 60)
    book = RateBook(MOSCOW, [rate(id=1), night])
    assert find(book, "74951234567", datetime(2026, 3, 2, 4, 59, tzinfo=UTC)) == 2  # 07:59
    assert find(book, "74951234567", datetime(2026, 3, 2, 5, 0, tzinfo=UTC)) == 1  # 08:00


def test_a_window_beats_the_same_prefix_without_one() -> None:
    book = RateBook(MOSCOW, [rate(id=3), rate(id=1, time_from=600, time_to=780)])
    assert find(book, "7495") == 1


def test_a_window_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    friday_night = rate(id=2, days=16, time_from=22 * 60, time_to=6 * 60)
    book = RateBook("UTC", [rate(id=1), friday_night])
    assert find(book, "7495", datetime(2026, 3, 6, 21, 59, tzinfo=UTC)) == 1
    assert find(book, "7495", datetime(2026, 3, 6, 22, 0, tzinfo=UTC)) == 2
    assert find(book, "7495", datetime(2026, 3, 6, 23, 59, tzinfo=UTC)) == 2
    assert find(book, "7495", datetime(2026, 3, 7, 0, 0, tzinfo=UTC)) == 2  # Saturday morning
    assert find(book, "7495", datetime(2026, 3, 7, 6, 0, tzinfo=UTC)) == 1
    assert find(book, "7495", datetime(2026, 3, 6, 0, 0, tzinfo=UTC)) == 1  # Friday morning is Thursday's


def test_midnight_is_that_of_the_tariffs_zone() -> None:
    sunday = rate(id=2, days=64)
    book = RateBook("Asia/Vladivostok", [rate(id=1), sunday])
    assert find(book, "7495", datetime(2026, 3, 7, 13, 59, tzinfo=UTC)) == 1
    assert find(book, "7495", datetime(2026, 3, 7, 14, 0, tzinfo=UTC)) == 2  # Sunday 00:00 there


def test_clocks_that_go_forward_skip_the_window() -> None:
    """29 March 2026 in Berlin: 02:00 becomes 03:00."""
    book = RateBook(BERLIN, [rate(id=1), rate(id=2, time_from=120, time_to=180)])
    assert find(book, "7495", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == 1  # 01:59
    assert find(book, "7495", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == 1  # 03:00


def test_clocks_that_go_back_pass_the_window_twice() -> None:
    """25 October 2026 in Berlin: 03:00 becomes 02:00."""
    book = RateBook(BERLIN, [rate(id=1), rate(id=2, time_from=120, time_to=180)])
    for minute, expected in ((-1, 1), (0, 2), (59, 2), (60, 2), (119, 2), (120, 1)):
        at = datetime.fromtimestamp(datetime(2026, 10, 25, 0, 0, tzinfo=UTC).timestamp() + minute * 60, UTC)
        assert find(book, "7495", at) == expected


# -- keeping and telling -----------------------------------------------------------------


def test_a_kept_rate_comes_back_as_it_was() -> None:
    kept = rate(valid_from=NOON, days=31, free_s=3)
    assert load(dump(kept)) == kept


def test_money_in_words() -> None:
    assert money_text(124_000, "RUB") == "12.40 RUB"
    assert money_text(124_025) == "12.4025"
    assert money_text(-1) == "-0.0001"
    assert money_text(0) == "0.00"
