"""Voice menus: what may be saved, what stands in the way of a deletion."""

from typing import Any

import pytest
from django_scopes import scope

from ats.clients.models import Client
from ats.errors import Conflict, Invalid
from ats.media import actions as media
from ats.media.models import Sound
from ats.menus import actions, queries
from ats.menus.models import VoiceMenu
from ats.numbering import actions as numbering
from ats.numbering import dialplan_actions


@pytest.fixture
def own(world: Any) -> Any:
    with scope(client=world.romashka.pk):
        yield world.romashka


def test_a_menu_with_keys_is_stored_and_reaches_the_engine(own: Client) -> None:
    number = numbering.create_internal(None, own.pk, {"digits": "101"})
    before = Client.objects.get(pk=own.pk).version
    menu = actions.create_menu(
        None, own.pk, {"name": "Приёмная", "wait_s": 7, "keys": [{"key": "#", "number_id": number.pk}]}
    )
    assert Client.objects.get(pk=own.pk).version == before + 1
    row = queries.menu_row(queries.menu(menu.pk))
    assert row["keys"] == [{"key": "#", "number_id": number.pk, "number_digits": "101"}]
    plan = queries.menu_plans()[0]
    assert (plan.wait_s, plan.keys) == (7, {"#": number.pk})
    actions.update_menu(None, menu.pk, {"description": "не для станции"})
    assert Client.objects.get(pk=own.pk).version == before + 1
    actions.update_menu(None, menu.pk, {"keys": []})
    assert queries.menu_plans()[0].keys == {}
    assert Client.objects.get(pk=own.pk).version == before + 2


def test_wrong_keys_are_told_one_by_one(own: Client, world: Any) -> None:
    number = numbering.create_internal(None, own.pk, {"digits": "101"})
    with scope(client=world.vega.pk):
        foreign = numbering.create_internal(None, world.vega.pk, {"digits": "101"})
    keys = [
        {"key": "1", "number_id": number.pk},
        {"key": "1", "number_id": number.pk},
        {"key": "A", "number_id": number.pk},
        {"key": "2", "number_id": foreign.pk},
    ]
    with pytest.raises(Invalid) as refused:
        actions.create_menu(None, own.pk, {"name": "Меню", "keys": keys})
    assert {path: fault.code for path, fault in refused.value.fields.items()} == {
        "keys.1.key": "twice",
        "keys.2.key": "bad_key",
        "keys.3.number_id": "not_internal",
    }
    assert not VoiceMenu.objects.exists()


def test_what_a_menu_uses_cannot_go(own: Client) -> None:
    number = numbering.create_internal(None, own.pk, {"digits": "101"})
    entry = numbering.create_internal(None, own.pk, {"digits": "110"})
    sound = Sound.objects.create(client=own, name="Анонс")
    menu = actions.create_menu(
        None,
        own.pk,
        {"name": "Меню", "announcement_id": sound.pk, "keys": [{"key": "1", "number_id": number.pk}]},
    )
    dialplan_actions.save_dialplan(
        None,
        entry.pk,
        0,
        [{"level": 1, "action": {"kind": "menu", "menu_id": menu.pk}, "calendar": CALENDAR}],
    )
    for refused in (
        lambda: numbering.delete_internal(None, number.pk),
        lambda: media.delete_sound(None, sound.pk),
        lambda: actions.delete_menu(None, menu.pk),
    ):
        with pytest.raises(Conflict) as conflict:
            refused()
        assert conflict.value.code == "in_use"
    dialplan_actions.save_dialplan(None, entry.pk, 1, [])
    actions.delete_menu(None, menu.pk)
    numbering.delete_internal(None, number.pk)
    media.delete_sound(None, sound.pk)


CALENDAR = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}
