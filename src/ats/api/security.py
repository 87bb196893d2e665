"""Second factors, passkeys and sessions of oneself; those of others for who may change them; the operator's rules."""

import json
from datetime import datetime
from typing import Any

import segno
from django.contrib.auth import login as start_session
from django.http import HttpRequest
from ninja import Router, Schema, Status

from ats.api.gate import ApiRequest, Gate, require_csrf
from ats.api.session import UserMe, me
from ats.api.shapes import ERRORS
from ats.clients import passkeys, policy, queries, second_factor, sessions, user_actions
from ats.clients.access import Do
from ats.clients.throttle import refuse_banned
from ats.errors import NotLoggedIn

router = Router(tags=["security"])
user_router = Router(tags=["security"])
policy_router = Router(tags=["security"])
_BACKEND = "ats.clients.backend.LoginBackend"


class FactorSecret(Schema):
    """`qr`: the address as a picture (SVG data address)."""

    secret: str
    uri: str
    qr: str


class FactorIn(Schema):
    secret: str
    code: str


class RecoveryCodes(Schema):
    """Shown this once only; each lets in once instead of a one-time code."""

    codes: list[str]


class PasswordProof(Schema):
    password: str


class PasskeyOut(Schema):
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(Schema):
    items: list[PasskeyOut]
    total: int


class CredentialOptions(Schema):
    """JSON of WebAuthn's options, for `PublicKeyCredential.parse…OptionsFromJSON`."""

    options: dict[str, Any]


class PasskeyIn(Schema):
    name: str
    credential: dict[str, Any]


class PasskeyLogin(Schema):
    credential: dict[str, Any]


class SessionRow(Schema):
    id: int
    address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    current: bool


class SessionRows(Schema):
    items: list[SessionRow]
    total: int


class PolicyShape(Schema):
    """`second_factor_roles`: roles whose users must set a second factor up first."""

    second_factor_roles: list[str] = []
    password_length: int = 8


@router.post("/factor/secret", response={200: FactorSecret, **ERRORS}, auth=Gate(Do.SELF, in_person=True))
def new_factor_secret(request: ApiRequest) -> dict[str, Any]:
    """A secret for an authenticator application; nothing is switched on yet."""
    secret, uri = second_factor.new_secret(request.auth)
    return {"secret": secret, "uri": uri, "qr": segno.make(uri, error="m").svg_data_uri(scale=5)}


@router.post("/factor", response={201: RecoveryCodes, **ERRORS}, auth=Gate(Do.SELF, in_person=True))
def set_up_factor(request: ApiRequest, payload: FactorIn) -> Status[dict[str, Any]]:
    """Switch one-time codes on, proved by a first code."""
    return Status(201, {"codes": second_factor.set_up(request.auth, payload.secret, payload.code)})


@router.post("/factor/off", response={204: None, **ERRORS}, auth=Gate(Do.SELF, in_person=True))
def switch_factor_off(request: ApiRequest, payload: PasswordProof) -> Status[None]:
    """Switch one's own one-time codes off; the password is asked again."""
    second_factor.switch_off(request.auth, request.auth, payload.password)
    return Status(204, None)


@router.get("/passkeys", response={200: PasskeyList, **ERRORS}, auth=Gate(Do.SELF))
def list_passkeys(request: ApiRequest) -> dict[str, Any]:
    """One's own passkeys."""
    items = passkeys.passkeys_of(request.auth)
    return {"items": items, "total": len(items)}


@router.post(
    "/passkeys/options", response={200: CredentialOptions, **ERRORS}, auth=Gate(Do.SELF, in_person=True)
)
def passkey_options(request: ApiRequest) -> dict[str, Any]:
    """What the browser needs to make a passkey for this user."""
    options, request.session["passkey_new"] = passkeys.registration_options(request.auth, _host(request))
    return {"options": json.loads(options)}


@router.post("/passkeys", response={201: PasskeyOut, **ERRORS}, auth=Gate(Do.SELF, in_person=True))
def create_passkey(request: ApiRequest, payload: PasskeyIn) -> Status[dict[str, Any]]:
    """Store the passkey the browser has made."""
    challenge = str(request.session.pop("passkey_new", ""))
    passkeys.register(
        request.auth, payload.name, payload.credential, challenge, _host(request), _origin(request)
    )
    return Status(201, passkeys.passkeys_of(request.auth)[0])


@router.delete("/passkeys/{int:passkey_id}", response={204: None, **ERRORS}, auth=Gate(Do.SELF))
def delete_passkey(request: ApiRequest, passkey_id: int) -> Status[None]:
    """Remove one of one's own passkeys."""
    passkeys.remove(request.auth, passkey_id)
    return Status(204, None)


@router.post("/login/passkey/options", response={200: CredentialOptions, **ERRORS}, auth=None)
def passkey_login_options(request: HttpRequest) -> dict[str, Any]:
    """What the browser needs to log in with a passkey."""
    require_csrf(request)
    options, request.session["passkey_login"] = passkeys.login_options(_host(request))
    return {"options": json.loads(options)}


@router.post("/login/passkey", response={200: UserMe, **ERRORS}, auth=None)
def passkey_login(request: HttpRequest, payload: PasskeyLogin) -> dict[str, Any]:
    """Start a session with a passkey: no password, no code."""
    require_csrf(request)
    refuse_banned(request.META.get("REMOTE_ADDR", ""))
    challenge = request.session.pop("passkey_login", None)
    if challenge is None:
        raise NotLoggedIn("bad_passkey")
    user = passkeys.user_by_passkey(payload.credential, str(challenge), _host(request), _origin(request))
    start_session(request, user, backend=_BACKEND)
    sessions.note(request, user)
    return me(user)


@router.get("/sessions", response={200: SessionRows, **ERRORS}, auth=Gate(Do.SELF))
def list_own_sessions(request: ApiRequest) -> dict[str, Any]:
    """Where one is logged in oneself."""
    items = sessions.sessions_of(request.auth, request.session.session_key)
    return {"items": items, "total": len(items)}


@router.delete("/sessions", response={204: None, **ERRORS}, auth=Gate(Do.SELF))
def end_other_sessions(request: ApiRequest) -> Status[None]:
    """End every session of oneself but this one."""
    sessions.end(request.auth, request.auth, keep=request.session.session_key)
    return Status(204, None)


@router.delete("/sessions/{int:session_id}", response={204: None, **ERRORS}, auth=Gate(Do.SELF))
def end_own_session(request: ApiRequest, session_id: int) -> Status[None]:
    """End one of one's own sessions."""
    sessions.end(request.auth, request.auth, session_id)
    return Status(204, None)


@user_router.get(
    "/{int:client_id}/users/{int:user_id}/sessions",
    response={200: SessionRows, **ERRORS},
    auth=Gate(Do.USERS_VIEW),
)
def list_user_sessions(request: ApiRequest, client_id: int, user_id: int) -> dict[str, Any]:
    """Where a user is logged in."""
    items = sessions.sessions_of(queries.user(user_id), request.session.session_key)
    return {"items": items, "total": len(items)}


@user_router.delete(
    "/{int:client_id}/users/{int:user_id}/sessions",
    response={204: None, **ERRORS},
    auth=Gate(Do.USERS_CHANGE),
)
def end_user_sessions(request: ApiRequest, client_id: int, user_id: int) -> Status[None]:
    """End every session of a user."""
    sessions.end(request.auth, user_actions.changeable(request.auth, user_id))
    return Status(204, None)


@user_router.delete(
    "/{int:client_id}/users/{int:user_id}/factor",
    response={204: None, **ERRORS},
    auth=Gate(Do.USERS_CHANGE),
)
def reset_user_factor(request: ApiRequest, client_id: int, user_id: int) -> Status[None]:
    """Switch a user's one-time codes off: he has lost his telephone."""
    second_factor.switch_off(request.auth, user_actions.changeable(request.auth, user_id), None)
    return Status(204, None)


@policy_router.get("", response={200: PolicyShape, **ERRORS}, auth=Gate(Do.SYSTEM))
def get_policy(request: ApiRequest) -> dict[str, Any]:
    """The operator's rules for log-ins."""
    found = policy.policy()
    return {
        "second_factor_roles": found.second_factor_roles,
        "password_length": found.password_length,
    }


@policy_router.patch("", response={200: PolicyShape, **ERRORS}, auth=Gate(Do.SYSTEM))
def update_policy(request: ApiRequest, payload: PolicyShape) -> dict[str, Any]:
    """Change the operator's rules for log-ins."""
    policy.update_policy(request.auth, payload.model_dump(exclude_unset=True))
    return get_policy(request)


def _host(request: HttpRequest) -> str:
    """The name the browser used, without its port: WebAuthn's relying party."""
    return request.get_host().rsplit(":", 1)[0]


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
