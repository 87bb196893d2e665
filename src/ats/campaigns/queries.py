"""Campaigns and whom they called, for the API."""

from typing import Any

from django.db.models import QuerySet

from ats.campaigns.models import Called, Campaign
from ats.errors import Missing
from ats.numbering import e164
from ats.scoping import belonging, how_many

State = Called.State


def campaigns() -> QuerySet[Campaign]:
    """Campaigns of the client in scope, each with how many are to be called, were called and answered."""
    called = belonging(Called)
    return (
        Campaign.objects.select_related("number")
        .prefetch_related("classifiers")
        .annotate(
            total=how_many(called, "campaign"),
            waiting=how_many(called.filter(state__in=[State.WAITING, State.CALLING]), "campaign"),
            answered=how_many(called.filter(state=State.ANSWERED), "campaign"),
        )
    )


def campaign(campaign_id: int) -> Campaign:
    """One of them. Raises Missing."""
    found = campaigns().filter(pk=campaign_id).first()
    if found is None:
        raise Missing
    return found


def campaign_row(found: Campaign) -> dict[str, Any]:
    """A campaign as the API shows it (from `campaigns`); nobody is counted before it was started."""
    total, waiting = getattr(found, "total", 0), getattr(found, "waiting", 0)
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "number_id": found.number_id,
        "number": found.number.digits,
        "classifiers": [{"id": one.pk, "title": one.name} for one in found.classifiers.all()],
        "status": found.status,
        "reason": found.reason,
        "total": total,
        "done": total - waiting,
        "answered": getattr(found, "answered", 0),
        "started_at": found.started_at,
        "finished_at": found.finished_at,
        "created_at": found.created_at,
    }


def called(campaign_id: int) -> QuerySet[Called]:
    """Whom a campaign in scope calls. Raises Missing."""
    if not Campaign.objects.filter(pk=campaign_id).exists():
        raise Missing
    return Called.objects.filter(campaign_id=campaign_id)


def called_row(found: Called) -> dict[str, Any]:
    """One of them as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "display": e164.display(found.clip),
        "state": found.state,
        "error": found.error,
        "called_at": found.called_at,
        "talk_ms": found.talk_ms,
    }
