"""Where a user is logged in: listed for himself and for who may change him, ended one by one."""

import time
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope

from ats.audit.actions import record
from ats.clients.models import User, UserSession
from ats.errors import Missing

_SEEN_EVERY_S = 60.0
_REMEMBERED = 10_000
_noted: dict[str, float] = {}  # when this process last wrote down that a session is in use


def note(request: HttpRequest, user: User) -> None:
    """Remember the session that was just started."""
    request.session.save()
    with scope(client=user.client_id):
        UserSession.objects.update_or_create(
            session_id=str(request.session.session_key),
            defaults={
                "user": user,
                "address": request.META.get("REMOTE_ADDR", "")[:45],
                "user_agent": request.headers.get("User-Agent", "")[:200],
                "seen_at": timezone.now(),
            },
        )


def seen(request: HttpRequest, user: User) -> None:
    """Note that a session is in use, at most once a minute."""
    key, now = str(request.session.session_key), time.monotonic()
    if now - _noted.get(key, -_SEEN_EVERY_S) < _SEEN_EVERY_S:
        return
    if len(_noted) >= _REMEMBERED:
        _noted.clear()
    _noted[key] = now
    with scope(client=user.client_id):
        UserSession.objects.filter(session_id=key).update(seen_at=timezone.now())


def sessions_of(user: User, current_key: str | None) -> list[dict[str, Any]]:
    """A user's sessions that still hold, the last used first; `current`: the one that asks."""
    rows = UserSession.objects.filter(user=user, session__expire_date__gt=timezone.now()).order_by("-seen_at")
    return [
        {
            "id": row.pk,
            "address": row.address,
            "user_agent": row.user_agent,
            "created_at": row.created_at,
            "seen_at": row.seen_at,
            "current": row.session_id == current_key,
        }
        for row in rows
    ]


@transaction.atomic
def end(actor: User, user: User, session_id: int | None = None, *, keep: str | None = None) -> int:
    """End one session of a user, or all (but the one whose key is `keep`). Returns how many; raises Missing."""
    rows = UserSession.objects.filter(user=user).exclude(session_id=keep)
    if session_id is not None:
        rows = UserSession.objects.filter(user=user, pk=session_id)
    keys = list(rows.values_list("session_id", flat=True))
    if session_id is not None and not keys:
        raise Missing
    Session.objects.filter(pk__in=keys).delete()
    if keys:
        record(actor, user.client_id, "end_sessions", user, after={"count": len(keys)})
    return len(keys)
