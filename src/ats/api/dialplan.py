"""The dialplan of a number: read it, save it whole, and what its steps may point at (S87-S113)."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.limits import CallsOut
from ats.api.numbers import NumberOut
from ats.api.shapes import ERRORS, ExtrasShape, Id, Provisioning
from ats.clients.access import Do
from ats.engine import queries as engine
from ats.numbering import dialplan_actions, dialplan_queries, queries

router = Router(tags=["dialplan"])


class PortAction(Schema):
    kind: Literal["port"]
    port_id: Id


class SoundAction(Schema):
    kind: Literal["sound"]
    sound_id: Id


class NumberAction(Schema):
    kind: Literal["number"]
    number_id: Id


class HangupAction(Schema):
    kind: Literal["hangup"]
    cause: int = 16


class RingAction(Schema):
    """Several ports and forwarding numbers at once."""

    kind: Literal["ring"]
    port_ids: list[Id] = []
    forwarding_ids: list[Id] = []


class ForwardingAction(Schema):
    kind: Literal["forwarding"]
    forwarding_id: Id


class QueueAction(Schema):
    kind: Literal["queue"]
    queue_id: Id


class MenuAction(Schema):
    kind: Literal["menu"]
    menu_id: Id


class ClassifierAction(Schema):
    """Its targets are `found` and `not_found`."""

    kind: Literal["classifier"]
    classifier_id: Id


class MailboxAction(Schema):
    kind: Literal["mailbox"]
    mailbox_id: Id


class FaxAction(Schema):
    kind: Literal["fax"]


class ConferenceAction(Schema):
    kind: Literal["conference"]
    conference_id: Id


class PinAction(Schema):
    kind: Literal["pin"]


class CallbackAction(Schema):
    kind: Literal["callback"]
    number_id: Id


Action = Annotated[
    PortAction
    | RingAction
    | ForwardingAction
    | QueueAction
    | MenuAction
    | SoundAction
    | ClassifierAction
    | MailboxAction
    | FaxAction
    | ConferenceAction
    | PinAction
    | CallbackAction
    | NumberAction
    | HangupAction,
    Field(discriminator="kind"),
]


class Targets(Schema):
    """Level numbers; null: not set, the call ends there. A level that does not exist is legal (S105)."""

    forward: int | None = None
    after_answer: int | None = None
    no_answer: int | None = None
    busy: int | None = None
    no_route: int | None = None
    found: int | None = None
    not_found: int | None = None


class StepLimits(CallsOut):
    """Limits of one element (S114): calls in it at once, seconds of a call; and, for a step that leads calls outside,
    of those calls.
    """

    lines: int | None = None
    duration_s: int | None = None


class CalendarShape(Schema):
    """When the step applies: days 1 (Monday) to 7, window [from, to), dates inclusive, holidays any | only | except."""

    days: list[int] = [1, 2, 3, 4, 5, 6, 7]
    time_from: str = "00:00"
    time_to: str = "24:00"
    date_from: date | None = None
    date_to: date | None = None
    holidays: str = "any"


class StepIn(Schema):
    """Without `id` it is a new step."""

    id: Id | None = None
    level: int
    action: Action
    timeout_s: int | None = None
    targets: Targets = Targets()
    calendar: CalendarShape = CalendarShape()
    extras: ExtrasShape | None = None
    limits: StepLimits | None = None
    x: int | None = None
    y: int | None = None


class StepOut(Schema):
    """`title` names what the action leads to, e.g. «SIP Линия 1»."""

    id: int
    level: int
    action: Action
    timeout_s: int | None
    targets: Targets
    calendar: CalendarShape
    extras: ExtrasShape | None
    limits: StepLimits | None
    x: int | None
    y: int | None
    title: str


class DialplanIn(Schema):
    """`revision` is the one that was read; array order is the order of creation (S98)."""

    revision: int
    steps: list[StepIn]


class DialplanOut(Schema):
    number: NumberOut
    revision: int
    steps: list[StepOut]


class DialplanSaved(DialplanOut):
    provisioning: Provisioning


def _dialplan(request: ApiRequest, number_id: int) -> dict[str, Any]:
    number = queries.number(number_id)
    return {
        "number": queries.number_rows([number], request.auth.language)[0],
        "revision": number.revision,
        "steps": dialplan_queries.step_rows(number_id, request.auth.language),
    }


@router.get(
    "/{int:client_id}/numbers/{int:number_id}/dialplan",
    response={200: DialplanOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_dialplan(request: ApiRequest, client_id: int, number_id: int) -> dict[str, Any]:
    """The steps of a number in order of creation."""
    return _dialplan(request, number_id)


@router.put(
    "/{int:client_id}/numbers/{int:number_id}/dialplan",
    response={200: DialplanSaved, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def save_dialplan(request: ApiRequest, client_id: int, number_id: int, payload: DialplanIn) -> dict[str, Any]:
    """Save the whole dialplan. 409 `changed`: somebody saved in between; nothing was overwritten."""
    steps = [step.model_dump() for step in payload.steps]
    dialplan_actions.save_dialplan(request.auth, number_id, payload.revision, steps)
    return {**_dialplan(request, number_id), "provisioning": engine.provisioning(client_id)}
