"""The agent's side of the main database: what is behind, what is served, who is registered, who talks."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.audit.models import Outbox
from ats.clients.models import Client
from ats.engine.agent import database as db
from ats.engine.agent import live, registrations
from ats.engine.agent.build import Built, build, build_many
from ats.engine.agent.files import Contact
from ats.engine.models import ActiveVersion, LiveCall, LiveWatch, Registration
from ats.ports.models import Port
from tests.unit.world import World


@pytest.fixture(autouse=True)
def _system() -> Iterator[None]:
    with scopes_disabled():
        yield


@pytest.fixture
def node(db: None) -> int:
    from ats.engine.agent.database import node as make

    return int(make("node1").pk)


def served(world: World) -> dict[int, int]:
    versions = dict(Client.objects.values_list("id", "version"))
    return versions | {db.ROUTES: db.routes_version()}


def test_a_new_node_is_behind_with_everything(world: World, node: int) -> None:
    behind = db.stale(node)
    assert set(behind.clients) == {0, world.operator.pk, world.romashka.pk, world.vega.pk}
    assert behind.gone == []


def test_only_what_changed_is_behind(world: World, node: int) -> None:
    db.set_active(node, served(world), 0)
    assert db.stale(node) == db.Stale([], [])
    Client.objects.filter(pk=world.vega.pk).update(version=99)
    assert db.stale(node).clients == [world.vega.pk]


def test_an_error_is_tried_again_and_keeps_the_version_that_is_served(world: World, node: int) -> None:
    db.set_active(node, served(world), 0)
    db.set_error(node, world.vega.pk, "x" * 1000)
    row = ActiveVersion.objects.get(node_id=node, client_id=world.vega.pk)
    assert row.version == served(world)[world.vega.pk]
    assert len(row.error) == 300
    assert db.stale(node).clients == [world.vega.pk]
    db.set_active(node, {world.vega.pk: 5}, 0)
    row.refresh_from_db()
    assert (row.version, row.error) == (5, "")


def test_a_client_that_is_no_more_is_gone(world: World, node: int) -> None:
    db.set_active(node, served(world) | {4711: 3}, 0)
    assert db.stale(node).gone == [4711]
    db.forget(node, 4711)
    assert db.stale(node).gone == []


def test_a_change_of_the_routes_makes_them_behind(world: World, node: int) -> None:
    db.set_active(node, served(world), 0)
    Outbox.objects.create(kind=Outbox.Kind.ROUTES, client_id=world.operator.pk, version=1)
    assert db.stale(node).clients == [db.ROUTES]


def test_old_outbox_rows_go_but_the_routes_keep_their_version(world: World, node: int) -> None:
    Outbox.objects.create(kind=Outbox.Kind.ROUTES, client_id=world.operator.pk, version=1)
    version = db.routes_version()
    db.drop_old_outbox(timezone.now() + timedelta(seconds=1))
    assert db.routes_version() == version
    assert Outbox.objects.count() == 1


def test_after_a_boot_the_node_serves_what_the_files_said(world: World, node: int) -> None:
    db.set_active(node, {world.vega.pk: 9}, 0)
    db.replace_served(node, [(world.romashka.pk, 3), (0, 1)], timezone.now())
    assert db.all_served(node) == {world.romashka.pk: 3, 0: 1}


def test_a_client_is_built_and_a_missing_one_is_none(world: World) -> None:
    built = build(world.romashka.pk, {})
    assert isinstance(built, Built)
    assert built.text.startswith(f"; version {built.version}\n")
    assert build(4711, {}) is None
    found = build_many([world.romashka.pk, 4711, db.ROUTES], {})
    assert isinstance(found[db.ROUTES], Built)


def test_one_bad_client_does_not_hold_up_a_batch(world: World) -> None:
    Client.objects.filter(pk=world.vega.pk).update(area_code="4;5")
    found = build_many([world.vega.pk, world.romashka.pk], {})
    assert isinstance(found[world.vega.pk], ValueError)
    assert isinstance(found[world.romashka.pk], Built)


def make_port(client: Client, login: str) -> Port:
    return Port.objects.create(client=client, name=login, login=login, password="Secret-12345")


def contact(aor: str, port: int = 5060) -> Contact:
    return Contact(aor, f"sip:{aor}@192.0.2.9:{port}", f"192.0.2.9:{port}", "Phone/1", 2_000_000_000.0)


def test_registrations_follow_the_contacts(world: World, node: int) -> None:
    first, second = make_port(world.romashka, "170001"), make_port(world.vega, "180001")
    registrations.replace(
        node, ["170001", "180001", "unknown"], [contact("170001"), contact("180001"), contact("unknown")]
    )
    assert set(Registration.objects.values_list("port_id", "client_id")) == {
        (first.pk, world.romashka.pk),
        (second.pk, world.vega.pk),
    }
    registrations.forget_others(node, {"170001", "180001"})
    assert Registration.objects.count() == 2
    registrations.replace(node, ["170001"], [contact("170001", 5070)])
    assert Registration.objects.get(port_id=first.pk).address == "192.0.2.9:5070"
    registrations.replace(node, ["170001"], [])
    assert set(Registration.objects.values_list("port_id", flat=True)) == {second.pk}
    registrations.forget_others(node, {"170001"})
    assert not Registration.objects.exists()


def test_trunks_show_the_state_of_their_own_registration(world: World, node: int) -> None:
    trunk = Port.objects.create(
        client=world.operator,
        name="Город",
        connection="trunk",
        remote_host="192.0.2.7",
        remote_login="me",
        register=True,
    )
    registrations.set_trunks(node, {trunk.endpoint: "Rejected", "t4711": "Registered"})
    assert Registration.objects.get(port_id=trunk.pk).status == "rejected"
    registrations.forget_others(node, set())
    assert Registration.objects.filter(port_id=trunk.pk).exists()
    registrations.set_trunks(node, {})
    assert not Registration.objects.exists()


def channel(client: Client, number: int, **changes: str) -> dict[str, str]:
    values = {
        "Uniqueid": f"node1-1795423719.{number}",
        "Linkedid": "node1-1795423719.0",
        "Channel": f"PJSIP/170001-0000000{number}",
        "ChannelStateDesc": "Up",
        "Context": f"c{client.pk}.v5",
        "Exten": "101",
        "AccountCode": str(client.pk),
        "CallerIDNum": "100",
        "ConnectedLineNum": "<unknown>",
    }
    return values | changes


def test_only_watched_clients_calls_are_kept(world: World, node: int) -> None:
    channels = [channel(world.romashka, 1), channel(world.vega, 2)]
    live.refresh(node, channels, {world.romashka.pk}, {})
    row = LiveCall.objects.get()
    assert (row.client_id, row.state, row.called, row.connected) == (world.romashka.pk, "up", "101", "")
    live.refresh(node, channels, {live.EVERY_CLIENT}, {})
    assert LiveCall.objects.count() == 2
    live.refresh(node, [], {live.EVERY_CLIENT}, {})
    assert not LiveCall.objects.exists()


def test_a_call_from_a_trunk_belongs_to_the_client_it_is_in(world: World) -> None:
    assert live.client_of(channel(world.vega, 1, AccountCode=str(world.operator.pk))) == world.vega.pk
    assert live.client_of(channel(world.vega, 1, Context="ats-did-in", AccountCode="7")) == 7
    assert live.client_of({"Context": "default", "AccountCode": ""}) is None


def test_labels_of_the_dialplan_are_not_shown_as_dialled(world: World, node: int) -> None:
    live.refresh(node, [channel(world.romashka, 1, Exten="g43")], {live.EVERY_CLIENT}, {})
    assert LiveCall.objects.get().called == ""


def test_a_watch_that_ran_out_is_no_watch(world: World) -> None:
    now = timezone.now()
    LiveWatch.objects.create(client_id=world.romashka.pk, until=now + timedelta(seconds=5))
    LiveWatch.objects.create(client_id=world.vega.pk, until=now - timedelta(seconds=1))
    assert live.watched() == {world.romashka.pk}
