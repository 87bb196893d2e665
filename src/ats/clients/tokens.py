"""Bearer tokens of users: 256 random bits, of which only a digest is stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.clients.models import ApiToken, User
from ats.clients.rights import Right
from ats.clients.second_factor import with_state

PREFIX = "ats_"


def new_token_text() -> str:
    """A fresh token as its user will see it, once."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """What is stored of a token. Plain SHA-256 is enough: 256 random bits cannot be guessed back."""
    return hashlib.sha256(text.encode()).hexdigest()


def user_of(text: str) -> User | None:
    """The active user a token belongs to, or None. Notes when it was used, at most once a minute."""
    now: datetime = timezone.now()
    with scopes_disabled():
        valid = Q(expires_at=None) | Q(expires_at__gt=now)
        token = ApiToken.objects.filter(valid, digest=digest_of(text)).first()
        if token is None:
            return None
        user = (
            with_state(User.objects.select_related("client"))
            .filter(pk=token.user_id, is_active=True, client__is_active=True)
            .first()
        )
        if user is None or not user.has_right(Right.HTTP_LOGIN):
            return None
        if token.rights:
            # Only in memory: this request can do what both the user and the token may.
            user.rights = [right for right in user.rights if right in token.rights]
        if token.last_used_at is None or token.last_used_at < now - timedelta(minutes=1):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return user
