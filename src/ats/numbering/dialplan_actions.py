"""Saving the dialplan of a number: whole, and only over the revision it was drawn from."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from ats.audit.actions import record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.errors import Conflict
from ats.media.models import Sound
from ats.numbering.actions import locked
from ats.numbering.dialplan_checks import MAX_STEPS, Reachable, step_fields
from ats.numbering.models import Number, Step
from ats.ports.models import Port

# Beyond any real position: steps stand there for a moment while they are put in a new order.
_ASIDE = 10 * MAX_STEPS


@transaction.atomic
def save_dialplan(
    actor: User | None, number_id: int, revision: int, steps: Sequence[Mapping[str, Any]]
) -> Number:
    """Replace the steps of a number in scope; array order is the order of creation (S98).

    Steps that carry an id keep it, so call detail goes on naming them. Raises Missing; Conflict «changed» when
    the number's revision is another one (nothing is overwritten); Invalid with the path of each wrong field.
    """
    number = locked(number_id)
    assert number.client_id is not None
    if number.revision != revision:
        raise Conflict("changed")
    present = {step.pk: step for step in Step.objects.filter(number=number)}
    fields = step_fields(steps, _reachable(frozenset(present)))

    kept = {item["id"] for item in fields if item["id"] is not None}
    Step.objects.filter(pk__in=present.keys() - kept).delete()
    Step.objects.filter(number=number).update(position=F("position") + _ASIDE)
    changed: list[Step] = []
    fresh: list[Step] = []
    for position, item in enumerate(fields, start=1):
        step_id = item.pop("id")
        step = present[step_id] if step_id is not None else Step(number=number)
        for name, value in {**item, "position": position}.items():
            setattr(step, name, value)
        (changed if step_id is not None else fresh).append(step)
    if changed:
        Step.objects.bulk_update(changed, [*fields[0].keys(), "position"], batch_size=100)
    Step.objects.bulk_create(fresh)

    number.revision += 1
    number.save(update_fields=["revision"])
    record(
        actor,
        number.client_id,
        "save",
        number,
        before={"revision": revision, "steps": len(present)},
        after={"revision": number.revision, "steps": len(fields)},
    )
    bump(number.client_id)
    return number


def _reachable(steps: frozenset[int]) -> Reachable:
    """What belongs to the client in scope."""
    return Reachable(
        ports=frozenset(
            Port.objects.filter(connection=Port.Connection.SUBSCRIBER).values_list("pk", flat=True)
        ),
        sounds=frozenset(Sound.objects.values_list("pk", flat=True)),
        numbers=frozenset(Number.objects.filter(kind=Number.Kind.INTERNAL).values_list("pk", flat=True)),
        steps=steps,
    )
