"""Limits for the API and, as plain values, for the compiler and the authoriser."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Q
from django_scopes import scope as client_scope

from ats.clients.models import Client
from ats.dialplan.directions import Direction
from ats.dialplan.limitplan import Limits, OwnLimits, PlanLimits, PortLimits
from ats.errors import Missing
from ats.limits.models import FraudCase, Limit
from ats.limits.scopes import ELEMENTS, OF_THINGS, Scope

LINES = ("lines_in", "lines_out", "lines_all")
DURATIONS = ("duration_in_s", "duration_out_s")
COUNTED = ("minutes_day", "minutes_month", "money_day", "money_month", "calls_minute", "destinations_day")
MONEY = ("money_day", "money_month")
LISTS = ("closed", "allow_prefixes", "deny_prefixes")
FIELDS = (*LINES, *DURATIONS, *COUNTED, *LISTS)
# A queue or a menu only takes calls in; nothing is dialled in its name.
ELEMENT_FIELDS = ("lines_in", "duration_in_s")
# A forwarding number is one destination: there is nothing to choose among.
FORWARDING_FIELDS = (
    "lines_in", "lines_out", *DURATIONS, *(name for name in COUNTED if name != "destinations_day"),
)  # fmt: skip
# Of a step: the calls that it leads outside. Calls in it and their length are `lines` and `duration_s`.
STEP_FIELDS = ("lines_out", *COUNTED, *LISTS)


def limit_row(limit: Limit) -> dict[str, Any]:
    """Limits as the API shows them; None: no limit."""
    return {name: getattr(limit, name) for name in FIELDS}


def limits_of(scope: Scope, object_id: int) -> dict[str, Any]:
    """Limits of one thing of the client in scope; all None when it has none. Raises Missing."""
    check_own(scope, object_id)
    return limit_row(limit_of(scope, object_id) or Limit())


def limit_of(scope: Scope, object_id: int) -> Limit | None:
    """The row itself, or None."""
    if scope is Scope.CLIENT:
        return Limit.objects.filter(client=object_id, **_no_other()).first()
    if scope is Scope.STEP:
        steps = apps.get_model("numbering", "Step")._default_manager
        values = steps.filter(pk=object_id).values_list("limits", flat=True).first()
        return step_limit(values) if values else None
    return Limit.objects.filter(**{f"{scope}_id": object_id}).first()


def step_limit(values: Mapping[str, Any]) -> Limit:
    """What a step's own limits say of the calls it leads outside, as an unsaved row."""
    return Limit(**{name: values[name] for name in STEP_FIELDS if name in values})


def check_own(scope: Scope, object_id: int) -> None:
    """Raises Missing when the client in scope has no such thing."""
    if scope is Scope.CLIENT:
        return  # the gate has looked at it
    model = Limit._meta.get_field(scope.value).related_model
    assert isinstance(model, type)
    if not model._default_manager.filter(pk=object_id).exists():
        raise Missing


def counts_anything(client_id: int) -> bool:
    """Whether any limit of this client, its users or ports needs counting."""
    some = Q()
    for name in COUNTED:
        some |= Q(**{f"{name}__isnull": False})
    return Limit.objects.filter(some, client=client_id).exists()


def counts_money(client_id: int) -> bool:
    """Whether any limit of this client, its users or ports is one of money."""
    some = Q(money_day__isnull=False) | Q(money_month__isnull=False)
    return Limit.objects.filter(some, client=client_id).exists()


def _no_other() -> dict[str, bool]:
    return {f"{scope}__isnull": True for scope in OF_THINGS}


# -- for the engine ------------------------------------------------------------------------


def plan_limits(client_id: int) -> PlanLimits:
    """Everything the compiler needs of a client's limits (three or four queries, whatever its size)."""
    with client_scope(client=client_id):
        rows = list(Limit.objects.order_by("pk"))
        locked = set(FraudCase.objects.filter(unlocked_at=None).values_list("port_id", flat=True))
        users = {row.user_id: own(row) for row in rows if row.user_id is not None}
        ports = {row.port_id: own(row) for row in rows if row.port_id is not None}
        wanted = Q(pk__in=[*ports, *locked]) | Q(owner__in=users)
        # A question for none of them would cost Django most of a real one.
        some = ports or locked or users
        found = Client(pk=client_id).ports.filter(wanted).order_by("pk") if some else ()
        limited = [
            PortLimits(
                port_id=port.pk,
                endpoint=port.endpoint,
                own=_with_lock(ports.get(port.pk, OwnLimits()), port.pk in locked),
                user_id=port.owner_id if port.owner_id in users else None,
                user=users.get(port.owner_id or 0, OwnLimits()),
            )
            for port in found
        ]
    client = next((row for row in rows if row.scope is Scope.CLIENT), None)
    elements = {
        (str(row.scope), row.object_id): Limits(row.lines_in, row.duration_in_s, own(row))
        for row in rows
        if row.scope in ELEMENTS
    }
    return PlanLimits(own(client) if client else OwnLimits(), tuple(limited), elements, users)


def own(limit: Limit) -> OwnLimits:
    """A row as the compiler takes it."""
    return OwnLimits(
        lines_in=limit.lines_in,
        lines_out=limit.lines_out,
        lines_all=limit.lines_all,
        duration_in_s=limit.duration_in_s,
        duration_out_s=limit.duration_out_s,
        closed=frozenset(Direction(value) for value in limit.closed),
        allow=tuple(limit.allow_prefixes),
        deny=tuple(limit.deny_prefixes),
        counted=any(getattr(limit, name) is not None for name in COUNTED),
    )


def _with_lock(limits: OwnLimits, locked: bool) -> OwnLimits:
    if not locked:
        return limits
    values = {name: getattr(limits, name) for name in OwnLimits.__dataclass_fields__}
    return OwnLimits(**{**values, "locked": True})


def fields_of(scope: Scope) -> Iterable[str]:
    """Which limits mean something for this kind of thing."""
    if scope is Scope.FORWARDING:
        return FORWARDING_FIELDS
    return ELEMENT_FIELDS if scope in ELEMENTS else FIELDS
