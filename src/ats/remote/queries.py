"""How users call from elsewhere, for the API and for the compiler."""

from typing import Any

from ats.clients.models import User
from ats.clients.rights import Right
from ats.remote.models import RemoteCaller, RemotePin


def access_row(user: User) -> dict[str, Any]:
    """Whether the user has a PIN, and by which telephones he is known."""
    callers = RemoteCaller.objects.filter(user=user).order_by("clip")
    return {
        "has_pin": RemotePin.objects.filter(user=user).exists(),
        "callers": [f"+{caller.clip}" for caller in callers],
    }


def known_callers() -> tuple[tuple[str, int], ...]:
    """(E.164 digits, user id) of the client in scope: telephones of active users who may be called back (S235)."""
    rows = RemoteCaller.objects.filter(user__is_active=True).select_related("user").order_by("clip")
    return tuple((row.clip, row.user_id) for row in rows if row.user.has_right(Right.CLIP_CALLBACK))


def is_used() -> bool:
    """Whether anybody of the client in scope may call from elsewhere: then its context has a way in for it."""
    wanted = {Right.PIN.value, Right.CLIP_CALLBACK.value, Right.WEB_SERVICES.value}
    rights = User.objects.filter(is_active=True).values_list("rights", flat=True)
    return any(not wanted.isdisjoint(found) for found in rights)
