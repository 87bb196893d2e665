"""Log-in, CSRF, tokens, and who may do what."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.clients.models import ApiToken, Client, LoginFailure, User
from tests.unit.api.test_tenancy import operations
from tests.unit.visitor import visitor
from tests.unit.world import PASSWORD

JSON = "application/json"


def log_in(browser: Browser, login: str, password: str, **headers: str) -> Any:
    token = browser.get("/api/auth/session").json()["csrf_token"]
    body = {"login": login, "password": password}
    return browser.post("/api/auth/login", body, content_type=JSON, headers={"X-CSRFToken": token, **headers})


def test_log_in_and_out(world: Any) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert log_in(browser, "admin", PASSWORD).status_code == 200
    session = browser.get("/api/auth/session").json()
    assert session["authenticated"]
    assert session["user"]["client"]["is_operator"]
    headers = {"X-CSRFToken": session["csrf_token"]}
    assert browser.post("/api/auth/logout", headers=headers).status_code == 204
    assert browser.get("/api/auth/session").json()["user"] is None
    assert browser.get("/api/clients").status_code == 401


def test_csrf_is_checked_on_every_unsafe_request_log_in_included(world: Any) -> None:
    browser = Browser(enforce_csrf_checks=True)
    body = {"login": "admin", "password": PASSWORD}
    refused = browser.post("/api/auth/login", body, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert log_in(browser, "admin", PASSWORD).status_code == 200
    refused = browser.post("/api/clients", {"name": "Через чужую страницу"}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert not Client.objects.filter(name="Через чужую страницу").exists()


def test_a_wrong_password_is_refused_in_the_browsers_language(world: Any) -> None:
    for login, password in (("admin", "wrong"), ("nobody", PASSWORD), ("admin\x00", "x"), ("", "")):
        answer = log_in(Browser(), login, password, **{"Accept-Language": "en-GB,en;q=0.9"})
        assert answer.status_code == 401
        assert answer.json() == {"code": "bad_login", "message": "Wrong user name or password.", "fields": {}}


def test_five_failures_make_the_sixth_wait(world: Any) -> None:
    for _ in range(5):
        assert log_in(Browser(), "admin", "wrong").status_code == 401
    throttled = log_in(Browser(), "admin", PASSWORD)
    assert throttled.status_code == 429
    assert 1 <= int(throttled.headers["Retry-After"]) <= 60
    assert log_in(Browser(), "ADMIN", "wrong").status_code == 429
    assert log_in(Browser(), "keeper", PASSWORD).status_code == 200, "others are not concerned"
    LoginFailure.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert log_in(Browser(), "admin", PASSWORD).status_code == 200


def test_many_logins_from_one_address_are_slowed_down(world: Any) -> None:
    statuses = [log_in(Browser(), f"guess{n}", "Summer2026").status_code for n in range(32)]
    assert statuses == [401] * 30 + [429] * 2


def test_blocked_users_and_clients_are_out_at_once(world: Any, browser: Callable[[User], Browser]) -> None:
    keeper = browser(world.keeper)
    assert keeper.get(f"/api/clients/{world.romashka.pk}").status_code == 200
    Client.objects.filter(pk=world.romashka.pk).update(is_active=False)
    assert keeper.get(f"/api/clients/{world.romashka.pk}").status_code == 401
    assert log_in(Browser(), "keeper", PASSWORD).status_code == 401


def test_without_the_right_to_log_in_nobody_does(world: Any) -> None:
    with scopes_disabled():
        User.objects.filter(pk=world.plain.pk).update(rights=["view_own"])
    answer = log_in(Browser(), "plain", PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (403, "no_http_login")


def test_a_token_is_shown_once_and_works_without_csrf(world: Any, browser: Callable[[User], Browser]) -> None:
    made = browser(world.admin).post("/api/auth/tokens", {"name": "биллинг"}, content_type=JSON)
    assert made.status_code == 201
    text = made.json()["token"]
    robot = Browser(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})
    assert robot.post("/api/clients", {"name": "Из биллинга"}, content_type=JSON).status_code == 201
    listed = browser(world.admin).get("/api/auth/tokens").json()["items"]
    assert text not in str(listed)
    assert listed[0]["last_used_at"] is not None
    with scopes_disabled():
        assert text not in str(list(ApiToken.objects.values()))
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert robot.get("/api/clients").status_code == 401
    wrong = Browser(headers={"Authorization": "Bearer ats_" + "x" * 43})
    assert wrong.get("/api/clients").json()["code"] == "bad_token"


def test_a_revoked_token_is_dead(world: Any, browser: Callable[[User], Browser]) -> None:
    admin = browser(world.admin)
    made = admin.post("/api/auth/tokens", {"name": "x"}, content_type=JSON).json()
    assert admin.delete(f"/api/auth/tokens/{made['id']}").status_code == 204
    assert (
        Browser(headers={"Authorization": f"Bearer {made['token']}"}).get("/api/clients").status_code == 401
    )


def test_own_password_needs_the_old_one_and_ends_other_sessions(
    world: Any, browser: Callable[[User], Browser]
) -> None:
    here, there = browser(world.keeper), browser(world.keeper)
    wrong = here.post("/api/auth/password", {"old": "no", "new": "Another-Horse-8"}, content_type=JSON)
    assert wrong.json()["fields"].keys() == {"old"}
    weak = here.post("/api/auth/password", {"old": PASSWORD, "new": "12345678"}, content_type=JSON)
    assert weak.json()["fields"].keys() == {"new"}
    done = here.post("/api/auth/password", {"old": PASSWORD, "new": "Another-Horse-8"}, content_type=JSON)
    assert done.status_code == 204
    assert here.get("/api/auth/session").json()["authenticated"]
    assert not there.get("/api/auth/session").json()["authenticated"]


def test_profile(world: Any, browser: Callable[[User], Browser]) -> None:
    keeper = browser(world.keeper)
    answer = keeper.patch(
        "/api/auth/me",
        {"language": "en", "time_zone": "Asia/Omsk", "rights": ["manage_system"]},
        content_type=JSON,
    )
    assert (answer.json()["language"], answer.json()["time_zone"]) == ("en", "Asia/Omsk")
    assert "manage_system" not in answer.json()["rights"]
    bad = keeper.patch("/api/auth/me", {"time_zone": "Mars/Phobos", "email": "x@"}, content_type=JSON)
    assert bad.json()["fields"] == {
        "time_zone": "No such time zone.",
        "email": "This does not look like an e-mail address.",
    }


OPEN = {"get_health", "get_meta", "get_session", "login", "passkey_login_options", "passkey_login"}


def test_every_other_operation_needs_a_log_in(world: Any) -> None:
    stranger = visitor()
    for name, method, path in operations():
        if name not in OPEN:
            answer = getattr(stranger, method)(re.sub(r"\{\w+\}", "1", path))
            assert answer.status_code == 401, name


OPERATOR_ONLY = [
    ("post", "/api/clients", {"name": "x"}),
    ("get", "/api/pool/numbers", None),
    ("post", "/api/pool/numbers", {"digits": "+74950001234"}),
    ("get", "/api/routes", None),
    ("post", "/api/routes", {"trunk_ids": [1]}),
    ("get", "/api/routes/1", None),
    ("patch", "/api/routes/1", {}),
    ("delete", "/api/routes/1", None),
    ("get", "/api/network", None),
]


@pytest.mark.parametrize(("method", "path", "body"), OPERATOR_ONLY)
def test_operators_matters_are_not_for_clients(
    world: Any, browser: Callable[[User], Browser], method: str, path: str, body: Any
) -> None:
    for user in (world.keeper, world.plain):
        answer = getattr(browser(user), method)(path, body, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def matrix(world: Any) -> list[tuple[str, str, str, Any, dict[str, bool]]]:
    """Rows of the manual's role matrix (S240-S248) that exist by now: who may."""
    base = f"/api/clients/{world.romashka.pk}"
    plain = f"{base}/users/{world.plain.pk}"
    return [
        ("S240", "post", "/api/clients", {}, {"clients": True, "keeper": False, "plain": False}),
        ("S241", "post", f"{base}/users", {}, {"clients": True, "keeper": True, "plain": False}),
        ("S241", "patch", plain, {"name": "x"}, {"clients": True, "keeper": True, "plain": False}),
        ("S242", "post", f"{base}/numbers/internal", {}, {"clients": True, "keeper": True, "plain": False}),
        ("S243", "post", f"{base}/numbers/external", {}, {"clients": True, "keeper": False, "plain": False}),
        ("S244", "post", f"{base}/ports", {}, {"clients": True, "keeper": False, "plain": False}),
        ("S246", "put", f"{base}/numbers/1/dialplan", {}, {"clients": True, "keeper": True, "plain": False}),
        ("S247", "get", "/api/network", None, {"clients": True, "keeper": False, "plain": False}),
        ("S248", "post", "/api/routes", {}, {"clients": False, "keeper": False, "plain": False}),
        ("S230", "get", f"{base}/ports", None, {"clients": True, "keeper": True, "plain": True}),
        ("S231", "get", f"{base}/calls", None, {"clients": True, "keeper": True, "plain": True}),
        ("S223", "get", f"{base}/users", None, {"clients": True, "keeper": True, "plain": False}),
    ]


def test_the_role_matrix(world: Any, browser: Callable[[User], Browser]) -> None:
    from tests.unit.world import make_user

    who = {
        "clients": browser(make_user(world.operator, "manager", "clients_admin")),
        "keeper": browser(world.keeper),
        "plain": browser(world.plain),
        "admin": browser(world.admin),
    }
    for item, method, path, body, allowed in matrix(world):
        for name, expected in {**allowed, "admin": True}.items():
            answer = getattr(who[name], method)(path, body, content_type=JSON)
            assert (answer.status_code != 403) == expected, (item, name, answer.status_code)


def test_nobody_gives_rights_he_does_not_have(world: Any, browser: Callable[[User], Browser]) -> None:
    keeper, base = browser(world.keeper), f"/api/clients/{world.romashka.pk}/users"
    new = {"login": "spy", "password": PASSWORD}
    for rights, status, code in (
        (["change_clients"], 403, "rights_above_own"),
        (["manage_system"], 422, "invalid"),
        (["no_such_right"], 422, "invalid"),
        (["http_login", "view_own"], 201, None),
    ):
        answer = keeper.post(base, {**new, "rights": rights}, content_type=JSON)
        assert answer.status_code == status, rights
        assert answer.json().get("code") == code
    own = keeper.patch(f"{base}/{world.keeper.pk}", {"rights": ["http_login"]}, content_type=JSON)
    assert (own.status_code, own.json()["code"]) == (409, "own_user")
    with scope(client=world.romashka.pk):
        User.objects.filter(pk=world.plain.pk).update(rights=["change_clients"])
    stronger = keeper.patch(f"{base}/{world.plain.pk}", {"password": "Taken-Over-99"}, content_type=JSON)
    assert (stronger.status_code, stronger.json()["code"]) == (403, "rights_above_own")
    assert keeper.delete(f"{base}/{world.plain.pk}").status_code == 403


def test_the_last_administrator_stays(world: Any, browser: Callable[[User], Browser]) -> None:
    from tests.unit.world import make_user

    second = make_user(world.operator, "second", "system_admin")
    base = f"/api/clients/{world.operator.pk}/users"
    assert browser(second).delete(f"{base}/{world.admin.pk}").status_code == 204
    own = browser(second).delete(f"{base}/{second.pk}")
    assert (own.status_code, own.json()["code"]) == (409, "own_user")
