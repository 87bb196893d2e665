"""When a talk ends at the latest, as far as money and counted limits are left now; and the end of what nobody pays."""

from typing import Any

from django_scopes import scope, scopes_disabled

from ats.billing import endings
from ats.billing.authorise import Grant, authorise
from ats.billing.books import Books
from ats.billing.models import Account, Reservation
from ats.limits.actions import set_limits
from ats.limits.scopes import Scope
from tests.unit.billing.money import CITY, NOON, ROUBLE, account, client, question, tariff
from tests.unit.billing.test_settling import leg, settle

SECOND = 1_000_000


def ask(client_id: int, key: str, now_us: int = NOON, **values: Any) -> int:
    with scopes_disabled():
        verdict = authorise(question(client_id, key, CITY, **values), Books(), now_us)
    assert isinstance(verdict, Grant), verdict
    return verdict.allowed_s


def near(seconds: int, now_us: int = NOON) -> dict[str, int]:
    with scopes_disabled():
        return {end.key: end.longest_s for end in endings.near("node1", seconds, now_us)}


def test_the_end_is_as_far_as_the_money_goes(db: None) -> None:
    """6 a minute, by the second: 90 s for 9. What another call takes is not there any more."""
    account(tariff(first_s=1, next_s=1), balance=9 * ROUBLE)
    payer = client().pk
    allowed = ask(payer, "a")
    assert allowed < 60
    assert near(allowed - 1) == {}  # its time is not nearly over
    assert near(allowed + 1) == {"a": 90}
    other = ask(payer, "b")
    assert near(allowed + 1)["a"] == 90 - other


def test_limits_of_time_and_minutes_are_ends_as_well(db: None) -> None:
    account(tariff(first_s=1, next_s=1), balance=1000 * ROUBLE)
    payer, free = client().pk, client("", "Вега").pk
    with scope(client=payer):
        set_limits(None, payer, Scope.CLIENT, payer, {"minutes_day": 2})
    with scope(client=free):
        set_limits(None, free, Scope.CLIENT, free, {"minutes_day": 20})
    ask(payer, "a")
    ask(free, "b")
    ask(free, "c", limit_s=30)
    assert near(10_000) == {"a": 120, "b": 1170, "c": 30}


def test_a_talk_on_an_account_that_is_switched_off_ends_now_and_costs_no_more(db: None) -> None:
    paying = account(tariff(first_s=1, next_s=1), balance=1000 * ROUBLE)
    payer = client().pk
    ask(payer, "a")
    assert endings.stopped("node1") == []
    Account.objects.update(is_active=False)
    [held] = endings.stopped("node1")
    assert endings.stop(held.id, NOON, NOON + 10 * SECOND) == 10
    assert endings.stopped("node1") == []  # once
    assert settle(payer, "a", leg("t5", 14)) == ROUBLE  # 10 of 14 s: the cut was late at our cost
    paying.refresh_from_db()
    assert paying.balance == 999 * ROUBLE
    assert Reservation.objects.get().state == "settled"


def test_nor_does_a_client_that_is_switched_off_go_on(db: None) -> None:
    account(tariff(), balance=1000 * ROUBLE)
    payer = client()
    ask(payer.pk, "a")
    payer.is_active = False
    payer.save()
    assert [held.key for held in endings.stopped("node1")] == ["a"]
