"""Whether the parts of this installation work, for /api/health and `./ats status`."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from ats.engine.models import Node
from ats.engine.queries import ALIVE_FOR


def parts() -> dict[str, dict[str, Any]]:
    """`db`, `engine` and `agent`, each `{ok, detail}`; details are short and hold no secrets."""
    database = _database()
    if not database["ok"]:
        unknown = {"ok": False, "detail": "unknown: no database"}
        return {"db": database, "engine": unknown, "agent": unknown}
    node = Node.objects.filter(name=settings.CONFIG.node_name).first()
    return {"db": database, "engine": _engine(node), "agent": _agent(node)}


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"ok": False, "detail": type(error).__name__}
    return {"ok": True, "detail": connection.vendor}


def _engine(node: Node | None) -> dict[str, Any]:
    if node is None or node.heartbeat_at is None:
        return {"ok": False, "detail": "has not answered yet"}
    age = timezone.now() - node.heartbeat_at
    if age > ALIVE_FOR:
        return {"ok": False, "detail": f"last answer {age.total_seconds():.0f} s ago"}
    return {"ok": True, "detail": node.engine_version}


def _agent(node: Node | None) -> dict[str, Any]:
    """The agent's sign of life is the heartbeat it writes."""
    if node is None or node.agent_started_at is None:
        return {"ok": False, "detail": "has not started yet"}
    if node.heartbeat_at is None or timezone.now() - node.heartbeat_at > ALIVE_FOR:
        return {"ok": False, "detail": "no heartbeat"}
    return {"ok": True, "detail": node.name}
