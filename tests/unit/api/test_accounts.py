"""Second factor, sessions, the operator's rules, tokens of chosen rights."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.clients import second_factor
from ats.clients.models import User
from tests.unit.api.test_gate import JSON, log_in
from tests.unit.world import PASSWORD

Visit = Callable[[User], Browser]


def switch_on(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    secret = browser.post("/api/auth/factor/secret").json()["secret"]
    totp = pyotp.TOTP(secret)
    answer = browser.post("/api/auth/factor", {"secret": secret, "code": totp.now()}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return totp, answer.json()["codes"]


def later(monkeypatch: pytest.MonkeyPatch, totp: pyotp.TOTP, steps: int) -> str:
    """Lets time pass for the server; returns the code of that moment."""
    moved = timezone.now() + timedelta(seconds=30 * steps)
    monkeypatch.setattr(second_factor, "timezone", SimpleNamespace(now=lambda: moved))
    return totp.at(moved)


def with_code(login: str, code: str) -> Any:
    browser = Browser()
    token = browser.get("/api/auth/session").json()["csrf_token"]
    body = {"login": login, "password": PASSWORD, "code": code}
    return browser.post("/api/auth/login", body, content_type=JSON, headers={"X-CSRFToken": token})


def test_a_one_time_code_is_asked_for_and_works_once(
    world: Any, browser: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    totp, _ = switch_on(browser(world.keeper))
    asked = log_in(Browser(), "keeper", PASSWORD)
    assert (asked.status_code, asked.json()["code"]) == (403, "second_factor")
    code = later(monkeypatch, totp, 1)
    assert with_code("keeper", code).status_code == 200
    again = with_code("keeper", code)
    assert (again.status_code, again.json()["code"]) == (403, "wrong_code"), "a code is good once"
    assert with_code("keeper", "000000").json()["code"] == "wrong_code"


def test_guessing_codes_is_slowed_down(world: Any, browser: Visit) -> None:
    switch_on(browser(world.keeper))
    statuses = [with_code("keeper", f"{n:06d}").status_code for n in range(7)]
    assert statuses == [403] * 5 + [429] * 2


def test_a_recovery_code_lets_in_once(world: Any, browser: Visit) -> None:
    _, codes = switch_on(browser(world.keeper))
    assert len(set(codes)) == 10
    assert with_code("keeper", codes[3]).status_code == 200
    assert with_code("keeper", codes[3]).json()["code"] == "wrong_code"
    with scopes_disabled():
        assert len(User.objects.get(pk=world.keeper.pk).recovery_digests) == 9


def test_switching_off_needs_the_password_or_an_administrator(world: Any, browser: Visit) -> None:
    keeper = browser(world.keeper)
    switch_on(keeper)
    wrong = keeper.post("/api/auth/factor/off", {"password": "no"}, content_type=JSON)
    assert wrong.json()["fields"].keys() == {"password"}
    path = f"/api/clients/{world.romashka.pk}/users/{world.keeper.pk}/factor"
    assert browser(world.plain).delete(path).status_code == 403
    assert browser(world.admin).delete(path).status_code == 204
    assert log_in(Browser(), "keeper", PASSWORD).status_code == 200
    switch_on(keeper)
    assert keeper.post("/api/auth/factor/off", {"password": PASSWORD}, content_type=JSON).status_code == 204


def test_a_role_can_be_made_to_set_a_factor_up_first(world: Any, browser: Visit) -> None:
    admin, keeper = browser(world.admin), browser(world.keeper)
    rule = {"second_factor_roles": ["client_admin"]}
    assert keeper.patch("/api/security", rule, content_type=JSON).status_code == 403
    assert admin.patch("/api/security", rule, content_type=JSON).status_code == 200
    path = f"/api/clients/{world.romashka.pk}"
    refused = keeper.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "factor_needed")
    assert keeper.get("/api/auth/session").json()["user"]["must_set_up_factor"]
    assert browser(world.plain).get(path).status_code == 200, "other roles are not concerned"
    switch_on(keeper)
    assert keeper.get(path).status_code == 200
    bad = admin.patch("/api/security", {"second_factor_roles": ["king"]}, content_type=JSON)
    assert bad.status_code == 422


def test_passwords_are_as_long_as_the_operator_wants(world: Any, browser: Visit) -> None:
    admin = browser(world.admin)
    admin.patch("/api/security", {"password_length": 20}, content_type=JSON)
    new = {"old": PASSWORD, "new": "Short-Horse-91"}
    answer = browser(world.keeper).post("/api/auth/password", new, content_type=JSON)
    assert answer.status_code == 422
    assert "20" in answer.json()["fields"]["new"]


def test_sessions_are_seen_and_ended(world: Any) -> None:
    here, there = Browser(), Browser()
    for one in (here, there):
        assert log_in(one, "keeper", PASSWORD, **{"User-Agent": "Firefox"}).status_code == 200
    listed = here.get("/api/auth/sessions").json()["items"]
    assert [row["current"] for row in listed].count(True) == 1
    assert {row["user_agent"] for row in listed} == {"Firefox"}
    other = next(row["id"] for row in listed if not row["current"])
    assert here.delete(f"/api/auth/sessions/{other}").status_code == 204
    assert there.get("/api/auth/tokens").status_code == 401
    assert here.get("/api/auth/tokens").status_code == 200
    assert here.delete("/api/auth/sessions/999999").status_code == 404


def test_an_administrator_ends_a_users_sessions_but_not_a_mightier_ones(world: Any, browser: Visit) -> None:
    plain = Browser()
    assert log_in(plain, "plain", PASSWORD).status_code == 200
    base = f"/api/clients/{world.romashka.pk}/users"
    keeper = browser(world.keeper)
    assert keeper.get(f"{base}/{world.plain.pk}/sessions").json()["total"] == 1
    assert keeper.delete(f"{base}/{world.plain.pk}/sessions").status_code == 204
    assert plain.get("/api/auth/tokens").status_code == 401
    with scope(client=world.romashka.pk):
        User.objects.filter(pk=world.plain.pk).update(rights=["change_clients"])
    assert keeper.delete(f"{base}/{world.plain.pk}/sessions").status_code == 403


def test_a_token_of_one_right_can_do_no_more(world: Any, browser: Visit) -> None:
    keeper = browser(world.keeper)
    made = keeper.post("/api/auth/tokens", {"name": "отчёт", "rights": ["view_users_cdr"]}, content_type=JSON)
    robot = Browser(headers={"Authorization": f"Bearer {made.json()['token']}"})
    base = f"/api/clients/{world.romashka.pk}"
    assert robot.get(f"{base}/calls").status_code == 200
    assert robot.get(f"{base}/users").status_code == 403
    lacking = keeper.post("/api/auth/tokens", {"name": "x", "rights": ["change_clients"]}, content_type=JSON)
    assert lacking.json()["fields"].keys() == {"rights"}
    with scopes_disabled():
        assert len(User.objects.get(pk=world.keeper.pk).rights) > 1, "only the request is narrowed"


def test_a_token_does_not_make_itself_a_better_one(world: Any, browser: Visit) -> None:
    """A key of one right for a day could make one of all rights for ever, or a passkey to log in with."""
    made = browser(world.admin).post(
        "/api/auth/tokens", {"name": "отчёт", "rights": ["view_users_cdr"]}, content_type=JSON
    )
    robot = Browser(headers={"Authorization": f"Bearer {made.json()['token']}"})
    robot.cookies.update(browser(world.admin).cookies)  # a session beside it changes nothing
    for path, body in (
        ("tokens", {"name": "x"}),
        ("passkeys/options", {}),
        ("passkeys", {"name": "x", "credential": {}}),
        ("factor/secret", {}),
        ("factor", {"secret": "x", "code": "1"}),
        ("factor/off", {"password": PASSWORD}),
        ("password", {"old": PASSWORD, "new": "Another-Horse-8"}),
    ):
        answer = robot.post(f"/api/auth/{path}", body, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, "in_person"), path


def test_rights_that_are_taken_away_end_sessions_and_tokens_at_once(world: Any, browser: Visit) -> None:
    keeper = browser(world.keeper)
    made = keeper.post("/api/auth/tokens", {"name": "x", "rights": ["view_users"]}, content_type=JSON).json()
    robot = Browser(headers={"Authorization": f"Bearer {made['token']}"})
    users = f"/api/clients/{world.romashka.pk}/users"

    def answers() -> list[int]:
        return [one.get(users).status_code for one in (keeper, robot)]

    assert answers() == [200, 200]
    for rights, expected in ((["http_login", "view_own"], 403), (["view_users"], 401)):
        with scopes_disabled():
            User.objects.filter(pk=world.keeper.pk).update(rights=rights)
        assert answers() == [expected, expected], rights
