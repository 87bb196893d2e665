"""Money of a period as a file, for somebody else's accounting: charges of calls, payments, balances.

Files are written a batch at a time. CSV and XLSX have headings in the user's language and amounts in the currency's
units; JSON has the names below and integers of 1/10,000.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponseBase
from ninja import Field, Query, Router, Schema

from ats.api import exporting
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import moment
from ats.api.shapes import ERRORS, Id, binary
from ats.billing import queries, statements
from ats.billing.statements import Period
from ats.calls.models import Call
from ats.clients.access import Do
from ats.errors import invalid

router = Router(tags=["billing"])
client_router = Router(tags=["billing"])
What = Literal["charges", "payments", "balances", "clients"]
Rows = Callable[[Sequence[int]], list[dict[str, Any]]]

# Their answer is a file; the description tells what one line of JSON holds.
_FILE = binary(*exporting.TYPES.values(), description="The file: rows as in `Statement`, as a list in JSON")


class Wanted(Schema):
    """`from`/`to`: ISO 8601 moments, half-open. `what`:

    - charges: `id at account client_id client call_id caller digits direction talk_s cost uncovered currency
      linkedid`, by the moment a call asked to go out;
    - payments: `id at account kind amount balance currency note actor_login`;
    - balances: `id account name kind opening payments adjustments charges closing currency`, where opening + payments
      + adjustments - charges = closing;
    - clients: `client_id client account calls talk_s cost uncovered currency`, what calls came to.
    """

    what: What = "charges"
    format: Literal["csv", "xlsx", "json"] = "csv"
    from_: datetime | None = Field(None, alias="from")
    to: datetime | None = None

    def period(self, **only: Any) -> Period:
        since, until = moment("from", self.from_), moment("to", self.to)
        if since is not None and until is not None and since > until:
            raise invalid("to", "before_from")
        return Period(since, until, **only)


class OperatorWanted(Wanted):
    """`account_id`: only of this account."""

    account_id: Id | None = None


_ACCOUNT = {"account": ("Счёт", "Account")}
_CLIENT = {"client_id": ("ID клиента", "Client ID"), "client": ("Клиент", "Client")}
_COST = {
    "talk_s": ("Разговор, с", "Talked, s"),
    "cost": ("Стоимость", "Cost"),
    "uncovered": ("Сверх предела", "Beyond the limit"),
    "currency": ("Валюта", "Currency"),
}
_TITLES: dict[str, exporting.Titles] = {
    "charges": {
        "id": ("ID", "ID"), "at": ("Время", "Time"), **_ACCOUNT, **_CLIENT, "call_id": ("Вызов", "Call"),
        "caller": ("Кто", "From"), "digits": ("Кому", "To"), "direction": ("Куда", "Destination"), **_COST,
        "linkedid": ("Идентификатор", "Identifier"),
    },
    "payments": {
        "id": ("ID", "ID"), "at": ("Время", "Time"), **_ACCOUNT, "kind": ("Вид", "Kind"),
        "amount": ("Сумма", "Amount"), "balance": ("Баланс после", "Balance then"),
        "currency": ("Валюта", "Currency"), "note": ("Основание", "Note"), "actor_login": ("Кто внёс", "Entered by"),
    },
    "balances": {
        "id": ("ID", "ID"), **_ACCOUNT, "name": ("Название", "Name"), "kind": ("Вид", "Kind"),
        "opening": ("На начало", "Opening"), "payments": ("Платежи", "Payments"),
        "adjustments": ("Корректировки", "Adjustments"), "charges": ("Вызовы", "Calls"),
        "closing": ("На конец", "Closing"), "currency": ("Валюта", "Currency"),
    },
    "clients": {**_CLIENT, **_ACCOUNT, "calls": ("Вызовов", "Calls"), **_COST},
}  # fmt: skip
_MONEY = frozenset(
    {"cost", "uncovered", "amount", "balance", "opening", "payments", "adjustments", "charges", "closing"}
)


@router.get("/export", response={200: Any, **ERRORS}, auth=Gate(Do.MONEY_VIEW), openapi_extra=_FILE)
def export_money(request: ApiRequest, wanted: Query[OperatorWanted]) -> HttpResponseBase:
    """Money of a period over all clients as a file (see the parameters for its columns)."""
    only = None
    if wanted.account_id is not None:
        only = (queries.account(wanted.account_id).pk,)
    return _file(request, wanted, wanted.period(accounts=only), over_clients=True)


@client_router.get(
    "/{int:client_id}/money/export",
    response={200: Any, **ERRORS},
    auth=Gate(Do.CLIENT_MONEY),
    openapi_extra=_FILE,
)
def export_client_money(request: ApiRequest, client_id: int, wanted: Query[Wanted]) -> HttpResponseBase:
    """Money of a period of this client and of the accounts it and its users name, as a file."""
    accounts = statements.accounts_of(client_id)
    return _file(request, wanted, wanted.period(accounts=accounts, client_id=client_id))


def _file(
    request: ApiRequest, wanted: Wanted, period: Period, *, over_clients: bool = False
) -> HttpResponseBase:
    keys, rows = _source(wanted.what, period)
    sheet = exporting.Sheet(
        wanted.what, _TITLES[wanted.what], keys, rows, over_clients=over_clients, money=_MONEY
    )
    return exporting.response(sheet, wanted.format, request.auth)


def _source(what: What, period: Period) -> tuple[Sequence[int], Rows]:
    most = exporting.MAX_ROWS
    if what == "charges":
        return list(statements.charges(period).values_list("pk", flat=True)[:most]), _charges
    if what == "payments":
        return list(statements.payments(period).values_list("pk", flat=True)[:most]), statements.payment_rows
    if what == "balances":
        keys = list(statements.accounts(period).values_list("pk", flat=True)[:most])
        return keys, lambda some: statements.balance_rows(some, period)
    found = statements.charges(period).order_by("client_id").values_list("client_id", flat=True).distinct()
    return list(found[:most]), lambda some: statements.client_rows(some, period)


def _charges(keys: Sequence[int]) -> list[dict[str, Any]]:
    """Charges with the calls they are for; a call that the journal has not told yet has no id."""
    rows = statements.charge_rows(keys)
    calls = Call._base_manager.filter(linkedid__in={row["linkedid"] for row in rows})
    known = {
        (node, linkedid, client): (pk, caller)
        for pk, node, linkedid, client, caller in calls.values_list(
            "pk", "node", "linkedid", "client_id", "caller"
        )
    }
    for row in rows:
        key = (row.pop("node"), row["linkedid"], row["client_id"])
        row["call_id"], row["caller"] = known.get(key, (None, ""))
    return rows
