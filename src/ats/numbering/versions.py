"""Versions of a dialplan: every save is one; two can be compared in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ats.clients.models import User
from ats.errors import Missing
from ats.numbering.dialplan_queries import step_rows
from ats.numbering.models import DialplanVersion, Number

_WORDS = {
    "ru": {
        "added": "добавлен шаг: уровень {level}, {title}",
        "removed": "удалён шаг: уровень {level}, {title}",
        "changed": "уровень {level}, {title}: {what}",
        "order": "порядок создания изменён",
        "level": "уровень", "title": "действие", "timeout_s": "таймаут, с", "extras": "ДВО", "limits": "ограничения",
        "forward": "«Переадресация»", "after_answer": "«После ответа»", "no_answer": "«Нет ответа»",
        "busy": "«По занято»", "no_route": "«Нет маршрута»", "found": "«Найден»", "not_found": "«Не найден»",
        "days": "дни", "time_from": "с", "time_to": "до", "date_from": "с даты", "date_to": "по дату",
        "holidays": "праздники",
    },
    "en": {
        "added": "step added: level {level}, {title}",
        "removed": "step removed: level {level}, {title}",
        "changed": "level {level}, {title}: {what}",
        "order": "order of creation changed",
        "level": "level", "title": "action", "timeout_s": "timeout, s", "extras": "services", "limits": "limits",
        "forward": "“Forward”", "after_answer": "“After answer”", "no_answer": "“No answer”",
        "busy": "“Busy”", "no_route": "“No route”", "found": "“Found”", "not_found": "“Not found”",
        "days": "days", "time_from": "from", "time_to": "to", "date_from": "from date", "date_to": "to date",
        "holidays": "holidays",
    },
}  # fmt: skip


def keep(actor: User | None, number: Number) -> None:
    """Note the steps the number has now as its present revision; inside the transaction of the save."""
    DialplanVersion.objects.create(
        number=number,
        revision=number.revision,
        author_id=actor.pk if actor else None,
        author_login=actor.login if actor else "",
        steps=steps_of(number),
    )


def steps_of(number: Number) -> list[dict[str, Any]]:
    """The steps the number has now, as a version holds them."""
    return _plain(step_rows(number.pk, "ru"))


def version_row(found: DialplanVersion) -> dict[str, Any]:
    """A version in a list."""
    return {
        "revision": found.revision,
        "at": found.at,
        "author": found.author_login,
        "steps_count": len(found.steps),
    }


def version(number_id: int, revision: int) -> DialplanVersion:
    """One version of a number in scope. Raises Missing."""
    found = DialplanVersion.objects.filter(number_id=number_id, revision=revision).first()
    if found is None:
        raise Missing
    return found


def difference(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], language: str
) -> list[str]:
    """What changed from one version to another, a line for each step."""
    words = _WORDS.get(language, _WORDS["ru"])
    old = {step["id"]: step for step in before}
    new = {step["id"]: step for step in after}
    lines = [words["removed"].format(**step) for key, step in old.items() if key not in new]
    for key, step in new.items():
        if key not in old:
            lines.append(words["added"].format(**step))
        elif what := ", ".join(_changes(old[key], step, words)):
            lines.append(words["changed"].format(what=what, level=step["level"], title=step["title"]))
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        lines.append(words["order"])
    return lines


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    for name in ("level", "title", "timeout_s", "extras", "limits"):
        if old.get(name) != new.get(name):
            yield f"{words[name]} {_text(old.get(name))} → {_text(new.get(name))}"
    for part in ("targets", "calendar"):
        for name, value in new[part].items():
            if old[part].get(name) != value:
                yield f"{words[name]} {_text(old[part].get(name))} → {_text(value)}"


def _text(value: Any) -> str:
    if value in (None, {}, ""):
        return "—"
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={item}" for name, item in value.items())
    return str(value)


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as JSON holds them: dates as text."""
    for row in rows:
        for name in ("date_from", "date_to"):
            value = row["calendar"][name]
            row["calendar"][name] = value.isoformat() if value else None
    return rows
