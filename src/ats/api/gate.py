"""Who is calling, and may he: every operation names what it does (`auth=Gate(Do.…)`).

The gate runs before anything else of an operation: log-in (session with CSRF, or a bearer token), then the
client of the path, then the right. `enter_scope` afterwards confines every query to that client, and to what is
the user's own there when that is all he may see.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import get_user
from django.http import HttpRequest
from django_scopes import scope
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from ats.clients import access, sessions, tokens
from ats.clients.access import Do
from ats.clients.models import Client, User
from ats.clients.second_factor import must_set_up
from ats.errors import Denied, Missing, NotLoggedIn


class ApiRequest(HttpRequest):
    """What views get: `auth` is the user, `client` the client of the path (absent where the path has none)."""

    auth: User
    client: Client
    scope_client_id: int
    scope_owner: int | None


class Gate(AuthBase):
    """Lets a request through when its user may do the named thing in the client of the path."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"
    csrf = True  # tells the documentation page to send the token

    def __init__(self, do: Do, *, in_person: bool = False) -> None:
        """`in_person`: not by a token. A key that may do little, or not for long, must not make itself a better one."""
        self.do = do
        self.in_person = in_person
        super().__init__()

    def __call__(self, request: HttpRequest) -> User:
        user = identify(request)
        if self.in_person and request.headers.get("Authorization"):
            raise Denied("in_person")
        # Ninja sets `auth` only after this returns; error texts need the user's language before.
        typed = cast(ApiRequest, request)
        typed.auth = user
        typed.scope_client_id = user.client_id
        match = request.resolver_match
        client_id = match.kwargs.get("client_id") if match else None
        if client_id is not None:
            typed.client = self._client(user, int(client_id))
            typed.scope_client_id = typed.client.pk
        if self.do is not Do.SELF and must_set_up(user):
            raise Denied("factor_needed")
        if not access.may(user, self.do, client_id):
            raise Denied
        if access.only_own(user, self.do, client_id):
            typed.scope_owner = user.pk
        return user

    def again(self, request: ApiRequest) -> User:
        """Look at a request once more as if it were made now: for answers that go on, like streams.

        Raises what a new request would be refused with. Three rows by their keys are read.
        """
        if not request.headers.get("Authorization"):
            request.session = type(request.session)(request.session.session_key)  # as it is stored now
            request.user = get_user(request)
        request.scope_owner = None
        return self(request)

    def _client(self, user: User, client_id: int) -> Client:
        if not access.reaches(user, client_id):
            raise Missing
        if client_id == user.client_id:
            return user.client
        client = Client.objects.filter(pk=client_id).first()
        if client is None:
            raise Missing
        return client


def identify(request: HttpRequest) -> User:
    """The logged-in user. Raises NotLoggedIn; Denied when a session's request fails the CSRF check."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, text = header.partition(" ")
        user = tokens.user_of(text.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise NotLoggedIn("bad_token")
        return user
    if not request.user.is_authenticated:
        raise NotLoggedIn
    require_csrf(request)
    sessions.seen(request, request.user)
    return request.user


def require_csrf(request: HttpRequest) -> None:
    """Ninja's views are exempt from Django's own check, so it is made here. Raises Denied."""
    if check_csrf(request) is not None:
        raise Denied("csrf")


def enter_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    """Confine the database queries of a view to the client its gate found (applied to every operation)."""

    @functools.wraps(view)
    def confined(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        client_id = getattr(request, "scope_client_id", None)
        if client_id is None:
            return view(request, *args, **kwargs)
        with scope(client=client_id, owner=getattr(request, "scope_owner", None)):
            return view(request, *args, **kwargs)

    @functools.wraps(view)
    async def confined_async(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        with scope(client=request.scope_client_id, owner=getattr(request, "scope_owner", None)):
            return await view(request, *args, **kwargs)

    return confined_async if inspect.iscoroutinefunction(view) else confined
