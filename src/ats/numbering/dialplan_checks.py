"""What a saved dialplan must look like (S87-S113): steps as the API gives them → fields of `Step`.

Pure but for the sets of ids that steps may point at, which the action reads beforehand.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ats import checks
from ats.dialplan.extras import Extras
from ats.errors import Fault, Invalid
from ats.limits.actions import STEP_CHECKS
from ats.numbering.models import Step
from ats.numbering.step_kinds import FIELDS, KINDS

MAX_STEPS = 500
MAX_LEVEL = 9999
MAX_TIMEOUT_S = 3600
MAX_PLACE = 1_000_000
# Q.850 causes a caller may be given
CAUSES = (1, 16, 17, 19, 20, 21, 27, 34, 38, 42)

_TARGETS = {
    "forward": "on_forward",
    "after_answer": "on_answer",
    "no_answer": "on_no_answer",
    "busy": "on_busy",
    "no_route": "on_no_route",
    "found": "on_found",
    "not_found": "on_not_found",
}
# Kinds of steps by which calls may leave the exchange; the others have no limits on such calls.
LEADING_OUT = (
    Step.Action.FORWARDING, Step.Action.RING, Step.Action.QUEUE, Step.Action.PIN, Step.Action.CALLBACK,
)  # fmt: skip
MAX_RINGING = 20
MAX_LINES = 10_000
MAX_DURATION_S = 86_400
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


@dataclass(frozen=True, slots=True)
class Reachable:
    """Ids of the client's own things that a step may lead to, by foreign key of Step, and of the steps
    the number has now."""

    things: Mapping[str, frozenset[int]]
    steps: frozenset[int]


def step_fields(steps: Sequence[Mapping[str, Any]], reachable: Reachable) -> list[dict[str, Any]]:
    """Fields of each step in order; `id` is None for a new one. Raises Invalid with every fault there is."""
    if len(steps) > MAX_STEPS:
        raise Invalid({"steps": Fault("too_many", {"max": MAX_STEPS})})
    faults: dict[str, Fault] = {}
    seen: set[int] = set()
    result = []
    for index, step in enumerate(steps):
        reader = _Reader(step, f"steps.{index}", faults)
        fields = {
            "level": reader.take("level", checks.whole(1, MAX_LEVEL)),
            "timeout_s": reader.take("timeout_s", checks.whole(1, MAX_TIMEOUT_S, optional=True)),
            "x": reader.take("x", checks.whole(-MAX_PLACE, MAX_PLACE, optional=True)),
            "y": reader.take("y", checks.whole(-MAX_PLACE, MAX_PLACE, optional=True)),
            "extras": _extras(step.get("extras")),
            "limits": _limits(reader.part("limits"), step),
            **_targets(reader.part("targets")),
            **_calendar(reader.part("calendar")),
            **_action(reader.part("action"), reachable),
        }
        step_id = step.get("id")
        if step_id is not None and step_id not in reachable.steps:
            reader.fault("id", "unknown_step")
        elif step_id is not None and step_id in seen:
            reader.fault("id", "twice")
        seen.add(step_id or 0)
        result.append({"id": step_id, **fields})
    if faults:
        raise Invalid(faults)
    return result


class _Reader:
    """One object of the request: takes checked values out of it and notes faults under its path."""

    def __init__(self, values: Mapping[str, Any], path: str, faults: dict[str, Fault]) -> None:
        self.values, self.path, self.faults = values, path, faults

    def part(self, name: str) -> "_Reader":
        return _Reader(self.values.get(name) or {}, f"{self.path}.{name}", self.faults)

    def take(self, name: str, check: Callable[[Any], Any]) -> Any:
        try:
            return check(self.values.get(name))
        except checks.Bad as bad:
            self.faults[f"{self.path}.{name}"] = bad.fault
            return None

    def fault(self, name: str, code: str, **params: str | int) -> None:
        self.faults[f"{self.path}.{name}"] = Fault(code, params)


def _extras(given: Mapping[str, Any] | None) -> dict[str, bool] | None:
    return None if given is None else Extras.of(given).stored()


def _limits(reader: _Reader, step: Mapping[str, Any]) -> dict[str, Any] | None:
    """Limits of this element (S114), null when there is none: `lines`, `duration_s`, and those of the calls it leads
    outside, where it leads any."""
    found = {
        name: reader.take(name, checks.whole(1, highest, optional=True))
        for name, highest in (("lines", MAX_LINES), ("duration_s", MAX_DURATION_S))
    }
    given = {name: check for name, check in STEP_CHECKS.items() if reader.values.get(name) not in (None, [])}
    for name, check in given.items():
        found[name] = reader.take(name, check)
    kind = (step.get("action") or {}).get("kind")
    if given and kind not in LEADING_OUT:
        reader.fault(next(iter(given)), "no_limit_here")
    return {name: value for name, value in found.items() if value is not None} or None


def _targets(reader: _Reader) -> dict[str, int | None]:
    """Any level is legal as a target, a missing one too (S105)."""
    level = checks.whole(1, MAX_LEVEL, optional=True)
    return {field: reader.take(name, level) for name, field in _TARGETS.items()}


def _action(reader: _Reader, reachable: Reachable) -> dict[str, Any]:
    """Foreign keys of the step; `ringing` lists (port id, forwarding id) of a «ring» step's members."""
    fields: dict[str, Any] = {f"{name}_id": None for name in FIELDS} | {"cause": None, "ringing": []}
    action = reader.take("kind", checks.one_of(KINDS))
    fields["action"] = action
    if action == Step.Action.HANGUP:
        fields["cause"] = reader.take("cause", _cause)
    elif action == Step.Action.RING:
        ports = reader.take("port_ids", _some_among(reachable.things["port"])) or []
        forwardings = reader.take("forwarding_ids", _some_among(reachable.things["forwarding"])) or []
        if not ports and not forwardings:
            reader.fault("port_ids", "required")
        elif len(ports) + len(forwardings) > MAX_RINGING:
            reader.fault("port_ids", "too_many", max=MAX_RINGING)
        fields["ringing"] = [(port, None) for port in ports] + [(None, one) for one in forwardings]
    elif action is not None and (kind := KINDS[action]).field:
        fields[f"{kind.field}_id"] = reader.take(kind.key, _among(reachable.things[kind.field]))
    return fields


def _some_among(ids: frozenset[int]) -> checks.Check:
    def check(value: Any) -> list[int]:
        wanted = list(dict.fromkeys(value or []))
        if any(one not in ids for one in wanted):
            raise checks.Bad("not_own")
        return wanted

    return check


def _among(ids: frozenset[int]) -> checks.Check:
    def check(value: Any) -> int:
        if value is None:
            raise checks.Bad("required")
        if value not in ids:
            raise checks.Bad("not_own")
        return int(value)

    return check


def _cause(value: Any) -> int:
    if value not in CAUSES:
        raise checks.Bad("not_allowed", allowed=", ".join(map(str, CAUSES)))
    return int(value)


def _calendar(reader: _Reader) -> dict[str, Any]:
    start = reader.take("time_from", _minutes)
    end = reader.take("time_to", _minutes)
    if start == 1440:
        reader.fault("time_from", "bad_time")
    elif start is not None and start == end:
        reader.fault("time_to", "empty_window")
    date_from, date_to = reader.values.get("date_from"), reader.values.get("date_to")
    if date_from and date_to and date_to < date_from:
        reader.fault("date_to", "dates_reversed")
    return {
        "days": reader.take("days", _days),
        "time_from": start,
        "time_to": end,
        "date_from": date_from,
        "date_to": date_to,
        "holidays": reader.take("holidays", _holidays),
    }


def _holidays(value: Any) -> str:
    return str(checks.one_of(Step.Holidays.values)(Step.Holidays.ANY if value is None else value))


def _minutes(value: Any) -> int:
    """Minutes of the day from HH:MM; 24:00 is 1440."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise checks.Bad("bad_time")
    hours, minutes = value.split(":")
    return int(hours) * 60 + int(minutes)


def _days(value: Any) -> int:
    """Bits of days of the week, Monday = 1, from a list of 1..7."""
    if not isinstance(value, list) or not value:
        raise checks.Bad("no_days")
    if any(day not in range(1, 8) for day in value):
        raise checks.Bad("out_of_range", min=1, max=7)
    return sum(1 << (day - 1) for day in set(value))
