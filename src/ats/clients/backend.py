"""Log-in by login and password, for Django's sessions."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import QuerySet
from django.http import HttpRequest
from django_scopes import scopes_disabled

from ats.clients.models import User
from ats.clients.rights import Right
from ats.clients.second_factor import with_state
from ats.prepared import Prepared


class LoginBackend(BaseBackend):
    """Finds users over all clients, because who somebody is decides the scope, not the reverse."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The user whose login and password these are, or None. Takes the same time either way."""
        if username is None or password is None:
            return None
        with scopes_disabled():
            user = next(iter(_users().filter(login__iexact=username)), None)
            if user is None:
                User().set_password(password)  # an unknown login must not answer faster than a wrong password
                return None
            if user.check_password(password) and user.is_active and user.client.is_active:
                return user
        return None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, unless blocked since, or not to log in any more («Вход по HTTP»)."""
        with scopes_disabled():
            user = _ACTIVE.first(int(user_id))
        return user if user is not None and user.has_right(Right.HTTP_LOGIN) else None


def _users() -> QuerySet[User]:
    return with_state(User.objects.select_related("client"))


# Every request of the cabinet begins with it.
_ACTIVE = Prepared(lambda pk: _users().filter(pk=pk, is_active=True, client__is_active=True), -77)
