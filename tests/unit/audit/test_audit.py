"""Every write leaves an audit row and, where the engine is concerned, an outbox row: or nothing at all."""

import threading

import pytest
from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from ats.audit.actions import emit, record
from ats.audit.models import AuditEntry, Outbox
from ats.clients.models import Client
from ats.clients.versions import bump
from ats.numbering import actions
from ats.numbering.models import Number
from tests.unit.world import World


def test_a_failure_after_the_change_takes_everything_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = Client.objects.get(pk=world.romashka.pk).version
    outbox = Outbox.objects.count()

    def broken(client_id: int) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions, "bump", broken)
    with scope(client=world.romashka.pk):
        before = AuditEntry.objects.count()
        with pytest.raises(RuntimeError):
            actions.create_internal(None, world.romashka.pk, {"digits": "100"})
        assert not Number.objects.exists()
        assert AuditEntry.objects.count() == before
    assert Outbox.objects.count() == outbox
    assert Client.objects.get(pk=world.romashka.pk).version == version


def test_an_audit_row_names_who_and_only_what_changed(world: World) -> None:
    with scope(client=world.romashka.pk):
        number = actions.create_internal(world.keeper, world.romashka.pk, {"digits": "100", "name": "А"})
        actions.update_number(world.keeper, number.pk, {"name": "Б", "description": ""})
        entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None
    assert (entry.actor_login, entry.verb, entry.object_type) == ("keeper", "update", "number")
    assert (entry.before, entry.after) == ({"name": "А"}, {"name": "Б"})


def test_audit_outside_a_transaction_is_a_mistake(transactional_db: None) -> None:
    client = Client.objects.create(name="x")
    with pytest.raises(AssertionError):
        record(None, client.pk, "create", client)


@pytest.mark.django_db(transaction=True)
def test_outbox_rows_become_visible_in_the_order_of_their_ids(world: World) -> None:
    """A reader that goes by «id greater than the last» must not pass over a row that commits late."""
    first_inserted, stop = threading.Event(), threading.Event()
    seen: list[int] = []

    def slow() -> None:
        with transaction.atomic():
            emit(Outbox.Kind.CLIENT, world.romashka.pk, 1000)
            first_inserted.set()
            stop.wait(0.3)
        connection.close()

    def quick() -> None:
        first_inserted.wait(5)
        with transaction.atomic():
            bump(world.vega.pk)
        connection.close()

    start = Outbox.objects.order_by("-id").values_list("id", flat=True)[0]
    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        last = seen[-1] if seen else start
        seen += Outbox.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)
    for thread in threads:
        thread.join()
    seen += (
        Outbox.objects.filter(id__gt=seen[-1] if seen else start).order_by("id").values_list("id", flat=True)
    )
    assert seen == list(Outbox.objects.filter(id__gt=start).order_by("id").values_list("id", flat=True))
    assert len(seen) == 2


@pytest.mark.django_db(transaction=True)
def test_versions_of_a_client_have_no_gap_and_no_double(world: World) -> None:
    def work(prefix: int) -> None:
        with scope(client=world.romashka.pk):
            for n in range(5):
                actions.create_internal(None, world.romashka.pk, {"digits": f"{prefix}{n}"})
        connection.close()

    before = Client.objects.get(pk=world.romashka.pk).version
    threads = [threading.Thread(target=work, args=(prefix,)) for prefix in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = Outbox.objects.filter(client_id=world.romashka.pk, version__gt=before).order_by("id")
    assert list(rows.values_list("version", flat=True)) == list(range(before + 1, before + 21))
    with scopes_disabled():
        assert Number.objects.filter(client=world.romashka.pk).count() == 20
