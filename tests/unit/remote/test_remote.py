"""PINs tell users apart and lock guessers out; known telephones; callbacks are ordered by right."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.clients.models import User
from ats.engine.models import ActiveVersion, CallCommand, Node
from ats.errors import Invalid
from ats.numbering import actions as numbering
from ats.numbering.queries import client_plan
from ats.remote import actions, pins
from ats.remote.models import PinAttempt, RemotePin
from tests.unit.world import World

JSON = "application/json"
Visit = Callable[[User], Browser]


def give(world: World, user: User, *rights: str, pin: str | None = None) -> User:
    with scope(client=user.client_id):
        user.rights = sorted({*user.rights, *rights})
        user.save(update_fields=["rights"])
        if pin is not None:
            actions.set_pin(world.admin, user, pin)
    return user


def test_a_pin_names_its_user_and_needs_the_right(world: World) -> None:
    give(world, world.keeper, "pin", pin="482913")
    give(world, world.plain, pin="582914")
    client_id = world.romashka.pk
    assert pins.user_of(client_id, "482913", "79160000001") == world.keeper.pk
    assert pins.user_of(client_id, "582914", "79160000001") is None, "no right"
    assert pins.user_of(world.vega.pk, "482913", "79160000001") is None, "another client"
    with scopes_disabled():
        assert "482913" not in str(list(RemotePin.objects.values()))


def test_guessing_locks_the_caller_out_and_then_the_client(world: World) -> None:
    give(world, world.keeper, "pin", pin="482913")
    client_id = world.romashka.pk
    for n in range(pins.CALLER_MOST):
        assert pins.user_of(client_id, f"70000{n}", "79160000001") is None
    assert pins.user_of(client_id, "482913", "79160000001") is None, "locked"
    assert pins.user_of(client_id, "482913", "79160000002") == world.keeper.pk, "others are not concerned"
    for n in range(pins.CLIENT_MOST):
        pins.user_of(client_id, "700001", f"7916111{n:04d}")
    assert pins.user_of(client_id, "482913", "79160000003") is None, "forged caller ids do not help"
    PinAttempt.objects.update(at=timezone.now() - pins.WITHIN - timedelta(seconds=1))
    assert pins.user_of(client_id, "482913", "79160000001") == world.keeper.pk


@pytest.mark.parametrize("pin", ["12345", "123456", "111222", "12345678901", "12a456", "987654", "٤٨٢٩١٣"])
def test_weak_pins_are_refused(world: World, pin: str) -> None:
    with scope(client=world.romashka.pk), pytest.raises(Invalid):
        actions.set_pin(world.admin, world.keeper, pin)


def test_the_api_gives_a_pin_once(world: World, browser: Visit) -> None:
    path = f"/api/clients/{world.romashka.pk}/users/{world.plain.pk}/remote"
    admin = browser(world.admin)
    made = admin.put(f"{path}/pin", {"pin": ""}, content_type=JSON).json()["pin"]
    assert made.isdigit()
    assert len(made) == 8
    assert admin.get(path).json() == {"has_pin": True, "callers": []}
    assert admin.put(f"{path}/pin", {"pin": None}, content_type=JSON).json() == {"pin": None}
    assert admin.get(path).json()["has_pin"] is False
    assert browser(world.plain).put(f"{path}/pin", {"pin": ""}, content_type=JSON).status_code == 403


def test_known_telephones_reach_the_plan_with_the_right_only(world: World, browser: Visit) -> None:
    path = f"/api/clients/{world.romashka.pk}/users/{world.plain.pk}/remote/callers"
    admin = browser(world.admin)
    saved = admin.put(path, {"callers": ["8 916 123-45-67", "+79161234567"]}, content_type=JSON)
    assert saved.json()["callers"] == ["+79161234567"]
    assert client_plan(world.romashka.pk).known_callers == ()
    give(world, world.plain, "clip_callback")
    assert client_plan(world.romashka.pk).known_callers == (("79161234567", world.plain.pk),)
    bad = admin.put(path, {"callers": ["100"]}, content_type=JSON)
    assert bad.json()["fields"].keys() == {"callers.0"}
    other = f"/api/clients/{world.romashka.pk}/users/{world.keeper.pk}/remote/callers"
    taken = admin.put(other, {"callers": ["+79161234567"]}, content_type=JSON)
    assert taken.json()["fields"].keys() == {"callers"}


def test_a_callback_is_ordered_with_checked_digits(world: World, browser: Visit) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        numbering.create_internal(None, client_id, {"digits": "100"})
    path = f"/api/clients/{client_id}/callback"
    order: dict[str, Any] = {"from": "8 (916) 123-45-67", "to": "100"}
    assert browser(world.plain).post(path, order, content_type=JSON).status_code == 403
    user = browser(give(world, world.plain, "web_services"))
    waits = user.post(path, order, content_type=JSON)
    assert (waits.status_code, waits.json()["code"]) == (409, "no_node")
    node = Node.objects.create(name="node1")
    ActiveVersion.objects.create(node=node, client_id=client_id, version=7, active_at=timezone.now())
    taken = user.post(path, order, content_type=JSON)
    assert taken.status_code == 202
    command = CallCommand.objects.get()
    assert (command.channel, command.target, command.number_id) == ("+79161234567", "100", world.plain.pk)
    assert user.get(f"{path}/{taken.json()['id']}").json()["state"] == "new"
    assert (
        browser(give(world, world.keeper, "web_services")).get(f"{path}/{taken.json()['id']}").status_code
        == 404
    )
    for values, field in (
        ({"from": "100", "to": "999"}, "to"),
        ({"from": "1\r\nAction: x", "to": "100"}, "from"),
        ({"from": "", "to": "100"}, "from"),
    ):
        assert field in user.post(path, values, content_type=JSON).json()["fields"]
