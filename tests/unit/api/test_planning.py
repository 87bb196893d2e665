"""Simulate, lint, versions and overlay over the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope

from ats.calls.models import Call
from ats.classifiers import actions as classifiers
from ats.clients.models import User
from ats.numbering import actions as numbers
from ats.numbering.models import Step
from ats.ports import actions as ports
from tests.unit.world import World


class Desk:
    """A keeper of «Ромашка» at the dialplan of number 100: black list, then lunch, then the port."""

    def __init__(self, world: World, browser: Callable[[User], Browser]) -> None:
        self.client_id = world.romashka.pk
        with scope(client=self.client_id):
            self.number = numbers.create_internal(None, self.client_id, {"digits": "100"}).pk
            self.port = ports.create_port(None, self.client_id, {"name": "Линия 1"}).pk
            self.list = classifiers.create_classifier(None, self.client_id, {"name": "Чёрный список"}).pk
            classifiers.create_contact(None, self.list, {"clip": "+7916*"})
        self.browser = browser(world.keeper)
        self.base = f"/api/clients/{self.client_id}/numbers/{self.number}"
        self.revision = 0

    def steps(self) -> list[dict[str, Any]]:
        lunch = {"days": [1, 2, 3, 4, 5], "time_from": "13:00", "time_to": "14:00"}
        port = {"kind": "port", "port_id": self.port}
        return [
            {
                "level": 1,
                "action": {"kind": "classifier", "classifier_id": self.list},
                "targets": {"found": 20, "not_found": 2},
            },
            {"level": 2, "action": {"kind": "hangup", "cause": 17}, "calendar": lunch},
            {"level": 2, "action": port, "timeout_s": 90, "targets": {"no_answer": 3}},
        ]

    def save(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = self.ask("put", "/dialplan", {"revision": self.revision, "steps": steps})
        self.revision = answer["revision"]
        return list(answer["steps"])

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = getattr(self.browser, method)(self.base + path, body, content_type="application/json")
        assert answer.status_code == status, answer.content[:500]
        return answer.json()


@pytest.fixture
def desk(world: World, browser: Callable[[User], Browser]) -> Desk:
    return Desk(world, browser)


def test_a_call_is_walked_with_reasons(desk: Desk) -> None:
    _, _, port = desk.save(desk.steps())
    body = {"caller": "+74951112233", "at": "2026-11-24T14:05:00"}
    outcome = {"step_id": port["id"], "outcome": "no_answer"}
    walk = desk.ask("post", "/simulate", {**body, "outcomes": [outcome]})
    assert [stage["via"] for stage in walk["stages"]] == [None, None, "not_found", "no_answer"]
    assert walk["cause"] == 19
    taken = walk["stages"][2]
    assert taken["step_id"] == port["id"]
    assert taken["passed"][0]["why"] == "time"
    assert "номера звонящего в классификаторе нет" in taken["reason"]
    assert "уровня 3 нет" in walk["stages"][3]["reason"]
    blocked = desk.ask("post", "/simulate", {"caller": "89161234567", "at": "2026-11-24T14:05:00"})
    assert blocked["path"].endswith("y!20")
    lunch = desk.ask("post", "/simulate", {**body, "at": "2026-11-24T13:00:00"})
    assert lunch["cause"] == 17


def test_a_draft_is_walked_and_looked_at_without_saving(desk: Desk) -> None:
    draft = desk.steps()
    walk = desk.ask(
        "post",
        "/simulate",
        {
            "caller": "100",
            "at": "2026-11-24T15:00:00Z",
            "outcomes": [{"place": 2, "outcome": "busy"}],
            "steps": draft,
        },
    )
    assert [stage["place"] for stage in walk["stages"]] == [None, 0, 2, None]
    assert walk["cause"] == 17
    draft.append({"level": 9, "action": {"kind": "hangup"}})
    found = desk.ask("post", "/lint", {"steps": draft})["items"]
    assert [(one["code"], one["place"]) for one in found] == [("unreachable", 3)]
    assert "9" in found[0]["message"]
    assert desk.ask("get", "/lint")["items"] == []
    ring = {"level": 1, "action": {"kind": "ring", "port_ids": [desk.port]}}
    assert desk.ask("post", "/lint", {"steps": [ring]})["items"] == []
    with scope(client=desk.client_id):
        assert Step.objects.count() == 0


def test_every_save_is_a_version_and_can_come_back(desk: Desk) -> None:
    first = desk.save(desk.steps())
    changed = [{**first[0]}, {**first[2], "timeout_s": 5}]
    desk.save([{key: value for key, value in one.items() if key != "title"} for one in changed])
    listed = desk.ask("get", "/versions")["items"]
    assert [(one["revision"], one["author"], one["steps_count"]) for one in listed] == [
        (2, "keeper", 2),
        (1, "keeper", 3),
    ]
    lines = desk.ask("get", "/versions/2/diff?against=1")["lines"]
    assert len(lines) == 2
    assert "удалён шаг: уровень 2, Отбой" in lines[0]
    assert "таймаут, с 90 → 5" in lines[1]
    desk.ask("post", "/versions/1/restore", {"revision": 1}, status=409)
    restored = desk.ask("post", "/versions/1/restore", {"revision": 2})
    assert restored["revision"] == 3
    assert [step["timeout_s"] for step in restored["steps"]] == [None, None, 90]
    assert restored["steps"][0]["id"] == first[0]["id"]
    assert desk.ask("get", "/versions/3/diff?against=1")["lines"] != desk.ask("get", "/versions/1")["steps"]
    desk.ask("get", "/versions/9", status=404)


def test_calls_of_today_per_step_and_arrow(desk: Desk) -> None:
    one, two, three = (step["id"] for step in desk.save(desk.steps()))
    now = timezone.now()
    enter = f"{desk.client_id}/5/{desk.number}"
    paths = [
        f"{enter} {one} x{three} a-",
        f"{enter} {one} x{three} a-",
        f"{enter} {one} y!20",
        f"1/1/1{desk.number} 7",
    ]
    for index, path in enumerate([*paths, paths[0]]):
        at = now - timedelta(days=2) if index == 4 else now
        Call.objects.create(
            node="node1", linkedid=str(index), client_id=desk.client_id, direction="in", started_at=at,
            ended_at=at, result="answered", path=path,
        )  # fmt: skip
    found = desk.ask("get", "/overlay")
    assert found["calls"] == 3
    assert {row["step_id"]: row["calls"] for row in found["steps"]} == {one: 3, three: 2}
    arrows = {(row["from_id"], row["via"], row["to_id"]): row["calls"] for row in found["arrows"]}
    assert arrows == {
        (one, "not_found", three): 2,
        (three, "after_answer", None): 2,
        (one, "found", None): 1,
    }


def test_warnings_of_all_numbers(desk: Desk) -> None:
    desk.save([*desk.steps(), {"level": 9, "action": {"kind": "hangup"}}])
    answer = desk.browser.get(f"/api/clients/{desk.client_id}/lint").json()
    assert [(row["number"], [one["code"] for one in row["items"]]) for row in answer["items"]] == [
        ("100", ["unreachable"])
    ]
