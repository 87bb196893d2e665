"""Campaigns: who is on the list, one call at a time, and what becomes of each (S200-S207)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.api.auditwords import Words
from ats.audit.models import AuditEntry
from ats.calls.models import Call
from ats.campaigns import actions, queries
from ats.campaigns.dialler import LOST_AFTER, dial_due
from ats.campaigns.models import Called, Campaign
from ats.classifiers import actions as classifiers
from ats.clients import user_actions
from ats.clients.models import Client
from ats.engine.models import ActiveVersion, CallCommand, LiveCall, LiveWatch, Node
from ats.errors import Conflict, Invalid
from ats.numbering import actions as numbering
from ats.numbering.queries import client_plan
from tests.unit.world import PASSWORD, World

NUMBERS = ("+79161110001", "+79161110002", "+7495*")


def campaign_of(world: World, *clips: str) -> Campaign:
    client_id = world.romashka.pk
    with scope(client=client_id):
        number = numbering.create_internal(None, client_id, {"digits": "150"})
        base = classifiers.create_classifier(None, client_id, {"name": "Должники"})
        for place, clip in enumerate(clips):
            classifiers.create_contact(None, base.pk, {"clip": clip, "name": f"Контакт {place}"})
        values = {"name": "Оповещение", "number_id": number.pk, "classifier_ids": [base.pk]}
        return actions.create_campaign(None, client_id, values)


def serve(world: World) -> None:
    """A node follows the client as it is now."""
    node, _ = Node.objects.get_or_create(name="node1")
    version = Client.objects.get(pk=world.romashka.pk).version
    ActiveVersion.objects.update_or_create(
        node=node, client_id=world.romashka.pk, defaults={"version": version, "active_at": timezone.now()}
    )


def start(world: World, campaign: Campaign, status: str = "active") -> None:
    if "telemarketing" not in world.keeper.rights:
        world.keeper.rights.append("telemarketing")
        world.keeper.save()
    with scope(client=world.romashka.pk):
        actions.set_status(world.keeper, campaign.pk, status)


def states(campaign: Campaign) -> list[str]:
    with scopes_disabled():
        return list(Called.objects.filter(campaign=campaign).order_by("pk").values_list("state", flat=True))


def over(world: World, result: str, talk_ms: int = 0) -> None:
    """The call under way ended, and the journal was read."""
    with scopes_disabled():
        called = Called.objects.get(state="calling")
        now = timezone.now()
        Call.objects.create(
            node=called.node, linkedid=called.linkedid, client_id=world.romashka.pk, direction="out", started_at=now,
            ended_at=now, result=result, talk_ms=talk_ms,
        )  # fmt: skip


def test_one_after_another_to_the_end(world: World) -> None:
    campaign = campaign_of(world, *NUMBERS)
    serve(world)
    assert dial_due() == 0  # nobody started it
    start(world, campaign)
    assert states(campaign) == ["waiting", "waiting"]  # a mask is nobody to call
    assert dial_due() == 1
    order = CallCommand.objects.get()
    assert (order.channel, order.target, order.number_id) == ("+79161110001", "150", world.keeper.pk)
    assert LiveWatch.objects.get().client_id == world.romashka.pk  # agents take orders where somebody looks
    assert dial_due() == 0  # the talk goes on
    over(world, "answered", 5000)
    assert dial_due() == 1
    over(world, "busy")
    assert dial_due() == 0
    assert states(campaign) == ["answered", "busy"]
    with scope(client=world.romashka.pk):
        row = queries.campaign_row(queries.campaign(campaign.pk))
    assert (row["status"], row["total"], row["done"], row["answered"]) == ("finished", 2, 2, 1)
    start(world, campaign)
    assert states(campaign) == ["answered", "waiting"]
    # Somebody is added while it goes on.
    with scope(client=world.romashka.pk):
        classifiers.create_contact(None, campaign.classifiers.get().pk, {"clip": "+79161110009"})
    serve(world)
    assert dial_due() == 1
    over(world, "no_answer")
    assert dial_due() == 1
    assert states(campaign) == ["answered", "no_answer", "calling"]


def test_stopped_and_started_it_goes_on_where_it_was(world: World) -> None:
    campaign = campaign_of(world, *NUMBERS)
    serve(world)
    start(world, campaign)
    dial_due()
    start(world, campaign, "blocked")
    over(world, "answered")
    assert dial_due() == 0
    assert states(campaign) == ["answered", "waiting"]
    start(world, campaign)
    assert dial_due() == 1
    assert states(campaign) == ["answered", "calling"]


@pytest.mark.parametrize("reason", ["starter_off", "starter_right", "starter_gone"])
def test_it_stops_when_its_starter_may_not_any_more(world: World, reason: str) -> None:
    """It calls in his name and at his account; the talk in progress goes on, the next does not begin."""
    campaign = campaign_of(world, *NUMBERS)
    serve(world)
    with scope(client=world.romashka.pk):
        values = {"login": "starter", "password": PASSWORD, "rights": ["http_login", "telemarketing"]}
        starter = user_actions.create_user(None, world.romashka.pk, values)
        actions.set_status(starter, campaign.pk, "active")
        assert dial_due() == 1
        if reason == "starter_gone":
            user_actions.delete_user(None, starter.pk)
        else:
            change = {"is_active": False} if reason == "starter_off" else {"rights": ["http_login"]}
            user_actions.update_user(None, starter.pk, change)
    serve(world)
    assert dial_due() == 0
    over(world, "answered")
    assert dial_due() == 0
    assert states(campaign) == ["answered", "waiting"]
    with scope(client=world.romashka.pk):
        row = queries.campaign_row(queries.campaign(campaign.pk))
        entry = AuditEntry.objects.filter(object_type="campaign").latest("pk")
    assert (row["status"], row["reason"]) == ("blocked", reason)
    [_, told] = Words([entry], "ru").changes(entry)
    assert entry.actor_login == "" and told["label"] == "Причина" and "запустивш" in told["after"]
    start(world, campaign)  # somebody who may starts it again
    assert dial_due() == 1
    with scope(client=world.romashka.pk):
        assert queries.campaign_row(queries.campaign(campaign.pk))["reason"] == ""


def test_an_order_that_came_to_nothing(world: World) -> None:
    campaign = campaign_of(world, *NUMBERS)
    serve(world)
    start(world, campaign)
    dial_due()
    CallCommand.objects.update(state="failed", error="too late")
    assert dial_due() == 1
    assert states(campaign) == ["failed", "calling"]
    # The engine took the second and died: nobody sees the call any more.
    with scopes_disabled():
        called = Called.objects.get(state="calling")
        called.called_at = timezone.now() - LOST_AFTER - timedelta(seconds=1)
        called.save()
    live = LiveCall.objects.create(
        node=Node.objects.get(), client_id=world.romashka.pk, uniqueid="1", linkedid=called.linkedid, channel="x",
        state="up", started_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    assert dial_due() == 0
    assert states(campaign) == ["failed", "calling"]
    live.delete()
    dial_due()
    assert states(campaign) == ["failed", "failed"]


def test_nobody_is_called_before_the_engine_knows_the_way(world: World) -> None:
    campaign = campaign_of(world, *NUMBERS)
    assert client_plan(world.romashka.pk).remote
    start(world, campaign)
    assert dial_due() == 0
    serve(world)
    assert dial_due() == 1


def test_what_a_campaign_cannot_be(world: World) -> None:
    empty = campaign_of(world, "+7495*")
    with pytest.raises(Invalid) as told:
        start(world, empty)
    assert told.value.fields["status"].code == "nobody_to_call"
    client_id = world.romashka.pk
    with scope(client=world.vega.pk):
        foreign = classifiers.create_classifier(None, world.vega.pk, {"name": "Чужой"})
        theirs = numbering.create_internal(None, world.vega.pk, {"digits": "100"})
    with scope(client=client_id):
        for values, field in (
            ({"name": "Оповещение", "number_id": empty.number_id}, "name"),
            ({"name": "Б", "number_id": theirs.pk}, "number_id"),
            ({"name": "Б", "number_id": empty.number_id, "classifier_ids": [foreign.pk]}, "classifier_ids.0"),
        ):
            with pytest.raises(Invalid) as told:
                actions.create_campaign(None, client_id, values)
            assert set(told.value.fields) == {field}
        with pytest.raises(Conflict):
            classifiers.delete_classifier(None, empty.classifiers.get().pk)
        with pytest.raises(Conflict):
            numbering.delete_internal(None, empty.number_id)
        actions.delete_campaign(None, empty.pk)
        assert not Campaign.objects.exists()


def test_one_that_runs_is_not_deleted(world: World) -> None:
    campaign = campaign_of(world, *NUMBERS)
    start(world, campaign)
    with scope(client=world.romashka.pk), pytest.raises(Conflict):
        actions.delete_campaign(None, campaign.pk)
