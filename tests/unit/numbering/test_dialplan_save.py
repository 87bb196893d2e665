"""Saving a dialplan: what is accepted, what is refused and where, and two people at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django_scopes import scope

from ats.audit.models import Outbox
from ats.clients.models import Client, User
from ats.errors import Conflict, Invalid
from ats.media.models import Sound
from ats.numbering import actions, dialplan_actions
from ats.numbering.models import Number, Step
from ats.numbering.queries import client_plan
from ats.ports import actions as ports
from tests.unit.world import World

ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}


def hang_up(level: int = 1, **given: Any) -> dict[str, Any]:
    return {"level": level, "action": {"kind": "hangup", "cause": 17}, "calendar": ALWAYS, **given}


@pytest.fixture
def number(world: World) -> Number:
    with scope(client=world.romashka.pk):
        return actions.create_internal(None, world.romashka.pk, {"digits": "100"})


def save(number: Number, revision: int, steps: list[dict[str, Any]]) -> Number:
    with scope(client=number.client_id):
        return dialplan_actions.save_dialplan(None, number.pk, revision, steps)


def faults(number: Number, step: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        save(number, 0, [hang_up(), step])
    return {path.removeprefix("steps.1."): fault.code for path, fault in caught.value.fields.items()}


def steps_of(number: Number) -> list[Step]:
    with scope(client=number.client_id):
        return list(Step.objects.filter(number=number).order_by("position"))


def test_steps_keep_their_ids_and_take_the_order_given(number: Number) -> None:
    save(number, 0, [hang_up(1), hang_up(2), hang_up(3)])
    one, two, three = (step.pk for step in steps_of(number))
    save(number, 1, [hang_up(3, id=three), hang_up(9), hang_up(1, id=one, timeout_s=30)])
    after = steps_of(number)
    assert [step.pk for step in after] == [three, after[1].pk, one]
    assert after[1].pk not in (one, two, three)
    assert [step.position for step in after] == [1, 2, 3]
    assert [step.level for step in after] == [3, 9, 1]
    assert after[2].timeout_s == 30


def test_a_save_bumps_the_version_once_and_queues_it(number: Number) -> None:
    before = Client.objects.get(pk=number.client_id).version
    save(number, 0, [hang_up()])
    client = Client.objects.get(pk=number.client_id)
    assert client.version == before + 1
    last = Outbox.objects.order_by("-id").first()
    assert last is not None
    assert (last.kind, last.client_id, last.version) == ("client", client.pk, client.version)


def test_the_second_of_two_saves_is_told_and_overwrites_nothing(number: Number) -> None:
    save(number, 0, [hang_up(1)])
    with pytest.raises(Conflict) as caught:
        save(number, 0, [hang_up(7)])
    assert caught.value.code == "changed"
    assert [step.level for step in steps_of(number)] == [1]


def test_a_refused_save_changes_nothing(number: Number) -> None:
    save(number, 0, [hang_up(1)])
    version = Client.objects.get(pk=number.client_id).version
    with pytest.raises(Invalid):
        save(number, 1, [hang_up(2), hang_up(0)])
    assert [step.level for step in steps_of(number)] == [1]
    assert Client.objects.get(pk=number.client_id).version == version


def test_a_missing_level_is_legal_and_so_is_an_empty_dialplan(number: Number) -> None:
    save(number, 0, [hang_up(1, targets={"no_answer": 20})])
    save(number, 1, [])
    assert steps_of(number) == []


@pytest.mark.parametrize(
    ("step", "where"),
    [
        (hang_up(0), {"level": "out_of_range"}),
        (hang_up(10_000), {"level": "out_of_range"}),
        (hang_up(True), {"level": "not_number"}),  # type: ignore[arg-type]
        (hang_up(timeout_s=0), {"timeout_s": "out_of_range"}),
        (hang_up(timeout_s=3601), {"timeout_s": "out_of_range"}),
        (hang_up(targets={"busy": 0}), {"targets.busy": "out_of_range"}),
        (hang_up(id=424242), {"id": "unknown_step"}),
        (hang_up(action={"kind": "hangup", "cause": 5}), {"action.cause": "not_allowed"}),
        (hang_up(action={"kind": "port", "port_id": 1}), {"action.port_id": "not_own"}),
        (hang_up(action={"kind": "sound"}), {"action.sound_id": "required"}),
        (hang_up(action={"kind": "teleport"}), {"action.kind": "not_allowed"}),
        (hang_up(calendar={**ALWAYS, "days": []}), {"calendar.days": "no_days"}),
        (hang_up(calendar={**ALWAYS, "days": [8]}), {"calendar.days": "out_of_range"}),
        (hang_up(calendar={**ALWAYS, "time_from": "25:00"}), {"calendar.time_from": "bad_time"}),
        (hang_up(calendar={**ALWAYS, "time_from": "9:00"}), {"calendar.time_from": "bad_time"}),
        (hang_up(calendar={**ALWAYS, "time_from": "24:00"}), {"calendar.time_from": "bad_time"}),
        (
            hang_up(calendar={**ALWAYS, "time_from": "10:00", "time_to": "10:00"}),
            {"calendar.time_to": "empty_window"},
        ),
        (
            hang_up(calendar={**ALWAYS, "date_from": "2026-02-02", "date_to": "2026-02-01"}),
            {"calendar.date_to": "dates_reversed"},
        ),
        (hang_up(0, timeout_s=0), {"level": "out_of_range", "timeout_s": "out_of_range"}),
    ],
)
def test_faults_name_their_field(number: Number, step: dict[str, Any], where: dict[str, str]) -> None:
    assert faults(number, step) == where


def test_one_step_cannot_stand_twice(number: Number) -> None:
    save(number, 0, [hang_up()])
    step_id = steps_of(number)[0].pk
    with pytest.raises(Invalid) as caught:
        save(number, 1, [hang_up(id=step_id), hang_up(2, id=step_id)])
    assert caught.value.fields.keys() == {"steps.1.id"}


def test_calendar_and_targets_come_back_as_they_went(
    world: World, number: Number, browser: Callable[[User], Browser]
) -> None:
    with scope(client=world.romashka.pk):
        port = ports.create_port(None, world.romashka.pk, {"name": "Линия 1"})
        sound = Sound.objects.create(client=world.romashka, name="moh")
    path = f"/api/clients/{world.romashka.pk}/numbers/{number.pk}/dialplan"
    steps = [
        {
            "level": 1,
            "action": {"kind": "port", "port_id": port.pk},
            "timeout_s": 5,
            "targets": {
                "forward": 4,
                "after_answer": 5,
                "no_answer": 2,
                "busy": 2,
                "no_route": 20,
                "found": 6,
                "not_found": 7,
            },
            "calendar": {
                "days": [1, 5, 7],
                "time_from": "22:30",
                "time_to": "06:00",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "holidays": "except",
            },
            "x": -10,
            "y": 300,
        },
        {"level": 2, "action": {"kind": "sound", "sound_id": sound.pk}},
        {"level": 3, "action": {"kind": "number", "number_id": number.pk}},
    ]
    admin = browser(world.admin)
    saved = admin.put(path, {"revision": 0, "steps": steps}, content_type="application/json")
    assert saved.status_code == 200, saved.content
    first, second, third = admin.get(path).json()["steps"]
    assert {name: first[name] for name in steps[0]} == steps[0]
    assert first["title"] == "SIP Линия 1"
    assert second["calendar"] == {**ALWAYS, "date_from": None, "date_to": None, "holidays": "any"}
    assert second["title"] == "Звуковое сообщение moh"
    assert third["action"] == {"kind": "number", "number_id": number.pk}
    stale = admin.put(path, {"revision": 0, "steps": []}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")


def test_shape_faults_over_the_api_have_paths_too(
    world: World, number: Number, browser: Callable[[User], Browser]
) -> None:
    path = f"/api/clients/{world.romashka.pk}/numbers/{number.pk}/dialplan"
    for step, field in (
        ({"level": "x", "action": {"kind": "hangup"}}, "steps.0.level"),
        ({"level": 1, "action": {"kind": "port"}}, "steps.0.action.port_id"),
        ({"level": 1, "action": {"kind": "teleport"}}, "steps.0.action"),
        ({"level": 1}, "steps.0.action"),
        ({"level": 1, "action": {"kind": "port", "port_id": 10**30}}, "steps.0.action.port_id"),
    ):
        answer = browser(world.admin).put(
            path, {"revision": 0, "steps": [step]}, content_type="application/json"
        )
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [field]


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_at_once_exactly_one_wins(world: World, number: Number) -> None:
    outcomes: list[str] = []

    def attempt(level: int) -> None:
        try:
            save(number, 0, [hang_up(level)] * 3)
            outcomes.append(str(level))
        except Conflict as conflict:
            outcomes.append(conflict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(level,)) for level in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if outcome != "changed"]
    assert len(winners) == 1
    assert len(outcomes) == 6
    assert [step.level for step in steps_of(number)] == [int(winners[0])] * 3


def test_limits_on_what_a_step_leads_outside(number: Number) -> None:
    """They stand in the step, are checked as a client's are, and are refused where nothing is led outside."""
    with scope(client=number.client_id):
        way = {
            "kind": "callback",
            "number_id": actions.create_internal(None, number.client_id, {"digits": "101"}).pk,
        }
    limits = {
        "lines": 2,
        "minutes_day": 30,
        "closed": ["mobile"],
        "deny_prefixes": ["+7900"],
        "money_day": None,
    }
    save(number, 0, [hang_up(action=way, limits=limits)])
    kept = {"lines": 2, "minutes_day": 30, "closed": ["mobile"], "deny_prefixes": ["7900"]}
    assert steps_of(number)[0].limits == kept
    [step] = client_plan(number.client_id).numbers[0].steps
    assert (step.limits.lines, step.limits.out.counted, step.limits.out.deny) == (2, True, ("7900",))
