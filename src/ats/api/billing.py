"""Money for the operator: zones, tariffs with their rates, accounts with their ledgers.

Amounts are integers of 1/10,000 of the currency unit.
"""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.messages import text
from ats.api.shapes import ERRORS, Id
from ats.billing import account_actions, queries, tariff_actions
from ats.billing.models import Charge, LedgerEntry, Tariff, TariffRate, Zone
from ats.clients.access import Do
from ats.errors import invalid

router = Router(tags=["billing"])
Money = int
MAX_CSV = 16 << 20
VIEW, CHANGE = Gate(Do.MONEY_VIEW), Gate(Do.MONEY_CHANGE)


class ZoneOut(Schema):
    id: int
    name: str
    prefixes: list[str]


class ZoneIn(Schema):
    """A named group of E.164 prefixes."""

    name: str = ""
    prefixes: list[str] = []


class TariffOut(Schema):
    id: int
    name: str
    currency: str
    time_zone: str
    description: str
    rates: int
    accounts: int


class TariffIn(Schema):
    name: str = ""
    currency: str = "RUB"
    time_zone: str = "Europe/Moscow"
    description: str = ""


class RateOut(Schema):
    """`price` is per minute; `days`: bits, Monday = 1; times in minutes of the tariff's day."""

    id: int
    prefix: str
    zone_id: int | None
    zone_name: str
    title: str
    price: Money
    connection_fee: Money
    attempt_fee: Money
    free_s: int
    first_s: int
    next_s: int
    valid_from: datetime | None
    valid_until: datetime | None
    days: int
    time_from: int
    time_to: int


class RateIn(Schema):
    """A price for a prefix, or for every prefix of a zone."""

    prefix: str = ""
    zone_id: Id | None = None
    title: str = ""
    price: Money = 0
    connection_fee: Money = 0
    attempt_fee: Money = 0
    free_s: int = 0
    first_s: int = 60
    next_s: int = 60
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    days: int = 127
    time_from: int = 0
    time_to: int = 1440


class ImportIn(Schema):
    """`replace`: the file's rates take the place of all there are. `dry_run`: only say what is wrong."""

    replace: bool = False
    dry_run: bool = True


class LineError(Schema):
    line: int
    column: str
    message: str


class ImportOut(Schema):
    rates: int
    applied: bool
    errors: list[LineError]


class AccountOut(Schema):
    """`left`: what may still be reserved now."""

    id: int
    code: str
    name: str
    kind: str
    tariff_id: int
    tariff_name: str
    currency: str
    time_zone: str
    is_active: bool
    credit: Money
    daily_cap: Money
    balance: Money
    reserved: Money
    spent_today: Money
    left: Money


class AccountIn(Schema):
    code: str = ""
    name: str = ""
    kind: Literal["prepaid", "daily_cap"] = "prepaid"
    tariff_id: Id | None = None
    time_zone: str = "Europe/Moscow"
    is_active: bool = True
    credit: Money = 0
    daily_cap: Money = 0


class EntryOut(Schema):
    id: int
    at: datetime
    kind: str
    amount: Money
    balance: Money
    note: str
    actor_login: str


class EntryIn(Schema):
    """A payment is positive; an adjustment goes either way."""

    kind: Literal["payment", "adjustment"] = "payment"
    amount: Money
    note: str = ""


class ChargeOut(Schema):
    """`talk_s` is empty when nobody answered; `uncovered`: beyond the account's limit, not charged."""

    id: int
    client_id: int
    digits: str
    direction: str
    asked_at: datetime
    talk_s: int | None
    cost: Money
    uncovered: Money
    currency: str


class DownPolicy(Schema):
    """Directions that billed clients may call while the authoriser is silent."""

    directions: list[str]


class AccountPage(Page):
    kind: Literal["", "prepaid", "daily_cap"] = Field("")


# -- zones -------------------------------------------------------------------------------


@router.get("/zones", response={200: Listed[ZoneOut], **ERRORS}, auth=VIEW)
def list_zones(request: ApiRequest, page: Query[Page]) -> dict[str, Any]:
    """«Зоны»."""
    rows, total = page_of(
        Zone.objects.all(), page, search=("name",), sorts={"id": "id", "name": "name"}, default="name"
    )
    return {"items": [queries.zone_row(zone) for zone in rows], **total}


@router.post("/zones", response={201: ZoneOut, **ERRORS}, auth=CHANGE)
def create_zone(request: ApiRequest, payload: ZoneIn) -> Status[dict[str, Any]]:
    """Create a zone."""
    return Status(201, queries.zone_row(tariff_actions.save_zone(request.auth, None, payload.model_dump())))


@router.patch("/zones/{int:zone_id}", response={200: ZoneOut, **ERRORS}, auth=CHANGE)
def update_zone(request: ApiRequest, zone_id: int, payload: ZoneIn) -> dict[str, Any]:
    """Change a zone; every tariff that names it follows at once."""
    zone = tariff_actions.save_zone(request.auth, zone_id, payload.model_dump(exclude_unset=True))
    return queries.zone_row(zone)


@router.delete("/zones/{int:zone_id}", response={204: None, **ERRORS}, auth=CHANGE)
def delete_zone(request: ApiRequest, zone_id: int) -> Status[None]:
    """Delete a zone no rate names."""
    tariff_actions.delete_zone(request.auth, zone_id)
    return Status(204, None)


# -- tariffs and rates -------------------------------------------------------------------


@router.get("/tariffs", response={200: Listed[TariffOut], **ERRORS}, auth=VIEW)
def list_tariffs(request: ApiRequest, page: Query[Page]) -> dict[str, Any]:
    """«Тарифы»."""
    sorts = {"id": "id", "name": "name", "currency": "currency"}
    rows, total = page_of(
        Tariff.objects.all(), page, search=("name", "description"), sorts=sorts, default="name"
    )
    return {"items": queries.tariff_rows(rows), **total}


@router.post("/tariffs", response={201: TariffOut, **ERRORS}, auth=CHANGE)
def create_tariff(request: ApiRequest, payload: TariffIn) -> Status[dict[str, Any]]:
    """Create a tariff."""
    tariff = tariff_actions.save_tariff(request.auth, None, payload.model_dump())
    return Status(201, queries.tariff_rows([tariff])[0])


@router.patch("/tariffs/{int:tariff_id}", response={200: TariffOut, **ERRORS}, auth=CHANGE)
def update_tariff(request: ApiRequest, tariff_id: int, payload: TariffIn) -> dict[str, Any]:
    """Change a tariff. Calls in progress keep the price they began with."""
    tariff = tariff_actions.save_tariff(request.auth, tariff_id, payload.model_dump(exclude_unset=True))
    return queries.tariff_rows([tariff])[0]


@router.delete("/tariffs/{int:tariff_id}", response={204: None, **ERRORS}, auth=CHANGE)
def delete_tariff(request: ApiRequest, tariff_id: int) -> Status[None]:
    """Delete a tariff no account has."""
    tariff_actions.delete_tariff(request.auth, tariff_id)
    return Status(204, None)


@router.get("/tariffs/{int:tariff_id}/rates", response={200: Listed[RateOut], **ERRORS}, auth=VIEW)
def list_rates(request: ApiRequest, tariff_id: int, page: Query[Page]) -> dict[str, Any]:
    """The rates of a tariff."""
    found = TariffRate.objects.filter(tariff=queries.one(Tariff, tariff_id)).select_related("zone")
    sorts = {"id": "id", "prefix": "prefix", "title": "title", "price": "price"}
    rows, total = page_of(
        found, page, search=("prefix", "title", "zone__name"), sorts=sorts, default="prefix"
    )
    return {"items": [queries.rate_row(rate) for rate in rows], **total}


@router.post("/tariffs/{int:tariff_id}/rates", response={201: RateOut, **ERRORS}, auth=CHANGE)
def create_rate(request: ApiRequest, tariff_id: int, payload: RateIn) -> Status[dict[str, Any]]:
    """Add a rate."""
    rate = tariff_actions.save_rate(request.auth, tariff_id, None, payload.model_dump())
    return Status(201, queries.rate_row(rate))


@router.patch("/tariffs/{int:tariff_id}/rates/{int:rate_id}", response={200: RateOut, **ERRORS}, auth=CHANGE)
def update_rate(request: ApiRequest, tariff_id: int, rate_id: int, payload: RateIn) -> dict[str, Any]:
    """Change a rate."""
    values = payload.model_dump(exclude_unset=True)
    return queries.rate_row(tariff_actions.save_rate(request.auth, tariff_id, rate_id, values))


@router.delete("/tariffs/{int:tariff_id}/rates/{int:rate_id}", response={204: None, **ERRORS}, auth=CHANGE)
def delete_rate(request: ApiRequest, tariff_id: int, rate_id: int) -> Status[None]:
    """Delete a rate."""
    tariff_actions.delete_rate(request.auth, tariff_id, rate_id)
    return Status(204, None)


@router.post("/tariffs/{int:tariff_id}/import", response={200: ImportOut, **ERRORS}, auth=CHANGE)
def import_rates(
    request: ApiRequest, tariff_id: int, payload: Form[ImportIn], file: File[UploadedFile]
) -> dict[str, Any]:
    """Rates from a CSV file. Nothing is applied when a line is wrong, or when it is a dry run."""
    if (file.size or 0) > MAX_CSV:
        raise invalid("file", "too_large", limit=MAX_CSV >> 20)
    parsed = tariff_actions.import_rates(
        request.auth, tariff_id, file.read(), replace=payload.replace, dry_run=payload.dry_run
    )
    language = request.auth.language
    return {
        "rates": len(parsed.rows),
        "applied": not parsed.faults and not payload.dry_run,
        "errors": [
            {
                "line": wrong.line,
                "column": wrong.column,
                "message": text(wrong.fault.code, language, dict(wrong.params)),
            }
            for wrong in parsed.faults
        ],
    }


# -- accounts ----------------------------------------------------------------------------


@router.get("/accounts", response={200: Listed[AccountOut], **ERRORS}, auth=VIEW)
def list_accounts(request: ApiRequest, page: Query[AccountPage]) -> dict[str, Any]:
    """«Счета»."""
    found = queries.accounts()
    if page.kind:
        found = found.filter(kind=page.kind)
    sorts = {name: name for name in ("id", "code", "name", "kind", "balance", "reserved", "is_active")}
    rows, total = page_of(found, page, search=("code", "name"), sorts=sorts, default="code")
    return {"items": [queries.account_row(account) for account in rows], **total}


@router.post("/accounts", response={201: AccountOut, **ERRORS}, auth=CHANGE)
def create_account(request: ApiRequest, payload: AccountIn) -> Status[dict[str, Any]]:
    """Create an account; clients and users name it by its code."""
    account = account_actions.save_account(request.auth, None, payload.model_dump())
    return Status(201, queries.account_row(queries.account(account.pk)))


@router.get("/accounts/{int:account_id}", response={200: AccountOut, **ERRORS}, auth=VIEW)
def get_account(request: ApiRequest, account_id: int) -> dict[str, Any]:
    """One account."""
    return queries.account_row(queries.account(account_id))


@router.patch("/accounts/{int:account_id}", response={200: AccountOut, **ERRORS}, auth=CHANGE)
def update_account(request: ApiRequest, account_id: int, payload: AccountIn) -> dict[str, Any]:
    """Change the terms of an account."""
    account_actions.save_account(request.auth, account_id, payload.model_dump(exclude_unset=True))
    return queries.account_row(queries.account(account_id))


@router.delete("/accounts/{int:account_id}", response={204: None, **ERRORS}, auth=CHANGE)
def delete_account(request: ApiRequest, account_id: int) -> Status[None]:
    """Delete an account that was never used."""
    account_actions.delete_account(request.auth, account_id)
    return Status(204, None)


@router.get("/accounts/{int:account_id}/ledger", response={200: Listed[EntryOut], **ERRORS}, auth=VIEW)
def list_ledger(request: ApiRequest, account_id: int, page: Query[Page]) -> dict[str, Any]:
    """Payments and adjustments, the newest first."""
    found = LedgerEntry.objects.filter(account=queries.account(account_id))
    sorts = {"at": "at", "amount": "amount", "kind": "kind"}
    rows, total = page_of(found, page, search=("note", "actor_login"), sorts=sorts, default="-at")
    names = ("id", "at", "kind", "amount", "balance", "note", "actor_login")
    return {"items": [{name: getattr(row, name) for name in names} for row in rows], **total}


@router.post("/accounts/{int:account_id}/ledger", response={201: AccountOut, **ERRORS}, auth=CHANGE)
def add_ledger_entry(request: ApiRequest, account_id: int, payload: EntryIn) -> Status[dict[str, Any]]:
    """Pay in, or adjust; answers the account as it is then."""
    account_actions.add_entry(request.auth, account_id, payload.model_dump())
    return Status(201, queries.account_row(queries.account(account_id)))


@router.get("/accounts/{int:account_id}/charges", response={200: Listed[ChargeOut], **ERRORS}, auth=VIEW)
def list_charges(request: ApiRequest, account_id: int, page: Query[Page]) -> dict[str, Any]:
    """What calls cost, the newest first."""
    found = Charge.objects.filter(account=queries.account(account_id))
    sorts = {"asked_at": "asked_us", "cost": "cost", "direction": "direction"}
    rows, total = page_of(found, page, search=("digits",), sorts=sorts, default="-asked_at")
    return {"items": [queries.charge_row(row) for row in rows], **total}


# -- when the authoriser is silent -------------------------------------------------------


@router.get("/down-policy", response={200: DownPolicy, **ERRORS}, auth=VIEW)
def get_down_policy(request: HttpRequest) -> dict[str, Any]:
    """Directions that may be called all the same."""
    return {"directions": queries.down_policy()}


@router.put("/down-policy", response={200: DownPolicy, **ERRORS}, auth=CHANGE)
def save_down_policy(request: ApiRequest, payload: DownPolicy) -> dict[str, Any]:
    """Set them; emergency and internal calls never ask at all."""
    return {"directions": tariff_actions.set_down_policy(request.auth, payload.directions)}
