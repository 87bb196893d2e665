"""Rates from a CSV file: read whole, every wrong line told, before anything is changed. Pure.

A header names the columns, in any order, separated by `;` or `,`; prefix (or zone) and price must be there. Money is
written as people do: `1.50` or `1,50`.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ats.billing.rating import MAX_MONEY, UNIT
from ats.errors import Fault

MAX_LINES = 200_000
MAX_ERRORS = 100
COLUMNS = (
    "prefix", "zone", "title", "price", "connection_fee", "attempt_fee", "free_s", "first_s", "next_s",
    "valid_from", "valid_until", "days", "time_from", "time_to",
)  # fmt: skip
_MONEY = re.compile(r"(\d{1,11})(?:[.,](\d{1,4}))?\Z", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\Z", re.ASCII)
_SECONDS = {"free_s": (0, 0, 86400), "first_s": (60, 1, 86400), "next_s": (60, 1, 86400)}


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line of the file (the header is line 1)."""

    line: int
    column: str
    fault: Fault

    @property
    def params(self) -> Mapping[str, str | int]:
        """The values for the fault's text."""
        return {name: value for name, value in self.fault.params.items() if not isinstance(value, tuple)}


@dataclass(slots=True)
class Parsed:
    """`rows`: fields of TariffRate (`zone` by name). `faults`: the first MAX_ERRORS of them."""

    rows: list[dict[str, object]] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)


class _Wrong(Exception):
    def __init__(self, column: str, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.column = column
        self.fault = Fault(code, params)


def parse(data: bytes, time_zone: str, zones: frozenset[str]) -> Parsed:
    """Lines of a file as rates. `time_zone`: of its dates; `zones`: names that may stand in column zone."""
    parsed = Parsed()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", "replace")  # what spreadsheets here save
    lines = text.splitlines()
    if not lines:
        parsed.faults.append(LineFault(1, "", Fault("csv_empty")))
        return parsed
    delimiter = ";" if ";" in lines[0] else ","
    header = [name.strip().lower() for name in lines[0].split(delimiter)]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or "price" not in header or not {"prefix", "zone"} & set(header):
        parsed.faults.append(LineFault(1, "", Fault("csv_header", {"columns": ", ".join(COLUMNS)})))
        return parsed
    if len(lines) > MAX_LINES:
        parsed.faults.append(LineFault(MAX_LINES, "", Fault("csv_too_long", {"max": MAX_LINES})))
        return parsed
    seen: dict[tuple[object, ...], int] = {}
    zone = ZoneInfo(time_zone)
    reader = csv.reader(io.StringIO("\n".join(lines[1:])), delimiter=delimiter)
    for values in reader:
        number = reader.line_num + 1
        if not any(value.strip() for value in values):
            continue
        try:
            row = _row(dict(zip(header, (value.strip() for value in values), strict=False)), zone, zones)
            key = tuple(
                row[name] for name in ("prefix", "zone", "valid_from", "days", "time_from", "time_to")
            )
            if key in seen:
                raise _Wrong("prefix", "csv_twice", line=seen[key])
            seen[key] = number
            parsed.rows.append(row)
        except _Wrong as wrong:
            parsed.faults.append(LineFault(number, wrong.column, wrong.fault))
            if len(parsed.faults) >= MAX_ERRORS:
                break
    return parsed


def money(text: str, column: str = "price") -> int:
    """`1,50` → 15000. Raises _Wrong."""
    match = _MONEY.match(text)
    if match is None:
        raise _Wrong(column, "bad_money")
    amount = int(match[1]) * UNIT + int((match[2] or "").ljust(4, "0"))
    if amount > MAX_MONEY:
        raise _Wrong(column, "bad_money")
    return amount


def _row(cells: Mapping[str, str], zone: ZoneInfo, zones: frozenset[str]) -> dict[str, object]:
    prefix = cells.get("prefix", "").removeprefix("+")
    if not re.fullmatch(r"[0-9]{0,15}", prefix, re.ASCII):
        raise _Wrong("prefix", "bad_prefix")
    named = cells.get("zone", "")
    if named and named not in zones:
        raise _Wrong("zone", "no_zone", name=named[:80])
    if named and prefix:
        raise _Wrong("zone", "prefix_or_zone")
    title = cells.get("title", "")
    if len(title) > 80 or not title.isprintable():
        raise _Wrong("title", "too_long", max=80)
    row: dict[str, object] = {"prefix": prefix, "zone": named, "title": title}
    row["price"] = money(cells.get("price", ""))
    for column in ("connection_fee", "attempt_fee"):
        row[column] = money(cells[column], column) if cells.get(column) else 0
    for column, (default, low, high) in _SECONDS.items():
        row[column] = _whole(cells.get(column, ""), column, default, low, high)
    for column in ("valid_from", "valid_until"):
        row[column] = _day(cells.get(column, ""), column, zone)
    row["days"] = _days(cells.get("days", ""))
    row["time_from"] = _clock(cells.get("time_from", ""), "time_from", 0)
    row["time_to"] = _clock(cells.get("time_to", ""), "time_to", 1440)
    return row


def _whole(text: str, column: str, default: int, low: int, high: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 7 and low <= int(text) <= high):
        raise _Wrong(column, "out_of_range", min=low, max=high)
    return int(text)


def _day(text: str, column: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError as error:
        raise _Wrong(column, "not_date") from error


def _days(text: str) -> int:
    """`12345` → Monday to Friday; empty: every day."""
    if not text:
        return 127
    if not re.fullmatch(r"[1-7]{1,7}", text, re.ASCII):
        raise _Wrong("days", "bad_days")
    return sum({1 << (int(digit) - 1) for digit in text})


def _clock(text: str, column: str, default: int) -> int:
    if not text:
        return default
    match = _CLOCK.match(text)
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else 1441
    if minutes > 1440:
        raise _Wrong(column, "not_time")
    return minutes
