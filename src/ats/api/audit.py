"""Who changed what in a client («Журнал изменений»)."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponseBase
from ninja import Field, Query, Router, Schema

from ats.api import auditwords
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing, moment
from ats.api.messages import text
from ats.api.shapes import ERRORS
from ats.audit import queries
from ats.audit.models import AuditEntry
from ats.clients.access import Do
from ats.undo import actions as undo_actions

router = Router(tags=["audit"])


class FieldChange(Schema):
    """One field in words of the user's language; `before` or `after` null: not a matter of this entry."""

    field: str
    label: str
    before: str | None
    after: str | None


class AuditOut(Schema):
    """`before` and `after` hold only what changed; passwords are never in them. `changes`: the same in words.

    `undo`: possible (it may still be refused), never (`why_not` says why), done. `undone_by`, `undoes`: the entry that
    took this one back, and the one that this took back. `by_operator`: done by one of the operator's people.
    """

    id: int
    at: datetime
    actor_login: str
    verb: str
    object_type: str
    object_id: int | None
    object_name: str
    before: dict[str, Any]
    after: dict[str, Any]
    changes: list[FieldChange]
    by_operator: bool
    undo: Literal["possible", "never", "done"]
    why_not: str
    undone_by: int | None
    undoes: int | None


class AuditPage(FilePage):
    """`from`/`to`: moments, half-open."""

    verb: str = Field("", max_length=40)
    object_type: str = Field("", max_length=40)
    actor: str = Field("", max_length=64)
    from_: datetime | None = Field(None, alias="from")
    to: datetime | None = None


_SORTS = {"at": "at", "actor_login": "actor_login", "verb": "verb", "object_type": "object_type"}
_TITLES = {
    "at": ("Когда", "When"),
    "actor_login": ("Кто", "Who"),
    "verb": ("Что сделал", "Did"),
    "object_type": ("Вид", "Kind"),
    "object_name": ("Объект", "Object"),
    "changed": ("Изменения", "Changes"),
}


def _rows(found: list[AuditEntry], language: str) -> list[dict[str, Any]]:
    words = auditwords.Words(found, language)
    operators = auditwords.operators(found)
    undone = undo_actions.undone([entry.pk for entry in found])
    rows = []
    for entry in found:
        changes = words.changes(entry)
        rows.append(
            {
                **queries.entry_row(entry),
                "changes": changes,
                "changed": "; ".join(_line(change) for change in changes),
                "by_operator": entry.actor_id in operators,
                **_undo(entry, entry.pk in undone, language),
                "undone_by": undone.get(entry.pk),
            }
        )
    return rows


def _undo(entry: AuditEntry, done: bool, language: str) -> dict[str, str]:
    code = undo_actions.obstacle(entry)
    state = "done" if done else "never" if code else "possible"
    return {"undo": state, "why_not": text(code, language) if state == "never" else ""}


def _line(change: dict[str, Any]) -> str:
    if change["before"] is None:
        return f"{change['label']}: {change['after']}"
    return f"{change['label']}: {change['before']} → {change['after'] or '—'}"


@router.get("/{int:client_id}/audit", response={200: Listed[AuditOut], **ERRORS}, auth=Gate(Do.AUDIT_VIEW))
def list_audit(
    request: ApiRequest, client_id: int, page: Query[AuditPage]
) -> dict[str, Any] | HttpResponseBase:
    """Changes of the client, the newest first."""
    rows = chosen(
        queries.entries(),
        verb=page.verb,
        object_type=page.object_type,
        actor_login=page.actor,
        at__gte=moment("from", page.from_),
        at__lt=moment("to", page.to),
    )
    return listing(
        request,
        page,
        rows,
        lambda found: _rows(found, request.auth.language),
        name="changes",
        titles=_TITLES,
        search=("actor_login", "object_name", "object_type"),
        sorts=_SORTS,
        default="-at",
    )


@router.post(
    "/{int:client_id}/audit/{int:entry_id}/undo",
    response={200: AuditOut, **ERRORS},
    auth=Gate(Do.AUDIT_VIEW),
)
def undo_change(request: ApiRequest, client_id: int, entry_id: int) -> dict[str, Any]:
    """Take a change back by the reverse one, which is a new entry; needs the right to make that change.

    409 says in words why it cannot be done: changed again since, in use, not kept.
    """
    made = undo_actions.undo(request.auth, client_id, entry_id)
    return _rows([made], request.auth.language)[0]
