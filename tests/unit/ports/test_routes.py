"""The operator's outbound routes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_scopes import scope

from ats.audit.models import Outbox
from ats.clients.models import Client, User
from ats.dialplan.model import RoutePlan, TrunkPlan
from ats.ports import actions
from ats.ports.models import Port
from ats.ports.queries import route_plans
from tests.unit.world import World

JSON = "application/json"


def trunk(client: Client, name: str, **values: Any) -> Port:
    with scope(client=client.pk):
        return actions.create_port(
            None, client.pk, {"name": name, "connection": "trunk", "remote_host": "192.0.2.1", **values}
        )


def routes_rows() -> int:
    return Outbox.objects.filter(kind="routes").count()


def test_a_route_with_failover(world: World, browser: Callable[[User], Browser]) -> None:
    first, second = trunk(world.operator, "A"), trunk(world.operator, "Б", number_format="national")
    admin = browser(world.admin)
    made = admin.post(
        "/api/routes", {"prefix": "7495", "trunk_ids": [second.pk, first.pk]}, content_type=JSON
    )
    assert made.status_code == 201, made.content
    route = made.json()
    assert [row["title"] for row in route["trunks"]] == ["Б", "A"]
    turned = admin.patch(
        f"/api/routes/{route['id']}", {"trunk_ids": [first.pk, second.pk]}, content_type=JSON
    ).json()
    assert turned["trunk_ids"] == [first.pk, second.pk]
    assert turned["prefix"] == "7495"
    assert route_plans() == (
        RoutePlan(
            "7495",
            (TrunkPlan(first.pk, f"t{first.pk}", "e164"), TrunkPlan(second.pk, f"t{second.pk}", "national")),
        ),
    )
    used = admin.delete(f"/api/clients/{world.operator.pk}/ports/{first.pk}")
    assert used.status_code == 409
    assert "7495" in used.json()["message"]
    assert admin.delete(f"/api/routes/{route['id']}").status_code == 204
    assert route_plans() == ()
    assert routes_rows() == 3


def test_a_change_of_a_trunk_reaches_its_routes(world: World, browser: Callable[[User], Browser]) -> None:
    port = trunk(world.operator, "A")
    browser(world.admin).post("/api/routes", {"trunk_ids": [port.pk]}, content_type=JSON)
    before = routes_rows()
    with scope(client=world.operator.pk):
        actions.update_port(None, port.pk, {"is_active": False})
    assert routes_rows() == before + 1
    assert route_plans() == (RoutePlan("", ()),)


@pytest.mark.parametrize(
    ("prefix", "pick", "field"),
    [
        ("+7", "own", "prefix"),
        ("7" * 16, "own", "prefix"),
        ("_X!", "own", "prefix"),
        ("7", "none", "trunk_ids"),
        ("7", "twice", "trunk_ids.1"),
        ("7", "client", "trunk_ids.0"),
        ("7", "subscriber", "trunk_ids.0"),
        ("taken", "own", "prefix"),
    ],
)
def test_faults(world: World, browser: Callable[[User], Browser], prefix: str, pick: str, field: str) -> None:
    admin = browser(world.admin)
    own = trunk(world.operator, "A")
    with scope(client=world.operator.pk):
        telephone = actions.create_port(None, world.operator.pk, {"name": "Телефон"})
    picks = {
        "own": [own.pk],
        "none": [],
        "twice": [own.pk, own.pk],
        "client": [trunk(world.romashka, "Чужой").pk],
        "subscriber": [telephone.pk],
    }
    if prefix == "taken":
        prefix = "749"
        admin.post("/api/routes", {"prefix": prefix, "trunk_ids": [own.pk]}, content_type=JSON)
    answer = admin.post("/api/routes", {"prefix": prefix, "trunk_ids": picks[pick]}, content_type=JSON)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == [field]
