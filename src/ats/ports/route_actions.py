"""Changes to the operator's outbound routes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import Client, User
from ats.clients.versions import bump_routes
from ats.errors import Missing, invalid
from ats.ports.models import Port, Route, RouteTrunk

_CHECKS: dict[str, checks.Check] = {
    "prefix": checks.pattern(r"[0-9]{1,15}", "bad_prefix", 64),
    "description": checks.text(200),
}
MAX_TRUNKS = 20


@transaction.atomic
def create_route(actor: User | None, values: Mapping[str, Any]) -> Route:
    """Create a route: prefix → trunks of the operator in order. Raises Invalid."""
    route = Route(**checks.clean(values, _CHECKS))
    trunks = _trunks(values.get("trunk_ids", []))
    _save(route)
    _set_trunks(route, trunks)
    record(actor, _operator_id(), "create", route, name=route.prefix or "*", after={"trunks": trunks})
    bump_routes()
    return route


@transaction.atomic
def update_route(actor: User | None, route_id: int, values: Mapping[str, Any]) -> Route:
    """Change a route; only the fields given. Raises Missing, Invalid."""
    route = _locked(route_id)
    before, after = apply(route, checks.clean(values, _CHECKS))
    if after:
        _save(route)
    if "trunk_ids" in values:
        trunks = _trunks(values["trunk_ids"])
        old = list(route.route_trunks.values_list("trunk_id", flat=True))
        if old != trunks:
            before["trunks"], after["trunks"] = old, trunks
            _set_trunks(route, trunks)
    if after:
        record(actor, _operator_id(), "update", route, name=route.prefix or "*", before=before, after=after)
        bump_routes()
    return route


@transaction.atomic
def delete_route(actor: User | None, route_id: int) -> None:
    """Delete a route. Raises Missing."""
    route = _locked(route_id)
    record(actor, _operator_id(), "delete", route, name=route.prefix or "*")
    route.delete()
    bump_routes()


def _operator_id() -> int:
    return Client.objects.values_list("pk", flat=True).get(is_operator=True)


def _locked(route_id: int) -> Route:
    route = Route.objects.select_for_update().filter(pk=route_id).first()
    if route is None:
        raise Missing
    return route


def _save(route: Route) -> None:
    try:
        with transaction.atomic():
            route.save()
    except IntegrityError as error:
        raise invalid("prefix", "taken") from error


def _trunks(ids: Sequence[int]) -> list[int]:
    """Ids of the operator's trunks in the order given; raises Invalid for anything else."""
    if not ids:
        raise invalid("trunk_ids", "required")
    if len(ids) > MAX_TRUNKS:
        raise invalid("trunk_ids", "too_many", max=MAX_TRUNKS)
    with scopes_disabled():  # routes belong to the operator, whatever client is in scope
        own = set(
            Port.objects.filter(
                pk__in=ids, client__is_operator=True, connection=Port.Connection.TRUNK
            ).values_list("pk", flat=True)
        )
    for index, trunk_id in enumerate(ids):
        if trunk_id not in own:
            raise invalid(f"trunk_ids.{index}", "not_trunk")
        if trunk_id in ids[:index]:
            raise invalid(f"trunk_ids.{index}", "twice")
    return list(ids)


def _set_trunks(route: Route, trunk_ids: Sequence[int]) -> None:
    RouteTrunk.objects.filter(route=route).delete()
    RouteTrunk.objects.bulk_create(
        [RouteTrunk(route=route, trunk_id=pk, position=place) for place, pk in enumerate(trunk_ids, start=1)]
    )
