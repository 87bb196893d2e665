"""Settling by the journal: transfers, failover, calls nothing was reserved for, and everything twice."""

import random
from typing import Any

import pytest
from django.db import transaction

from ats.billing import queries, settling
from ats.billing.authorise import Grant, Refusal, authorise
from ats.billing.books import Books
from ats.billing.models import Account, Charge, Reservation, Tariff
from ats.billing.settling import EndedCall, OutLeg, Settler
from ats.clients.models import User
from ats.numbering.directions import Direction
from ats.ports.models import Port
from tests.unit.billing.money import CITY, NOON, ROUBLE, account, check, client, question, tariff

SECOND = 1_000_000
pytestmark = pytest.mark.django_db


def ask(client_id: int, key: str, **values: Any) -> Grant | Refusal:
    return authorise(question(client_id, key, **values), Books(), NOON)


def leg(name: str, talk_s: int | None = None, start: int = NOON + 1, **values: Any) -> OutLeg:
    answered = None if talk_s is None else start
    return OutLeg(name, CITY, start, answered, start + (talk_s or 0) * SECOND, **values)


def settle(owner: int, linkedid: str, *legs: OutLeg) -> int | None:
    with transaction.atomic():
        money = Settler("node1").settle([EndedCall(linkedid, owner, frozenset([CITY]), legs)], NOON)
    cost = money.get((linkedid, owner))
    return cost.cost if cost else None


def test_first_operator_fails_the_second_answers() -> None:
    one = account(tariff(attempt_fee=5), kind="daily_cap", daily_cap=100 * ROUBLE)
    owner = client().pk
    ask(owner, "a")
    assert settle(owner, "a", leg("t5"), leg("t6", 61, NOON + SECOND)) == 12 * ROUBLE + 5 - 6 * ROUBLE
    check([one])
    assert one.reserved == 0  # 60 s were allowed: the exchange cut it, and its own lateness costs nobody


def test_nobody_answers() -> None:
    one = account(tariff(), kind="daily_cap", daily_cap=100 * ROUBLE)
    owner = client().pk
    ask(owner, "a")
    assert settle(owner, "a", leg("t5")) == 0
    check([one])
    assert (one.reserved, one.spent, Charge.objects.count()) == (0, 0, 0)


def test_settled_twice_is_charged_once() -> None:
    one = account(tariff(), kind="daily_cap", daily_cap=100 * ROUBLE)
    owner = client().pk
    ask(owner, "a")
    assert settle(owner, "a", leg("t5", 10)) == settle(owner, "a", leg("t5", 10)) == 6 * ROUBLE
    check([one])
    assert one.spent == 6 * ROUBLE


def test_a_question_in_a_call_that_is_transferred_is_settled_when_the_talk_ends() -> None:
    """The asking call ends with the transfer, its leg goes on in another call and hangs up there."""
    one = account(tariff(), kind="daily_cap", daily_cap=100 * ROUBLE)
    owner = client().pk
    ask(owner, "b")
    assert settle(owner, "b", leg("t5", 10, over=False)) is None
    check([one])
    assert one.reserved == 6 * ROUBLE
    assert settle(owner, "a", leg("t5", 20, NOON + 15 * SECOND, begun=False)) == 6 * ROUBLE
    check([one])
    assert (one.reserved, Charge.objects.get().talk_s) == (0, 35)


def test_two_questions_for_one_number_in_one_call() -> None:
    one = account(tariff(), kind="daily_cap", daily_cap=100 * ROUBLE)
    owner = client().pk
    ask(owner, "a1", linkedid="a")
    authorise(question(owner, "a2", linkedid="a"), Books(), NOON + 40 * SECOND)
    legs = (leg("t5", 5), leg("t6", 7, NOON + 41 * SECOND))
    assert settle(owner, "a", *legs) == 12 * ROUBLE
    assert sorted(Charge.objects.values_list("leg", "talk_s")) == [("t5", 5), ("t6", 7)]
    check([one])


@pytest.mark.parametrize("seed", range(12))
def test_the_price_page_adds_up_to_the_last_unit(seed: int) -> None:
    """Several city numbers rung at once, failovers, transfers and unasked talks, the tariff changed in mid-call."""
    chance = random.Random(seed)
    fees = {name: chance.choice((0, 1, 3_333)) for name in ("attempt_fee", "connection_fee")}
    prices = tariff(
        price=chance.randrange(1, 99_999), first_s=chance.choice((1, 7, 60)), next_s=chance.choice((1, 13)), **fees
    )  # fmt: skip
    cap = chance.choice((1000 * ROUBLE, 3 * ROUBLE))
    one = account(prices, kind="daily_cap", daily_cap=cap)
    owner, numbers = client().pk, [f"7495{n:07}" for n in range(4)]
    for place, digits in enumerate(numbers):
        ask(owner, f"a{place}", digits=digits, linkedid="a")
    Tariff.objects.filter(pk=prices.pk).update(version=2)
    prices.rates.update(price=77_777, connection_fee=5)  # holds from the next question on
    ask(owner, "a-late", digits=numbers[0], linkedid="a")
    legs = []
    for place, digits in enumerate((*numbers, numbers[0])):
        start = NOON + place + 1
        for name in range(chance.choice((1, 2))):
            talk = chance.choice((None, 0, chance.randrange(1, 90)))
            answered = None if talk is None else start
            ended = start + (talk or 0) * SECOND
            legs.append(OutLeg(f"t{place}-{name}", digits, start, answered, ended))
    call = EndedCall("a", owner, frozenset(numbers), tuple(legs))
    costs = []
    for _ in range(2):  # told twice, the same
        with transaction.atomic():
            costs.append(Settler("node1").settle([call], NOON)["a", owner].cost)
    told = queries.explain("node1", "a", owner)
    assert costs == [told["total"]] * 2
    for charge in told["charges"]:
        assert sum(line["amount"] for line in charge["lines"]) == charge["cost"] + charge["uncovered"]
    one.refresh_from_db()
    assert (one.spent, one.reserved) == (told["total"], 0)


def test_a_talk_nothing_was_reserved_for_is_charged_up_to_the_limit() -> None:
    one = account(tariff(), kind="daily_cap", daily_cap=10 * ROUBLE)
    owner = client().pk
    assert settle(owner, "a", leg("t5", 90)) == 10 * ROUBLE
    check([one])
    assert Charge.objects.get().uncovered == 2 * ROUBLE
    assert settle(owner, "a", leg("t5", 90)) == 10 * ROUBLE


def test_a_client_without_account_is_not_billed() -> None:
    owner = client(code="").pk
    assert ask(owner, "a") == Grant(Direction.LOCAL, 86400, reserved=False)
    assert settle(owner, "a", leg("t5", 90)) is None


def test_a_lease_that_ran_out_gives_the_money_back_and_a_late_end_is_charged_from_what_is_left() -> None:
    one = account(tariff(), kind="daily_cap", daily_cap=6 * ROUBLE)
    owner = client().pk
    ask(owner, "a")
    assert settling.release_expired("node1", NOON + 3600 * SECOND) == 1
    check([one])
    assert one.reserved == 0
    assert isinstance(ask(owner, "b"), Grant)
    assert settle(owner, "a", leg("t5", 10)) == 0  # the money is another call's by now
    check([one])
    assert Charge.objects.get().uncovered == 6 * ROUBLE


def test_calls_of_another_node_are_given_up_an_hour_later() -> None:
    account(tariff(), kind="daily_cap", daily_cap=60 * ROUBLE)
    ask(client().pk, "a")
    [lease] = Reservation.objects.values_list("lease_us", flat=True)
    assert settling.release_expired("node2", lease + 1) == 0
    assert settling.release_expired("node2", lease + 3601 * SECOND) == 1


def test_reasons_to_refuse() -> None:
    one = account(tariff(), kind="prepaid")
    owner = client()
    assert ask(owner.pk, "a") == Refusal(Direction.LOCAL, "no_money")
    assert ask(owner.pk, "b", digits="442079460000") == Refusal(Direction.INTERNATIONAL, "no_rate")
    assert ask(owner.pk, "c", digits="112") == Grant(Direction.EMERGENCY, 86400, reserved=False)
    Account.objects.filter(pk=one.pk).update(is_active=False, credit=10**9)
    assert ask(owner.pk, "d") == Refusal(Direction.LOCAL, "account_off")
    owner.billing_account = "nobody's"
    owner.save()
    assert ask(owner.pk, "e") == Refusal(Direction.LOCAL, "no_account")
    owner.is_active = False
    owner.save()
    assert ask(owner.pk, "f") == Refusal(Direction.LONG_DISTANCE, "client_off")


def test_the_account_of_the_ports_owner_comes_before_the_clients() -> None:
    prices = tariff()
    account(prices, kind="daily_cap", daily_cap=100 * ROUBLE)
    own = account(prices, "200", kind="daily_cap", daily_cap=100 * ROUBLE)
    owner = client()
    user = User.objects.create(client=owner, login="u", billing_account="200")
    Port.objects.model._base_manager.create(client=owner, name="x", login="17001", owner=user)
    ask(owner.pk, "a", port="17001")
    ask(owner.pk, "b", user_id=user.pk)
    ask(owner.pk, "c")
    own.refresh_from_db()
    assert own.reserved == 12 * ROUBLE
