"""What the tests of money start from: a tariff, accounts, clients that use them."""

from typing import Any

from django.db import connection

from ats.billing.authorise import Question
from ats.billing.models import Account, Tariff, TariffRate
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


HELD = """
SELECT account.id, account.balance, account.reserved, account.spent,
    (SELECT coalesce(sum(amount), 0) FROM billing_reservation WHERE account_id = account.id AND state = 'open'),
    (SELECT coalesce(sum(cost), 0) FROM billing_charge WHERE account_id = account.id),
    (SELECT coalesce(sum(amount), 0) FROM billing_ledgerentry WHERE account_id = account.id)
FROM billing_account account
"""


def check(accounts: list[Account]) -> None:
    """What must hold at every moment. Asked hundreds of times, so in one statement; `accounts` are read anew by it."""
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        found = {pk: numbers for pk, *numbers in cursor.fetchall()}
    for one in accounts:
        one.balance, one.reserved, one.spent, held, charged, paid = map(int, found[one.pk])
        assert one.reserved == held
        assert one.balance == paid - charged
        if one.kind == Account.Kind.PREPAID:
            assert one.reserved <= one.balance + one.credit, (one.reserved, one.balance)
        else:
            assert one.reserved + one.spent <= one.daily_cap, (one.reserved, one.spent)
