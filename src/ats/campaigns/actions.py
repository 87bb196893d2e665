"""Changes to campaigns («Телемаркетинг», S200-S207)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ats import checks
from ats.audit.actions import apply, record
from ats.campaigns import contacts
from ats.campaigns.models import Called, Campaign
from ats.classifiers.models import Classifier
from ats.clients.models import User
from ats.clients.versions import bump
from ats.errors import Conflict, Missing, invalid
from ats.numbering.models import Number

MOST_CLASSIFIERS = 100
_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "number_id": checks.whole(0, 2**63 - 1),
}
Status = Campaign.Status


@transaction.atomic
def create_campaign(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Campaign:
    """Add a campaign, which calls nobody yet (S204). `classifier_ids`: whom it will. Raises Invalid."""
    made = Campaign(client_id=client_id, **_accepted(values))
    classifiers = _classifiers(values)
    _save(made)
    made.classifiers.set(classifiers or [])
    after = {"name": made.name, "number": made.number.digits, "classifiers": _names(made)}
    record(actor, client_id, "create", made, after=after)
    bump(client_id)  # the client's context gets its way in for calls the exchange makes
    return made


@transaction.atomic
def update_campaign(actor: User | None, campaign_id: int, values: Mapping[str, Any]) -> Campaign:
    """Change a campaign in scope; one that runs follows from the next call on. Raises Missing, Invalid."""
    found = _locked(campaign_id)
    before, after = apply(found, _accepted(values))
    classifiers = _classifiers(values)
    if after:
        _save(found)
    if classifiers is not None and (old := _names(found)) != sorted(one.name for one in classifiers):
        found.classifiers.set(classifiers)
        before["classifiers"], after["classifiers"] = old, _names(found)
    if after:
        record(actor, found.client_id, "update", found, before=before, after=after)
    return found


@transaction.atomic
def set_status(actor: User, campaign_id: int, status: str) -> Campaign:
    """Start a campaign (S207) or stop it; a call in progress goes on.

    Started again, it calls those who have not answered. Raises Missing; Invalid when there is nobody to call.
    """
    found = _locked(campaign_id)
    if status not in (Status.ACTIVE, Status.BLOCKED):
        raise invalid("status", "not_allowed", allowed=f"{Status.ACTIVE}, {Status.BLOCKED}")
    if status == found.status:
        return found
    before = found.status
    found.status, found.reason = status, ""
    if status == Status.ACTIVE:
        if before == Status.FINISHED:
            Called.objects.filter(campaign=found).exclude(state=Called.State.ANSWERED).update(
                state=Called.State.WAITING, error=""
            )
        contacts.gather(found)
        if not Called.objects.filter(campaign=found, state=Called.State.WAITING).exists():
            raise invalid("status", "nobody_to_call")
        found.started_by, found.started_at, found.finished_at = actor, timezone.now(), None
    found.save()
    record(actor, found.client_id, "update", found, before={"status": before}, after={"status": status})
    return found


@transaction.atomic
def delete_campaign(actor: User | None, campaign_id: int) -> None:
    """Delete a campaign in scope with its list; call detail keeps the calls. Raises Missing; Conflict while it runs."""
    found = _locked(campaign_id)
    if found.status == Status.ACTIVE:
        raise Conflict("campaign_runs")
    before = {"name": found.name, "number": found.number.digits, "classifiers": _names(found)}
    record(actor, found.client_id, "delete", found, before=before)
    Called.objects.filter(campaign=found).delete()
    found.delete()
    bump(found.client_id)


def _accepted(values: Mapping[str, Any]) -> dict[str, Any]:
    accepted = checks.clean(values, _CHECKS)
    if "number_id" in accepted:
        number = Number.objects.filter(pk=accepted["number_id"], kind=Number.Kind.INTERNAL)
        if not number.exists():
            raise invalid("number_id", "not_internal")
    return accepted


def _classifiers(values: Mapping[str, Any]) -> list[Classifier] | None:
    """Those of the client in scope that `values` names; None when it says nothing of them."""
    if "classifier_ids" not in values:
        return None
    ids = list(dict.fromkeys(values["classifier_ids"]))
    if len(ids) > MOST_CLASSIFIERS:
        raise invalid("classifier_ids", "too_many", max=MOST_CLASSIFIERS)
    found = Classifier.objects.in_bulk([pk for pk in ids if 0 < pk < 2**63])
    for index, pk in enumerate(ids):
        if pk not in found:
            raise invalid(f"classifier_ids.{index}", "not_found")
    return list(found.values())


def _names(found: Campaign) -> list[str]:
    return sorted(found.classifiers.values_list("name", flat=True))


def _save(found: Campaign) -> None:
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(campaign_id: int) -> Campaign:
    found = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("number")
        .filter(pk=campaign_id)
        .first()
    )
    if found is None:
        raise Missing
    return found
