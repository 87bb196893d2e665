"""Example 3 of the manual (S110) as a client would build it: a black list, four windows of the day, each to its own.

The windows are set by the clock of the day so that the call falls into the last one looked at: the classifier is asked
and all four windows are looked at before a telephone rings, whenever the measurement runs.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.harness.company import ALWAYS, Company, step

DIGITS = "200"


def make(company: Company, port_id: int, contacts: int) -> str:
    """Builds it; returns the number to call. `port_id` answers in the working hours."""
    black = company.api.post(f"{company.path}/classifiers", {"name": "Чёрный список"})["id"]
    # The list is of the exchange's own kind: whole numbers, and one mask.
    rows = ["CLIP;Наименование", *(f"+7916{number:07d};" for number in range(contacts - 1)), "+7800*;Обзвоны"]
    path = f"{company.path}/classifiers/{black}/contacts/import"
    done = company.api.upload(path, {"dry_run": "false"}, "contacts.csv", "\n".join(rows).encode())
    if done["added"] != contacts:
        raise SystemExit(f"contacts were not taken: {done}")
    number = company.number(DIGITS)
    zone = ZoneInfo(company.api.get(company.path)["time_zone"])
    hour = datetime.now(zone).hour
    lunch, duty, night = (company.port(name)["id"] for name in ("Обед", "Дежурный", "Не рабочее время"))
    company.dialplan(
        number,
        [
            step(1, {"kind": "classifier", "classifier_id": black}, found=20, not_found=2),
            _window(lunch, 90, hour + 12, hour + 13),
            _window(duty, 90, hour + 8, hour + 12),
            _window(night, 90, hour + 13, hour + 16),
            _window(port_id, 90, hour - 8, hour + 8),
            step(3, {"kind": "hangup", "cause": 16}),
        ],
    )
    return DIGITS


def _window(port_id: int, timeout_s: int, begin: int, end: int) -> dict[str, Any]:
    """A step of level 2, Monday to Sunday between two hours of the day (taken modulo 24)."""
    times = {"time_from": f"{begin % 24:02d}:00", "time_to": f"{end % 24 or 24:02d}:00"}
    made = step(2, {"kind": "port", "port_id": port_id}, timeout_s, no_answer=3)
    return {**made, "calendar": {**ALWAYS, **times}}
