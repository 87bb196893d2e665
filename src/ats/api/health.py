"""Whether the parts of this installation work."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema, Status

from ats import __version__
from ats.calls.queries import worker_state
from ats.engine import health

router = Router(tags=["health"])


class Part(Schema):
    ok: bool
    detail: str


class Health(Schema):
    """`status`: ok, degraded (calls go on, something else does not work) or down."""

    status: str
    version: str
    parts: dict[str, Part]


@router.get("", response={200: Health, 503: Health}, auth=None)
def get_health(request: HttpRequest) -> Status[dict[str, Any]]:
    """Asked by `./ats up` and by monitoring; tells no secrets."""
    parts = health.parts()
    ok, detail = worker_state(settings.CONFIG)
    parts["worker"] = {"ok": ok, "detail": detail}
    if not parts["db"]["ok"]:
        return Status(503, {"status": "down", "version": __version__, "parts": parts})
    status = "ok" if all(part["ok"] for part in parts.values()) else "degraded"
    return Status(200, {"status": status, "version": __version__, "parts": parts})
