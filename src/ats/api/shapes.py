"""Shapes that several operations share."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any

from ninja import Field, Schema
from ninja.operation import Operation

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


_make: Any = Operation._create_response_model


@cache
def _shape(response_param: Any) -> type[Schema] | None:
    made: type[Schema] | None = _make(None, response_param)
    if made is not None:
        # Described once, too, and not for each operation and status: 1.5 → 0.4 s of CPU for the API's description.
        made.model_json_schema = cache(made.model_json_schema)  # type: ignore[method-assign, assignment]
    return made


def _shared(_: Operation, response_param: Any) -> type[Schema] | None:
    """One class for each kind of answer: nothing keeps anything in it.

    Ninja makes one for every status of every operation, 1,500 of them for one and the same `ErrorOut`: half a second
    of CPU at every start.
    """
    return _shape(response_param)


Operation._create_response_model = _shared  # type: ignore[method-assign, assignment]


def binary(*kinds: str, **more: str) -> dict[str, Any]:
    """`openapi_extra` of an operation that answers with a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {"responses": {200: {**more, "content": content}}}


class ErrorOut(Schema):
    """Every refusal looks like this; `message` and `fields` are in the user's language."""

    code: str
    message: str
    fields: dict[str, str] = {}


class NodeVersion(Schema):
    """What one engine node serves for a client."""

    node: str
    version: int
    active: bool
    active_at: datetime | None
    error: str


class Provisioning(Schema):
    """The client's saved version and what each node serves of it."""

    version: int
    nodes: list[NodeVersion]


class RegistrationOut(Schema):
    """State of a port's registration."""

    port_id: int
    client_id: int
    node: str
    status: str
    contact: str
    address: str
    user_agent: str
    rtt_ms: int | None
    expires_at: datetime | None
    updated_at: datetime


class Named(Schema):
    """Something to choose from: an id and what it is called."""

    id: int
    title: str


class CodeName(Schema):
    """A code and its name in the user's language."""

    code: str
    name: str


class ExtrasShape(Schema):
    """ДВО (S134-S143)."""

    transfer: bool = True
    pickup: bool = True
    hold: bool = True
    parking: bool = True
    record: bool = False
    record_on_demand: bool = False
    call_return: bool = False
    ring_only: bool = False
    video: bool = False
    replace_ringing: bool = False
    transfer_keys: bool = False


ERRORS = dict.fromkeys((401, 403, 404, 409, 422, 429), ErrorOut)
