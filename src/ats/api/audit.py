"""Who changed what in a client («Журнал изменений»)."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Field, Query, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing, moment
from ats.api.shapes import ERRORS
from ats.audit import queries
from ats.clients.access import Do

router = Router(tags=["audit"])


class AuditOut(Schema):
    """`before` and `after` hold only what changed; passwords are never in them."""

    id: int
    at: datetime
    actor_login: str
    verb: str
    object_type: str
    object_id: int | None
    object_name: str
    before: dict[str, Any]
    after: dict[str, Any]


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
    "before": ("Было", "Before"),
    "after": ("Стало", "After"),
}


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
        lambda found: [queries.entry_row(row) for row in found],
        name="changes",
        titles=_TITLES,
        search=("actor_login", "object_name", "object_type"),
        sorts=_SORTS,
        default="-at",
    )
