"""Forwarding numbers: how they are written, and that one in use stays."""

import pytest
from django_scopes import scope

from ats.errors import Conflict, Invalid
from ats.forwarding import actions, queries
from ats.numbering import actions as numbers
from ats.numbering.dialplan_actions import save_dialplan
from tests.unit.world import World

_ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}


@pytest.mark.parametrize("written", ["89161234567", "+7 916 123-45-67", "9161234567"])
def test_numbers_as_people_write_them(world: World, written: str) -> None:
    with scope(client=world.romashka.pk):
        made = actions.create_forwarding(
            world.keeper, world.romashka.pk, {"name": "Дача", "digits": written, "extras": {"record": True}}
        )
        row = queries.forwarding_row(made)
    assert (row["digits"], row["display"]) == ("79161234567", "+79161234567")
    assert row["extras"]["record"]
    assert row["extras"]["transfer"]


@pytest.mark.parametrize("written", ["", "100", "${X}", "8916123456789012345", "+7916\n"])
def test_what_is_no_number_is_refused(world: World, written: str) -> None:
    with scope(client=world.romashka.pk), pytest.raises(Invalid) as caught:
        actions.create_forwarding(None, world.romashka.pk, {"name": "Дача", "digits": written})
    assert list(caught.value.fields) == ["digits"]


@pytest.mark.parametrize("kind", ["forwarding", "ring"])
def test_one_that_a_dialplan_rings_is_not_deleted(world: World, kind: str) -> None:
    with scope(client=world.romashka.pk):
        made = actions.create_forwarding(None, world.romashka.pk, {"name": "Дача", "digits": "89161234567"})
        number = numbers.create_internal(None, world.romashka.pk, {"digits": "100"})
        action = {"kind": kind, "forwarding_id": made.pk, "forwarding_ids": [made.pk]}
        save_dialplan(None, number.pk, 0, [{"level": 1, "action": action, "calendar": _ALWAYS}])
        with pytest.raises(Conflict) as caught:
            actions.delete_forwarding(None, made.pk)
        assert "100" in str(caught.value.params)
        save_dialplan(None, number.pk, 1, [])
        actions.delete_forwarding(None, made.pk)
