"""Clients and users: what is accepted, refused and removed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from ats.audit.models import AuditEntry, Outbox
from ats.clients import setup
from ats.clients.models import Client, User
from ats.media.models import Sound
from ats.numbering import actions as numbering
from ats.numbering import pool_actions
from ats.numbering.models import Number, Step
from ats.ports.models import Port
from tests.unit.world import PASSWORD, World

JSON = "application/json"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Ромашка"}, "name"),
        ({"name": "x", "time_zone": "Moscow"}, "time_zone"),
        ({"name": "x", "time_zone": "../../etc/passwd"}, "time_zone"),
        ({"name": "x", "language": "de"}, "language"),
        ({"name": "x", "area_code": "12"}, "area_code"),
        ({"name": "x", "description": "a\r\nb"}, "description"),
        ({"name": "x", "is_active": "perhaps"}, "is_active"),
        ({"name": 5}, "name"),
    ],
)
def test_faults_of_a_client(
    world: World, browser: Callable[[User], Browser], values: dict[str, Any], field: str
) -> None:
    answer = browser(world.admin).post("/api/clients", values, content_type=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("body", ["{", "[]", "null", '{"name": "x", "name": "\\ud800"}', "\x00"])
def test_nonsense_is_answered_clearly(world: World, browser: Callable[[User], Browser], body: str) -> None:
    answer = browser(world.admin).post("/api/clients", body, content_type=JSON)
    assert answer.status_code in (400, 422), answer.content
    assert set(answer.json()) == {"code", "message", "fields"}


def test_only_what_the_engine_needs_bumps_the_version(
    world: World, browser: Callable[[User], Browser]
) -> None:
    admin, path = browser(world.admin), f"/api/clients/{world.romashka.pk}"
    version = world.romashka.version
    for values, bumps in (({"name": "Лютик"}, 0), ({"time_zone": "Asia/Omsk"}, 1), ({"is_active": False}, 1)):
        version += bumps
        assert admin.patch(path, values, content_type=JSON).json()["version"] == version


def test_a_client_goes_only_when_it_holds_nothing(world: World, browser: Callable[[User], Browser]) -> None:
    admin, client_id = browser(world.admin), world.romashka.pk
    with scope(client=client_id):
        number = numbering.create_internal(None, client_id, {"digits": "100"})
        sound = Sound.objects.create(client_id=client_id, name="moh")
    held = admin.delete(f"/api/clients/{client_id}")
    assert (held.status_code, held.json()["code"]) == (409, "client_not_empty")
    assert "номера (1)" in held.json()["message"]
    with scope(client=client_id):
        numbering.delete_internal(None, number.pk)
    held = admin.delete(f"/api/clients/{client_id}")
    assert "звуковые сообщения (1)" in held.json()["message"]
    with scope(client=client_id):
        sound.delete()
        pool_actions.allot(None, client_id, world.free_ids[0])
        pool_actions.release(None, world.free_ids[0])
    assert admin.delete(f"/api/clients/{client_id}").status_code == 204
    assert not Client.objects.filter(pk=client_id).exists()
    last = Outbox.objects.order_by("-id").first()
    assert last is not None
    assert (last.kind, last.client_id) == ("client_gone", client_id)
    with scopes_disabled():
        assert not User.objects.filter(login="keeper").exists()
        entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None
    assert (entry.verb, entry.object_id, entry.object_name) == ("delete", client_id, "Ромашка")
    own = admin.delete(f"/api/clients/{world.operator.pk}")
    assert (own.status_code, own.json()["code"]) == (409, "operator_client")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"login": "ab"}, "login"),
        ({"login": "Иван"}, "login"),
        ({"login": "ADMIN"}, "login"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "newcomer1"}, "password"),
        ({"email": "no at sign"}, "email"),
        ({"role": "boss"}, "role"),
        ({"rights": ["fly"]}, "rights"),
        ({"time_zone": ""}, "time_zone"),
    ],
)
def test_faults_of_a_user(
    world: World, browser: Callable[[User], Browser], values: dict[str, Any], field: str
) -> None:
    body = {"login": "newcomer", "password": PASSWORD, **values}
    answer = browser(world.keeper).post(f"/api/clients/{world.romashka.pk}/users", body, content_type=JSON)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == [field]


def test_a_user_over_the_api(world: World, browser: Callable[[User], Browser]) -> None:
    keeper, base = browser(world.keeper), f"/api/clients/{world.romashka.pk}/users"
    body = {"login": "newcomer", "password": PASSWORD, "billing_account": "", "email": "n@example.org"}
    made = keeper.post(base, body, content_type=JSON).json()
    assert made["rights"] == ["change_own", "control_own_calls", "http_login", "view_own", "view_own_cdr"]
    changed = keeper.patch(f"{base}/{made['id']}", {"role": "client_admin"}, content_type=JSON).json()
    assert "add_users" in changed["rights"]
    assert "password" not in changed
    assert keeper.delete(f"{base}/{made['id']}").status_code == 204
    assert keeper.get(f"{base}/{made['id']}").status_code == 404


def test_a_query_outside_any_scope_is_an_error(world: World) -> None:
    for model in (Number, Step, Port, Sound, User, AuditEntry):
        for attempt in (
            lambda model=model: list(model.objects.all()),
            lambda model=model: model.objects.exists(),
            lambda model=model: model.objects.exclude(pk=1),
            lambda model=model: model.objects.in_bulk([1]),
            lambda model=model: model.objects.filter(pk=1).update(pk=1),
            lambda model=model: model.objects.select_related().count(),
        ):
            with pytest.raises(ScopeError):
                attempt()


def test_the_operator_is_made_once(db: None) -> None:
    operator, password = setup.init_operator()
    assert password is not None
    assert setup.init_operator() == (operator, None)
    assert setup.set_password("admin", None) != password
    with pytest.raises(User.DoesNotExist):
        setup.set_password("nobody", None)


def test_a_login_knows_no_case(world: World) -> None:
    browser = Browser()
    body = {"login": "Keeper", "password": PASSWORD}
    assert browser.post("/api/auth/login", body, content_type=JSON).json()["login"] == "keeper"


def test_there_is_one_operator(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(name="Второй оператор", is_operator=True)
