"""Who a PIN belongs to, with a lock against guessing; asked by the authoriser for the engine (S234)."""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.clients.models import Client
from ats.clients.rights import Right
from ats.remote.models import PinAttempt, RemotePin

WITHIN = timedelta(hours=1)
CALLER_MOST = 5  # wrong PINs from one number …
CLIENT_MOST = 50  # … and of whatever numbers: caller ids can be forged


def digest_of(client_id: int, pin: str) -> str:
    """Keyed, so that a stolen database does not give the few million PINs there can be away."""
    text = f"pin:{client_id}:{pin}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


def user_of(client_id: int, pin: str, caller: str) -> int | None:
    """Id of the active user with this PIN and the right to use it; None also while the entrance is locked."""
    with scopes_disabled(), transaction.atomic():
        # Attempts at one client are looked at one after another: many at once must not slip by the count.
        if not Client.objects.select_for_update().filter(pk=client_id, is_active=True).exists():
            return None
        now = timezone.now()
        PinAttempt.objects.filter(client_id=client_id, at__lt=now - WITHIN).delete()
        recent = PinAttempt.objects.filter(client_id=client_id)
        if recent.count() >= CLIENT_MOST or recent.filter(caller=caller[:20]).count() >= CALLER_MOST:
            return None
        found = (
            RemotePin.objects.select_related("user")
            .filter(client_id=client_id, digest=digest_of(client_id, pin), user__is_active=True)
            .first()
        )
        if found is None or not found.user.has_right(Right.PIN):
            PinAttempt.objects.create(client_id=client_id, caller=caller[:20], at=now)
            return None
        recent.filter(caller=caller[:20]).delete()
        return found.user_id
