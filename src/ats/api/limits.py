"""Limits («Ограничения»), what was used of them today, and the fraud guard."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS
from ats.billing import queries as billing
from ats.clients.access import Do
from ats.clients.models import Client
from ats.errors import Missing, invalid
from ats.limits import actions, fraud_actions, fraud_queries, queries, usage
from ats.limits.scopes import ELEMENTS, Scope
from ats.radius import queries as radius

router = Router(tags=["limits"])
fraud_router = Router(tags=["limits"])

ScopeName = Literal["client", "user", "port", "queue", "forwarding", "menu"]


class CallsOut(Schema):
    """Limits on calls that go out. Lines: calls at once; money: 1/10,000 of the unit; null: no limit.

    `closed`: directions not allowed (local, mobile, long_distance, international); prefixes: E.164 digits.
    """

    lines_out: int | None = None
    minutes_day: int | None = None
    minutes_month: int | None = None
    money_day: int | None = None
    money_month: int | None = None
    calls_minute: int | None = None
    destinations_day: int | None = None
    closed: list[str] = []
    allow_prefixes: list[str] = []
    deny_prefixes: list[str] = []


class LimitValues(CallsOut):
    """Limits of a client or of a thing of its own. Durations: seconds of one call."""

    lines_in: int | None = None
    lines_all: int | None = None
    duration_in_s: int | None = None
    duration_out_s: int | None = None


class UsedToday(Schema):
    """Of calls out that were counted, in the client's own day and month; seconds and 1/10,000 of the unit."""

    seconds_day: int
    seconds_month: int
    money_day: int
    money_month: int
    destinations_day: int
    calls_day: int


class LimitsOut(Schema):
    """`fields`: the limits that mean something for this thing; `used`: null for an element."""

    limits: LimitValues
    fields: list[str]
    used: UsedToday | None
    may_change: bool


class SignalOut(Schema):
    """Why points were given: velocity, destinations, new_country, night or spend; `count` against `limit`."""

    code: str
    points: int
    count: int
    limit: int
    detail: str


class FraudCaseOut(Schema):
    """A port locked for paid calls; open until `unlocked_at`."""

    id: int
    port_id: int
    port_name: str
    at: datetime
    score: int
    signals: list[SignalOut]
    unlocked_at: datetime | None
    unlocked_by: str


class FraudThresholds(Schema):
    """Points of each signal and what it takes; a port is locked at `lock_at` points. A count of 0: never."""

    enabled: bool
    lock_at: int
    velocity_calls: int
    velocity_points: int
    destinations: int
    destinations_points: int
    country_points: int
    night_from: int
    night_to: int
    night_calls: int
    night_points: int
    spend: int
    spend_points: int


class FraudPatch(Schema):
    """Only the fields sent are changed."""

    enabled: bool = True
    lock_at: int = 0
    velocity_calls: int = 0
    velocity_points: int = 0
    destinations: int = 0
    destinations_points: int = 0
    country_points: int = 0
    night_from: int = 0
    night_to: int = 0
    night_calls: int = 0
    night_points: int = 0
    spend: int = 0
    spend_points: int = 0


def _body(request: ApiRequest, client: Client, scope: Scope, object_id: int) -> dict[str, Any]:
    _check_client(client, scope, object_id)
    used = None
    if scope not in ELEMENTS or scope is Scope.FORWARDING:
        now = timezone.now()
        used = asdict(usage.used(client.pk, scope, object_id, usage.local_day(now, client.time_zone), now))
    return {
        "limits": queries.limits_of(scope, object_id),
        "fields": list(queries.fields_of(scope)),
        "used": used,
        "may_change": actions.may_change(request.auth, client.pk, scope),
    }


def _check_client(client: Client, scope: Scope, object_id: int) -> None:
    if scope is Scope.CLIENT and object_id != client.pk:
        raise Missing


@router.get(
    "/{int:client_id}/limits/{scope}/{int:object_id}",
    response={200: LimitsOut, **ERRORS},
    auth=Gate(Do.LIMITS_VIEW),
)
def get_limits(request: ApiRequest, client_id: int, scope: ScopeName, object_id: int) -> dict[str, Any]:
    """Limits of the client or of one of its users, ports, queues, forwarding numbers or menus."""
    return _body(request, request.client, Scope(scope), object_id)


@router.put(
    "/{int:client_id}/limits/{scope}/{int:object_id}",
    response={200: LimitsOut, **ERRORS},
    auth=Gate(Do.LIMITS_CHANGE),
)
def set_limits(
    request: ApiRequest, client_id: int, scope: ScopeName, object_id: int, payload: LimitValues
) -> dict[str, Any]:
    """Set limits; fields not sent stay as they are. Limits of a client are set by the operator only (S38)."""
    _check_client(request.client, Scope(scope), object_id)
    values = payload.model_dump(exclude_unset=True)
    money = next((name for name in queries.MONEY if values.get(name) is not None), None)
    if (
        money is not None
        and actions.may_change(request.auth, client_id, Scope(scope))
        and radius.binding(client_id) is not None
        and billing.lacks_price(client_id)
    ):
        raise invalid(money, "no_price")
    actions.set_limits(request.auth, client_id, Scope(scope), object_id, values)
    return _body(request, request.client, Scope(scope), object_id)


_SORTS = {"at": "at", "score": "score", "port_name": "port__name", "unlocked_at": "unlocked_at"}


@router.get(
    "/{int:client_id}/fraud", response={200: Listed[FraudCaseOut], **ERRORS}, auth=Gate(Do.LIMITS_VIEW)
)
def list_fraud_cases(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Ports the fraud guard locked, the newest first."""
    rows, total = page_of(fraud_queries.cases(), page, search=("port__name",), sorts=_SORTS, default="-at")
    return {"items": [fraud_queries.case_row(case) for case in rows], **total}


@router.post(
    "/{int:client_id}/fraud/{int:case_id}/unlock",
    response={200: FraudCaseOut, **ERRORS},
    auth=Gate(Do.FRAUD_UNLOCK),
)
def unlock_port(request: ApiRequest, client_id: int, case_id: int) -> dict[str, Any]:
    """Let a locked port call out again."""
    return fraud_queries.case_row(fraud_actions.unlock(request.auth, client_id, case_id))


@fraud_router.get("/settings", response={200: FraudThresholds, **ERRORS}, auth=Gate(Do.FRAUD_VIEW))
def get_fraud_settings(request: ApiRequest) -> dict[str, Any]:
    """The thresholds of the fraud guard."""
    return asdict(fraud_actions.settings())


@fraud_router.patch("/settings", response={200: FraudThresholds, **ERRORS}, auth=Gate(Do.FRAUD_SETTINGS))
def update_fraud_settings(request: ApiRequest, payload: FraudPatch) -> dict[str, Any]:
    """Tune the fraud guard."""
    return asdict(fraud_actions.change_settings(request.auth, payload.model_dump(exclude_unset=True)))
