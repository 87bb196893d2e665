"""Call scenarios: a company, dialplans of its numbers, calls with what must happen (tests/scenarios/README.md)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
DEFAULT_CLOCK = "2026-11-25 12:00"  # a Wednesday
TARGETS = {
    "переадресация": "forward",
    "после ответа": "after_answer",
    "нет ответа": "no_answer",
    "по занято": "busy",
    "нет маршрута": "no_route",
    "найден": "found",
    "не найден": "not_found",
}
WORDS = {english: russian for russian, english in TARGETS.items()}
BEHAVIOURS = ("answers", "answers and hangs up", "rings", "busy", "declines", "away")
PRESSES = re.compile(r"answers, presses (?P<keys>[0-9*#,]+)")
_KEYED = re.compile(r"(Нажато|Pressed) [0-9*#]+\Z")
DIALS = re.compile(r"dials (?P<digits>[0-9*#+]+)(?:, told (?P<told>\d{3})|, talks (?P<talks>\d+))?")


# What every call must say: who rang, what the caller heard, what stands in the call detail, and the way it took.
WANTED = frozenset({"rang", "hears", "result", "path"})


class BadScenario(ValueError):
    """The file does not follow the format."""


@dataclass(frozen=True)
class Scenario:
    """One document of a file; `id` is the file's name and the document's place in it."""

    id: str
    name: str
    text: Mapping[str, Any] = field(hash=False)

    @property
    def calls(self) -> list[dict[str, Any]]:
        return list(self.text["calls"])

    @property
    def clock(self) -> str:
        return str(self.text.get("clock", DEFAULT_CLOCK))


def load(folder: Path) -> list[Scenario]:
    """Every scenario of every file. Raises BadScenario."""
    found: list[Scenario] = []
    for file in sorted(folder.glob("*.yaml")):
        documents = yaml.safe_load_all(file.read_text(encoding="utf-8"))
        for place, document in enumerate(documents, start=1):
            unknown = set(document) - {"title", "source", "clock", "company", "make", "numbers", "calls"}
            if unknown or "title" not in document or not document.get("calls"):
                raise BadScenario(f"{file.name}: {document.get('title')}: {sorted(unknown) or 'no calls'}")
            for place_of_call, call in enumerate(document["calls"], start=1):
                if missing := WANTED - set(call):
                    where = f"{file.name}: {document['title']}, call {place_of_call}"
                    raise BadScenario(f"{where}: nothing is said of {sorted(missing)}")
            found.append(Scenario(f"{file.stem}-{place}", str(document["title"]), document))
    return found


def calendar(when: Mapping[str, Any] | None) -> dict[str, Any]:
    """`{days: пн-пт, time: 09:30-18:30, dates: 2026-12-31..2027-01-08, holidays: only}` as the API takes it."""
    given = dict(when or {})
    start, _, end = str(given.pop("time", "00:00-24:00")).partition("-")
    first, _, last = str(given.pop("dates", "")).partition("..")
    made = {
        "days": list(_days(str(given.pop("days", "пн-вс")))),
        "time_from": start,
        "time_to": end,
        "date_from": first or None,
        "date_to": (last or first) or None,
        "holidays": given.pop("holidays", "any"),
    }
    if given:
        raise BadScenario(f"unknown in `when`: {sorted(given)}")
    return made


def _days(text: str) -> Iterator[int]:
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from ((begin + shift) % 7 + 1 for shift in range((end - begin) % 7 + 1))


def targets(step: Mapping[str, Any]) -> dict[str, int]:
    """Arrows of a step: keys in the manual's words."""
    return {api: int(step[word]) for word, api in TARGETS.items() if word in step}


def resolved(value: Any, find: Callable[[str], int]) -> Any:
    """The value with every text `@name` replaced by the id of the thing called so."""
    if isinstance(value, str) and value.startswith("@"):
        return find(value[1:])
    if isinstance(value, Mapping):
        return {key: resolved(item, find) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, find) for item in value]
    return value


def same_path(path: str, wanted: str) -> bool:
    """`…` in what is wanted stands for any stretch of the way."""
    begin, dots, end = wanted.partition("…")
    if not dots:
        return path == wanted
    return path.startswith(begin.strip(" →")) and path.endswith(end.strip(" →"))


def path_text(items: list[dict[str, Any]], names: Mapping[int, str]) -> str:
    """The way of a call on its card, e.g. `100 → 1 → нет ответа 2 → после ответа конец`."""
    return " → ".join(_stage(item, names) for item in items)


def _stage(item: Mapping[str, Any], names: Mapping[int, str]) -> str:
    via = f"{WORDS[item['via']]} " if item["via"] else ""
    if item["step_id"]:
        return via + names.get(item["step_id"], str(item["level"]))
    match item["end"]:
        case "not_set":
            return f"{via}конец"
        case "level_missing":
            return f"{via}нет уровня {item['level']}"
        case "no_step_now":
            return f"{via}нет шага сейчас"
        case "no_steps":
            return "нет шагов"
        case "loop":
            return "петля"
        case "hang_up":
            return "отбой"
        case None if item["number_id"] and _KEYED.search(str(item["text"])):
            return f"нажато {str(item['text']).rsplit(' ', 1)[-1]}"
        case None if item["number_id"]:
            return str(item["number"])
        case _:
            return str(item["text"])
