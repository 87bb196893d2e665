"""The index of words: that it finds what reading every row finds, is kept by whatever writes, and is really used."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from ats.api.lookup import SHOWN
from ats.classifiers.models import Classifier, Contact
from ats.clients.models import Client
from ats.numbering import queries
from ats.numbering.models import Number
from ats.ports.models import Port
from ats.queues.models import Queue
from ats.textsearch import candidates, upkeep
from ats.textsearch.candidates import holding
from ats.textsearch.condition import HoldsText
from ats.textsearch.sources import SOURCES, source_of
from tests.unit.world import World

NAMES = ("Склад", "СКЛАД 12", "Ёлка-2", "склад\\%_'\"", "a b c", "Отдел продаж", "Straße", "🙂 приём", "")
FIELDS = {
    Number: ("digits", "name", "description"),
    Port: ("name", "login", "description", "number__digits"),
    Queue: ("name", "description"),
}


@pytest.fixture
def things(world: World) -> Iterator[World]:
    """A few of several kinds in both clients."""
    for client in (world.romashka, world.vega):
        with scope(client=client.pk):
            for n, name in enumerate(NAMES):
                number = Number.objects.create(
                    client=client, kind="internal", digits=f"5{n}7", name=name, description=f"этаж {n}"
                )
                Port.objects.create(
                    client=client, name=f"{name} {n}", login=f"{client.pk}900{n}", number=number
                )
                Queue.objects.create(client=client, name=f"{name} {n}", description="очередь " + name)
    yield world


def test_it_finds_what_reading_every_row_finds(things: World) -> None:
    chance = random.Random(7)
    texts = [
        "склад",
        "СКЛ",
        "ад 1",
        "ёлка",
        "Ка-2",
        "%_'",
        '"',
        "\\%",
        "a b",
        "нет такого",
        "507",
        "🙂",
        "этаж 3",
    ]
    words = " ".join(NAMES)
    texts += [
        words[at : at + size].strip()  # as it comes from the screen
        for at, size in ((chance.randrange(50), chance.randint(3, 9)) for _ in range(40))
    ]
    for client in (things.romashka, things.vega):
        with scope(client=client.pk):
            for model, fields in FIELDS.items():
                for text in texts:
                    plainly = model.objects.filter(HoldsText(*fields, text=text)).values_list("pk", flat=True)
                    found = holding(model.objects.all(), fields, text)
                    assert sorted(found.values_list("pk", flat=True)) == sorted(plainly), (model, text)


def test_over_all_clients_and_within_a_classifier(things: World) -> None:
    pool = Number._base_manager.all()
    fields = ("digits", "description", "client__name")
    plainly = pool.filter(HoldsText(*fields, text="ромаш"))
    assert set(holding(pool, fields, "ромаш")) == set(plainly) != set()
    with scope(client=things.romashka.pk):
        one, other = (
            Classifier.objects.create(client=things.romashka, name=name) for name in ("Свои", "Чужие")
        )
        for owner in (one, other):
            Contact.objects.create(classifier=owner, name="Иванов", clip="79161112233")
        mine = Contact.objects.filter(classifier=one)
        assert holding(mine, ("name", "clip", "description"), "ИВАН").get().classifier_id == one.pk
        # Numbers that are free are nobody's, and are looked for inside a client's scope.
        free = queries.free_numbers()
        assert holding(free, ("digits",), "7495").count() == free.count() > 0


def test_every_way_to_write_keeps_it(things: World) -> None:
    def found(text: str) -> list[str]:
        rows = holding(Queue.objects.all(), ("name", "description"), text)
        return sorted(rows.values_list("name", flat=True))

    with scope(client=things.romashka.pk):
        assert found("дежурные") == []
        Queue.objects.bulk_create(
            [
                Queue(client=things.romashka, name="Дежурные 1"),
                Queue(client=things.romashka, name="Дежурные 2"),
            ]
        )
        assert found("дежурные") == ["Дежурные 1", "Дежурные 2"]
        Queue.objects.filter(name="Дежурные 1").update(name="Ночные")
        assert (found("дежурные"), found("ночные")) == (["Дежурные 2"], ["Ночные"])
        Queue.objects.filter(name="Дежурные 2").delete()
        assert found("дежурные") == []
        # To another client: neither is it here any more, nor does the other one lack it.
        Queue.objects.filter(name="Ночные").update(client=things.vega)
        assert found("ночные") == []
    with scope(client=things.vega.pk):
        assert holding(Queue.objects.all(), ("name",), "ночные").count() == 1


def test_what_a_migration_took_away_is_made_again(things: World) -> None:
    on_sqlite = connection.vendor == "sqlite"
    source = source_of(Queue)
    assert source is not None
    lost = (
        f"TRIGGER {upkeep.INDEX}_queues_queue_added"
        if on_sqlite
        else f"INDEX {upkeep.postgresql_index(source)}"
    )
    connection.check_constraints()  # PostgreSQL drops no index of a table with some still to be checked
    with connection.cursor() as cursor:
        cursor.execute(f"DROP {lost}")
    with scope(client=things.romashka.pk):
        Queue.objects.create(client=things.romashka, name="Забытая")
        rows = holding(Queue.objects.all(), ("name",), "забытая")
        assert rows.count() == (0 if on_sqlite else 1)  # PostgreSQL reads every row then
        connection.check_constraints()
        assert _made_again()
        assert rows.count() == 1
        assert not _made_again()


def _made_again() -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        upkeep.after_migrations(plan=[])
    return [one["sql"] for one in asked if one["sql"].startswith(("DROP", "CREATE", "INSERT"))]


def test_it_is_used_and_no_kind_is_read_through(things: World, browser: Any) -> None:
    admin = browser(things.keeper)
    with CaptureQueriesContext(connection) as asked:
        answer = admin.get(f"/api/clients/{things.romashka.pk}/search", {"q": "склад"})
    titles = [item["title"] for item in answer.json()["items"] if item["kind"] == "queue"]
    assert len(titles) == min(SHOWN, 3), titles
    sql = "SELECT rowid" if connection.vendor == "sqlite" else "replace(' ' ||"
    assert sum(sql in one["sql"] for one in asked) >= 8, [one["sql"] for one in asked]


def test_without_the_index_all_is_found_as_well(things: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_made_of", frozenset)
    with scope(client=things.romashka.pk):
        rows = holding(Queue.objects.all(), ("name",), "ёлка")
        assert rows.count() == 1
    assert candidates.keys_holding(Queue, ["ёлка"], limit=5) is None


def test_two_letters_are_looked_for_where_words_begin_and_the_very_name_comes_first(
    things: World, browser: Any
) -> None:
    with scope(client=things.romashka.pk):
        for n in range(600):
            Number.objects.create(client=things.romashka, kind="internal", digits=f"0{n:03}12")
        Number.objects.create(client=things.romashka, kind="internal", digits="12")

    def numbers(text: str) -> list[str]:
        answer = browser(things.keeper).get(f"/api/clients/{things.romashka.pk}/search", {"q": text})
        return [item["title"] for item in answer.json()["items"] if item["kind"] == "number"]

    assert numbers("12")[0] == "12"
    assert "517" in numbers("12")  # «СКЛАД 12»
    assert numbers("00012") == ["000012"]


def test_the_index_knows_only_columns_that_are_never_null() -> None:
    for source in SOURCES:
        assert not [one for one in source.fields if source.model._meta.get_field(one).null], source.label
    assert len({source.kind for source in SOURCES}) == len(SOURCES)
    assert Client._meta.label in {source.label for source in SOURCES}
