"""Queues, pickup groups and conference rooms through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_scopes import scope

from ats.clients.models import Client, User
from ats.forwarding.models import Forwarding
from ats.ports import actions as ports
from ats.queues.models import Agent
from ats.queues.queries import queue_plans
from tests.unit.world import World

JSON = "application/json"


def port(client: Client, name: str) -> int:
    with scope(client=client.pk):
        return ports.create_port(None, client.pk, {"name": name}).pk


class Desk:
    """The administrator at the cabinet of «Ромашка»."""

    def __init__(self, world: World, browser: Callable[[User], Browser]) -> None:
        self.client = world.romashka
        self._browser = browser(world.admin)
        self._base = f"/api/clients/{world.romashka.pk}"

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = getattr(self._browser, method)(f"{self._base}{path}", body, content_type=JSON)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def version(self) -> int:
        self.client.refresh_from_db()
        return self.client.version


@pytest.fixture
def desk(world: World, browser: Callable[[User], Browser]) -> Desk:
    return Desk(world, browser)


def test_a_queue_with_agents_of_both_kinds(desk: Desk, world: World) -> None:
    first, second = port(desk.client, "A"), port(desk.client, "B")
    mobile = Forwarding.objects.create(client=desk.client, name="Мобильный", digits="79161234567")
    group = desk("post", "/pickup-groups", {"group": 1, "name": "Менеджеры"}, 201)
    agents = [{"port_id": second}, {"forwarding_id": mobile.pk}, {"port_id": first}]
    before = desk.version()
    made = desk(
        "post",
        "/queues",
        {"name": "Приём", "strategy": "rrmemory", "pickup_group_id": group["id"], "agents": agents},
        201,
    )
    assert desk.version() == before + 1
    assert [agent["title"] for agent in made["agents"]] == ["B", "Мобильный", "A"]
    assert desk("get", f"/pickup-groups/{group['id']}")["queues"] == [{"id": made["id"], "title": "Приём"}]
    # The order changes, who stays keeps his row (and with it his state in the engine).
    ids = {agent["title"]: agent["id"] for agent in made["agents"]}
    path = f"/queues/{made['id']}"
    changed = desk("patch", path, {"agents": [{"port_id": first}, {"port_id": second}]})
    assert [agent["id"] for agent in changed["agents"]] == [ids["A"], ids["B"]]
    [plan] = queue_plans(desk.client.pk)
    assert (plan.name, len(plan.agents)) == (f"q{made['id']}", 2)
    assert desk("get", "/queues?search=приём")["total"] == 1
    # Another name is nothing to the engine.
    before = desk.version()
    desk("patch", path, {"name": "Приёмная"})
    assert desk.version() == before
    assert desk("delete", f"/pickup-groups/{group['id']}", status=409)["message"].count("Приёмная") == 1
    assert "Приёмная" in desk("delete", f"/ports/{first}", status=409)["message"]
    desk("delete", path, status=204)
    assert queue_plans(desk.client.pk) == ()
    desk("delete", f"/pickup-groups/{group['id']}", status=204)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"strategy": "longest"}, "strategy"),
        ({"ring_s": 0}, "ring_s"),
        ({"pickup_group_id": 999}, "pickup_group_id"),
        ({"agents": [{}]}, "agents.0.port_id"),
        ({"agents": [{"port_id": 999_999}]}, "agents.0.port_id"),
        ({"agents": [{"forwarding_id": 999_999}]}, "agents.0.forwarding_id"),
        ({"name": "x" * 81}, "name"),
        ({"language": "de"}, "language"),
    ],
)
def test_what_a_queue_cannot_be(desk: Desk, body: Any, field: str) -> None:
    assert field in desk("post", "/queues", {"name": "Приём", **body}, 422)["fields"]


def test_agents_of_another_client_are_refused(desk: Desk, world: World) -> None:
    foreign = port(world.vega, "Чужой")
    answer = desk("post", "/queues", {"name": "Приём", "agents": [{"port_id": foreign}]}, 422)
    assert list(answer["fields"]) == ["agents.0.port_id"]


def test_a_queue_in_a_dialplan_stays(desk: Desk) -> None:
    queue = desk("post", "/queues", {"name": "Приём"}, 201)
    number = desk("post", "/numbers/internal", {"digits": "200"}, 201)
    step = {"level": 1, "action": {"kind": "queue", "queue_id": queue["id"]}}
    desk("put", f"/numbers/{number['id']}/dialplan", {"revision": 0, "steps": [step]})
    assert "200" in desk("delete", f"/queues/{queue['id']}", status=409)["message"]


def test_an_order_to_an_agent_is_numbered(desk: Desk) -> None:
    queue = desk("post", "/queues", {"name": "Приём", "agents": [{"port_id": port(desk.client, "A")}]}, 201)
    agent = queue["agents"][0]["id"]
    path = f"/queues/{queue['id']}/agents/{agent}"
    for count, order in enumerate(("pause", "unpause", "logout"), 1):
        before = desk.version()
        desk("post", path, {"order": order}, 204)
        assert desk.version() == before + 1
        with scope(client=desk.client.pk):
            row = Agent.objects.get(pk=agent)
        assert (row.order, row.order_no) == (order, count)
    desk("post", path, {"order": "dance"}, 422)


def test_pickup_group_of_a_port(desk: Desk, world: World) -> None:
    line = port(desk.client, "A")
    group = desk("post", "/pickup-groups", {"group": 5, "name": "Продажи"}, 201)
    assert "group" in desk("post", "/pickup-groups", {"group": 5, "name": "Ещё"}, 422)["fields"]
    before = desk.version()
    row = desk("patch", f"/ports/{line}", {"pickup_group_id": group["id"]})
    assert row["pickup_group_id"] == group["id"]
    assert desk.version() == before + 1
    assert "«A»" in desk("delete", f"/pickup-groups/{group['id']}", status=409)["message"]
    with scope(client=world.vega.pk):
        from ats.pickup.actions import create_group

        foreign = create_group(None, world.vega.pk, {"group": 5, "name": "Чужая"})
    answer = desk("patch", f"/ports/{line}", {"pickup_group_id": foreign.pk}, 422)
    assert list(answer["fields"]) == ["pickup_group_id"]


def test_a_conference_room(desk: Desk) -> None:
    room = desk("post", "/conferences", {"name": "Планёрка", "pin": "1234"}, 201)
    assert "pin" in desk("patch", f"/conferences/{room['id']}", {"pin": "12a4"}, 422)["fields"]
    before = desk.version()
    assert desk("patch", f"/conferences/{room['id']}", {"max_members": 5})["max_members"] == 5
    assert desk.version() == before + 1
    assert "name" in desk("post", "/conferences", {"name": "Планёрка"}, 422)["fields"]
    number = desk("post", "/numbers/internal", {"digits": "300"}, 201)
    step = {"level": 1, "action": {"kind": "conference", "conference_id": room["id"]}}
    desk("put", f"/numbers/{number['id']}/dialplan", {"revision": 0, "steps": [step]})
    assert "300" in desk("delete", f"/conferences/{room['id']}", status=409)["message"]
