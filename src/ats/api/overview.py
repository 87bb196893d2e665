"""«Обзор»: a client in figures."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ats.api import live
from ats.billing.queries import client_money
from ats.calls.models import Call
from ats.calls.summary import summary
from ats.clients import queries as clients
from ats.clients.models import Client, LoginFailure, User
from ats.dialplan.lint import lint
from ats.engine import queries as engine
from ats.engine.models import Registration
from ats.engine.watching import watch
from ats.limits import fraud_queries
from ats.limits.models import FraudCase
from ats.media.models import Sound
from ats.numbering import queries as numbering
from ats.numbering.models import Number, Step
from ats.numbering.queries import part_plan
from ats.ports.models import Port
from ats.scoping import belonging, owner
from ats.system import certificate

SHOWN = 8  # rows of the small lists
LINTED = 200  # numbers whose dialplans are looked through for remarks
# client → its state, and what depends on nothing else: how much it has, numbers without a dialplan, with remarks
_drawn: dict[int, tuple[tuple[int, datetime], dict[str, int]]] = {}


def overview_of(client: Client, language: str, *, money: bool, system: bool) -> dict[str, Any]:
    """The figures of one client; `money`: its account, too; `system`: of the operator, what the exchange itself wants.

    «Today» begins at midnight in the client's own time zone.
    """
    now = timezone.now()
    zone = ZoneInfo(client.time_zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    whole = owner() is None
    known = _known(client) if whole else _own()
    counted = {client.pk: {**known, "users": User.objects.count()}} if whole else None
    today = summary(client.pk, {"from": midnight}, client.time_zone)
    watch(client.pk)  # the figure is right from the second look on
    calls = live.snapshot(client.pk, live.own_numbers())["items"]
    registered = _registered(client.pk)
    there = registered.values("port_id").distinct() if whole else Port.objects.filter(pk__in=registered)
    return {
        "client": clients.client_rows([client], counted)[0],
        "numbers": {"internal": known["internal_numbers"], "external": known["external_numbers"]},
        "ports": {"total": known["ports"], "registered": there.count()},
        "calls_now": len({item["linkedid"] for item in calls}),
        "calls_today": today["calls"],
        "hours": today["hours"],
        "spent_today": today["cost"],
        "currency": _currency(midnight),
        "leads": _leads(language),
        "devices": _devices(client.pk),
        "attention": [*(_of_exchange() if system else ()), *_attention(client, now, midnight, known)],
        "money": client_money(client.pk)["account"] if money else None,
        "sounds": Sound.objects.count(),
        "provisioning": engine.provisioning(client.pk),
        "notices": [_locked(case) for case in fraud_queries.cases().filter(unlocked_at=None).order_by("-at")],
    }


def _own() -> dict[str, int]:
    """What `_known` says, of who sees only what is his own; the rest of the dialplan would look unreachable to him."""
    found = Number.objects.aggregate(
        internal_numbers=Count("pk", filter=Q(kind=Number.Kind.INTERNAL)),
        external_numbers=Count("pk", filter=Q(kind=Number.Kind.EXTERNAL)),
    )
    return {**found, "ports": Port.objects.count(), "numbers_empty": _empty(), "dialplan_remarks": 0}


def _registered(client_id: int) -> QuerySet[Registration, int]:
    """Ids of the ports in scope that are registered now."""
    found = engine.registered_port_ids(client_id)
    if owner() is None:
        return found
    return found.filter(port_id__in=list(Port.objects.values_list("pk", flat=True)))  # a person has few


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
    found: list[Number] = []
    for kind in (Number.Kind.EXTERNAL, Number.Kind.INTERNAL):  # each from an index in its order
        found += Number.objects.filter(kind=kind).order_by("digits")[: SHOWN - len(found)]
    return [
        {key: row[key] for key in ("id", "kind", "digits", "display", "name", "summary")}
        for row in numbering.number_rows(found, language)
    ]


def _devices(client_id: int) -> list[dict[str, Any]]:
    """Ports with what is registered there, those that are not registered first."""
    registered = _registered(client_id)
    active = Port.objects.filter(is_active=True).order_by("name")
    found = list(active.exclude(pk__in=registered)[:SHOWN])
    if len(found) < SHOWN:
        found += active.filter(pk__in=registered)[: SHOWN - len(found)]
    known = engine.registrations_by_port([port.pk for port in found])
    return [{"port_id": port.pk, "name": port.name, "registration": known.get(port.pk)} for port in found]


def _known(client: Client) -> dict[str, int]:
    """How much the client has and what is worth a look in its dialplans, worked out once for each of its versions.

    Remarks (lint) are those of the first LINTED numbers that have a dialplan.
    """
    known, state = _drawn.get(client.pk), (client.version, client.created_at)
    if known is None or known[0] != state:
        drawn = Number.objects.filter(Exists(belonging(Step).filter(number=OuterRef("pk")))).order_by("pk")
        first = set(drawn.values_list("pk", flat=True)[:LINTED])
        plan = part_plan(client.pk, first)
        remarks = sum(1 for number in plan.numbers if number.id in first and lint(plan, number.id))
        counts = clients.counts_of([client.pk])[client.pk]
        known = _drawn[client.pk] = (
            state,
            {**counts, "numbers_empty": _empty(), "dialplan_remarks": remarks},
        )
    return known[1]


def _empty() -> int:
    """Numbers without a dialplan."""
    return Number.objects.exclude(Exists(belonging(Step).filter(number=OuterRef("pk")))).count()


def _limited(client: Client, since: datetime) -> int:
    """Calls of today that a limit stopped or turned away («17=lo@p33» in the path: dialplan.path)."""
    calls = Call.objects.filter(client_id=client.pk, started_at__gte=since, path__contains=f"{client.pk}=")
    return calls.count()


def _of_exchange() -> list[dict[str, Any]]:
    left = certificate.days_left()
    if left is None:
        return []
    return [{"code": "certificate_over" if left < 0 else "certificate_ends", "count": max(left, 0)}]


def _attention(
    client: Client, now: datetime, midnight: datetime, known: dict[str, int]
) -> list[dict[str, Any]]:
    """What somebody should look at: a code and how many."""
    active = Port.objects.filter(is_active=True, connection=Port.Connection.SUBSCRIBER)
    silent = active.exclude(pk__in=_registered(client.pk)).count()
    logins = User.objects.values_list("login", flat=True)
    failures = LoginFailure.objects.filter(login__in=logins, at__gt=now - timedelta(days=1)).count()
    counted = {
        "ports_silent": silent,
        "numbers_empty": known["numbers_empty"],
        "logins_failed": failures,
        "limits_hit": _limited(client, midnight),
        "dialplan_remarks": known["dialplan_remarks"],
    }
    return [{"code": code, "count": count} for code, count in counted.items() if count]
