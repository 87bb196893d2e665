"""Counted limits: minutes, money, calls a minute, numbers a day; held, settled once, anew at the client's midnight."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django_scopes import scope, scopes_disabled

from ats.billing.authorise import Grant, Refusal, authorise
from ats.billing.books import Books
from ats.limits import usage
from ats.limits.actions import set_limits
from ats.limits.models import CountedCall
from ats.limits.scopes import Scope
from ats.ports import actions as ports
from tests.unit.billing.money import CITY, NOON, ROUBLE, account, client, question, tariff

SECOND = 1_000_000


class Clock:
    """Asks and ends calls of one client at chosen moments."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self.now = NOON
        self._books = Books()
        self._count = 0

    def ask(self, digits: str = CITY, **values: Any) -> tuple[str, Grant | Refusal]:
        self._count += 1
        key = f"{self.client_id}.{self._count}"
        with scopes_disabled():
            return key, authorise(question(self.client_id, key, digits, **values), self._books, self.now)

    def seconds(self, digits: str = CITY, **values: Any) -> tuple[str, int]:
        key, verdict = self.ask(digits, **values)
        assert isinstance(verdict, Grant), verdict
        return key, verdict.allowed_s

    def code(self, digits: str = CITY, **values: Any) -> str:
        _, verdict = self.ask(digits, **values)
        assert isinstance(verdict, Refusal), verdict
        return verdict.code

    def end(self, key: str, seconds: int, money: int = 0) -> int:
        return usage.settle("node1", {(key, self.client_id): (seconds, money)})


def limited(client_id: int, scope_: Scope = Scope.CLIENT, object_id: int = 0, **values: Any) -> None:
    with scope(client=client_id):
        set_limits(None, client_id, scope_, object_id or client_id, values)


@pytest.fixture
def clock(db: None) -> Clock:
    """A client that is not billed."""
    return Clock(client("", "Вега").pk)


def test_nothing_is_counted_without_a_limit(clock: Clock) -> None:
    clock.seconds()
    with scopes_disabled():
        assert not CountedCall.objects.exists()


def test_minutes_are_held_settled_and_never_passed(clock: Clock) -> None:
    limited(clock.client_id, minutes_day=10)
    key, allowed = clock.seconds()
    assert allowed == 600
    assert clock.code() == f"{clock.client_id}=md@c{clock.client_id}"  # all of it is held by the first
    assert clock.end(key, 400) == 1
    assert clock.end(key, 400) == 0  # twice is once
    key, allowed = clock.seconds()
    assert allowed == 200
    clock.end(key, 200)
    assert clock.code().endswith(f"=md@c{clock.client_id}")


def test_many_calls_at_once_share_the_rest(clock: Clock) -> None:
    """Half of what is left, ten minutes at least: all together never more than the limit."""
    limited(clock.client_id, minutes_month=100)
    held = []
    while True:
        _, verdict = clock.ask()
        if isinstance(verdict, Refusal):
            break
        held.append(verdict.allowed_s)
    assert sum(held) == 6000
    assert held == [3000, 1500, 750, 600, 150]


def test_counters_begin_anew_at_the_clients_midnight(clock: Clock) -> None:
    """Moscow: 21:00 UTC. A day before that is full, a second later there is a new one; the month goes on."""
    limited(clock.client_id, minutes_day=1, minutes_month=2)
    clock.now = NOON + (12 * 3600 - 1) * SECOND
    clock.end(clock.seconds()[0], 60)
    assert "=md@" in clock.code()
    clock.now += SECOND
    clock.end(clock.seconds()[0], 60)
    clock.now += 24 * 3600 * SECOND
    assert "=mm@" in clock.code()


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_day_of_changing_clocks_is_one_day(day: date, hours: int) -> None:
    zone = "Europe/Berlin"
    start = usage.midnight(day, zone).astimezone(UTC)
    assert usage.midnight(day + timedelta(days=1), zone).astimezone(UTC) - start == timedelta(hours=hours)
    assert usage.local_day(start, zone) == day
    assert usage.local_day(start - timedelta(seconds=1), zone) == day - timedelta(days=1)


def test_calls_a_minute(clock: Clock) -> None:
    limited(clock.client_id, calls_minute=2)
    clock.seconds()
    clock.seconds()
    assert "=cm@" in clock.code()
    clock.now += 61 * SECOND
    clock.seconds()


def test_different_numbers_a_day(clock: Clock) -> None:
    limited(clock.client_id, destinations_day=2)
    clock.seconds("74951112233")
    clock.seconds("74951112234")
    assert "=dd@" in clock.code("74951112235")
    clock.now += 120 * SECOND
    clock.seconds("74951112234")  # once more is no new number


def test_the_smallest_of_port_user_and_client_wins(world: Any) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        values = {"name": "Линия", "login": "170001", "owner_id": world.plain.pk}
        port = ports.create_port(None, client_id, values)
    limited(client_id, minutes_day=100)
    limited(client_id, Scope.USER, world.plain.pk, minutes_day=10)
    clock = Clock(client_id)
    key, allowed = clock.seconds(port="170001")
    assert allowed == 600
    assert clock.code(port="170001") == f"{client_id}=md@u{world.plain.pk}"
    assert clock.seconds()[1] == 2700  # half of the client's rest
    clock.end(key, 30)
    limited(client_id, Scope.PORT, port.pk, minutes_day=1)
    assert clock.seconds(port="170001")[1] == 30


def test_money_of_a_day(db: None) -> None:
    """6 a minute: ten minutes cost 60, and a limit of 60 lets no more be spent than that."""
    account(tariff(), balance=1000 * ROUBLE)
    clock = Clock(client().pk)
    limited(clock.client_id, money_day=60 * ROUBLE)
    key, _ = clock.seconds()
    assert "=sd@" in clock.code()
    clock.end(key, 300, 30 * ROUBLE)
    key, verdict = clock.ask()
    assert isinstance(verdict, Grant)
    with scopes_disabled():
        held = CountedCall.objects.get(linkedid=key)
    assert held.money == 30 * ROUBLE
    assert held.seconds == 300
    clock.end(key, 300, 30 * ROUBLE)
    assert "=sd@" in clock.code()


def test_a_hold_whose_end_is_never_told_comes_back(clock: Clock) -> None:
    limited(clock.client_id, minutes_day=10)
    clock.seconds()
    late = datetime.fromtimestamp(NOON / SECOND, UTC) + timedelta(seconds=600, minutes=11)
    usage.tidy(late)
    clock.now = int(late.timestamp()) * SECOND
    assert clock.seconds()[1] == 600
