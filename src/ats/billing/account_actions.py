"""Changes to billing accounts: their terms, payments and adjustments."""

import time
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from ats import checks
from ats.audit.actions import apply, record
from ats.billing import reservations
from ats.billing.models import Account, LedgerEntry, Tariff
from ats.billing.rating import MAX_MONEY
from ats.billing.tariff_actions import operator_id
from ats.clients.models import User
from ats.errors import Conflict, Fault, Missing, invalid

_ACCOUNT: dict[str, checks.Check] = {
    "code": checks.text(64, required=True),
    "name": checks.text(120),
    "kind": checks.one_of(Account.Kind.values),
    "time_zone": checks.zone(),
    "is_active": checks.flag,
    "credit": checks.whole(0, MAX_MONEY),
    "daily_cap": checks.whole(0, MAX_MONEY),
}
_ENTRY: dict[str, checks.Check] = {
    "kind": checks.one_of(LedgerEntry.Kind.values),
    "amount": checks.whole(-MAX_MONEY, MAX_MONEY),
    "note": checks.text(200),
}


@transaction.atomic
def save_account(actor: User | None, account_id: int | None, values: Mapping[str, Any]) -> Account:
    """Create an account, or change its terms (only the fields given). Raises Missing, Invalid.

    Talks for which less is left now than they hold end the sooner.
    """
    account = Account() if account_id is None else _locked(account_id)
    accepted = checks.clean(values, _ACCOUNT)
    if account_id is None or "tariff_id" in values:
        tariff = Tariff.objects.filter(pk=values.get("tariff_id") or 0).first()
        if tariff is None:
            raise invalid("tariff_id", "no_such")
        if account_id is not None and tariff.currency != account.tariff.currency:
            raise invalid("tariff_id", "other_currency")
        accepted["tariff_id"] = tariff.pk
    before, after = apply(account, accepted)
    try:
        with transaction.atomic():
            account.save(update_fields=list(after) if account_id else None)
    except IntegrityError as error:
        raise invalid("code", "taken") from error
    verb = "update" if account_id else "create"
    record(actor, operator_id(), verb, account, name=account.code, before=before, after=after)
    _shorten(account)
    return account


@transaction.atomic
def delete_account(actor: User | None, account_id: int) -> None:
    """Delete an account that nothing was ever paid into or charged to. Raises Missing, Conflict."""
    account = _locked(account_id)
    record(actor, operator_id(), "delete", account, name=account.code)
    try:
        with transaction.atomic():
            account.delete()
    except ProtectedError as error:
        raise Conflict(
            "in_use", where=(Fault("at_ledger", {"count": len(error.protected_objects)}),)
        ) from error


@transaction.atomic
def add_entry(actor: User | None, account_id: int, values: Mapping[str, Any]) -> LedgerEntry:
    """A payment (positive) or an adjustment (either way), as a row that stays. Raises Missing, Invalid."""
    account = _locked(account_id)
    accepted = checks.clean(values, _ENTRY)
    amount = accepted.get("amount", 0)
    if amount == 0 or (accepted.get("kind") == LedgerEntry.Kind.PAYMENT and amount < 0):
        raise invalid("amount", "bad_money")
    account.balance += amount
    if abs(account.balance) > MAX_MONEY:
        raise invalid("amount", "bad_money")
    account.save(update_fields=["balance"])
    _shorten(account)
    entry = LedgerEntry.objects.create(
        account=account, balance=account.balance, actor_login=actor.login if actor else "", **accepted
    )
    record(
        actor, operator_id(), "create", entry, name=account.code, after={"amount": amount, "note": entry.note}
    )
    return entry


def _shorten(account: Account) -> None:
    """Calls in progress hold what is not there any more: the authoriser takes it back within a second."""
    state = reservations.lock_account(account.pk, time.time_ns() // 1000)
    if state is not None and state.left < 0:
        reservations.look_at_all(account.pk)


def _locked(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise Missing
    return account
