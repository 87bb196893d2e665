"""Calls the contacts of running campaigns one after another (S202): the next when the talk before it is over.

Whatever is cut short is found again: who is being called stands in the database, and how it ended in call detail.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.audit.actions import record
from ats.calls.models import Call, PendingEvent
from ats.campaigns import contacts
from ats.campaigns.models import Called, Campaign
from ats.clients import access
from ats.clients.models import Client
from ats.engine import callbacks
from ats.engine.models import ActiveVersion, CallCommand, LiveCall
from ats.engine.watching import watch

EVERY_S = 1.0
# A call nobody has seen for so long did not come about (the engine took the order and died).
LOST_AFTER = timedelta(seconds=90)
_SEEN = timedelta(seconds=20)
log = logging.getLogger(__name__)

State = Called.State
_STATE_OF_RESULT: dict[str, Called.State] = {
    Call.Result.ANSWERED: State.ANSWERED,
    Call.Result.BUSY: State.BUSY,
    Call.Result.NO_ANSWER: State.NO_ANSWER,
    Call.Result.CANCELLED: State.NO_ANSWER,  # it rang as long as a campaign lets it
}


def dial_due() -> int:
    """One look at every campaign that runs, or was stopped during a call; returns how many calls were ordered."""
    with scopes_disabled():
        calling = Called.objects.filter(state=State.CALLING).values("campaign")
        open_ones = Campaign.objects.filter(Q(status=Campaign.Status.ACTIVE) | Q(pk__in=calling))
        found = list(open_ones.values_list("pk", "client_id"))
    ordered = 0
    for campaign_id, client_id in found:
        with scope(client=client_id), transaction.atomic():
            # Locked, so that two workers do not call the next one both.
            rows = Campaign.objects.select_for_update(of=("self",)).select_related(
                "number", "started_by__client"
            )
            campaign = rows.filter(pk=campaign_id).first()
            ordered += campaign is not None and _go_on(campaign)
    return ordered


def _go_on(campaign: Campaign) -> bool:
    if campaign.status == Campaign.Status.ACTIVE and (reason := _not_any_more(campaign)):
        _stop(campaign, reason)
    current = Called.objects.filter(campaign=campaign, state=State.CALLING).first()
    if current and not _ended(current):
        watch(campaign.client_id)
        return False
    if campaign.status != Campaign.Status.ACTIVE:
        return False
    waiting = Called.objects.filter(campaign=campaign, state=State.WAITING).order_by("pk")
    following = waiting.first()
    if following is None and contacts.gather(campaign):  # added since it was started
        following = waiting.first()
    if following is None:
        _finish(campaign)
        return False
    watch(campaign.client_id)  # agents take orders where somebody looks
    return _served(campaign.client_id) and _call(campaign, following)


def _not_any_more(campaign: Campaign) -> str:
    """Why whoever started it may not any more; it calls in his name and at his account. Empty: he may."""
    starter = campaign.started_by
    if starter is None:
        return Campaign.Stopped.STARTER_GONE
    if not (starter.is_active and starter.client.is_active):
        return Campaign.Stopped.STARTER_OFF
    if not access.may(starter, access.Do.TELEMARKETING, campaign.client_id):
        return Campaign.Stopped.STARTER_RIGHT
    return ""


def _stop(campaign: Campaign, reason: str) -> None:
    """The talk in progress goes on, as when somebody stops it."""
    before = {"status": campaign.status}
    campaign.status, campaign.reason = Campaign.Status.BLOCKED, reason
    campaign.save()
    after = {"status": campaign.status, "reason": reason}
    record(None, campaign.client_id, "update", campaign, before=before, after=after)


def _served(client_id: int) -> bool:
    """Whether a node follows the client as it is now: the context has the way in for such calls."""
    client = Client.objects.get(pk=client_id)
    served = ActiveVersion.objects.filter(client_id=client_id, version=client.version, error="")
    return client.is_active and served.exists()


def _call(campaign: Campaign, following: Called) -> bool:
    order = callbacks.order(
        campaign.client_id, f"+{following.clip}", campaign.number.digits, campaign.started_by_id
    )
    following.state, following.called_at, following.error = State.CALLING, timezone.now(), ""
    following.order_id, following.node, following.linkedid = order.pk, order.node.name, order.channel_ids[0]
    following.save()
    return True


def _ended(current: Called) -> bool:
    """Whether the call is over; then what became of it is noted."""
    call = Call.objects.filter(node=current.node, linkedid=current.linkedid).first()
    if call is not None:
        current.state = _STATE_OF_RESULT.get(call.result, State.FAILED)
        current.talk_ms = call.talk_ms
    else:
        order = CallCommand.objects.filter(pk=current.order_id or 0).first()
        refused = order is not None and order.state == CallCommand.State.FAILED
        if not refused and not _lost(current):
            return False
        current.state, current.error = State.FAILED, order.error if refused and order else ""
    current.save()
    return True


def _lost(current: Called) -> bool:
    now = timezone.now()
    if current.called_at and current.called_at > now - LOST_AFTER:
        return False
    return not (
        LiveCall.objects.filter(linkedid=current.linkedid, updated_at__gt=now - _SEEN).exists()
        or PendingEvent.objects.filter(node=current.node, linkedid=current.linkedid).exists()
    )


def _finish(campaign: Campaign) -> None:
    campaign.status, campaign.finished_at = Campaign.Status.FINISHED, timezone.now()
    campaign.save()
    record(
        None, campaign.client_id, "update", campaign,
        before={"status": Campaign.Status.ACTIVE}, after={"status": Campaign.Status.FINISHED},
    )  # fmt: skip
    log.info("campaign %d has called everybody", campaign.pk)
