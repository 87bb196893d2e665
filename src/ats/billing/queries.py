"""What money means to the engine, and what people ask about it."""

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Count, Exists, Model, Q, QuerySet
from django_scopes import scope

from ats.billing import outside, rating
from ats.billing.models import Account, Charge, DownPolicy, Tariff, TariffRate, Zone
from ats.billing.reservations import day_of, load_rate, moment
from ats.clients.models import Client, User
from ats.dialplan.model import ClientPlan
from ats.errors import Missing
from ats.numbering.directions import Direction, local_prefixes

M = TypeVar("M", bound=Model)


def with_money(plan: ClientPlan) -> ClientPlan:
    """The plan of a client that is billed asks before a call goes out; of another it comes back as it is."""
    with scope(client=plan.client_id):
        billed = ~Q(billing_account="") | Exists(User.objects.exclude(billing_account=""))
        if not Client.objects.filter(billed, pk=plan.client_id).exists():
            return plan
    return replace(plan, asks=True, when_down=tuple(_patterns(plan.area_code)))


def down_policy() -> list[str]:
    """Directions that billed clients may call while the authoriser is silent."""
    row = DownPolicy.objects.first()
    return list(row.directions) if row else []


def _patterns(area_code: str) -> list[str]:
    """The allowed directions as patterns over E.164 digits; order is nothing, the engine takes the most exact one."""
    allowed = down_policy()
    found: list[str] = []
    if Direction.MOBILE in allowed:
        found.append("79XXXXXXXXX")
    if Direction.LOCAL in allowed:
        prefixes = [*local_prefixes(area_code), "7800"]
        found += [prefix + "X" * (11 - len(prefix)) for prefix in prefixes]
    if Direction.LONG_DISTANCE in allowed:
        # Russia without mobile codes; local numbers of the home region are not told apart here.
        found += [f"7{digit}XXXXXXXXX" for digit in "3458"]
    if Direction.INTERNATIONAL in allowed:
        found += [f"{digit}X!" for digit in "1234568"] + ["9X!", "76XXXXXXXXX", "77XXXXXXXXX"]
    return found


# -- what people ask ---------------------------------------------------------------------


def zone_row(zone: Zone) -> dict[str, Any]:
    """A zone as the API shows it."""
    return {"id": zone.pk, "name": zone.name, "prefixes": zone.prefixes}


def tariff_rows(found: Iterable[Tariff]) -> list[dict[str, Any]]:
    """Tariffs with their numbers of rates and accounts (two queries for all)."""
    rows = list(found)
    ids = [tariff.pk for tariff in rows]
    rates, accounts = _counts(TariffRate, ids), _counts(Account, ids)
    return [
        {
            "id": tariff.pk,
            "name": tariff.name,
            "currency": tariff.currency,
            "time_zone": tariff.time_zone,
            "description": tariff.description,
            "rates": rates.get(tariff.pk, 0),
            "accounts": accounts.get(tariff.pk, 0),
        }
        for tariff in rows
    ]


def rate_row(rate: TariffRate) -> dict[str, Any]:
    """A rate as the API shows it."""
    names = (
        "id", "prefix", "title", "price", "connection_fee", "attempt_fee", "free_s", "first_s", "next_s",
        "valid_from", "valid_until", "days", "time_from", "time_to", "zone_id",
    )  # fmt: skip
    return {name: getattr(rate, name) for name in names} | {"zone_name": rate.zone.name if rate.zone else ""}


def account_row(account: Account) -> dict[str, Any]:
    """An account (with its tariff) as the API shows it; a day that is over shows nothing spent."""
    today = day_of(time.time_ns() // 1000, account.time_zone)
    spent = account.spent if account.day == today else 0
    limit = account.balance + account.credit if account.kind == "prepaid" else account.daily_cap - spent
    return {
        "id": account.pk,
        "code": account.code,
        "name": account.name,
        "kind": account.kind,
        "tariff_id": account.tariff_id,
        "tariff_name": account.tariff.name,
        "currency": account.tariff.currency,
        "time_zone": account.time_zone,
        "is_active": account.is_active,
        "credit": account.credit,
        "daily_cap": account.daily_cap,
        "balance": account.balance,
        "reserved": account.reserved,
        "spent_today": spent,
        "left": max(limit - account.reserved, 0),
    }


def accounts() -> QuerySet[Account]:
    """All accounts with their tariffs."""
    return Account.objects.select_related("tariff")


def one(model: type[M], key: int) -> M:
    """A row by its id. Raises Missing."""
    found = model._default_manager.filter(pk=key).first()
    if found is None:
        raise Missing
    return found


def account(account_id: int) -> Account:
    """One account with its tariff. Raises Missing."""
    found = accounts().filter(pk=account_id).first()
    if found is None:
        raise Missing
    return found


def client_money(client_id: int) -> dict[str, Any]:
    """What a client's account allows now. `state`: none (not billed), missing (no such account), ok."""
    code = Client.objects.values_list("billing_account", flat=True).get(pk=client_id)
    found = accounts().filter(code=code).first() if code else None
    state = "ok" if found else ("missing" if code else "none")
    return {"code": code, "state": state, "account": account_row(found) if found else None}


def lacks_price(client_id: int) -> bool:
    """Whether limits of money could not be counted for calls that an outside billing rates.

    They are counted by the tariff of the account here whose code is named to the billing: the client's, or a user's.
    """
    codes = set(User.objects.filter(client_id=client_id).values_list("billing_account", flat=True))
    codes.add(Client.objects.values_list("billing_account", flat=True).get(pk=client_id))
    return Account.objects.filter(code__in=codes - {""}).count() < len(codes - {""})


def charge_row(charge: Charge) -> dict[str, Any]:
    """A charge as the API shows it in an account's list."""
    return {
        "id": charge.pk,
        "client_id": charge.client_id,
        "digits": charge.digits,
        "direction": charge.direction,
        "asked_at": moment(charge.asked_us),
        "talk_s": charge.talk_s,
        "cost": charge.cost,
        "uncovered": charge.uncovered,
        "currency": charge.currency,
    }


def explain(node: str, linkedid: str, client_id: int) -> dict[str, Any]:
    """«Почему столько стоит»: each charge with the lines that add up to it, and what outside billings said."""
    found = Charge.objects.filter(node=node, linkedid=linkedid, client_id=client_id).select_related("account")
    charges = []
    for charge in found.order_by("pk"):
        rate = load_rate(charge.rate)
        told = rating.cost(rate, charge.talk_s)
        charges.append(
            charge_row(charge)
            | {
                "account": charge.account.code,
                "rate": {"prefix": rate.prefix, "title": rate.title, "price": rate.price},
                "lines": [
                    {"code": line.code, "amount": line.amount, "params": dict(line.params)}
                    for line in told.lines
                ],
            }
        )
    return {
        "total": sum(charge["cost"] for charge in charges),
        "charges": charges,
        "outside": outside.parts(node, linkedid, client_id),
    }


def _counts(model: Any, tariffs: list[int]) -> dict[int, int]:
    rows = model.objects.filter(tariff__in=tariffs).values_list("tariff_id")
    return dict(rows.annotate(count=Count("pk")).order_by())
