"""Log-in and log-out, one's own profile, password and tokens."""

from datetime import datetime
from typing import Any

from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema, Status

from ats.api.gate import ApiRequest, Gate, identify, require_csrf
from ats.api.shapes import ERRORS
from ats.clients import actions, queries, second_factor, sessions, throttle
from ats.clients.access import Do
from ats.clients.models import User
from ats.errors import NotLoggedIn

router = Router(tags=["auth"])


class UserClient(Schema):
    id: int
    name: str
    is_operator: bool


class UserMe(Schema):
    """The logged-in user."""

    id: int
    login: str
    name: str
    email: str
    language: str
    time_zone: str
    client: UserClient
    rights: list[str]
    one_time_codes: bool
    must_set_up_factor: bool


class SessionOut(Schema):
    authenticated: bool
    csrf_token: str
    user: UserMe | None


class LoginIn(Schema):
    """`code`: a one-time or recovery code, asked for by 403 `second_factor`."""

    login: str
    password: str
    code: str = ""


class MeIn(Schema):
    language: str = ""
    time_zone: str = ""
    name: str = ""
    email: str = ""


class PasswordIn(Schema):
    old: str
    new: str


class TokenIn(Schema):
    """`rights`: the only ones the token may use; none: all of its user's."""

    name: str
    expires_at: datetime | None = None
    rights: list[str] = []


class TokenOut(Schema):
    id: int
    name: str
    prefix: str
    created_at: datetime
    rights: list[str]
    last_used_at: datetime | None
    expires_at: datetime | None


class NewTokenOut(TokenOut):
    """`token` is shown this once only."""

    token: str


class TokenList(Schema):
    items: list[TokenOut]
    total: int


def me(user: User) -> dict[str, Any]:
    """A user as `UserMe`."""
    return {
        "id": user.pk,
        "login": user.login,
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "client": {
            "id": user.client_id,
            "name": user.client.name,
            "is_operator": user.client.is_operator,
        },
        "rights": user.rights,
        "one_time_codes": bool(user.totp_secret),
        "must_set_up_factor": second_factor.must_set_up(user),
    }


@router.get("/session", response=SessionOut, auth=None)
def get_session(request: HttpRequest) -> dict[str, Any]:
    """Who is logged in; sets the `csrftoken` cookie that every unsafe request must repeat."""
    csrf_token = get_token(request)
    try:
        user = identify(request)
    except NotLoggedIn:
        return {"authenticated": False, "csrf_token": csrf_token, "user": None}
    return {"authenticated": True, "csrf_token": csrf_token, "user": me(user)}


@router.post("/login", response={200: UserMe, **ERRORS}, auth=None)
def login(request: HttpRequest, payload: LoginIn) -> dict[str, Any]:
    """Start a session. 5 failures of a login from one address within a minute answer 429."""
    require_csrf(request)
    user = throttle.log_in(request, payload.login, payload.password, payload.code)
    start_session(request, user)
    sessions.note(request, user)
    return me(user)


@router.post("/logout", response={204: None, **ERRORS}, auth=Gate(Do.SELF))
def logout(request: ApiRequest) -> Status[None]:
    """End the session."""
    end_session(request)
    return Status(204, None)


@router.patch("/me", response={200: UserMe, **ERRORS}, auth=Gate(Do.SELF))
def update_me(request: ApiRequest, payload: MeIn) -> dict[str, Any]:
    """Change one's own profile."""
    return me(actions.update_profile(request.auth, payload.model_dump(exclude_unset=True)))


@router.post("/password", response={204: None, **ERRORS}, auth=Gate(Do.SELF, in_person=True))
def change_password(request: ApiRequest, payload: PasswordIn) -> Status[None]:
    """Change one's own password; other sessions of the user end."""
    user = actions.change_own_password(request.auth, payload.old, payload.new)
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        sessions.note(request, user)
    return Status(204, None)


@router.get("/tokens", response={200: TokenList, **ERRORS}, auth=Gate(Do.SELF))
def list_tokens(request: ApiRequest) -> dict[str, Any]:
    """One's own API tokens (never their text)."""
    items = queries.tokens_of(request.auth)
    return {"items": items, "total": len(items)}


@router.post("/tokens", response={201: NewTokenOut, **ERRORS}, auth=Gate(Do.SELF, in_person=True))
def create_token(request: ApiRequest, payload: TokenIn) -> Status[dict[str, Any]]:
    """Make a bearer token; its text is in this answer and nowhere else."""
    token, text = actions.create_token(request.auth, payload.name, payload.expires_at, payload.rights)
    return Status(201, {**queries.token_row(token), "token": text})


@router.delete("/tokens/{int:token_id}", response={204: None, **ERRORS}, auth=Gate(Do.SELF))
def delete_token(request: ApiRequest, token_id: int) -> Status[None]:
    """Revoke one of one's own tokens."""
    actions.delete_token(request.auth, token_id)
    return Status(204, None)
