"""Tenancy by default: a query on a client's things works only inside that client's scope.

The gate of the API enters the scope of the path's client (`django_scopes.scope(client=<id>)`); system processes
say `scopes_disabled()` where they mean all clients. A query that forgot both raises ScopeError.

For a user who may see only what is his own (S229) the scope also names him as `owner`: then a model shows
what `owner_path` leads to him, and nothing at all if it has no such path.
"""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django_scopes.manager import DisabledQuerySet
from django_scopes.state import get_scope

M = TypeVar("M", bound=models.Model)


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
        rows = super().get_queryset().filter(**{self.path: scope["client"]})
        owner = scope.get("owner")
        return rows if owner is None else self.owned(rows, owner)


def owner() -> int | None:
    """The user to whose things queries are confined now; None: everything of the client."""
    found: int | None = get_scope().get("owner")
    return found
