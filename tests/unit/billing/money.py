"""What the tests of money start from: a tariff, accounts, clients that use them."""

from typing import Any

from ats.billing.authorise import Question
from ats.billing.models import Account, Charge, Reservation, Tariff, TariffRate
from ats.billing.reservations import SECOND
from ats.clients.models import Client

NOON = 1_772_442_000 * SECOND  # Monday 2026-03-02 09:00 UTC, 12:00 in Moscow
DAY = 86_400 * SECOND
ROUBLE = 10_000
CITY = "74951112233"


def tariff(name: str = "Базовый", **rate: Any) -> Tariff:
    made = Tariff.objects.create(name=name)
    TariffRate.objects.create(tariff=made, **{"prefix": "7", "title": "Россия", "price": 6 * ROUBLE, **rate})
    return made


def account(price_list: Tariff, code: str = "100", **values: Any) -> Account:
    return Account.objects.create(code=code, tariff=price_list, **values)


def client(code: str = "100", name: str = "Ромашка") -> Client:
    return Client.objects.create(name=name, billing_account=code, area_code="495")


def question(client_id: int, key: str, digits: str = CITY, linkedid: str = "", **values: Any) -> Question:
    return Question(key, "node1", linkedid or key, client_id, digits, **values)


def check(accounts: list[Account]) -> None:
    """What must hold at every moment."""
    for one in accounts:
        one.refresh_from_db()
        held = Reservation.objects.filter(account=one, state="open").values_list("amount", flat=True)
        assert one.reserved == sum(held)
        charged = sum(Charge.objects.filter(account=one).values_list("cost", flat=True))
        assert one.balance == sum(one.ledger.values_list("amount", flat=True)) - charged
        if one.kind == Account.Kind.PREPAID:
            assert one.reserved <= one.balance + one.credit, (one.reserved, one.balance)
        else:
            assert one.reserved + one.spent <= one.daily_cap, (one.reserved, one.spent)
