"""The one way lists are paged, searched and sorted: on the server, by named columns only."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from ninja import Field, Schema

from ats.errors import invalid

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class Page(Schema):
    """What every list accepts: `sort` is a column name, with `-` before it for descending."""

    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(50, ge=1, le=500)
    search: str = Field("", max_length=100)
    sort: str = Field("", max_length=40)


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
    order = f"-{sorts[name]}" if column.startswith("-") else sorts[name]
    start = (page.page - 1) * page.page_size
    total = rows.count()
    # The key breaks ties: without it a row could stand on two pages or on none.
    return list(rows.order_by(order, "pk")[start : start + page.page_size]), total
