"""Calling from elsewhere: PINs and known telephones of users (S234, S235), the callback web service (S236)."""

from typing import Any

from ninja import Field, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS
from ats.clients import queries as clients
from ats.clients import user_actions
from ats.clients.access import Do
from ats.engine import callbacks
from ats.engine.models import CallCommand
from ats.engine.watching import watch
from ats.errors import Missing
from ats.remote import actions, queries

router = Router(tags=["remote"])


class AccessOut(Schema):
    """`callers`: telephones by which the user is known, as +7…"""

    has_pin: bool
    callers: list[str]


class PinIn(Schema):
    """6 to 10 digits; "" has one made; null takes it away."""

    pin: str | None = None


class PinOut(Schema):
    """Shown this once only; null when it was taken away."""

    pin: str | None


class CallersIn(Schema):
    callers: list[str]


class CallBackIn(Schema):
    """Each is an internal number of the client, or a telephone in any usual way of writing."""

    from_: str = Field(alias="from")
    to: str


class CallBackOut(Schema):
    """`state`: new | done (the engine has taken it) | failed."""

    id: int
    state: str
    error: str


@router.get(
    "/{int:client_id}/users/{int:user_id}/remote",
    response={200: AccessOut, **ERRORS},
    auth=Gate(Do.USERS_VIEW),
)
def get_remote_access(request: ApiRequest, client_id: int, user_id: int) -> dict[str, Any]:
    """Whether a user has a PIN, and his telephones."""
    return queries.access_row(clients.user(user_id))


@router.put(
    "/{int:client_id}/users/{int:user_id}/remote/pin",
    response={200: PinOut, **ERRORS},
    auth=Gate(Do.USERS_CHANGE),
)
def set_user_pin(request: ApiRequest, client_id: int, user_id: int, payload: PinIn) -> dict[str, Any]:
    """Give a user a PIN, or take it away."""
    user = user_actions.changeable(request.auth, user_id)
    return {"pin": actions.set_pin(request.auth, user, payload.pin)}


@router.put(
    "/{int:client_id}/users/{int:user_id}/remote/callers",
    response={200: AccessOut, **ERRORS},
    auth=Gate(Do.USERS_CHANGE),
)
def set_user_callers(request: ApiRequest, client_id: int, user_id: int, payload: CallersIn) -> dict[str, Any]:
    """Set the telephones a user is known by; they are called back by a «callback» step."""
    user = user_actions.changeable(request.auth, user_id)
    actions.set_callers(request.auth, user, payload.callers)
    return queries.access_row(user)


@router.post(
    "/{int:client_id}/callback",
    response={202: CallBackOut, **ERRORS},
    auth=Gate(Do.CALL_BACK),
    by_alias=True,
)
def order_callback(request: ApiRequest, client_id: int, payload: CallBackIn) -> Status[dict[str, Any]]:
    """Call `from`; when it answers, connect it with `to`, at one's own account."""
    watch(client_id)  # agents take orders only where somebody looks
    order = callbacks.call_back(request.auth, client_id, payload.from_, payload.to)
    return Status(202, {"id": order, "state": CallCommand.State.NEW, "error": ""})


@router.get(
    "/{int:client_id}/callback/{int:command_id}",
    response={200: CallBackOut, **ERRORS},
    auth=Gate(Do.CALL_BACK),
)
def get_callback(request: ApiRequest, client_id: int, command_id: int) -> dict[str, Any]:
    """How one's own order goes."""
    found = CallCommand.objects.filter(
        pk=command_id, client_id=client_id, kind=CallCommand.Kind.CALLBACK, number_id=request.auth.pk
    ).first()
    if found is None:
        raise Missing
    return {"id": found.pk, "state": found.state, "error": found.error}
