"""Changes to the webhooks of a client."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import User
from ats.errors import Missing, invalid
from ats.webhooks.events import KINDS, newest
from ats.webhooks.models import Webhook

MOST = 20


def _url(value: Any) -> str:
    address: str = checks.text(500, required=True)(value)
    try:
        parts = urlsplit(address)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits = False
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not port_fits:
        raise checks.Bad("bad_url")
    checks.host(parts.hostname)
    return address


def _events(value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise checks.Bad("required")
    return sorted({checks.one_of(KINDS)(one) for one in value})


_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "url": _url,
    "events": _events,
    "is_active": checks.flag,
}


@transaction.atomic
def create_webhook(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Webhook:
    """Add a webhook of the client in scope; it is told what happens from now on. Raises Invalid."""
    if Webhook.objects.count() >= MOST:
        raise invalid("name", "too_many", max=MOST)
    hook = Webhook(
        client_id=client_id,
        secret=secrets.token_hex(24),
        trusted=actor is None or actor.client.is_operator,
        next_try_at=timezone.now(),
        **checks.clean(values, _CHECKS),
    )
    for cursor, last in newest(hook).items():
        setattr(hook, cursor, last)
    _save(hook)
    record(
        actor, client_id, "create", hook, after={"name": hook.name, "url": hook.url, "events": hook.events}
    )
    return hook


@transaction.atomic
def update_webhook(actor: User | None, hook_id: int, values: Mapping[str, Any]) -> Webhook:
    """Change a webhook in scope; a new address is tried at once. Raises Missing, Invalid."""
    hook = _locked(hook_id)
    before, after = apply(hook, checks.clean(values, _CHECKS))
    if not after:
        return hook
    if "url" in after:
        # Whoever names the address answers for it: a client's user does not inherit the operator's trust.
        hook.trusted = actor is None or actor.client.is_operator
    hook.failures, hook.error, hook.next_try_at = 0, "", timezone.now()
    _save(hook)
    record(actor, hook.client_id, "update", hook, before=before, after=after)
    return hook


@transaction.atomic
def delete_webhook(actor: User | None, hook_id: int) -> None:
    """Delete a webhook in scope. Raises Missing."""
    hook = _locked(hook_id)
    record(actor, hook.client_id, "delete", hook, before={"name": hook.name, "url": hook.url})
    hook.delete()


def _locked(hook_id: int) -> Webhook:
    hook = Webhook.objects.select_for_update().filter(pk=hook_id).first()
    if hook is None:
        raise Missing
    return hook


def _save(hook: Webhook) -> None:
    try:
        with transaction.atomic():
            hook.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error
