"""Webhooks of a client: where finished calls and movements of money are told (S5)."""

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.webhooks import actions, queries

router = Router(tags=["webhooks"])


class WebhookOut(Schema):
    """`events`: call | charge | payment. `error`: why the last delivery failed, tried again by itself."""

    id: int
    name: str
    url: str
    events: list[str]
    is_active: bool
    failures: int
    error: str
    delivered_at: datetime | None
    created_at: datetime


class NewWebhookOut(WebhookOut):
    """`secret` signs what is sent (header X-ATS-Signature); shown this once only."""

    secret: str


class WebhookIn(Schema):
    name: str
    url: str
    events: list[str]
    is_active: bool = True


class WebhookPatch(Schema):
    name: str = ""
    url: str = ""
    events: list[str] = []
    is_active: bool = True


_SORTS = {"id": "id", "name": "name", "url": "url", "created_at": "created_at"}


@router.get("/{int:client_id}/webhooks", response={200: Listed[WebhookOut], **ERRORS}, auth=Gate(Do.WEBHOOKS))
def list_webhooks(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Webhooks of the client. Those of the operator's own client are told about all clients."""
    rows, total = page_of(queries.webhooks(), page, search=("name", "url"), sorts=_SORTS, default="name")
    return {"items": [queries.webhook_row(row) for row in rows], **total}


@router.post("/{int:client_id}/webhooks", response={201: NewWebhookOut, **ERRORS}, auth=Gate(Do.WEBHOOKS))
def create_webhook(request: ApiRequest, client_id: int, payload: WebhookIn) -> Status[dict[str, Any]]:
    """Add a webhook; it is told what happens from now on."""
    hook = actions.create_webhook(request.auth, client_id, payload.model_dump())
    return Status(201, {**queries.webhook_row(hook), "secret": hook.secret})


@router.patch(
    "/{int:client_id}/webhooks/{int:webhook_id}",
    response={200: WebhookOut, **ERRORS},
    auth=Gate(Do.WEBHOOKS),
)
def update_webhook(
    request: ApiRequest, client_id: int, webhook_id: int, payload: WebhookPatch
) -> dict[str, Any]:
    """Change a webhook; what it has missed is tried again at once."""
    values = payload.model_dump(exclude_unset=True)
    return queries.webhook_row(actions.update_webhook(request.auth, webhook_id, values))


@router.delete(
    "/{int:client_id}/webhooks/{int:webhook_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.WEBHOOKS),
)
def delete_webhook(request: ApiRequest, client_id: int, webhook_id: int) -> Status[None]:
    """Delete a webhook."""
    actions.delete_webhook(request.auth, webhook_id)
    return Status(204, None)
