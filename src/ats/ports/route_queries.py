"""The operator's outbound routes for the API."""

from typing import Any

from django.db.models import QuerySet

from ats.errors import Missing
from ats.ports.models import Route


def routes() -> QuerySet[Route]:
    """All routes with their trunks."""
    return Route.objects.prefetch_related("route_trunks__trunk")


def route(route_id: int) -> Route:
    """One route. Raises Missing."""
    found = routes().filter(pk=route_id).first()
    if found is None:
        raise Missing
    return found


def route_row(found: Route) -> dict[str, Any]:
    """A route as the API shows it, trunks in the order they are tried."""
    trunks = [item.trunk for item in found.route_trunks.all()]
    return {
        "id": found.pk,
        "prefix": found.prefix,
        "description": found.description,
        "trunk_ids": [trunk.pk for trunk in trunks],
        "trunks": [{"id": trunk.pk, "title": trunk.name} for trunk in trunks],
    }
