"""Writing down changes and telling the engine nodes: used inside the transaction of every action."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection, models, transaction

from ats.audit.models import AuditEntry, Outbox

# Any constant: one lock for all writers of the outbox.
_OUTBOX_LOCK = 0x4154534F

_SECRET = frozenset({"password", "digest", "pin"})
STARS = "***"

_undoing: ContextVar[int | None] = ContextVar("undoing", default=None)


class Actor(Protocol):
    """Who acts: a user of any room above."""

    @property
    def pk(self) -> Any: ...
    @property
    def login(self) -> Any: ...


def record(
    actor: Actor | None,
    client_id: int,
    verb: str,
    thing: models.Model,
    *,
    name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an audit row: `actor` None is the system itself; secrets are replaced by stars."""
    assert transaction.get_connection().in_atomic_block, "audit belongs into the transaction of the change"
    AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        actor_login=actor.login if actor else "",
        client_id=client_id,
        verb=verb,
        object_type=str(thing._meta.model_name),
        object_id=thing.pk,
        object_name=(name or str(thing))[:200],
        before=_plain(before or {}),
        after=_plain(after or {}),
        undoes_id=_undoing.get(),
    )


@contextmanager
def taking_back(entry_id: int) -> Iterator[None]:
    """What is recorded inside takes back the change of that entry."""
    token = _undoing.set(entry_id)
    try:
        yield
    finally:
        _undoing.reset(token)


def fields_of(thing: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The values of a thing that is about to go, so that the audit knows what it was."""
    return {name: getattr(thing, name) for name in names}


def apply(thing: models.Model, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set fields of a model (not saving it) and return what they were and became, changed ones only."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in values.items():
        old = getattr(thing, name)
        if old != value:
            before[name], after[name] = old, value
            setattr(thing, name, value)
    return before, after


def emit(kind: Outbox.Kind, client_id: int, version: int) -> Outbox:
    """Tell the engine nodes of a new version.

    Nodes read the outbox by rising id, so rows must become visible in that order: on PostgreSQL a
    transaction that took its id earlier could commit later, and its row would never be seen.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_OUTBOX_LOCK])
    return Outbox.objects.create(kind=kind, client_id=client_id, version=version)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: STARS if name in _SECRET and value else as_json(value) for name, value in values.items()}


def as_json(value: Any) -> Any:
    """A value as an entry holds it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [as_json(item) for item in value]
    return value
