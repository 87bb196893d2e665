"""Money of a period, for files: charges, payments, and what it came to by account and by client.

A period is half-open: `since` ≤ moment < `until`; None: open on that side. A charge belongs to the moment its call
asked to go out. Amounts are integers of 1/10,000 of the currency unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from ats.billing.models import Account, Charge, LedgerEntry
from ats.billing.reservations import SECOND, moment
from ats.clients.models import Client, User


@dataclass(frozen=True, slots=True)
class Period:
    """`accounts`, `client_id`: only what belongs to these; None: everything."""

    since: datetime | None = None
    until: datetime | None = None
    accounts: tuple[int, ...] | None = None
    client_id: int | None = None


def accounts_of(client_id: int) -> tuple[int, ...]:
    """The accounts a client and its users name. Inside the client's scope."""
    codes = {
        *Client.objects.filter(pk=client_id).values_list("billing_account", flat=True),
        *User.objects.values_list("billing_account", flat=True),
    }
    return tuple(Account.objects.filter(code__in=codes - {""}).order_by("pk").values_list("pk", flat=True))


def charges(period: Period) -> QuerySet[Charge]:
    """Charges of the period, the oldest first."""
    found = Charge.objects.filter(_asked(period.since, period.until)).order_by("asked_us", "pk")
    if period.client_id is not None:
        return found.filter(client_id=period.client_id)
    return found if period.accounts is None else found.filter(account__in=period.accounts)


def charge_rows(keys: Sequence[int]) -> list[dict[str, Any]]:
    """These charges, in this order."""
    known = Charge.objects.select_related("account").in_bulk(list(keys))
    names = client_names({charge.client_id for charge in known.values()})
    return [
        {
            "id": key,
            "at": moment(charge.asked_us),
            "account": charge.account.code,
            "client_id": charge.client_id,
            "client": names.get(charge.client_id, ""),
            "node": charge.node,
            "linkedid": charge.linkedid,
            "digits": charge.digits,
            "direction": charge.direction,
            "talk_s": charge.talk_s,
            "cost": charge.cost,
            "uncovered": charge.uncovered,
            "currency": charge.currency,
        }
        for key in keys
        if (charge := known.get(key)) is not None
    ]


def payments(period: Period) -> QuerySet[LedgerEntry]:
    """Payments and adjustments of the period, the oldest first."""
    found = LedgerEntry.objects.filter(_at(period.since, period.until)).order_by("at", "pk")
    return found if period.accounts is None else found.filter(account__in=period.accounts)


def payment_rows(keys: Sequence[int]) -> list[dict[str, Any]]:
    """These payments, in this order."""
    known = LedgerEntry.objects.select_related("account__tariff").in_bulk(list(keys))
    return [
        {
            "id": key,
            "at": entry.at,
            "account": entry.account.code,
            "kind": entry.kind,
            "amount": entry.amount,
            "balance": entry.balance,
            "currency": entry.account.tariff.currency,
            "note": entry.note,
            "actor_login": entry.actor_login,
        }
        for key in keys
        if (entry := known.get(key)) is not None
    ]


def accounts(period: Period) -> QuerySet[Account]:
    """The accounts a statement of the period is about."""
    found = Account.objects.order_by("code")
    return found if period.accounts is None else found.filter(pk__in=period.accounts)


def balance_rows(keys: Sequence[int], period: Period) -> list[dict[str, Any]]:
    """Of these accounts: opening + payments + adjustments - charges = closing."""
    inside, after = (period.since, period.until), (period.until, None)
    paid, charged = _paid(keys, *inside), _charged(keys, *inside)
    paid_after = _paid(keys, *after) if period.until else {}
    charged_after = _charged(keys, *after) if period.until else {}
    known = Account.objects.select_related("tariff").in_bulk(list(keys))
    rows = []
    for key in keys:
        if (account := known.get(key)) is None:
            continue
        pays, adjusts = (paid.get((key, kind), 0) for kind in ("payment", "adjustment"))
        later = sum(paid_after.get((key, kind), 0) for kind in ("payment", "adjustment"))
        closing = account.balance - later + charged_after.get(key, 0)
        spent = charged.get(key, 0)
        rows.append(
            {
                "id": key,
                "account": account.code,
                "name": account.name,
                "kind": account.kind,
                "opening": closing - pays - adjusts + spent,
                "payments": pays,
                "adjustments": adjusts,
                "charges": spent,
                "closing": closing,
                "currency": account.tariff.currency,
            }
        )
    return rows


def client_rows(keys: Sequence[int], period: Period) -> list[dict[str, Any]]:
    """What calls of these clients came to, by client and account."""
    found = (
        charges(period)
        .filter(client_id__in=keys)
        .order_by("client_id", "account__code", "currency")
        .values("client_id", "account__code", "currency")
        .annotate(calls=Count("pk"), talk=Sum("talk_s"), charged=Sum("cost"), beyond=Sum("uncovered"))
    )
    names = client_names(set(keys))
    return [
        {
            "client_id": row["client_id"],
            "client": names.get(row["client_id"], ""),
            "account": row["account__code"],
            "calls": row["calls"],
            "talk_s": row["talk"] or 0,
            "cost": row["charged"],
            "uncovered": row["beyond"],
            "currency": row["currency"],
        }
        for row in found
    ]


def client_names(ids: set[int]) -> dict[int, str]:
    """Names of clients; one that was deleted has none."""
    return dict(Client.objects.filter(pk__in=ids).values_list("pk", "name"))


def _paid(keys: Sequence[int], since: datetime | None, until: datetime | None) -> dict[tuple[int, str], int]:
    rows = LedgerEntry.objects.filter(_at(since, until), account__in=keys)
    sums = rows.values_list("account_id", "kind").annotate(sum=Sum("amount")).order_by()
    return {(account, kind): total for account, kind, total in sums}


def _charged(keys: Sequence[int], since: datetime | None, until: datetime | None) -> dict[int, int]:
    rows = Charge.objects.filter(_asked(since, until), account__in=keys)
    return dict(rows.values_list("account_id").annotate(sum=Sum("cost")).order_by())


def _at(since: datetime | None, until: datetime | None) -> Q:
    where = Q()
    if since is not None:
        where &= Q(at__gte=since)
    if until is not None:
        where &= Q(at__lt=until)
    return where


def _asked(since: datetime | None, until: datetime | None) -> Q:
    where = Q()
    if since is not None:
        where &= Q(asked_us__gte=_us(since))
    if until is not None:
        where &= Q(asked_us__lt=_us(until))
    return where


def _us(at: datetime) -> int:
    return int(at.timestamp()) * SECOND + at.microsecond
