"""Taking a change back: the reverse change is a new, audited action, and only over what nobody touched since."""

from collections.abc import Collection
from typing import Any

from django.db import models, transaction
from django_scopes import scope, scopes_disabled

from ats.audit.actions import STARS, taking_back
from ats.audit.models import AuditEntry
from ats.clients import access
from ats.clients.access import Do
from ats.clients.models import User
from ats.errors import Conflict, Denied, Fault, Invalid, Missing
from ats.numbering import dialplan_actions, pool_actions
from ats.numbering.models import Number
from ats.undo.kinds import KINDS, Kind

# Looking at a password or logging in changes nothing that could stand in the way.
_HARMLESS = ("reveal", "login")


def obstacle(entry: AuditEntry) -> str:
    """Why an entry can never be taken back, as a code; "" when it may be tried."""
    kind = KINDS.get(entry.object_type)
    if kind is None:
        return "undo_never"
    if entry.object_type == "number" and entry.verb in ("save", "allot"):
        return ""
    if entry.verb == "create" and not (entry.object_type == "limit" and entry.before):
        return "" if kind.remove else "undo_never"
    if entry.verb not in ("create", "update", "delete"):
        return "undo_never"
    if STARS in entry.before.values() or "password" in entry.after:
        return "undo_secret"
    if entry.verb == "delete":
        return "" if kind.again and entry.before.keys() >= kind.kept else "undo_lost"
    whole = kind.update and entry.before and entry.before.keys() == entry.after.keys()
    return "" if whole and entry.after.keys() <= kind.fields else "undo_never"


def undone(ids: Collection[int]) -> dict[int, int]:
    """Which of these entries were taken back, and by which."""
    with scopes_disabled():  # a deleted client comes back as another one, with a log of its own
        found = list(
            AuditEntry.objects.filter(undoes_id__in=ids).order_by("pk").values_list("pk", "undoes_id")
        )
    return {undoes: key for key, undoes in found if undoes is not None}


@transaction.atomic
def undo(actor: User, client_id: int, entry_id: int) -> AuditEntry:
    """Take the change of an entry in scope back; returns the entry that says so.

    Raises Missing; Denied when the actor could not have made the reverse change himself; Conflict saying in words
    why it cannot be taken back, also because what was is not acceptable any more; and what the reverse change refuses.
    """
    entry = AuditEntry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise Missing
    if refusal := obstacle(entry):
        raise Conflict(refusal)
    if undone([entry.pk]):
        raise Conflict("undo_done")
    kind = KINDS[entry.object_type]
    needed = _needed(kind, entry)
    if not access.may(actor, needed, client_id):
        raise Denied
    # Who may change only what is his own finds nothing else here.
    owner = actor.pk if access.only_own(actor, needed, client_id) else None
    try:
        with scope(client=client_id, owner=owner), taking_back(entry.pk):
            _reverse(kind, actor, client_id, entry)
    except Invalid as refused:
        raise Conflict("undo_unfit", what=tuple(map(_unfit, refused.fields.items()))) from refused
    with scopes_disabled():
        made = AuditEntry.objects.filter(undoes_id=entry.pk).order_by("pk").first()
    if made is None:
        raise Conflict("undo_nothing")
    return made


def _unfit(found: tuple[str, Fault]) -> Fault:
    """«Field: why» of what the reverse change may not set any more (taken, deleted meanwhile)."""
    field, fault = found
    return Fault("undo_field", {"field": (Fault(f"field_{field.partition('.')[0]}"),), "why": (fault,)})


def _needed(kind: Kind, entry: AuditEntry) -> Do:
    if entry.object_type == "number":
        special = {"save": Do.DIALPLAN_CHANGE, "allot": Do.EXTERNAL_ALLOT}
        if entry.verb in special:
            return special[entry.verb]
    if entry.verb == "delete" and kind.add is not None:
        return kind.add
    return kind.make if entry.verb in ("create", "delete") and entry.object_type != "limit" else kind.change


def _reverse(kind: Kind, actor: User, client_id: int, entry: AuditEntry) -> None:
    if entry.verb == "delete":
        assert kind.again is not None
        kind.again(actor, client_id, kind.given(entry.before))
        return
    thing = _thing(kind, entry)
    if entry.verb == "save":
        _restore(actor, thing, entry)
    elif entry.verb == "allot":
        _untouched(entry)
        pool_actions.release(actor, thing.pk)
    elif entry.verb == "create" and entry.object_type != "limit":
        assert kind.remove is not None
        _untouched(entry)
        kind.remove(actor, client_id, thing)
    else:
        assert kind.update is not None
        differing = [name for name, value in entry.after.items() if kind.now(thing, name) != value]
        if differing:
            raise Conflict("undo_changed", what=tuple(Fault(f"field_{name}") for name in differing))
        kind.update(actor, client_id, thing, kind.given(entry.before))


def _thing(kind: Kind, entry: AuditEntry) -> Any:
    if entry.object_id is None:
        return None  # there is only one of it
    manager: models.Manager[Any] = kind.model._default_manager
    thing = manager.select_for_update().filter(pk=entry.object_id).first()
    if thing is None:
        raise Conflict("undo_gone")
    return thing


def _untouched(entry: AuditEntry) -> None:
    """Raise Conflict when anything has happened to the thing since."""
    later = AuditEntry.objects.filter(
        object_type=entry.object_type, object_id=entry.object_id, pk__gt=entry.pk
    ).exclude(verb__in=_HARMLESS)
    if later.exists():
        raise Conflict("undo_touched")


def _restore(actor: User, number: Number, entry: AuditEntry) -> None:
    """The dialplan as it was before the save; the first one was empty."""
    if number.revision != entry.after.get("revision"):
        raise Conflict("undo_changed", what=(Fault("field_dialplan"),))
    wanted = int(entry.before.get("revision", 0))
    if not entry.before.get("steps"):
        dialplan_actions.save_dialplan(actor, number.pk, number.revision, [])
        return
    try:
        dialplan_actions.restore_dialplan(actor, number.pk, number.revision, wanted)
    except Missing as error:
        raise Conflict("undo_lost") from error
