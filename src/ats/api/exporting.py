"""Lists as CSV, XLSX or JSON files: the same rows as on the screen, a batch at a time, never all in memory.

A cell is data, never a formula: programs that open the file would run `=HYPERLINK(…)` typed by a stranger.
"""

import csv
import io
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import xlsxwriter
from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django_scopes import scope, scopes_disabled
from django_scopes.state import get_scope
from pydantic_core import to_json

from ats.api.codewords import Words
from ats.api.messages import LANGUAGES
from ats.clients.models import User

Format = Literal["", "csv", "xlsx"]
Titles = Mapping[str, tuple[str, str]]  # key of a row → its heading in Russian and English
MAX_ROWS = 1_000_000  # what one sheet of XLSX holds
_BATCH = 500
_CHUNK = 1 << 16
TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_YES_NO = {"ru": ("нет", "да"), "en": ("no", "yes")}


class Sheet:
    """What a file of a list holds: its columns, the keys of its rows, and how a batch of keys becomes rows.

    `rows` runs in the scope that holds when the sheet is made (`over_clients`: outside any client's), because
    the file is written after the view has returned. Rows that were deleted meanwhile are left out.
    `money`: columns of integers of 1/10,000, which people get in the currency's units; `words`: columns of codes, for
    which they get words of their language.
    """

    def __init__(
        self,
        name: str,
        titles: Titles,
        keys: Sequence[int],
        rows: Callable[[Sequence[int]], list[dict[str, Any]]],
        *,
        over_clients: bool = False,
        money: frozenset[str] = frozenset(),
        words: Mapping[str, Words] | None = None,
    ) -> None:
        self.name = name
        self._money = money
        self._words = words or {}
        self.titles = titles
        self.keys = keys
        self._rows = rows
        self._scope: dict[str, Any] | None = None if over_clients else dict(get_scope())

    def batches(self) -> Iterator[Sequence[int]]:
        """The keys in pieces."""
        for start in range(0, len(self.keys), _BATCH):
            yield self.keys[start : start + _BATCH]

    def read(self, keys: Sequence[int], language: str) -> list[dict[str, Any]]:
        """The rows of some keys, each a mapping with the keys of `titles` in it, for people."""
        rows = self.plain(keys)
        for row in rows if self._money else ():
            row |= {name: row[name] / 10_000 for name in self._money & row.keys() if row[name] is not None}
        for name, words in self._words.items():
            for row in rows:
                if row[name] in words:
                    row[name] = words[row[name]][LANGUAGES.index(language)]
        return rows

    def plain(self, keys: Sequence[int]) -> list[dict[str, Any]]:
        """The same for programs: money stays an integer, a code stays a code."""
        with scopes_disabled() if self._scope is None else scope(**self._scope):
            return self._rows(keys)


def response(sheet: Sheet, form: str, user: User) -> StreamingHttpResponse:
    """The file of a sheet: one of TYPES, in the user's language and time zone (JSON: for programs)."""
    bodies = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    made = StreamingHttpResponse(bodies[form](sheet, user), content_type=TYPES[form])
    made["Content-Disposition"] = f'attachment; filename="{sheet.name}.{form}"'
    made["X-Accel-Buffering"] = "no"
    return made


def harmless(text: str) -> str:
    """A text that spreadsheet programs show and never calculate."""
    return f"'{text}" if _FORMULA.match(text) else text


async def _csv(sheet: Sheet, user: User) -> AsyncIterator[bytes]:
    """UTF-8 with a mark, `;` between cells for Russian programs and `,` for English ones."""
    separator = ";" if user.language == "ru" else ","

    def text(rows: list[list[Any]]) -> bytes:
        place = io.StringIO()
        csv.writer(place, delimiter=separator).writerows(rows)
        return place.getvalue().encode("utf-8", "replace")

    def batch(keys: Sequence[int]) -> bytes:
        rows = sheet.read(keys, user.language)
        return text([[_flat(row[key], user) for key in sheet.titles] for row in rows])

    yield "\ufeff".encode() + text([_headings(sheet, user)])
    for keys in sheet.batches():
        yield await sync_to_async(batch)(keys)


async def _json(sheet: Sheet, user: User) -> AsyncIterator[bytes]:
    """A list of objects with the names of the columns; times in UTC."""

    def batch(keys: Sequence[int]) -> bytes:
        return b",\n".join(to_json({name: row[name] for name in sheet.titles}) for row in sheet.plain(keys))

    yield b"["
    separator = b"\n"
    for keys in sheet.batches():
        if part := await sync_to_async(batch)(keys):
            yield separator + part
            separator = b",\n"
    yield b"\n]\n"


async def _xlsx(sheet: Sheet, user: User) -> AsyncIterator[bytes]:
    """Written row by row to a file (an archive has its index at the end), which is then sent."""
    with tempfile.TemporaryFile(prefix="ats-export-") as place:
        book = xlsxwriter.Workbook(
            place,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            },
        )
        page = book.add_worksheet()
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.titles) - 1, 18)
        for column, heading in enumerate(_headings(sheet, user)):
            page.write_string(0, column, heading, bold)

        def write(first: int, keys: Sequence[int]) -> int:
            rows = sheet.read(keys, user.language)
            for line, row in enumerate(rows, first):
                for column, key in enumerate(sheet.titles):
                    value = row[key]
                    if isinstance(value, bool) or not isinstance(value, int | float | datetime):
                        page.write_string(line, column, _words(value, user)[:32_000])
                    elif isinstance(value, datetime):
                        page.write_datetime(line, column, value.astimezone(ZoneInfo(user.time_zone)), moment)
                    else:
                        page.write_number(line, column, value)
            return len(rows)

        line = 1
        for keys in sheet.batches():
            line += await sync_to_async(write)(line, keys)
        await sync_to_async(book.close)()
        place.seek(0)
        while chunk := place.read(_CHUNK):
            yield chunk


def _headings(sheet: Sheet, user: User) -> list[str]:
    return [names[LANGUAGES.index(user.language)] for names in sheet.titles.values()]


def _flat(value: Any, user: User) -> str | int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(user.time_zone)):%Y-%m-%d %H:%M:%S}"
    return harmless(_words(value, user))


def _words(value: Any, user: User) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[user.language][value]
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return _UNFIT.sub("", str(value))
