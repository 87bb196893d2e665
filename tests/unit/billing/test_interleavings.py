"""Whatever is asked in whatever order, and by many at once: reserved + spent never pass the limit."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.db import OperationalError, connection, transaction

from ats.billing import reservations, settling
from ats.billing.authorise import Grant, authorise
from ats.billing.books import Books
from ats.billing.models import Account, Charge, LedgerEntry, Reservation
from ats.billing.reservations import SECOND, held_where, lock_account
from ats.billing.settling import EndedCall, OutLeg, Settler
from tests.unit.billing.money import CITY, DAY, NOON, ROUBLE, account, check, client, question, tariff

VERBS = ("reserve", "extend", "settle", "expire", "duplicate", "late")


@dataclass
class Caller:
    """Does random things to random calls, as the parts of an exchange would."""

    dice: random.Random
    clients: list[int]
    now: int = NOON
    books: Books = field(default_factory=Books)
    settler: Settler = field(default_factory=lambda: Settler("node1"))
    keys: list[str] = field(default_factory=list)
    prefix: str = ""
    done: Counter[str] = field(
        default_factory=Counter
    )  # what was done and changed something, or was refused to

    def step(self) -> None:
        self.now += self.dice.choice([0, 1, 5 * SECOND, 60 * SECOND, 3600 * SECOND])
        self.dice.choice(
            [self.reserve] * 5
            + [self.extend] * 3
            + [self.settle] * 4
            + [self.expire, self.duplicate, self.late]
        )()

    def reserve(self) -> None:
        self.keys.append(f"{self.prefix}{len(self.keys)}")
        if self._ask(self.keys[-1]):
            self.done["reserve"] += 1

    def duplicate(self) -> None:
        """The same question once more: the same answer while the call is open, none when it is over."""
        if not self.keys:
            return
        key = self.dice.choice(self.keys)
        [*known] = Reservation.objects.filter(key=key).values_list("state", "allowed_s", "amount")
        again = self._ask(key)
        if known and not self.prefix:  # others let reservations expire meanwhile
            state, allowed, _ = known[0]
            assert again == (allowed if state == "open" else None)
            assert [*Reservation.objects.filter(key=key).values_list("state", "allowed_s", "amount")] == known
            self.done["duplicate"] += 1

    def _ask(self, key: str) -> int | None:
        owner = self.clients[len(key) % len(self.clients)]
        verdict = authorise(question(owner, key), self.books, self.now)
        return verdict.allowed_s if isinstance(verdict, Grant) else None

    def extend(self) -> None:
        if not self.keys:
            return
        with transaction.atomic():
            for held in held_where("key=%s", (self.dice.choice(self.keys[-10:]),)):
                locked = lock_account(held.account_id, self.now)
                assert locked is not None
                [held] = held_where("id=%s", (held.id,))
                if held.state == "open":
                    more = reservations.extend(locked, held, held.answered_us or self.now)
                    self.done["extend"] += more > held.allowed_s

    def settle(self) -> None:
        """Also twice; some of them talked longer than they were allowed to."""
        self._settle(self.dice.sample(self.keys, min(len(self.keys), self.dice.choice([1, 1, 4]))))
        self.done["settle"] += 1

    def late(self) -> None:
        """The end of a call whose lease had run out."""
        released = Reservation.objects.filter(key__in=self.keys[-200:], state="released")
        if late := [*released.values_list("key", flat=True)[:2]]:
            self._settle(late)
            self.done["late"] += 1

    def _settle(self, keys: list[str]) -> None:
        ended = []
        for key in keys:
            for held in held_where("key=%s", (key,)):
                talk = self.dice.choice([None, 0, 1, 59, 61, held.allowed_s, held.allowed_s + 1, 10**6])
                answered = None if talk is None else held.asked_us + SECOND
                end = (answered or held.asked_us) + (talk or 0) * SECOND
                leg = OutLeg(f"leg-{key}", held.digits, held.asked_us, answered, end)
                legs = () if self.dice.random() < 0.1 else (leg,)
                ended.append(EndedCall(key, held.client_id, frozenset([held.digits]), legs))
        with transaction.atomic():
            self.settler.settle(ended, self.now)

    def expire(self) -> None:
        if settling.release_expired("node1", self.now + self.dice.choice([0, 1000 * SECOND])):
            self.done["expire"] += 1


def pay(one: Account, amount: int) -> None:
    LedgerEntry.objects.create(account=one, kind="payment", amount=amount, balance=one.balance + amount)
    Account.objects.filter(pk=one.pk).update(balance=one.balance + amount)


def accounts() -> tuple[list[Account], list[int]]:
    """A prepaid one with credit and a daily one, each used by one client; per-minute and per-second prices."""
    minutes = tariff()
    seconds = tariff("Посекундный", first_s=1, next_s=1, connection_fee=3, attempt_fee=7, free_s=2)
    made = [
        account(minutes, "1", credit=15 * ROUBLE),
        account(seconds, "22", kind="daily_cap", daily_cap=40 * ROUBLE),
    ]
    pay(made[0], 20 * ROUBLE)
    return made, [client("1", "Один").pk, client("22", "Два").pk]


@pytest.mark.parametrize("seed", range(6))
def test_thousands_of_random_interleavings(db: None, seed: int) -> None:
    made, clients = accounts()
    caller = Caller(random.Random(seed), clients)
    for number in range(600):
        caller.step()
        if number % 3 == 0:
            check(made)
    check(made)
    # It was about something.
    assert all(caller.done[verb] >= 5 for verb in VERBS), caller.done
    settling.release_expired("node1", caller.now + 10 * DAY)
    check(made)
    assert [one.reserved for one in made] == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_many_at_once() -> None:
    """Threads with connections of their own; each asks, extends, settles and lets expire at random."""
    made, clients = accounts()
    callers = [Caller(random.Random(seed), clients, prefix=f"{seed}-") for seed in range(8)]
    failures: list[BaseException] = []

    def run(caller: Caller) -> None:
        try:
            for _ in range(60):
                try:
                    caller.step()
                except OperationalError:
                    if connection.vendor == "sqlite":
                        raise
        except BaseException as error:  # a thread's assertion must reach the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    check(made)
    assert sum(caller.done["reserve"] for caller in callers) > 10


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_on_one_cap_take_exactly_what_fits() -> None:
    """Every call costs 6 roubles and the cap is 40 calls and a bit: 40 are let out, whoever is first."""
    capped = account(tariff(), kind="daily_cap", daily_cap=40 * 6 * ROUBLE + 5)
    owner = client().pk
    granted: list[int] = []
    barrier = threading.Barrier(20)

    def run(thread: int) -> None:
        books = Books()
        try:
            barrier.wait()
            for number in range(5):
                if isinstance(authorise(question(owner, f"{thread}-{number}"), books, NOON), Grant):
                    granted.append(thread)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check([capped])
    assert len(granted) == 40
    assert capped.reserved == 240 * ROUBLE
    legs = [
        EndedCall(key, owner, frozenset([CITY]), (OutLeg(f"l{key}", CITY, NOON, NOON, NOON + 5 * SECOND),))
        for key in Reservation.objects.values_list("key", flat=True)
    ]
    with transaction.atomic():
        Settler("node1").settle(legs, NOON)
    check([capped])
    assert (capped.spent, capped.reserved) == (240 * ROUBLE, 0)
    assert Charge.objects.count() == 40
