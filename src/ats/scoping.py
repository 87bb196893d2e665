"""Tenancy by default: a query on a client's things works only inside that client's scope.

The gate of the API enters the scope of the path's client (`django_scopes.scope(client=<id>)`); system processes
say `scopes_disabled()` where they mean all clients. A query that forgot both raises ScopeError.

For a user who may see only what is his own (S229) the scope also names him as `owner`: then a model shows
what `owner_path` leads to him, and nothing at all if it has no such path.
"""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models.lookups import Exact
from django_scopes.manager import DisabledQuerySet
from django_scopes.state import get_scope

M = TypeVar("M", bound=models.Model)


class InNoIndex(models.Func):
    """The field, but never looked up or put in order by an index of SQLite.

    It takes every client for a small one, and any index for a short way, even when all rows are read anyway.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **extra)


class _Refused(DisabledQuerySet):  # type: ignore[misc] # django-scopes has no types
    """Also refuses the readers that django-scopes leaves open."""

    exists = exclude = in_bulk = bulk_update = select_related = DisabledQuerySet.error


class Scoped(models.Manager[M]):
    """Manager of things that belong to a client; `path` leads from the thing to the client's id."""

    path: ClassVar[str] = "client_id"
    owner_path: ClassVar[str] = ""  # from the thing to the id of the user it belongs to

    def owned(self, rows: models.QuerySet[M], owner: int) -> models.QuerySet[M]:
        """Those rows that belong to a user of the client."""
        return rows.filter(**{self.owner_path: owner}) if self.owner_path else rows.none()

    def get_queryset(self) -> models.QuerySet[M]:
        scope: dict[str, Any] = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        if "client" not in scope:
            refused: models.QuerySet[M] = _Refused(self.model, using=self._db, missing_scopes={"client"})
            return refused
        owner = scope.get("owner")
        if owner is not None and self.owner_path:  # a person has few things: by those, not by the client's
            mine = super().get_queryset().filter(Exact(InNoIndex(self.path), scope["client"]))
            return self.owned(mine, owner)
        rows = super().get_queryset().filter(**{self.path: scope["client"]})
        return rows if owner is None else self.owned(rows, owner)


def owner() -> int | None:
    """The user to whose things queries are confined now; None: everything of the client."""
    found: int | None = get_scope().get("owner")
    return found


def belonging(model: type[M]) -> models.QuerySet[M]:
    """Rows of a model for prefetching to rows that were found in scope, or for counting theirs: without a scope.

    With one, the way to the client would be joined in, and SQLite, which takes every client for a small one, answers
    such a question for fifty rows by reading all the client has.
    """
    return model._base_manager.all()


def how_many(rows: models.QuerySet[Any], parent: str) -> models.Subquery:
    """How many of `rows` each row of another model has, `parent` being their key to it: for `annotate`."""
    # Not Django's Count: it groups the rows of each parent, which for an order of 100,000 takes as long again.
    every = models.Func(template="COUNT(*)", output_field=models.IntegerField())
    mine = rows.filter(**{parent: models.OuterRef("pk")}).order_by()
    return models.Subquery(mine.annotate(how_many=every).values("how_many"))
