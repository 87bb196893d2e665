"""Pickup groups for the API."""

from typing import Any

from django.apps import apps
from django.db.models import Prefetch, QuerySet

from ats.errors import Missing
from ats.pickup.models import PickupGroup
from ats.scoping import belonging

_MEMBERS = {"ports": "ports.Port", "queues": "queues.Queue"}  # of rooms above this one


def groups() -> QuerySet[PickupGroup]:
    """Pickup groups of the client in scope."""
    return PickupGroup.objects.prefetch_related(
        *(Prefetch(name, belonging(apps.get_model(model))) for name, model in _MEMBERS.items())
    )


def group(group_id: int) -> PickupGroup:
    """One pickup group of the client in scope. Raises Missing."""
    found = groups().filter(pk=group_id).first()
    if found is None:
        raise Missing
    return found


def group_row(found: PickupGroup) -> dict[str, Any]:
    """A pickup group as the API shows it; its members are set on the ports and queues themselves."""
    return {
        "id": found.pk,
        "group": found.group,
        "name": found.name,
        "ports": [{"id": port.pk, "title": port.name} for port in found.ports.all()],
        "queues": [{"id": queue.pk, "title": queue.name} for queue in found.queues.all()],
        "created_at": found.created_at,
    }
