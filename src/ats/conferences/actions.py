"""Changes to the conference rooms of a client."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.conferences.models import Conference
from ats.errors import Conflict, Missing, invalid, places
from ats.ports.usage import at_steps

_UNSEEN_BY_ENGINE = frozenset({"name", "description"})
_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "pin": checks.pattern(r"[0-9]{4,10}", "bad_pin", 10),
    "language": checks.one_of(("", *checks.LANGUAGES)),
    "max_members": checks.whole(0, 500),
    "record": checks.flag,
}


@transaction.atomic
def create_conference(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Conference:
    """Create a conference room of the client in scope. Raises Invalid."""
    fields = checks.clean(values, _CHECKS)
    conference = Conference(client_id=client_id, **fields)
    _save(conference)
    record(actor, client_id, "create", conference, after=_hidden(fields))
    return conference


@transaction.atomic
def update_conference(actor: User | None, conference_id: int, values: Mapping[str, Any]) -> Conference:
    """Change a conference room in scope; only the fields given. Raises Missing, Invalid."""
    conference = _locked(conference_id)
    before, after = apply(conference, checks.clean(values, _CHECKS))
    if after:
        _save(conference)
        record(
            actor, conference.client_id, "update", conference, before=_hidden(before), after=_hidden(after)
        )
        if after.keys() - _UNSEEN_BY_ENGINE:
            bump(conference.client_id)
    return conference


@transaction.atomic
def delete_conference(actor: User | None, conference_id: int) -> None:
    """Delete a conference room in scope. Raises Missing; Conflict saying which dialplans lead to it."""
    conference = _locked(conference_id)
    if where := at_steps(conference.steps.all()):
        raise Conflict("in_use", where=places(where))
    record(actor, conference.client_id, "delete", conference, before=_hidden(fields_of(conference, _CHECKS)))
    conference.delete()


def _hidden(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for the audit: a PIN opens the room, so it is not written down."""
    return {name: "***" if name == "pin" and value else value for name, value in values.items()}


def _save(conference: Conference) -> None:
    try:
        with transaction.atomic():
            conference.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(conference_id: int) -> Conference:
    conference = Conference.objects.select_for_update().filter(pk=conference_id).first()
    if conference is None:
        raise Missing
    return conference
