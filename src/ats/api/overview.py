"""«Обзор»: a client in figures."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone

from ats.api import live
from ats.calls.models import Call
from ats.clients import queries as clients
from ats.clients.models import Client
from ats.engine import queries as engine
from ats.limits import fraud_queries
from ats.limits.models import FraudCase
from ats.media.models import Sound
from ats.numbering.models import Number
from ats.ports.models import Port


def overview_of(client: Client) -> dict[str, Any]:
    """The figures of one client. «Today» begins at midnight in the client's own time zone."""
    now = timezone.now()
    zone = ZoneInfo(client.time_zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    numbers = Number.objects.aggregate(
        internal=Count("pk", filter=Q(kind=Number.Kind.INTERNAL)),
        external=Count("pk", filter=Q(kind=Number.Kind.EXTERNAL)),
    )
    live.watch(client.pk)  # the figure is right from the second look on
    calls = live.snapshot(client.pk, live.own_numbers())["items"]
    registered = Port.objects.filter(pk__in=engine.registered_port_ids(client.pk)).count()
    return {
        "client": clients.client_rows([client])[0],
        "numbers": numbers,
        "ports": {"total": Port.objects.count(), "registered": registered},
        "calls_now": len({item["linkedid"] for item in calls}),
        "calls_today": Call.objects.filter(client_id=client.pk, started_at__gte=midnight).count(),
        "sounds": Sound.objects.count(),
        "provisioning": engine.provisioning(client.pk),
        "notices": [_locked(case) for case in fraud_queries.cases().filter(unlocked_at=None).order_by("-at")],
    }


def _locked(case: FraudCase) -> dict[str, Any]:
    """A port the fraud guard locked, for whom it must concern."""
    return {
        "code": "port_locked",
        "at": case.at,
        "case_id": case.pk,
        "port_id": case.port_id,
        "name": case.port.name,
    }
