"""The way of a call through the dialplan in words (Russian and English), for the card of a call."""

from collections.abc import Mapping
from typing import Any

from ats.billing.refusals import words as words_of
from ats.calls.limittext import Names, limit_text
from ats.dialplan.model import Outcome
from ats.dialplan.path import Kind, Word
from ats.numbering.models import Number, Step
from ats.numbering.titles import step_title

_WORDS = {
    "ru": {
        Outcome.FORWARD: "Переадресация",
        Outcome.ANSWERED: "После ответа",
        Outcome.NO_ANSWER: "Нет ответа",
        Outcome.BUSY: "По занято",
        Outcome.NO_ROUTE: "Нет маршрута",
        Outcome.FOUND: "Найден",
        Outcome.NOT_FOUND: "Не найден",
        Kind.ENTER: "Номер {number}",
        Kind.STEP: "{title}",
        Kind.NOT_SET: "конец: цель не задана",
        Kind.LEVEL_MISSING: "конец: уровня {level} нет",
        Kind.NO_STEP_NOW: "конец: на уровне {level} сейчас нет действующего шага",
        Kind.NO_STEPS: "конец: у номера нет шагов",
        Kind.LOOP: "петля: больше 100 шагов или слишком длинный путь",
        Kind.HANG_UP: "отбой с причиной {cause}",
        Kind.KEYS: "Нажато {digits}",
        Kind.OUT: "Выход на {digits}",
        Kind.TRUNK: "Через оператора",
        Kind.REFUSED: "не выпущен: {reason}",
        "gone_step": "шаг {id} (удалён)",
        "gone_number": "{id} (удалён)",
    },
    "en": {
        Outcome.FORWARD: "Forward",
        Outcome.ANSWERED: "After answer",
        Outcome.NO_ANSWER: "No answer",
        Outcome.BUSY: "Busy",
        Outcome.NO_ROUTE: "No route",
        Outcome.FOUND: "Found",
        Outcome.NOT_FOUND: "Not found",
        Kind.ENTER: "Number {number}",
        Kind.STEP: "{title}",
        Kind.NOT_SET: "end: target not set",
        Kind.LEVEL_MISSING: "end: there is no level {level}",
        Kind.NO_STEP_NOW: "end: no step of level {level} applies now",
        Kind.NO_STEPS: "end: the number has no steps",
        Kind.LOOP: "loop: more than 100 steps, or too long a path",
        Kind.HANG_UP: "hung up with cause {cause}",
        Kind.KEYS: "Pressed {digits}",
        Kind.OUT: "Out to {digits}",
        Kind.TRUNK: "Through an operator",
        Kind.REFUSED: "not let out: {reason}",
        "gone_step": "step {id} (removed)",
        "gone_number": "{id} (removed)",
    },
}
_VIA = {
    Outcome.FORWARD: "forward",
    Outcome.ANSWERED: "after_answer",
    Outcome.NO_ANSWER: "no_answer",
    Outcome.BUSY: "busy",
    Outcome.NO_ROUTE: "no_route",
    Outcome.FOUND: "found",
    Outcome.NOT_FOUND: "not_found",
}
_PLAIN = (Kind.ENTER, Kind.STEP, Kind.KEYS, Kind.OUT, Kind.TRUNK, Kind.UNKNOWN)


def path_item(
    word: Word, numbers: Mapping[int, Number], steps: Mapping[int, Step], language: str, names: Names
) -> dict[str, Any]:
    """One stage of the path: ids, titles and a line of text. Steps and numbers removed since are named by id.

    `names`: of the things whose limits were reached (`limittext.owner_names`).
    """
    words = _WORDS.get(language, _WORDS["ru"])
    number = numbers.get(word.number_id or 0)
    step = steps.get(word.step_id or 0)
    digits = number.digits if number else words["gone_number"].format(id=word.number_id)
    title = ""
    if word.step_id is not None:
        title = step_title(step, language) if step else words["gone_step"].format(id=word.step_id)
    text = word.text
    if template := words.get(word.kind):
        text = template.format(
            number=digits,
            title=title,
            level=word.level,
            cause=word.cause,
            digits=word.digits,
            reason=words_of(word.code or "", language),
        )
    elif word.kind is Kind.LIMIT:
        text = limit_text(word, names, language)
    if word.via is not None:
        text = f"{words[word.via]} → {text}"
    return {
        "number": digits if word.number_id is not None else None,
        "number_id": word.number_id,
        "step_id": word.step_id,
        "step_title": title or None,
        "level": step.level if step else word.level,
        "via": _VIA[word.via] if word.via is not None else None,
        "end": None if word.kind in _PLAIN else str(word.kind),
        "text": text,
    }
