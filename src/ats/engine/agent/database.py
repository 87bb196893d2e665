"""The agent's side of the main database: small synchronous functions, run in one thread of their own."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.audit.models import Outbox
from ats.clients.models import Client
from ats.engine.models import ActiveVersion, Node

P = ParamSpec("P")
T = TypeVar("T")

ROUTES = 0  # client id under which the version of the operator's routes is kept


@dataclass(frozen=True, slots=True)
class Stale:
    """What a node does not serve yet (or no longer should)."""

    clients: list[int]
    gone: list[int]


class Database:
    """Runs functions one after another in a thread that keeps its own connection."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a synchronous function; a broken connection is closed, so the next call opens a new one."""

        def call() -> T:
            with scopes_disabled():  # the agent serves every client
                try:
                    return function(*args, **kwargs)
                except (DatabaseError, InterfaceError):
                    connection.close()
                    raise

        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        self._pool.submit(connection.close)
        self._pool.shutdown()


@contextmanager
def snapshot() -> Iterator[None]:
    """Every query inside sees one and the same state, so half a change is never compiled; takes no write lock."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def node(name: str) -> Node:
    """This node's row, made when missing."""
    return Node.objects.get_or_create(name=name)[0]


def set_node(node_id: int, **values: object) -> None:
    """Change columns of the node's row."""
    Node.objects.filter(pk=node_id).update(**values)


def last_outbox_id() -> int:
    """The newest outbox row there is."""
    return Outbox.objects.aggregate(last=Max("id"))["last"] or 0


def outbox_after(outbox_id: int) -> list[tuple[int, str, int]]:
    """(id, kind, client id) of the rows after `outbox_id`, oldest first."""
    rows = Outbox.objects.filter(id__gt=outbox_id).order_by("id")
    return list(rows.values_list("id", "kind", "client_id")[:5000])


def routes_version() -> int:
    """Version of the operator's routes: the outbox row that announced their last change."""
    found = Outbox.objects.filter(kind=Outbox.Kind.ROUTES).aggregate(last=Max("id"))["last"]
    return found or 0


def stale(node_id: int) -> Stale:
    """Clients whose saved version this node does not serve, and served clients that exist no more.

    Compared by the database, so a look at 10,000 clients that are all up to date brings back nothing.
    """
    here = ActiveVersion.objects.filter(node_id=node_id)
    fresh = here.filter(error="", client_id=OuterRef("pk"), version__gte=OuterRef("version"))
    behind = list(Client.objects.filter(~Exists(fresh)).values_list("id", flat=True))
    if not here.filter(error="", client_id=ROUTES, version__gte=routes_version()).exists():
        behind.insert(0, ROUTES)
    known = Client.objects.filter(pk=OuterRef("client_id"))
    gone = here.exclude(client_id=ROUTES).filter(~Exists(known)).values_list("client_id", flat=True)
    return Stale(behind, list(gone))


def all_served(node_id: int) -> dict[int, int]:
    """Client id → version this node serves."""
    return dict(ActiveVersion.objects.filter(node_id=node_id).values_list("client_id", "version"))


def set_active(node_id: int, versions: Mapping[int, int], outbox_id: int) -> None:
    """Note that calls of these clients follow these versions now (client id → version)."""
    now = timezone.now()
    rows = [
        ActiveVersion(node_id=node_id, client_id=client, version=version, active_at=now, error="")
        for client, version in versions.items()
    ]
    with transaction.atomic():
        ActiveVersion.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["node", "client_id"],
            update_fields=["version", "active_at", "error"],
        )
        Node.objects.filter(pk=node_id).update(outbox_id=outbox_id)


def set_error(node_id: int, client_id: int, text: str) -> None:
    """Note why the newest version of a client is not served; the version served stays."""
    ActiveVersion.objects.update_or_create(
        node_id=node_id,
        client_id=client_id,
        defaults={"error": text[:300]},
        create_defaults={"version": 0, "active_at": timezone.now(), "error": text[:300]},
    )


def forget(node_id: int, client_id: int) -> None:
    """The node serves nothing of this client any more."""
    ActiveVersion.objects.filter(node_id=node_id, client_id=client_id).delete()


def replace_served(node_id: int, versions: Iterable[tuple[int, int]], at: datetime) -> None:
    """After a boot of the engine: it serves exactly what its files said."""
    with transaction.atomic():
        ActiveVersion.objects.filter(node_id=node_id).delete()
        ActiveVersion.objects.bulk_create(
            [
                ActiveVersion(node_id=node_id, client_id=client, version=version, active_at=at)
                for client, version in versions
            ],
            batch_size=1000,
        )


def drop_old_outbox(before: datetime) -> None:
    """Remove outbox rows nobody needs; the newest of the routes stays, it is their version."""
    Outbox.objects.filter(at__lt=before).exclude(pk=routes_version()).delete()
