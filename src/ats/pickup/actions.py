"""Changes to the pickup groups of a client."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import User
from ats.errors import Conflict, Fault, Missing, invalid, places
from ats.pickup.models import PickupGroup

MAX_GROUP = 9999
_CHECKS: dict[str, checks.Check] = {
    "group": checks.whole(1, MAX_GROUP),
    "name": checks.text(80, required=True),
}


@transaction.atomic
def create_group(actor: User | None, client_id: int, values: Mapping[str, Any]) -> PickupGroup:
    """Create a pickup group of the client in scope. Raises Invalid.

    The engine learns of it with the first port or queue that joins.
    """
    group = PickupGroup(client_id=client_id, **checks.clean(values, _CHECKS))
    _save(group)
    record(actor, client_id, "create", group, after={"group": group.group, "name": group.name})
    return group


@transaction.atomic
def update_group(actor: User | None, group_id: int, values: Mapping[str, Any]) -> PickupGroup:
    """Change number or name of a pickup group in scope; the engine knows it by its id. Raises Missing, Invalid."""
    group = _locked(group_id)
    before, after = apply(group, checks.clean(values, _CHECKS))
    if after:
        _save(group)
        record(actor, group.client_id, "update", group, before=before, after=after)
    return group


@transaction.atomic
def delete_group(actor: User | None, group_id: int) -> None:
    """Delete a pickup group in scope. Raises Missing; Conflict saying which ports and queues are in it."""
    group = _locked(group_id)
    where = [Fault("at_port", {"name": port.name}) for port in group.ports.order_by("name")]
    where += [Fault("at_queue", {"name": queue.name}) for queue in group.queues.order_by("name")]
    if where:
        raise Conflict("in_use", where=places(where))
    record(actor, group.client_id, "delete", group, before={"group": group.group, "name": group.name})
    group.delete()


def _save(group: PickupGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise invalid("group", "taken") from error


def _locked(group_id: int) -> PickupGroup:
    group = PickupGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise Missing
    return group
