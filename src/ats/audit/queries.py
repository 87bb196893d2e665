"""The audit of the client in scope."""

from typing import Any

from django.db.models import QuerySet

from ats.audit.models import AuditEntry


def entries() -> QuerySet[AuditEntry]:
    """Audit rows of the client in scope."""
    return AuditEntry.objects.all()


def entry_row(entry: AuditEntry) -> dict[str, Any]:
    """One row as the API shows it."""
    return {
        "id": entry.pk,
        "at": entry.at,
        "actor_login": entry.actor_login,
        "verb": entry.verb,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "object_name": entry.object_name,
        "before": entry.before,
        "after": entry.after,
        "undoes": entry.undoes_id,
    }
