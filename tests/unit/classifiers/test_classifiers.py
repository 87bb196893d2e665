"""Classifiers: contacts, masks, import, and what reaches the engine's file."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_scopes import scope

from ats.classifiers import actions, imports, queries
from ats.classifiers.models import Classifier, Contact
from ats.clients.models import Client
from ats.engine import contactrows, enginedb
from ats.errors import Conflict, Invalid
from ats.numbering import actions as numbers
from ats.numbering.dialplan_actions import save_dialplan
from ats.numbering.queries import client_plan
from tests.unit.world import World


def csv(text: str, encoding: str = "utf-8") -> Any:
    return SimpleUploadedFile("contacts.csv", text.encode(encoding))


@pytest.fixture
def vip(world: World) -> Any:
    with scope(client=world.romashka.pk):
        yield actions.create_classifier(world.keeper, world.romashka.pk, {"name": "VIP"})


@pytest.mark.parametrize("written", ["+79161234567", "+7 (916) 123-45-67", " +7916* "])
def test_numbers_are_taken_in_international_form(vip: Classifier, written: str) -> None:
    made = actions.create_contact(None, vip.pk, {"clip": written, "name": "Иван"})
    assert made.clip in ("79161234567", "7916*")


@pytest.mark.parametrize(
    "written", ["89161234567", "79161234567", "+7", "+0123456789", "*", "+7916*1", "+7916**", ""]
)
def test_others_are_refused(vip: Classifier, written: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.create_contact(None, vip.pk, {"clip": written})
    assert list(caught.value.fields) == ["clip"]


def test_each_change_is_a_revision_and_a_version(vip: Classifier, world: World) -> None:
    before = Client.objects.get(pk=world.romashka.pk).version
    one = actions.create_contact(None, vip.pk, {"clip": "+7916*"})
    actions.create_contact(None, vip.pk, {"clip": "+749512*"})
    vip.refresh_from_db()
    assert (vip.revision, vip.masks) == (2, [6, 4])
    with pytest.raises(Invalid):
        actions.create_contact(None, vip.pk, {"clip": "+7916*"})
    actions.delete_contact(None, vip.pk, one.pk)
    vip.refresh_from_db()
    assert (vip.revision, vip.masks) == (3, [6])
    assert Client.objects.get(pk=world.romashka.pk).version == before + 3


def test_a_classifier_that_a_dialplan_asks_is_not_deleted(vip: Classifier, world: World) -> None:
    number = numbers.create_internal(None, world.romashka.pk, {"digits": "100"})
    action = {"kind": "classifier", "classifier_id": vip.pk}
    step = {"level": 1, "action": action, "targets": {"found": 20}, "calendar": _ALWAYS}
    save_dialplan(None, number.pk, 0, [step])
    with pytest.raises(Conflict):
        actions.delete_classifier(None, vip.pk)
    actions.create_contact(None, vip.pk, {"clip": "+7916*"})
    [plan] = [one for one in client_plan(world.romashka.pk).numbers if one.id == number.pk]
    assert plan.steps[0].action.masks == (4,)  # type: ignore[union-attr]


_ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}


def test_dry_run_changes_nothing_and_promises_what_is_then_done(vip: Classifier) -> None:
    actions.create_contact(None, vip.pk, {"clip": "+79160000001", "name": "Старый", "description": "о нём"})
    text = "CLIP;Наименование\n+79160000001;Новый\n+7 916 000-00-02;Пётр\n8916;ошибка\n\n+7495*;город\n"
    tried = imports.import_contacts(None, vip.pk, csv(text), dry_run=True)
    assert Contact.objects.count() == 1
    done = imports.import_contacts(None, vip.pk, csv(text, "cp1251"), dry_run=False)
    assert tried == done
    assert (done.added, done.changed, done.same, done.bad) == (2, 1, 0, 1)
    assert [line for line, _ in done.faults] == [4]
    renamed = Contact.objects.get(clip="79160000001")
    assert (renamed.name, renamed.description) == ("Новый", "о нём")
    vip.refresh_from_db()
    assert (vip.masks, vip.contacts_count) == ([4], 3), "kept, not counted"
    again = imports.import_contacts(None, vip.pk, csv(text), dry_run=False)
    assert (again.added, again.changed, again.same) == (0, 0, 3)
    actions.delete_contact(None, vip.pk, renamed.pk)
    vip.refresh_from_db()
    assert vip.contacts_count == 2
    actions.delete_contacts(None, vip.pk, Contact.objects.values_list("pk", flat=True))
    assert queries.classifier_row(queries.classifier(vip.pk))["contacts_count"] == 0


def test_what_is_no_list_is_refused(vip: Classifier) -> None:
    for text in ("\0\0", '"+7916'):
        with pytest.raises(Invalid):
            imports.import_contacts(None, vip.pk, csv(text + "\n" + '"' * 400_000), dry_run=True)


def test_a_number_is_known_by_itself_or_by_a_mask(vip: Classifier) -> None:
    actions.create_contact(None, vip.pk, {"clip": "+79161112233"})
    actions.create_contact(None, vip.pk, {"clip": "+7495*"})
    known = [queries.knows(vip.pk, digits) for digits in ("79161112233", "74951112233", "79161112234")]
    assert known == [True, True, False]


def test_only_changed_classifiers_and_contacts_are_written(
    vip: Classifier, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "engine.db"
    enginedb.create(file)
    client = world.romashka.pk

    def push() -> int:
        wanted, clips = queries.for_engine(client, contactrows.revisions(file, [client]))
        with enginedb.transaction(file) as connection:
            return contactrows.apply(connection, client, wanted, clips)

    numbers_ = "\n".join(f"+7916{number:07d}" for number in range(1000))
    imports.import_contacts(None, vip.pk, csv(numbers_), dry_run=False)
    assert push() == 1000
    assert push() == 0
    extra = actions.create_contact(None, vip.pk, {"clip": "+7495*"})
    assert push() == 1
    actions.delete_contact(None, vip.pk, extra.pk)
    assert push() == 1
    actions.delete_classifier(None, vip.pk)
    assert push() == 1000
    assert contactrows.revisions(file, [client]) == {}
