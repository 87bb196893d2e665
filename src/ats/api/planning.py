"""What helps to draw a dialplan: simulate, lint, versions, and how many calls went where today."""

from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ats.api import live
from ats.api.dialplan import DialplanSaved, StepIn, _dialplan
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.messages import text
from ats.api.shapes import ERRORS, Id
from ats.calls.overlay import overlay, under_way
from ats.clients.access import Do
from ats.dialplan.lint import Warning, lint
from ats.dialplan.model import ClientPlan, Outcome
from ats.engine import queries as engine
from ats.engine.watching import watch
from ats.errors import invalid
from ats.numbering import dialplan_actions, drafts, queries, simulation, versions
from ats.numbering.models import DialplanVersion

router = Router(tags=["dialplan"])
_NUMBER = "/{int:client_id}/numbers/{int:number_id}"

OutcomeName = Literal["after_answer", "no_answer", "busy", "no_route"]


class Assumed(Schema):
    """How the action of a step ends. A step of the draft without id is named by its place, from 0."""

    step_id: Id | None = None
    place: int | None = Field(None, ge=0, le=1000)
    outcome: OutcomeName


class SimulateIn(Schema):
    """`at` without a zone is wall-clock time of the number; none: now. With `steps` that draft, not what is saved."""

    caller: str = Field("", max_length=40)
    at: datetime | None = None
    outcomes: list[Assumed] = Field([], max_length=1000)
    steps: list[StepIn] | None = None


class Passed(Schema):
    """A step that does not apply: dates | holidays | day | time."""

    step_id: int | None
    place: int | None
    why: str


class StageOut(Schema):
    """One stage: `step_id`, or for an unsaved step of a draft its `place`; `via` the arrow that led here."""

    kind: str
    number_id: int
    number: str
    step_id: int | None
    place: int | None
    level: int | None
    via: str | None
    passed: list[Passed]
    reason: str


class SimulateOut(Schema):
    """`path` as the engine would write it; `cause` (Q.850) what the caller is given in the end."""

    path: str
    cause: int
    stages: list[StageOut]


class DraftIn(Schema):
    steps: list[StepIn]


class WarningOut(Schema):
    """`message` in the user's language; `place`: of a step of the draft without id."""

    code: str
    message: str
    step_id: int | None
    place: int | None
    level: int | None


class Warnings(Schema):
    items: list[WarningOut]


class NumberWarnings(Schema):
    number_id: int
    number: str
    items: list[WarningOut]


class ClientWarnings(Schema):
    """Only numbers that have some."""

    items: list[NumberWarnings]


class VersionOut(Schema):
    revision: int
    at: datetime
    author: str
    steps_count: int


class VersionDetail(VersionOut):
    """`steps` as `get_dialplan` gave them then."""

    steps: list[dict[str, Any]]


class Difference(Schema):
    """One line for each step that differs."""

    lines: list[str]


class RestoreIn(Schema):
    """`revision` is the one that was read, as for a save."""

    revision: int


class StepCalls(Schema):
    step_id: int
    calls: int


class ArrowCalls(Schema):
    """`to_id` null: the call ended there."""

    from_id: int
    via: str
    to_id: int | None
    calls: int


class CallsNow(Schema):
    """Calls in progress: each at the step it is at, and at the arrow that led it there."""

    calls: int
    steps: list[StepCalls]
    arrows: list[ArrowCalls]


class Overlay(Schema):
    """Ended calls since midnight of the number's day; `now`: those in progress, about a second ago."""

    since: datetime
    now: CallsNow
    calls: int
    steps: list[StepCalls]
    arrows: list[ArrowCalls]


def _place(step_id: int | None) -> dict[str, int | None]:
    if step_id is not None and step_id >= drafts.UNSAVED:
        return {"step_id": None, "place": step_id - drafts.UNSAVED}
    return {"step_id": step_id, "place": None}


def _draft(client_id: int, number_id: int, steps: list[StepIn] | None) -> ClientPlan:
    given = None if steps is None else [step.model_dump() for step in steps]
    return drafts.plan_with(client_id, queries.number(number_id), given)


def _warning(found: Warning, language: str) -> dict[str, Any]:
    day, minute = divmod(found.minute or 0, 1440)
    days = text("lint_days", language).split()
    clock = f"{days[day]} {minute // 60:02d}:{minute % 60:02d}"
    way = " → ".join(map(str, found.way))
    message = text(
        f"lint_{found.code}",
        language,
        {"level": found.level or 0, "clock": clock, "way": way, "key": found.key},
    )
    return {"code": found.code, "message": message, "level": found.level, **_place(found.step_id)}


@router.post(f"{_NUMBER}/simulate", response={200: SimulateOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def simulate_call(request: ApiRequest, client_id: int, number_id: int, payload: SimulateIn) -> dict[str, Any]:
    """The way an imagined call takes, with a reason for each arrow."""
    plan = _draft(client_id, number_id, payload.steps)
    number = next((one for one in plan.numbers if one.id == number_id), None)
    if number is None:
        raise invalid("number_id", "inactive_client")
    at = payload.at or timezone.now()
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(number.time_zone))
    if not 1990 <= at.year <= 2200:
        raise invalid("at", "not_moment")
    outcomes: dict[int, Outcome] = {}
    for one in payload.outcomes:
        step_id = one.step_id or drafts.UNSAVED + (one.place or 0)
        outcomes[step_id] = simulation.OUTCOMES[one.outcome]
    found = simulation.run(plan, number_id, payload.caller, at, outcomes, request.auth.language)
    for stage in found["stages"]:
        stage |= _place(stage["step_id"])
        for one in stage["passed"]:
            one |= _place(one["step_id"])
    return found


@router.get(f"{_NUMBER}/lint", response={200: Warnings, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def lint_dialplan(request: ApiRequest, client_id: int, number_id: int) -> dict[str, Any]:
    """What is probably not meant in the saved dialplan of a number."""
    return _lint(request, _draft(client_id, number_id, None), number_id)


@router.post(f"{_NUMBER}/lint", response={200: Warnings, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def lint_draft(request: ApiRequest, client_id: int, number_id: int, payload: DraftIn) -> dict[str, Any]:
    """The same for a draft that is not saved."""
    return _lint(request, _draft(client_id, number_id, payload.steps), number_id)


def _lint(request: ApiRequest, plan: ClientPlan, number_id: int) -> dict[str, Any]:
    if all(number.id != number_id for number in plan.numbers):
        return {"items": []}
    return {"items": [_warning(one, request.auth.language) for one in lint(plan, number_id)]}


@router.get("/{int:client_id}/lint", response={200: ClientWarnings, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def lint_client(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Warnings of all numbers of the client, for the overview."""
    plan = queries.client_plan(client_id)
    found = ((number, lint(plan, number.id)) for number in plan.numbers)
    return {
        "items": [
            {
                "number_id": number.id,
                "number": number.digits,
                "items": [_warning(one, request.auth.language) for one in warnings],
            }
            for number, warnings in found
            if warnings
        ]
    }


@router.get(f"{_NUMBER}/versions", response={200: Listed[VersionOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def list_versions(request: ApiRequest, client_id: int, number_id: int, page: Query[Page]) -> dict[str, Any]:
    """Every save of the dialplan, the newest first."""
    found = DialplanVersion.objects.filter(number=queries.number(number_id))
    sorts = {"revision": "revision", "at": "at"}
    rows, total = page_of(found, page, search=("author_login",), sorts=sorts, default="-revision")
    return {"items": [versions.version_row(row) for row in rows], **total}


@router.get(
    _NUMBER + "/versions/{int:revision}", response={200: VersionDetail, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_version(request: ApiRequest, client_id: int, number_id: int, revision: int) -> dict[str, Any]:
    """One version with its steps."""
    queries.number(number_id)
    found = versions.version(number_id, revision)
    return {**versions.version_row(found), "steps": found.steps}


@router.get(
    _NUMBER + "/versions/{int:revision}/diff", response={200: Difference, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def diff_versions(
    request: ApiRequest, client_id: int, number_id: int, revision: int, against: int | None = None
) -> dict[str, Any]:
    """What changed from version `against` (the one before) to `revision`, in words; version 0 is empty."""
    queries.number(number_id)
    against = revision - 1 if against is None else against
    before = versions.version(number_id, against).steps if against else []
    after = versions.version(number_id, revision).steps
    return {"lines": versions.difference(before, after, request.auth.language)}


@router.post(
    _NUMBER + "/versions/{int:revision}/restore",
    response={200: DialplanSaved, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def restore_version(
    request: ApiRequest, client_id: int, number_id: int, revision: int, payload: RestoreIn
) -> dict[str, Any]:
    """Save an old version once more; 409 `changed` as for a save."""
    dialplan_actions.restore_dialplan(request.auth, number_id, payload.revision, revision)
    return {**_dialplan(request, number_id), "provisioning": engine.provisioning(client_id)}


@router.get(f"{_NUMBER}/overlay", response={200: Overlay, **ERRORS}, auth=Gate(Do.CALLS_VIEW))
def get_overlay(request: ApiRequest, client_id: int, number_id: int) -> dict[str, Any]:
    """Calls of today and of this moment on each step and each arrow of a number."""
    number = queries.number(number_id)
    zone = ZoneInfo(number.time_zone or request.client.time_zone)
    midnight = timezone.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight.astimezone(UTC)
    found = overlay(number_id, since)
    watch(client_id)
    paths = live.channels(client_id, live.own_numbers()).exclude(path="").values_list("path", flat=True)
    now = under_way(paths, number_id)
    for arrow in (*found["arrows"], *now["arrows"]):
        arrow["via"] = simulation.VIA[Outcome(arrow.pop("letter"))]
    return {"since": since, "now": now, **found}
