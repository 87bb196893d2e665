"""What the engine nodes report, for people: versions served, registrations, health of the nodes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.audit.models import Outbox
from ats.clients.models import Client
from ats.engine.models import ActiveVersion, Node, Registration
from ats.ports.models import Port

# The agent notes a heartbeat every 2 s; three missed ones mean trouble.
ALIVE_FOR = timedelta(seconds=7)


def provisioning(client_id: int) -> dict[str, Any]:
    """The saved version of a client and what every node serves of it (two queries)."""
    saved = Client.objects.values_list("version", flat=True).get(pk=client_id)
    served = {row.node_id: row for row in ActiveVersion.objects.filter(client_id=client_id)}
    nodes = []
    for node in Node.objects.order_by("name"):
        row = served.get(node.pk)
        nodes.append(
            {
                "node": node.name,
                "version": row.version if row else 0,
                "active": bool(row and row.version >= saved and not row.error),
                "active_at": row.active_at if row else None,
                "error": row.error if row else "",
            }
        )
    return {"version": saved, "nodes": nodes}


def calls_of(node: str) -> int:
    """Calls in progress on one node, as it last said (at most some seconds ago)."""
    alive = Node.objects.filter(name=node, heartbeat_at__gt=timezone.now() - ALIVE_FOR)
    return alive.values_list("calls", flat=True).first() or 0


def nodes_beside(node: str) -> list[str]:
    """Names of the other nodes that were heard of lately."""
    alive = Node.objects.filter(heartbeat_at__gt=timezone.now() - ALIVE_FOR).exclude(name=node)
    return list(alive.order_by("name").values_list("name", flat=True))


def nodes() -> list[dict[str, Any]]:
    """Every node: whether its engine answers, since when it runs, what it does, what it still has to take over."""
    now = timezone.now()
    registered = dict(
        Registration.objects.filter(status="registered")
        .values_list("node_id")
        .annotate(Count("port_id", distinct=True))
    )
    newest = Outbox.objects.aggregate(last=Max("pk"))["last"] or 0
    found = []
    for node in Node.objects.order_by("name"):
        alive = node.heartbeat_at is not None and node.heartbeat_at > now - ALIVE_FOR
        served = ActiveVersion.objects.filter(node=node)
        saved = Client.objects.filter(pk=OuterRef("client_id"), version__gt=OuterRef("version"))
        found.append(
            {
                "name": node.name,
                "engine_version": node.engine_version,
                "alive": alive,
                "heartbeat_at": node.heartbeat_at,
                "engine_started_at": node.engine_started_at,
                "agent_started_at": node.agent_started_at,
                "calls": node.calls if alive else 0,
                "registered": registered.get(node.pk, 0),
                "clients": served.exclude(client_id=0).count(),
                "behind": served.filter(Exists(saved)).count(),
                "failed": served.exclude(error="").count(),
                "outbox_id": node.outbox_id,
                "newest_outbox_id": newest,
            }
        )
    return found


def _rows(found: QuerySet[Registration]) -> list[dict[str, Any]]:
    return [_row(row) for row in found.select_related("node")]


def _row(row: Registration) -> dict[str, Any]:
    return {
        "port_id": row.port_id,
        "client_id": row.client_id,
        "node": row.node.name,
        "status": row.status,
        "contact": row.contact,
        "address": row.address,
        "user_agent": row.user_agent,
        "rtt_ms": row.rtt_ms,
        "expires_at": row.expires_at,
        "updated_at": row.updated_at,
    }


def registrations_by_port(port_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The state to show for each port: a registered contact wins over one that is not, then the newest."""
    best: dict[int, dict[str, Any]] = {}
    for row in _rows(Registration.objects.filter(port_id__in=list(port_ids)).order_by("updated_at")):
        known = best.get(row["port_id"])
        if known is None or row["status"] == "registered" or known["status"] != "registered":
            best[row["port_id"]] = row
    return best


def registered_ports(client_id: int) -> int:
    """How many ports of the client are registered now."""
    found = Registration.objects.filter(client_id=client_id, status="registered")
    return found.values("port_id").distinct().count()


def registered_port_ids(client_id: int) -> QuerySet[Registration, int]:
    """Ids of the client's ports that are registered now, for use inside another query."""
    found = Registration.objects.filter(client_id=client_id, status="registered")
    return found.values_list("port_id", flat=True)


def registrations() -> QuerySet[Registration]:
    """Everything that is connected now, of all clients."""
    return Registration.objects.select_related("node")


def named_rows(found: Iterable[Registration]) -> list[dict[str, Any]]:
    """Registrations of all clients with the names of their clients and ports (two more queries)."""
    rows = [{"id": row.pk, **_row(row)} for row in found]
    clients = dict(Client.objects.filter(pk__in={row["client_id"] for row in rows}).values_list("pk", "name"))
    with scopes_disabled():
        ports = Port.objects.in_bulk([row["port_id"] for row in rows])
    for row in rows:
        port = ports.get(row["port_id"])
        row["client_name"] = clients.get(row["client_id"], "")
        row["port_name"] = port.name if port else ""
        row["login"] = port.login if port else ""
        row["kind"] = port.kind if port else ""
    return rows
