"""Who changed what in a client («Журнал изменений»)."""

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
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


_SORTS = {"at": "at", "actor_login": "actor_login", "verb": "verb", "object_type": "object_type"}


@router.get("/{int:client_id}/audit", response={200: Listed[AuditOut], **ERRORS}, auth=Gate(Do.AUDIT_VIEW))
def list_audit(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Changes of the client, the newest first."""
    rows, total = page_of(
        queries.entries(),
        page,
        search=("actor_login", "object_name", "object_type"),
        sorts=_SORTS,
        default="-at",
    )
    return {"items": [queries.entry_row(row) for row in rows], "total": total}
