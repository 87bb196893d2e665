"""Saving the dialplan of a number: whole, and only over the revision it was drawn from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from ats.audit.actions import record
from ats.classifiers.models import Classifier
from ats.clients.models import User
from ats.clients.versions import bump
from ats.conferences.models import Conference
from ats.errors import Conflict
from ats.forwarding.models import Forwarding
from ats.mailboxes.models import Mailbox
from ats.media.models import Sound
from ats.menus.models import VoiceMenu
from ats.numbering import versions
from ats.numbering.actions import locked
from ats.numbering.dialplan_checks import MAX_RINGING, MAX_STEPS, Reachable, step_fields
from ats.numbering.models import Number, Step, StepTarget
from ats.ports.models import Port
from ats.queues.models import Queue

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
    fields = step_fields(steps, reachable(frozenset(present), steps))

    kept = {item["id"] for item in fields if item["id"] is not None}
    Step.objects.filter(pk__in=present.keys() - kept).delete()
    Step.objects.filter(number=number).update(position=F("position") + _ASIDE)
    changed: list[Step] = []
    fresh: list[Step] = []
    ringing: list[tuple[Step, list[tuple[int | None, int | None]]]] = []
    for position, item in enumerate(fields, start=1):
        step_id, members = item.pop("id"), item.pop("ringing")
        step = present[step_id] if step_id is not None else Step(number=number)
        for name, value in {**item, "position": position}.items():
            setattr(step, name, value)
        (changed if step_id is not None else fresh).append(step)
        ringing.append((step, members))
    if changed:
        Step.objects.bulk_update(changed, [*fields[0].keys(), "position"], batch_size=50)
    Step.objects.bulk_create(fresh)
    StepTarget.objects.filter(step__number=number).delete()
    StepTarget.objects.bulk_create(
        StepTarget(step=step, port_id=port, forwarding_id=forwarding, position=place)
        for step, members in ringing
        for place, (port, forwarding) in enumerate(members, start=1)
    )

    number.revision += 1
    number.save(update_fields=["revision"])
    versions.keep(actor, number)
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


@transaction.atomic
def restore_dialplan(actor: User | None, number_id: int, revision: int, wanted: int) -> Number:
    """Save version `wanted` once more, over `revision` as any save. Raises Missing, Conflict «changed»; Invalid when
    something that it leads to is no more."""
    number = locked(number_id)
    present = set(Step.objects.filter(number=number).values_list("pk", flat=True))
    steps = drawn(versions.version(number_id, wanted).steps, present)
    saved = save_dialplan(actor, number_id, revision, steps)
    record(actor, number.client_id or 0, "restore", saved, after={"revision": wanted})
    return saved


def drawn(kept: Sequence[Mapping[str, Any]], present: Collection[int]) -> list[dict[str, Any]]:
    """Steps as a version holds them, to be saved again; those that are not `present` any more become new ones."""
    steps = []
    for step in kept:
        calendar = dict(step["calendar"])
        for name in ("date_from", "date_to"):
            calendar[name] = date.fromisoformat(calendar[name]) if calendar[name] else None
        steps.append({**step, "id": step["id"] if step["id"] in present else None, "calendar": calendar})
    return steps


def reachable(present: frozenset[int], steps: Sequence[Mapping[str, Any]]) -> Reachable:
    """What of all that `steps` (as the API takes them) name belongs to the client in scope, and so may stand in them.

    `present`: ids of the steps the number has now.
    """
    named = _named(steps)
    own: dict[str, QuerySet[Any]] = {
        "port": Port.objects.filter(connection=Port.Connection.SUBSCRIBER),
        "forwarding": Forwarding.objects.all(),
        "queue": Queue.objects.all(),
        "menu": VoiceMenu.objects.all(),
        "sound": Sound.objects.all(),
        "classifier": Classifier.objects.all(),
        "mailbox": Mailbox.objects.all(),
        "conference": Conference.objects.all(),
        "to_number": Number.objects.filter(kind=Number.Kind.INTERNAL),
    }
    return Reachable(
        {
            name: frozenset(things.filter(pk__in=named).values_list("pk", flat=True) if named else ())
            for name, things in own.items()
        },
        present,
    )


def _named(steps: Sequence[Mapping[str, Any]]) -> set[int]:
    """Every number in the actions of steps that could be an id, whatever it is of."""
    named: set[int] = set()
    for step in steps[:MAX_STEPS]:
        action = step.get("action")
        for value in action.values() if isinstance(action, Mapping) else ():
            several = value[: MAX_RINGING + 1] if isinstance(value, list) else [value]
            named |= {one for one in several if isinstance(one, int) and 0 < one < 1 << 63}
    return named
