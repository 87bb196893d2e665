"""Queries that every request begins with: Django makes their SQL once, and they run with other values ever after.

Making the SQL of a row with its joins costs more than fetching it, and Django keeps none of it.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class Prepared(Generic[M]):
    """One query with one value that differs.

    `asked(value)` makes the query; what it asks besides the value must be the same each time. `example`: a value of the
    right kind that stands nowhere else in the query. Django hands values of this kind (int, str) to the database as
    they are. Source: `ModelIterable` and `SQLCompiler.execute_sql` in Django's sources.
    """

    def __init__(self, asked: Callable[[Any], QuerySet[M]], example: int | str) -> None:
        self._asked, self._example = asked, example
        self._made: tuple[type[M], SQLCompiler, str, tuple[Any, ...], int] | None = None

    def first(self, value: int | str) -> M | None:
        """The first row, or None. Scopes are not looked at again: they stand in the query as it was made."""
        model, compiler, sql, params, place = self._made or self._make()
        # Copies: several threads run it at once, each on a connection of its own.
        compiler, query = copy(compiler), copy(compiler.query)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_, **__: (sql, (*params[:place], value, *params[place + 1 :]))  # type: ignore[method-assign]
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return next(iter(ModelIterable(QuerySet(model, query))), None)

    def _make(self) -> tuple[type[M], SQLCompiler, str, tuple[Any, ...], int]:
        rows = self._asked(self._example)
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        [place] = [number for number, param in enumerate(params) if param == self._example]
        self._made = rows.model, compiler, sql, tuple(params), place
        return self._made
