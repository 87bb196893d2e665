"""Webhooks for the API."""

from typing import Any

from django.db.models import QuerySet

from ats.errors import Missing
from ats.webhooks.models import Webhook


def webhooks() -> QuerySet[Webhook]:
    """Webhooks of the client in scope."""
    return Webhook.objects.all()


def webhook(hook_id: int) -> Webhook:
    """One webhook of the client in scope. Raises Missing."""
    found = Webhook.objects.filter(pk=hook_id).first()
    if found is None:
        raise Missing
    return found


def webhook_row(hook: Webhook) -> dict[str, Any]:
    """A webhook as the API shows it, without its secret."""
    return {
        "id": hook.pk,
        "name": hook.name,
        "url": hook.url,
        "events": hook.events,
        "is_active": hook.is_active,
        "failures": hook.failures,
        "error": hook.error,
        "delivered_at": hook.delivered_at,
        "created_at": hook.created_at,
    }
