"""The cabinet's page, headers, the documentation without the network, health, and the demo data."""

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django_scopes import scope

from ats.asgi import LimitedBody
from ats.clients.models import Client, User
from ats.config import Config
from ats.numbering.queries import client_plan
from ats.ports.queries import endpoints_of
from tests.unit.world import World


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built cabinet of one page."""
    web = tmp_path / "web"
    web.mkdir()
    monkeypatch.setattr(Config, "web_dir", property(lambda _: web))
    (web / "index.html").write_text("<html>кабинет</html>", encoding="utf-8")
    return web


def test_every_address_of_the_cabinet_gives_its_page(built: Path) -> None:
    for path in ("/", "/clients/17/ports", "/login"):
        answer = Browser().get(path)
        assert answer.status_code == 200
        assert "кабинет" in answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Browser().get("/assets/gone-123.js").status_code == 404
    assert Browser().post("/login").status_code == 405


def test_a_cabinet_that_is_not_built_says_so(built: Path) -> None:
    (built / "index.html").unlink()
    answer = Browser().get("/")
    assert answer.status_code == 503
    assert "./ats up" in answer.content.decode()


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/clients/x", "/api/clients/-1/ports"])
def test_unknown_addresses_of_the_api_are_its_own_errors(db: None, path: str) -> None:
    answer = Browser().get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.json() == {"code": "not_found", "message": "Not found.", "fields": {}}


def test_ids_beyond_any_row_are_not_found(world: World, browser: Callable[[User], Browser]) -> None:
    huge = 10**25
    admin = browser(world.admin)
    for path in (
        f"/api/clients/{huge}",
        f"/api/clients/{world.romashka.pk}/ports/{huge}",
        f"/api/routes/{huge}",
    ):
        assert admin.get(path).status_code == 404


def test_the_documentation_needs_no_other_server() -> None:
    page = Browser().get("/api/docs").content.decode()
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    for source in sources:
        assert source.startswith("/static/ninja/")
        assert Browser().get(source).status_code == 200
    description = Browser().get("/api/openapi.json").json()
    assert description["info"]["title"] == "Canmos ATS"


def test_health_tells_the_parts_and_no_secrets(db: None) -> None:
    answer = Browser().get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["parts"].keys() == {"db", "engine", "agent", "worker"}
    assert settings.SECRET_KEY not in answer.content.decode()


def test_meta_speaks_the_language_asked() -> None:
    russian = Browser().get("/api/meta").json()
    english = Browser().get("/api/meta", headers={"Accept-Language": "en"}).json()
    assert {"code": "http_login", "name": "Вход по HTTP"} in russian["rights"]
    assert english["roles"][0]["name"] == "System administrator"
    assert "Europe/Moscow" in russian["time_zones"]


def test_a_failure_inside_says_nothing_of_itself(
    world: World, browser: Callable[[User], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ats.clients import queries

    def broken(*_: object) -> None:
        raise RuntimeError("secret of another client")

    monkeypatch.setattr(queries, "clients", broken)
    answer = browser(world.admin).get("/api/clients")
    assert answer.status_code == 500
    assert answer.json()["code"] == "server_error"
    assert "secret" not in answer.content.decode()


async def test_a_body_that_never_ends_is_cut_off() -> None:
    sent: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    for headers in ([], [(b"content-length", b"999999999")], [(b"content-length", b"-5")]):
        sent.clear()
        await LimitedBody(application)({"type": "http", "headers": headers}, receive, send)
        assert sent[0]["status"] == 413
        assert json.loads(sent[1]["body"])["code"] == "too_large"


def run(command: str, *args: str) -> Any:
    out = StringIO()
    call_command(command, *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_demo_can_call_at_once_and_is_made_once(db: None) -> None:
    made = run("demo")
    assert [account["number"] for account in made["sip"]] == ["100", "101"]
    client = Client.objects.get(name="Ромашка")
    endpoints = {row.endpoint: row for row in endpoints_of(client.pk)}
    assert {row.caller_number for row in endpoints.values()} == {"100", "101"}
    assert all(endpoints[account["login"]].password == account["password"] for account in made["sip"])
    plan = client_plan(client.pk)
    assert {number.digits: len(number.steps) for number in plan.numbers} == {
        "100": 1,
        "101": 1,
        "74950000001": 2,
    }
    browser = Browser()
    for login, password in (("admin", made["password"]), ("romashka", made["client_password"])):
        body = {"login": login, "password": password}
        assert browser.post("/api/auth/login", body, content_type="application/json").status_code == 200
    version = client.version
    assert run("demo") == {"existing": True}
    assert run("init_operator") == {"existing": True}
    client.refresh_from_db()
    assert client.version == version


def test_a_forgotten_password_is_set_anew(db: None) -> None:
    first = run("init_operator")
    second = run("set_password", "admin")
    assert first["login"] == second["login"] == "admin"
    assert first["password"] != second["password"]
    body = {"login": "admin", "password": second["password"]}
    assert Browser().post("/api/auth/login", body, content_type="application/json").status_code == 200
    with scope(client=Client.objects.get(is_operator=True).pk):
        assert User.objects.get(login="admin").is_active


def test_a_json_body_has_a_limit(world: World, browser: Callable[[User], Browser]) -> None:
    body = {"name": "x" * 3_000_000}
    answer = browser(world.admin).post("/api/clients", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-11-23T10:00:00Z", 200),
        ("2026-11-23T10:00:00+03:00", 200),
        ("2026-11-23T10:00:00", 200),
        ("2026-11-23", 200),
        ("yesterday", 422),
        ("0001-01-01T00:00:00+14:00", 422),
    ],
)
def test_moments_of_the_call_filter(
    world: World, browser: Callable[[User], Browser], moment: str, status: int
) -> None:
    answer = browser(world.keeper).get(f"/api/clients/{world.romashka.pk}/calls", {"from": moment})
    assert answer.status_code == status, answer.content
    if status == 422:
        assert list(answer.json()["fields"]) == ["from"]
