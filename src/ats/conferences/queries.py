"""Conference rooms for the API."""

from typing import Any

from django.db.models import QuerySet

from ats.conferences.models import Conference
from ats.errors import Missing


def conferences() -> QuerySet[Conference]:
    """Conference rooms of the client in scope."""
    return Conference.objects.all()


def conference(conference_id: int) -> Conference:
    """One conference room of the client in scope. Raises Missing."""
    found = conferences().filter(pk=conference_id).first()
    if found is None:
        raise Missing
    return found


def conference_row(found: Conference) -> dict[str, Any]:
    """A conference room as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "pin": found.pin,
        "language": found.language,
        "max_members": found.max_members,
        "record": found.record,
        "created_at": found.created_at,
    }
