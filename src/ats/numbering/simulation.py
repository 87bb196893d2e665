"""«Что будет, если …»: the walk of an imagined call, with a reason for each arrow in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ats.classifiers.queries import knows
from ats.dialplan.calendar import Miss
from ats.dialplan.model import CallBack, Classify, ClientPlan, DialPort, GoNumber, HangUp, Outcome, Step
from ats.dialplan.path import Kind, parse
from ats.dialplan.simulator import Stage, simulate
from ats.numbering import e164

_MISS = {
    "ru": {
        Miss.DATES: "не те даты",
        Miss.HOLIDAYS: "не подходит по праздникам",
        Miss.DAY: "не тот день недели",
        Miss.TIME: "не то время",
    },
    "en": {
        Miss.DATES: "other dates",
        Miss.HOLIDAYS: "holidays do not fit",
        Miss.DAY: "another day of the week",
        Miss.TIME: "another time of day",
    },
}
_WORDS = {
    "ru": {
        Kind.ENTER: "вызов входит в диалплан номера",
        Kind.STEP: "первый по порядку создания шаг уровня {level}, который действует в {local}",
        Kind.NOT_SET: "цель этого условия не задана: вызов заканчивается",
        Kind.LEVEL_MISSING: "уровня {level} нет: вызов заканчивается",
        Kind.NO_STEP_NOW: "на уровне {level} в {local} не действует ни один шаг",
        Kind.NO_STEPS: "у номера нет шагов",
        Kind.LOOP: "петля: больше 100 шагов или слишком длинный путь",
        Kind.HANG_UP: "отбой",
        "first": "самый низкий уровень — {level}",
        "passed": "пропущено: {steps}",
        Outcome.FORWARD: "задана «Переадресация»: действие не выполняется",
        Outcome.ANSWERED: "действие завершено",
        Outcome.NO_ANSWER: "никто не ответил за {timeout} с",
        Outcome.BUSY: "занято",
        Outcome.NO_ROUTE: "не зарегистрирован или недоступен",
        Outcome.FOUND: "номер звонящего есть в классификаторе",
        Outcome.NOT_FOUND: "номера звонящего в классификаторе нет",
        "off": "порт выключен",
        "inner": "так закончился вложенный номер",
        "assumed": " (предположено)",
    },
    "en": {
        Kind.ENTER: "the call enters the number's dialplan",
        Kind.STEP: "the first step of level {level} in order of creation that applies at {local}",
        Kind.NOT_SET: "this condition has no target: the call ends",
        Kind.LEVEL_MISSING: "there is no level {level}: the call ends",
        Kind.NO_STEP_NOW: "no step of level {level} applies at {local}",
        Kind.NO_STEPS: "the number has no steps",
        Kind.LOOP: "loop: more than 100 steps, or too long a path",
        Kind.HANG_UP: "hang up",
        "first": "the lowest level is {level}",
        "passed": "passed over: {steps}",
        Outcome.FORWARD: "“Forward” is set: the action is not done",
        Outcome.ANSWERED: "the action is completed",
        Outcome.NO_ANSWER: "nobody answered in {timeout} s",
        Outcome.BUSY: "busy",
        Outcome.NO_ROUTE: "not registered or unreachable",
        Outcome.FOUND: "the caller is in the classifier",
        Outcome.NOT_FOUND: "the caller is not in the classifier",
        "off": "the port is switched off",
        "inner": "so the number inside ended",
        "assumed": " (assumed)",
    },
}
VIA = {
    Outcome.FORWARD: "forward",
    Outcome.ANSWERED: "after_answer",
    Outcome.NO_ANSWER: "no_answer",
    Outcome.BUSY: "busy",
    Outcome.NO_ROUTE: "no_route",
    Outcome.FOUND: "found",
    Outcome.NOT_FOUND: "not_found",
}
OUTCOMES = {name: outcome for outcome, name in VIA.items()}
RING_S = 120


def run(
    plan: ClientPlan,
    number_id: int,
    caller: str,
    when: datetime,
    outcomes: Mapping[int, Outcome],
    language: str,
) -> dict[str, Any]:
    """The walk as the API shows it. `caller`: as it is written; `outcomes`: how the actions of steps end, «после
    ответа» where nothing is said. A classifier is asked for real."""
    digits = _digits(caller, plan.area_code)

    def decide(step: Step) -> Outcome:
        if isinstance(step.action, Classify):
            found = bool(digits) and knows(step.action.classifier_id, digits)
            return Outcome.FOUND if found else Outcome.NOT_FOUND
        return outcomes.get(step.id, Outcome.ANSWERED)

    walk = simulate(plan, number_id, when, decide)
    telling = _Telling(plan, when, language)
    return {
        "path": walk.path,
        "cause": walk.cause,
        "stages": [telling.row(stage, kind) for stage, kind in _kinds(walk.stages)],
    }


def _kinds(stages: tuple[Stage, ...]) -> list[tuple[Stage, Kind]]:
    found = []
    for stage in stages:
        [*_, last] = parse(stage.word)
        found.append((stage, last.kind))
    return found


class _Telling:
    """Puts stages into words; remembers the step before, whose outcome an arrow is."""

    def __init__(self, plan: ClientPlan, when: datetime, language: str) -> None:
        self._zones = {number.id: ZoneInfo(number.time_zone) for number in plan.numbers}
        self._digits = {number.id: number.digits for number in plan.numbers}
        self._when = when
        self._language = language if language in _WORDS else "ru"
        self._words = _WORDS[self._language]
        self._last: dict[int, Step] = {}

    def row(self, stage: Stage, kind: Kind) -> dict[str, Any]:
        reasons = [self._arrow(stage)] if stage.via is not None else []
        if kind is Kind.STEP and stage.via is None:
            reasons.append(self._say("first", stage))
        if kind is not Kind.STEP or stage.via is None or stage.passed:
            reasons.append(self._say(kind, stage))
        if stage.passed:
            misses = _MISS[self._language]
            steps = ", ".join(f"#{step.id} — {misses[miss]}" for step, miss in stage.passed)
            reasons.append(self._words["passed"].format(steps=steps))
        if stage.step is not None and kind is Kind.STEP:
            self._last[stage.number_id] = stage.step
        return {
            "kind": str(kind),
            "number_id": stage.number_id,
            "number": self._digits.get(stage.number_id, ""),
            "step_id": stage.step.id if stage.step is not None and kind is Kind.STEP else None,
            "level": stage.level,
            "via": VIA[stage.via] if stage.via is not None else None,
            "passed": [{"step_id": step.id, "why": str(miss)} for step, miss in stage.passed],
            "reason": "; ".join(reasons),
        }

    def _arrow(self, stage: Stage) -> str:
        step, via = self._last.get(stage.number_id), stage.via
        assert via is not None
        if step is None:
            return ""
        match step.action:
            case _ if via is Outcome.FORWARD:
                return self._words[via]
            case DialPort(is_active=False):
                return self._words["off"]
            case GoNumber():
                return self._words["inner"]
            case Classify() | HangUp() | CallBack():
                return self._words[via]
            case _:
                said = self._words[via].format(timeout=step.timeout_s or RING_S)
                return said + self._words["assumed"]

    def _say(self, key: Any, stage: Stage) -> str:
        zone = self._zones.get(stage.number_id)
        local = self._when.astimezone(zone)
        days = {"ru": "пн вт ср чт пт сб вс", "en": "Mon Tue Wed Thu Fri Sat Sun"}[self._language].split()
        clock = f"{days[local.weekday()]} {local:%d.%m.%Y %H:%M}"
        return str(self._words.get(key, stage.word)).format(level=stage.level, local=clock)


def _digits(caller: str, area_code: str) -> str:
    """The caller as the engine would know him; an internal number or nonsense is in no classifier."""
    try:
        return e164.normalise(caller, area_code)
    except e164.NotANumber:
        return ""
