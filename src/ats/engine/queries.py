"""What the engine nodes report, for people: versions served, registrations, health of the nodes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ats.clients.models import Client
from ats.engine.models import ActiveVersion, Node, Registration

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


def nodes() -> list[dict[str, Any]]:
    """Every node and whether its engine answers."""
    now = timezone.now()
    return [
        {
            "name": node.name,
            "engine_version": node.engine_version,
            "alive": node.heartbeat_at is not None and node.heartbeat_at > now - ALIVE_FOR,
            "heartbeat_at": node.heartbeat_at,
        }
        for node in Node.objects.order_by("name")
    ]


def _rows(found: QuerySet[Registration]) -> list[dict[str, Any]]:
    return [
        {
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
        for row in found.select_related("node")
    ]


def registrations_by_port(port_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The state to show for each port: a registered contact wins over one that is not, then the newest."""
    best: dict[int, dict[str, Any]] = {}
    for row in _rows(Registration.objects.filter(port_id__in=list(port_ids)).order_by("updated_at")):
        known = best.get(row["port_id"])
        if known is None or row["status"] == "registered" or known["status"] != "registered":
            best[row["port_id"]] = row
    return best


def registrations_of(client_id: int) -> list[dict[str, Any]]:
    """Everything registered of one client."""
    return _rows(Registration.objects.filter(client_id=client_id).order_by("port_id", "pk"))


def registered_ports(client_id: int) -> int:
    """How many ports of the client are registered now."""
    found = Registration.objects.filter(client_id=client_id, status="registered")
    return found.values("port_id").distinct().count()


def registered_port_ids(client_id: int) -> QuerySet[Registration, int]:
    """Ids of the client's ports that are registered now, for use inside another query."""
    found = Registration.objects.filter(client_id=client_id, status="registered")
    return found.values_list("port_id", flat=True)


def newest_registrations(limit: int) -> tuple[list[dict[str, Any]], int]:
    """The last changed registrations of all clients, and how many there are."""
    found = Registration.objects.order_by("-updated_at", "-pk")
    return _rows(found[:limit]), found.count()
