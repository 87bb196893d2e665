"""The one way lists are paged, searched, filtered, sorted and exported: on the server, by named columns only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.sql.where import WhereNode
from django.http import HttpResponseBase
from ninja import Field, Schema

from ats.api import exporting
from ats.api.codewords import Words
from ats.api.gate import ApiRequest
from ats.errors import invalid
from ats.scoping import InNoIndex
from ats.textsearch.candidates import holding

M = TypeVar("M", bound=Model)
T = TypeVar("T")
FOUND_CAP = 100_000  # of a search: more is no answer to a question
DEEP = 1000  # rows before a page from which on it pays to find its keys first


class Page(Schema):
    """What every list accepts: `sort` is a column name, with `-` before it for descending."""

    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(50, ge=1, le=500)
    search: str = Field("", max_length=100)
    sort: str = Field("", max_length=40)


class FilePage(Page):
    """A list that can be had as a file: with `format` the answer is all of it, not a page."""

    format: exporting.Format = ""


class Listed(Schema, Generic[T]):
    """One page of a list and the number of all its items; `total_cut`: there are more, counting stopped at `total`.

    `looked_since`: only among what is newer was looked (call detail of millions).
    """

    items: list[T]
    total: int
    total_cut: bool = False
    looked_since: datetime | None = None


class Counted(TypedDict):
    """How many there are, as `Listed` has it."""

    total: int
    total_cut: bool


def counted(number: int, cap: int | None = None) -> Counted:
    """`number` items, counted to one more than `cap`."""
    over = cap is not None and number > cap
    return {"total": min(number, cap) if cap is not None else number, "total_cut": over}


def page_of(
    rows: QuerySet[M],
    page: Page,
    *,
    search: Sequence[str] = (),
    sorts: Mapping[str, str],
    default: str,
) -> tuple[list[M], Counted]:
    """One page of rows and the total, which stops at FOUND_CAP in a search.

    `search` names the database fields looked into; `sorts` maps column names of the API to database fields;
    `default` is the column order when none is asked. Raises Invalid for an unknown sort column.
    """
    found = ordered(rows, page, search=search, sorts=sorts, default=default)
    start = (page.page - 1) * page.page_size
    if _text(page):
        # Looking through the text of all rows costs more than remembering those that match: once, not for the
        # page and for the total.
        keys = list(found.values_list("pk", flat=True)[: FOUND_CAP + 1])
        shown = keys[:FOUND_CAP][start : start + page.page_size]
        return _by_keys(rows, shown), counted(len(keys), FOUND_CAP)
    if start >= DEEP:
        total = found.order_by().count()
        return _by_keys(rows, _deep(found, start, page.page_size, total)), counted(total)
    if page.sort.removeprefix("-") in ("", default.removeprefix("-")):
        items = list(found[start : start + page.page_size])
        read = len(items)
    else:
        # What is sorted without an index is read all the same: as keys, not as whole rows.
        keys = list(found.values_list("pk", flat=True)[start : start + page.page_size])
        items, read = _by_keys(rows, keys), len(keys)
    if read < page.page_size and (read or page.page == 1):
        return items, counted(start + read)  # the last page tells the number itself
    return items, counted(found.order_by().count())


def _deep(found: QuerySet[M], start: int, count: int, total: int) -> list[Any]:
    """Keys of `count` of the ordered rows, `start` and `total` being known, from the end that is nearer.

    What is skipped is read all the same: as keys, not as whole rows, and not when most of it stands before them.
    """
    if start >= total:
        return []
    keys = found.values_list("pk", flat=True)
    if start <= total - start:
        return list(keys[start : start + count])
    return list(keys.reverse()[max(0, total - start - count) : total - start])[::-1]


def _by_keys(rows: QuerySet[M], keys: Sequence[Any]) -> list[M]:
    """The rows of these keys, in their order. `keys` must have been found in `rows`.

    The conditions are not said again: SQLite, which takes every client for a small one, would answer them by
    reading all the client has.
    """
    bare = rows.all()
    bare.query.where = WhereNode()
    known = bare.in_bulk(list(keys))
    return [known[key] for key in keys if key in known]


def _text(page: Page) -> str:
    return page.search.strip().replace("\x00", "")


def ordered(
    rows: QuerySet[M], page: Page, *, search: Sequence[str] = (), sorts: Mapping[str, str], default: str
) -> QuerySet[M]:
    """The rows that match the search, in the order asked for; arguments as for `page_of`."""
    column = page.sort or default
    name = column.removeprefix("-")
    if name not in sorts:
        raise invalid("sort", "unknown_sort", allowed=", ".join(sorts))
    by: F | InNoIndex = F(sorts[name])
    if text := _text(page):
        rows, by = holding(rows, search, text), InNoIndex(sorts[name])
    down = column.startswith("-")
    # The key breaks ties: without it a row could stand on two pages or on none.
    return rows.order_by(OrderBy(by, descending=down), "-pk" if down else "pk")


def listing(
    request: ApiRequest,
    page: FilePage,
    rows: QuerySet[M],
    make: Callable[[list[M]], list[dict[str, Any]]],
    *,
    name: str,
    titles: exporting.Titles,
    search: Sequence[str] = (),
    sorts: Mapping[str, str],
    default: str,
    over_clients: bool = False,
    words: Mapping[str, Words] | None = None,
) -> dict[str, Any] | HttpResponseBase:
    """One page as `Listed` has it, or the whole list as a file, as `page` asks.

    `make` turns rows into what the API shows; `name` and `titles` are the file's name and columns;
    `over_clients`: the list spans clients, so `make` runs outside any client's scope; `words`: what the file says for
    the codes of a column.
    """
    if not page.format:
        items, total = page_of(rows, page, search=search, sorts=sorts, default=default)
        return {"items": make(items), **total}
    found = ordered(rows, page, search=search, sorts=sorts, default=default)
    keys = list(found.values_list("pk", flat=True)[: exporting.MAX_ROWS])

    def batch(wanted: Sequence[int]) -> list[dict[str, Any]]:
        return make(_by_keys(rows, wanted))

    sheet = exporting.Sheet(name, titles, keys, batch, over_clients=over_clients, words=words)
    return exporting.response(sheet, page.format, request.auth)


def chosen(rows: QuerySet[M], **wanted: object) -> QuerySet[M]:
    """Rows where each database field has the value; None leaves a field out."""
    return rows.filter(
        **{field: value for field, value in wanted.items() if value is not None and value != ""}
    )


def moment(path: str, value: datetime | None) -> datetime | None:
    """In UTC; one without a zone is taken for UTC. Raises Invalid beyond the calendar."""
    if value is None:
        return None
    try:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise invalid(path, "not_moment") from error
