"""What webhooks tell: rows of call detail and of money after a cursor, as events.

Shapes (JSON): `{"id": "call-12", "event": "call", "client_id": 3, "at": "2026-11-25T00:00:00Z", "data": {…}}`; an
id never changes, so a receiver that sees it twice (its answer was lost) knows it. Money is integers of 1/10,000.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, QuerySet

from ats.billing.models import Account, Charge, LedgerEntry
from ats.calls.models import Call
from ats.clients.models import Client
from ats.webhooks.models import Webhook

BATCH = 50
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows`: those a webhook may see, `cursor`: the field that remembers the last one taken."""

    cursor: str
    rows: Callable[[Webhook], QuerySet[Any]]
    event: Callable[[Any], Event]


def pending(hook: Webhook) -> tuple[list[Event], dict[str, int]]:
    """The next events of a webhook, oldest first within a kind, and the cursors once it has them.

    Call inside `scopes_disabled()`; what belongs to the hook's client is chosen here.
    """
    events: list[Event] = []
    cursors: dict[str, int] = {}
    for name in hook.events:
        kind = KINDS[name]
        rows = list(kind.rows(hook).filter(pk__gt=getattr(hook, kind.cursor)).order_by("pk")[:BATCH])
        if rows:
            events += [kind.event(row) for row in rows]
            cursors[kind.cursor] = rows[-1].pk
    return events, cursors


def newest(hook: Webhook) -> dict[str, int]:
    """Cursors of a new webhook: it is told what happens from now on."""
    models: Mapping[str, type[Model]] = {
        "call_cursor": Call,
        "charge_cursor": Charge,
        "ledger_cursor": LedgerEntry,
    }
    found = {}
    for cursor, model in models.items():
        last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        found[cursor] = int(last or 0)
    return found


def _calls(hook: Webhook) -> QuerySet[Call]:
    return Call.objects.all() if hook.client.is_operator else Call.objects.filter(client_id=hook.client_id)


def _charges(hook: Webhook) -> QuerySet[Charge]:
    rows = Charge.objects.select_related("account")
    return rows if hook.client.is_operator else rows.filter(client_id=hook.client_id)


def _ledger(hook: Webhook) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.select_related("account")
    if hook.client.is_operator:
        return rows
    code = Client.objects.filter(pk=hook.client_id).exclude(billing_account="").values("billing_account")
    return rows.filter(account__in=Account.objects.filter(code__in=code))


def _call_event(row: Call) -> Event:
    data = {
        "linkedid": row.linkedid, "direction": row.direction, "caller": row.caller, "called": row.called,
        "via": row.via, "answered_by": row.answered_by, "result": row.result, "cause": row.cause,
        "started_at": _iso(row.started_at), "answered_at": row.answered_at and _iso(row.answered_at),
        "ended_at": _iso(row.ended_at), "ring_ms": row.ring_ms, "talk_ms": row.talk_ms, "cost": row.cost,
        "currency": row.currency,
    }  # fmt: skip
    return _event(f"call-{row.pk}", "call", row.client_id, _iso(row.ended_at), data)


def _charge_event(row: Charge) -> Event:
    data = {
        "account": row.account.code, "linkedid": row.linkedid, "digits": row.digits, "direction": row.direction,
        "talk_s": row.talk_s, "cost": row.cost, "currency": row.currency,
    }  # fmt: skip
    at = datetime.fromtimestamp(row.asked_us / 1_000_000, UTC)
    return _event(f"charge-{row.pk}", "charge", row.client_id, _iso(at), data)


def _ledger_event(row: LedgerEntry) -> Event:
    data = {
        "account": row.account.code,
        "kind": row.kind,
        "amount": row.amount,
        "balance": row.balance,
        "note": row.note,
    }
    return _event(f"ledger-{row.pk}", "payment", None, _iso(row.at), data)


def _event(key: str, name: str, client_id: int | None, at: str, data: Event) -> Event:
    return {"id": key, "event": name, "client_id": client_id, "at": at, "data": data}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


KINDS: Mapping[str, Kind] = {
    "call": Kind("call_cursor", _calls, _call_event),
    "charge": Kind("charge_cursor", _charges, _charge_event),
    "payment": Kind("ledger_cursor", _ledger, _ledger_event),
}
