"""«Обзор»: a client in figures."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from ats.api import live
from ats.billing.queries import client_money
from ats.calls.models import Call
from ats.calls.summary import summary
from ats.clients import queries as clients
from ats.clients.models import Client, LoginFailure, User
from ats.dialplan.lint import lint
from ats.engine import queries as engine
from ats.limits import fraud_queries
from ats.limits.models import FraudCase
from ats.media.models import Sound
from ats.numbering import queries as numbering
from ats.numbering.models import Number, Step
from ats.numbering.queries import client_plan
from ats.ports.models import Port
from ats.scoping import owner
from ats.system import certificate

SHOWN = 8  # rows of the small lists
LINTED = 200  # numbers whose dialplans are looked through for remarks
_linted: dict[int, tuple[tuple[int, datetime], int]] = {}  # client → its state, dialplans with remarks


def overview_of(client: Client, language: str, *, money: bool, system: bool) -> dict[str, Any]:
    """The figures of one client; `money`: its account, too; `system`: of the operator, what the exchange itself wants.

    «Today» begins at midnight in the client's own time zone.
    """
    now = timezone.now()
    zone = ZoneInfo(client.time_zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    numbers = Number.objects.aggregate(
        internal=Count("pk", filter=Q(kind=Number.Kind.INTERNAL)),
        external=Count("pk", filter=Q(kind=Number.Kind.EXTERNAL)),
    )
    today = summary(client.pk, {"from": midnight}, client.time_zone)
    live.watch(client.pk)  # the figure is right from the second look on
    calls = live.snapshot(client.pk, live.own_numbers())["items"]
    registered = Port.objects.filter(pk__in=engine.registered_port_ids(client.pk)).count()
    return {
        "client": clients.client_rows([client])[0],
        "numbers": numbers,
        "ports": {"total": Port.objects.count(), "registered": registered},
        "calls_now": len({item["linkedid"] for item in calls}),
        "calls_today": today["calls"],
        "hours": today["hours"],
        "spent_today": today["cost"],
        "currency": _currency(midnight),
        "leads": _leads(language),
        "devices": _devices(client.pk),
        "attention": [*(_of_exchange() if system else ()), *_attention(client, now, midnight)],
        "money": client_money(client.pk)["account"] if money else None,
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


def _currency(since: datetime) -> str:
    paid = Call.objects.filter(started_at__gte=since, cost__isnull=False).exclude(currency="")
    return str(paid.order_by("-started_at").values_list("currency", flat=True).first() or "")


def _leads(language: str) -> list[dict[str, Any]]:
    """Numbers and where they lead, external ones first, as many as fit on the screen."""
    found = Number.objects.order_by("kind", "digits")[:SHOWN]
    return [
        {key: row[key] for key in ("id", "kind", "digits", "display", "name", "summary")}
        for row in numbering.number_rows(found, language)
    ]


def _devices(client_id: int) -> list[dict[str, Any]]:
    """Ports with what is registered there, those that are not registered first."""
    registered = engine.registered_port_ids(client_id)
    found = (
        Port.objects.filter(is_active=True)
        .annotate(here=Exists(Port.objects.filter(pk=OuterRef("pk"), pk__in=registered)))
        .order_by("here", "name")[:SHOWN]
    )
    known = engine.registrations_by_port([port.pk for port in found])
    return [{"port_id": port.pk, "name": port.name, "registration": known.get(port.pk)} for port in found]


def _remarks(client: Client) -> int:
    """Dialplans with remarks (lint), of the first LINTED numbers; worked out once for each version of the client."""
    known, state = _linted.get(client.pk), (client.version, client.created_at)
    if known is None or known[0] != state:
        plan = client_plan(client.pk)
        count = sum(1 for number in plan.numbers[:LINTED] if number.steps and lint(plan, number.id))
        known = _linted[client.pk] = (state, count)
    return known[1]


def _limited(client: Client, since: datetime) -> int:
    """Calls of today that a limit stopped or turned away («17=lo@p33» in the path: dialplan.path)."""
    calls = Call.objects.filter(client_id=client.pk, started_at__gte=since, path__contains=f"{client.pk}=")
    return calls.count()


def _of_exchange() -> list[dict[str, Any]]:
    left = certificate.days_left()
    if left is None:
        return []
    return [{"code": "certificate_over" if left < 0 else "certificate_ends", "count": max(left, 0)}]


def _attention(client: Client, now: datetime, midnight: datetime) -> list[dict[str, Any]]:
    """What somebody should look at: a code and how many."""
    active = Port.objects.filter(is_active=True, connection=Port.Connection.SUBSCRIBER)
    silent = active.exclude(pk__in=engine.registered_port_ids(client.pk)).count()
    empty = Number.objects.exclude(Exists(Step.objects.filter(number=OuterRef("pk")))).count()
    logins = User.objects.values_list("login", flat=True)
    failures = LoginFailure.objects.filter(login__in=logins, at__gt=now - timedelta(days=1)).count()
    counted = {"ports_silent": silent, "numbers_empty": empty, "logins_failed": failures}
    counted["limits_hit"] = _limited(client, midnight)
    if owner() is None:  # the rest of the dialplan would look unreachable to who sees only his own
        counted["dialplan_remarks"] = _remarks(client)
    return [{"code": code, "count": count} for code, count in counted.items() if count]
