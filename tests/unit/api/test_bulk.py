"""One action on many rows: a dry run tells what the real run then does, and nobody reaches further than alone."""

from collections.abc import Callable
from typing import Any

from django.test import Client as Browser
from django_scopes import scope

from ats.audit.models import Outbox
from ats.clients.models import User
from ats.numbering import actions as numbering
from ats.numbering.models import Number
from ats.ports import actions as ports
from ats.ports.models import Port
from tests.unit.world import World, make_user


def post(visitor: Browser, path: str, **body: Any) -> Any:
    return visitor.post(path, body, content_type="application/json")


def test_a_dry_run_promises_what_is_then_done(world: World, browser: Callable[[User], Browser]) -> None:
    with scope(client=world.romashka.pk):
        busy = numbering.create_internal(None, world.romashka.pk, {"digits": "100"})
        free = numbering.create_internal(None, world.romashka.pk, {"digits": "101"})
        ports.create_port(None, world.romashka.pk, {"name": "Линия", "number_id": busy.pk})
    admin = browser(world.admin)
    path = f"/api/clients/{world.romashka.pk}/numbers/bulk"
    told = Outbox.objects.count()
    body = {"ids": [busy.pk, free.pk, 10**9, free.pk], "action": "delete"}
    dry = post(admin, path, **body, dry_run=True).json()
    assert (dry["done"], dry["refused"], dry["dry_run"]) == (1, 2, True)
    assert "Линия" in next(item["message"] for item in dry["items"] if item["id"] == busy.pk)
    with scope(client=world.romashka.pk):
        assert Number.objects.count() == 2
    assert Outbox.objects.count() == told, "the engine was told of something that did not happen"

    real = post(admin, path, **body).json()
    assert real["items"] == dry["items"]
    with scope(client=world.romashka.pk):
        assert [number.digits for number in Number.objects.all()] == ["100"]


def test_switching_ports_off_and_on(world: World, browser: Callable[[User], Browser]) -> None:
    with scope(client=world.romashka.pk):
        made = [ports.create_port(None, world.romashka.pk, {"name": f"Линия {n}"}).pk for n in range(3)]
    admin = browser(world.admin)
    path = f"/api/clients/{world.romashka.pk}/ports/bulk"
    assert post(admin, path, ids=made, action="deactivate").json()["done"] == 3
    listed = admin.get(f"/api/clients/{world.romashka.pk}/ports", {"is_active": "false"}).json()
    assert listed["total"] == 3
    assert post(admin, path, ids=made[:1], action="activate").json()["done"] == 1
    with scope(client=world.romashka.pk):
        assert Port.objects.filter(is_active=True).count() == 1


def test_rights_are_those_of_single_changes(world: World, browser: Callable[[User], Browser]) -> None:
    viewer = make_user(world.romashka, "viewer", "client_user", rights=["http_login", "view_users"])
    users = f"/api/clients/{world.romashka.pk}/users/bulk"
    for action in ("delete", "deactivate"):
        assert post(browser(viewer), users, ids=[world.plain.pk], action=action).status_code == 403
    for path in ("/api/clients/bulk", "/api/pool/numbers/bulk"):
        assert post(browser(world.keeper), path, ids=[world.vega.pk], action="delete").status_code == 403
    # A client's administrator reaches neither another client's people nor himself.
    found = post(browser(world.keeper), users, ids=[world.vega_keeper.pk, world.keeper.pk], action="delete")
    assert [item["ok"] for item in found.json()["items"]] == [False, False]
    assert post(browser(world.keeper), users, ids=[], action="delete").status_code == 422
