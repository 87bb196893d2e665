"""When a talk ends at the latest, as far as money and counted limits are left now; and the end of what nobody pays."""

from typing import Any

from django_scopes import scope, scopes_disabled

from ats.billing import account_actions, counted, endings, reservations
from ats.billing.authorise import Grant, authorise
from ats.billing.books import Books
from ats.billing.models import Account, Reservation
from ats.billing.reservations import held_where, load_rate
from ats.clients.models import Client
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


def look(key: str, answered_us: int, now_us: int) -> int:
    """What the authoriser makes of a billed talk; its seconds in all."""
    with scopes_disabled():
        [held] = held_where("key=%s", (key,))
        most_s = counted.more(
            key,
            held.client_id,
            load_rate(held.rate),
            0,
            now_us,
            reservations.talk_seconds(answered_us, now_us),
        )
        account = reservations.lock_account(held.account_id or 0, now_us)
        assert account is not None
        return reservations.shorten(account, held, answered_us, 10**5 if most_s is None else most_s, now_us)


def test_a_talk_gives_back_what_its_account_no_longer_has(db: None) -> None:
    """10 copecks a second, 60 s held by each of two. What was talked is owed, a begun minute whole."""
    Client.objects.create(name="Оператор", is_operator=True)
    paying = account(tariff(first_s=1, next_s=1), balance=1000 * ROUBLE)
    payer = client().pk
    assert [ask(payer, key) for key in ("a", "b")] == [60, 60]
    account_actions.add_entry(None, paying.pk, {"kind": "adjustment", "amount": -985 * ROUBLE})
    assert not Reservation.objects.filter(extend_us=0).exists()  # 15 are there, 12 are held
    account_actions.add_entry(None, paying.pk, {"kind": "adjustment", "amount": -5 * ROUBLE})
    assert Reservation.objects.filter(extend_us=0).count() == 2
    later = NOON + 10 * SECOND
    assert [look(key, NOON, later) for key in ("a", "b")] == [40, 60]
    paying.refresh_from_db()
    assert paying.reserved == paying.balance == 10 * ROUBLE
    account_actions.save_account(None, paying.pk, {"kind": "daily_cap", "daily_cap": 0})
    assert [look(key, NOON, later) for key in ("a", "b")] == [10, 10]
    assert settle(payer, "a", leg("t5", 11)) == ROUBLE
    paying.refresh_from_db()
    assert (paying.reserved, paying.spent) == (ROUBLE, ROUBLE)


def test_a_begun_minute_and_a_free_one_are_not_cut(db: None) -> None:
    Client.objects.create(name="Оператор", is_operator=True)
    paying = account(tariff(free_s=30), balance=1000 * ROUBLE)
    payer = client().pk
    assert ask(payer, "a") == 90
    account_actions.add_entry(None, paying.pk, {"kind": "adjustment", "amount": -1000 * ROUBLE})
    assert look("a", NOON, NOON + 31 * SECOND) == 90
    assert look("a", NOON, NOON + 20 * SECOND) == 30


def test_a_counted_talk_gives_back_what_a_lowered_limit_no_longer_leaves(db: None) -> None:
    payer = client("").pk
    with scope(client=payer):
        set_limits(None, payer, Scope.CLIENT, payer, {"minutes_day": 100})
        assert ask(payer, "a", limit_s=2000) == 2000
        set_limits(None, payer, Scope.CLIENT, payer, {"minutes_day": 5})
    with scopes_disabled():
        [due] = counted.due("node1", NOON)
        assert counted.extend(due.id, NOON, NOON + 10 * SECOND) == 300
        assert counted.due("node1", NOON + 200 * SECOND) == []
    with scope(client=payer):
        set_limits(None, payer, Scope.CLIENT, payer, {"minutes_day": 0})
    with scopes_disabled():
        assert counted.extend(due.id, NOON, NOON + 20 * SECOND) == 20
    with scope(client=payer):
        set_limits(None, payer, Scope.CLIENT, payer, {"minutes_day": None})
    with scopes_disabled():
        assert counted.extend(due.id, NOON, NOON + 21 * SECOND) == 2000


def test_a_talk_over_midnight_that_takes_the_new_days_money_counts_in_it(db: None) -> None:
    """A cap of 5 a day, 10 copecks a second. What was held before is of the old day, or both days would spend more."""
    paying = account(tariff(first_s=1, next_s=1), kind="daily_cap", daily_cap=5 * ROUBLE)
    payer = client().pk
    night = NOON + 12 * 3600 * SECOND - 10 * SECOND  # 23:59:50 in Moscow
    assert [ask(payer, key, night) for key in ("a", "b")] == [20, 20]
    with scopes_disabled():
        [held] = held_where("key=%s", ("a",))
        account_now = reservations.lock_account(paying.pk, night + 12 * SECOND)
        assert account_now is not None and (account_now.spent, account_now.left) == (0, ROUBLE)
        assert reservations.extend(account_now, held, night) == 30
    assert settle(payer, "a", leg("t5", 30)) == 3 * ROUBLE
    assert settle(payer, "b", leg("t6", 20)) == 2 * ROUBLE
    paying.refresh_from_db()
    assert (paying.reserved, paying.spent, paying.balance) == (0, 3 * ROUBLE, -5 * ROUBLE)
