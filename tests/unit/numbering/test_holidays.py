"""A client's holiday calendar."""

from datetime import date

import pytest
from django_scopes import scope

from ats.errors import Invalid, Missing
from ats.numbering import holiday_actions, queries
from tests.unit.world import World


def test_russian_holidays_of_a_year(world: World) -> None:
    client = world.romashka.pk
    with scope(client=client):
        holiday_actions.add_holiday(world.keeper, client, {"day": date(2026, 1, 1), "name": "Свой"})
        added = holiday_actions.import_russian(world.keeper, client, 2026)
        days = {row.day: row.name for row in queries.holidays()}
        assert days[date(2026, 1, 1)] == "Свой"
        assert date(2026, 5, 9) in days and date(2026, 6, 12) in days
        assert len(days) == len(added) + 1
        assert holiday_actions.import_russian(None, client, 2026) == []
        assert queries.client_plan(client).holidays == tuple(sorted(days))


def test_a_day_is_there_once_and_can_go(world: World) -> None:
    client = world.romashka.pk
    with scope(client=client):
        made = holiday_actions.add_holiday(None, client, {"day": date(2026, 3, 8), "name": ""})
        with pytest.raises(Invalid):
            holiday_actions.add_holiday(None, client, {"day": date(2026, 3, 8), "name": "ещё раз"})
        holiday_actions.delete_holiday(None, made.pk)
        with pytest.raises(Missing):
            holiday_actions.delete_holiday(None, made.pk)
