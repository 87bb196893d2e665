"""Internal numbers, the operator's pool, and the plan the engine gets."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled

from ats.clients import actions as clients
from ats.clients.models import User
from ats.dialplan.model import DialPort, HangUp, Outcome
from ats.errors import Conflict, Invalid
from ats.menus import actions as menus
from ats.numbering import actions, dialplan_actions, pool_actions
from ats.numbering.models import Number, Step
from ats.numbering.queries import client_plan, part_plan
from ats.ports import actions as ports
from tests.unit.world import World

JSON = "application/json"


@pytest.mark.parametrize("digits", ["", "1234567", "10a", "*1", "1\n", "１００"])
def test_what_an_internal_number_is_not(world: World, digits: str) -> None:
    with scope(client=world.romashka.pk), pytest.raises(Invalid) as caught:
        actions.create_internal(
            None, world.romashka.pk, {"digits": digits + ("0\n0" if digits == "1\n" else "")}
        )
    assert caught.value.fields.keys() == {"digits"}


def test_every_client_may_have_its_own_100(world: World) -> None:
    for client in (world.romashka, world.vega):
        with scope(client=client.pk):
            actions.create_internal(None, client.pk, {"digits": "100"})
            with pytest.raises(Invalid) as caught:
                actions.create_internal(None, client.pk, {"digits": "100"})
            assert caught.value.fields["digits"].code == "taken"


def test_text_with_control_characters_is_refused(world: World, browser: Callable[[User], Browser]) -> None:
    path = f"/api/clients/{world.romashka.pk}/numbers/internal"
    for name in ("a\r\nAction: Originate", "a\x00b", "a\u2028b", "\x1b[31m", "\u202eabc"):
        answer = browser(world.admin).post(path, {"digits": "100", "name": name}, content_type=JSON)
        assert answer.json()["fields"].keys() == {"name"}, repr(name)


def test_a_used_number_is_not_deleted_and_the_answer_says_where(
    world: World, browser: Callable[[User], Browser]
) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        used = actions.create_internal(None, client_id, {"digits": "100"})
        other = actions.create_internal(None, client_id, {"digits": "200"})
        step = {
            "level": 3,
            "action": {"kind": "number", "number_id": used.pk},
            "calendar": {"days": [1], "time_from": "00:00", "time_to": "24:00"},
        }
        dialplan_actions.save_dialplan(None, other.pk, 0, [step])
        dialplan_actions.save_dialplan(None, used.pk, 0, [step])
        ports.create_port(None, client_id, {"name": "Линия 1", "number_id": used.pk})
    answer = browser(world.keeper).delete(f"/api/clients/{client_id}/numbers/{used.pk}")
    assert answer.status_code == 409
    assert answer.json()["message"] == (
        "Используется: диалплан номера 200, уровень 3, порт «Линия 1». Сначала уберите оттуда."
    )
    assert browser(world.keeper).delete(f"/api/clients/{client_id}/numbers/{other.pk}").status_code == 204


def test_a_number_that_leads_to_itself_can_be_deleted(world: World) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        number = actions.create_internal(None, client_id, {"digits": "100"})
        calendar = {"days": [1], "time_from": "00:00", "time_to": "24:00"}
        step = {"level": 1, "action": {"kind": "number", "number_id": number.pk}, "calendar": calendar}
        dialplan_actions.save_dialplan(None, number.pk, 0, [step])
        actions.delete_internal(None, number.pk)
        assert not Step.objects.exists()


def test_allotting_and_freeing(world: World, browser: Callable[[User], Browser]) -> None:
    admin, base = browser(world.admin), f"/api/clients/{world.romashka.pk}/numbers"
    free = admin.get(f"{base}/external/free", {"search": "0003"}).json()["items"]
    assert [row["display"] for row in free] == ["+7 495 000-00-03"]
    allotted = admin.post(f"{base}/external", {"number_id": free[0]["id"]}, content_type=JSON).json()
    again = admin.post(
        f"/api/clients/{world.vega.pk}/numbers/external", {"number_id": free[0]["id"]}, content_type=JSON
    )
    assert (again.status_code, again.json()["code"]) == (409, "number_taken")
    kept = admin.delete(f"/api/pool/numbers/{free[0]['id']}")
    assert kept.status_code == 409
    assert "Ромашка" in kept.json()["message"]
    assert browser(world.keeper).delete(f"{base}/{allotted['id']}").status_code == 403
    assert admin.delete(f"{base}/{allotted['id']}").status_code == 204
    assert admin.get(f"{base}/{allotted['id']}").status_code == 404
    assert admin.delete(f"/api/pool/numbers/{free[0]['id']}").status_code == 204


def test_a_stale_save_does_not_reach_the_next_owner_of_a_number(world: World) -> None:
    number_id = world.free_ids[0]
    step = {
        "level": 1,
        "action": {"kind": "hangup", "cause": 16},
        "calendar": {"days": [1], "time_from": "00:00", "time_to": "24:00"},
    }
    with scope(client=world.romashka.pk):
        pool_actions.allot(None, world.romashka.pk, number_id)
        dialplan_actions.save_dialplan(None, number_id, 0, [step])
        pool_actions.release(None, number_id)
    with scope(client=world.vega.pk):
        pool_actions.allot(None, world.vega.pk, number_id)
        assert not Step.objects.exists()
        with pytest.raises(Conflict):
            dialplan_actions.save_dialplan(None, number_id, 0, [step])


def test_a_range_is_added_once(world: World, browser: Callable[[User], Browser]) -> None:
    admin = browser(world.admin)
    body = {"digits": "8 (495) 000-00-05", "to": "+7 495 000 00 12"}
    added = admin.post("/api/pool/numbers", body, content_type=JSON).json()
    assert (added["added"], added["existing"]) == (3, 5)
    for bad in (
        {"digits": "100"},
        {"digits": "+74950000009", "to": "+74950000001"},
        {"digits": "+74950000000", "to": "+74959999999"},
    ):
        assert admin.post("/api/pool/numbers", bad, content_type=JSON).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_of_two_clients_one_gets_the_number(world: World) -> None:
    outcomes: list[Any] = []

    def attempt(client_id: int) -> None:
        try:
            with scope(client=client_id):
                pool_actions.allot(None, client_id, world.free_ids[0])
            outcomes.append(client_id)
        except Conflict as conflict:
            outcomes.append(conflict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(client.pk,)) for client in (world.romashka, world.vega)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes))[1] == "number_taken"
    with scopes_disabled():
        assert Number.objects.get(pk=world.free_ids[0]).client_id in outcomes


def test_the_plan_holds_what_the_engine_needs_in_a_few_queries(world: World) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        number = actions.create_internal(None, client_id, {"digits": "100", "time_zone": "Asia/Omsk"})
        city = pool_actions.allot(None, client_id, world.free_ids[0])
        port = ports.create_port(None, client_id, {"name": "Линия", "is_active": False})
        calendar = {"days": [1, 2], "time_from": "09:30", "time_to": "18:30"}
        steps = [
            {"level": 2, "action": {"kind": "port", "port_id": port.pk}, "timeout_s": 9, "targets": {"busy": 7},
             "calendar": calendar},
            {"level": 1, "action": {"kind": "hangup", "cause": 21}, "calendar": calendar},
        ]  # fmt: skip
        dialplan_actions.save_dialplan(None, number.pk, 0, steps)
    with CaptureQueriesContext(connection) as queries:
        plan = client_plan(client_id)
    # client, numbers, kinds of steps, steps, limits, locks, holidays, mailboxes, users: whatever the size
    assert len(queries) == 11
    by_id = {row.id: row for row in plan.numbers}
    assert (by_id[number.pk].time_zone, by_id[city.pk].time_zone) == ("Asia/Omsk", "Europe/Moscow")
    assert (by_id[number.pk].external, by_id[city.pk].external) == (False, True)
    first, second = by_id[number.pk].steps
    assert first.action == DialPort(port.pk, port.login, is_active=False)
    assert (first.timeout_s, dict(first.targets)) == (9, {Outcome.BUSY: 7})
    assert (first.calendar.days, first.calendar.time_from, first.calendar.time_to) == (3, 570, 1110)
    assert second.action == HangUp(21)


def test_a_part_of_the_plan_holds_all_that_it_leads_to(world: World) -> None:
    """For lint and the simulator: one number, the numbers it leads to over steps and menus, one of the city."""
    client_id = world.romashka.pk
    with scope(client=client_id):
        first, second, third, far = (
            actions.create_internal(None, client_id, {"digits": str(digits)}) for digits in range(100, 104)
        )
        cities = [pool_actions.allot(None, client_id, free) for free in world.free_ids[:2]]
        menu = menus.create_menu(
            None, client_id, {"name": "М", "keys": [{"key": "1", "number_id": third.pk}]}
        )
        step = {"level": 1, "calendar": {"days": [1], "time_from": "00:00", "time_to": "24:00"}}
        for number, action in (
            (first, {"kind": "number", "number_id": second.pk}),
            (second, {"kind": "menu", "menu_id": menu.pk}),
            (third, {"kind": "number", "number_id": first.pk}),
            (far, {"kind": "hangup", "cause": 17}),
        ):
            dialplan_actions.save_dialplan(None, number.pk, 0, [{**step, "action": action}])
    whole, part = client_plan(client_id), part_plan(client_id, [first.pk])
    wanted = {first.pk, second.pk, third.pk, cities[0].pk}
    assert part.numbers == tuple(number for number in whole.numbers if number.id in wanted)
    assert (part.menus, part.limits, part.time_zone) == (whole.menus, whole.limits, whole.time_zone)
    with scope(client=client_id):
        menus.update_menu(None, menu.pk, {"extension_dial": True})
    assert len(part_plan(client_id, [first.pk]).numbers) == len(whole.numbers), (
        "any number can be dialled there"
    )


def test_a_client_that_is_not_active_has_no_numbers_for_the_engine(world: World) -> None:
    with scope(client=world.romashka.pk):
        actions.create_internal(None, world.romashka.pk, {"digits": "100"})
    before = client_plan(world.romashka.pk)
    clients.update_client(None, world.romashka.pk, {"is_active": False})
    after = client_plan(world.romashka.pk)
    assert len(before.numbers) == 1
    assert after.numbers == ()
    assert after.version == before.version + 1
