"""The one way lists are paged, searched, filtered, sorted and exported: on the server, by named columns only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponseBase
from ninja import Field, Schema

from ats.api import exporting
from ats.api.gate import ApiRequest
from ats.errors import invalid

M = TypeVar("M", bound=Model)
T = TypeVar("T")


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
    """One page of a list and the number of all its items."""

    items: list[T]
    total: int


def page_of(
    rows: QuerySet[M],
    page: Page,
    *,
    search: Sequence[str] = (),
    sorts: Mapping[str, str],
    default: str,
) -> tuple[list[M], int]:
    """One page of rows and the total.

    `search` names the database fields looked into; `sorts` maps column names of the API to database fields;
    `default` is the column order when none is asked. Raises Invalid for an unknown sort column.
    """
    found = ordered(rows, page, search=search, sorts=sorts, default=default)
    start = (page.page - 1) * page.page_size
    items = list(found[start : start + page.page_size])
    if len(items) < page.page_size and (items or page.page == 1):
        return items, start + len(items)  # the last page tells the number itself
    return items, found.order_by().count()


def ordered(
    rows: QuerySet[M], page: Page, *, search: Sequence[str] = (), sorts: Mapping[str, str], default: str
) -> QuerySet[M]:
    """The rows that match the search, in the order asked for; arguments as for `page_of`."""
    text = page.search.strip().replace("\x00", "")
    if text:
        where = Q()
        for field in search:
            where |= Q(**{f"{field}__has_text": text})
        rows = rows.filter(where)
    column = page.sort or default
    name = column.removeprefix("-")
    if name not in sorts:
        raise invalid("sort", "unknown_sort", allowed=", ".join(sorts))
    down = column.startswith("-")
    # The key breaks ties: without it a row could stand on two pages or on none.
    return rows.order_by(f"-{sorts[name]}" if down else sorts[name], "-pk" if down else "pk")


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
) -> dict[str, Any] | HttpResponseBase:
    """One page as `Listed` has it, or the whole list as a file, as `page` asks.

    `make` turns rows into what the API shows; `name` and `titles` are the file's name and columns;
    `over_clients`: the list spans clients, so `make` runs outside any client's scope.
    """
    if not page.format:
        items, total = page_of(rows, page, search=search, sorts=sorts, default=default)
        return {"items": make(items), "total": total}
    found = ordered(rows, page, search=search, sorts=sorts, default=default)
    keys = list(found.values_list("pk", flat=True)[: exporting.MAX_ROWS])

    def batch(wanted: Sequence[int]) -> list[dict[str, Any]]:
        known = rows.in_bulk(list(wanted))
        return make([known[key] for key in wanted if key in known])

    sheet = exporting.Sheet(name, titles, keys, batch, over_clients=over_clients)
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
