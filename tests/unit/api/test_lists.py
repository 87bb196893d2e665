"""Lists: paging, search, sorting, and a number of queries that does not grow with the rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from ats.api import listing
from ats.calls import finding
from ats.calls.models import Call
from ats.clients import actions as clients
from ats.clients.models import User
from ats.engine.models import LiveWatch, Node, Registration
from ats.media.models import Package, Sound
from ats.numbering import actions as numbering
from ats.numbering import dialplan_actions, pool_actions
from ats.ports import actions as ports
from ats.ports import route_actions
from tests.unit.world import World, make_user

# Path → how many SQL queries one page of it may cost (session and user are two of them). More is a decision.
LISTS = {
    "/api/clients": 6,
    "/api/pool/numbers": 3,
    "/api/routes": 5,
    "/api/network": 10,
    "/api/clients/{c}/users": 4,
    "/api/clients/{c}/numbers/internal": 6,
    "/api/clients/{c}/numbers/external": 5,
    "/api/clients/{c}/numbers/external/free": 4,
    "/api/clients/{c}/ports": 5,
    "/api/clients/{c}/sounds": 5,
    "/api/clients/{c}/packages": 4,
    "/api/clients/{c}/calls": 4,
    "/api/clients/{c}/calls/active": 5,
    "/api/clients/{c}/audit": 6,
    "/api/clients/{c}/registrations": 6,
    "/api/clients/{c}/choices": 12,
    "/api/clients/{c}/overview": 50,
}
# What looking at active calls costs beyond that when nobody has looked for a while.
RENEWAL = 4


def fill(world: World, start: int, count: int) -> None:
    """Add `count` of everything."""
    client_id = world.romashka.pk
    node, _ = Node.objects.get_or_create(name="node1")
    now = timezone.now()
    for n in range(start, start + count):
        clients.create_client(None, {"name": f"Клиент {n}"})
        make_user(world.romashka, f"user{n}", "client_user")
        with scope(client=client_id):
            number = numbering.create_internal(None, client_id, {"digits": str(200 + n)})
            port = ports.create_port(None, client_id, {"name": f"Порт {n}", "number_id": number.pk})
            step = {
                "level": 1,
                "action": {"kind": "port", "port_id": port.pk},
                "calendar": {"days": [1], "time_from": "00:00", "time_to": "24:00"},
            }
            dialplan_actions.save_dialplan(None, number.pk, 0, [step, {**step, "level": 2}])
            Sound.objects.create(client_id=client_id, name=f"Звук {n}")
            Package.objects.create(client_id=client_id, name=f"Пакет {n}")
            pool_actions.allot(None, client_id, world.free_ids[n])
            Registration.objects.create(
                node=node, port_id=port.pk, client_id=client_id, status="registered", updated_at=now
            )
            Call.objects.create(
                node="node1", linkedid=str(n), client_id=client_id, direction="internal", started_at=now,
                ended_at=now, result="answered",
            )  # fmt: skip
        with scope(client=world.operator.pk):
            trunk = ports.create_port(
                None,
                world.operator.pk,
                {"name": f"Транк {n}", "connection": "trunk", "remote_host": "192.0.2.1"},
            )
        route_actions.create_route(None, {"prefix": f"749{n}", "trunk_ids": [trunk.pk]})


def watched(world: World, left: timedelta) -> None:
    """Active calls are watched for so long yet: else the clock decides whether a look renews that."""
    LiveWatch.objects.update_or_create(client_id=world.romashka.pk, defaults={"until": timezone.now() + left})


def test_queries_do_not_grow_with_rows(world: World, browser: Callable[[User], Browser]) -> None:
    admin = browser(world.admin)
    counts: dict[str, list[int]] = {path: [] for path in LISTS}
    for start, count in ((0, 1), (1, 4)):
        fill(world, start, count)
        watched(world, timedelta(hours=1))
        for path in LISTS:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = admin.get(path.format(c=world.romashka.pk))
            assert answer.status_code == 200, (path, answer.content)
            counts[path].append(len(queries))
    for path, (few, many) in counts.items():
        assert many <= few, f"{path}: {few} queries with one row, {many} with five"
    over = {path: most for path, (_, most) in counts.items() if most > LISTS[path]}
    assert over == {}, "more queries than the budget"


def test_renewing_the_watch_costs_the_same_with_any_rows(
    world: World, browser: Callable[[User], Browser]
) -> None:
    admin = browser(world.admin)
    admin.get("/api/clients")  # the first request also notes when the session was seen
    path = "/api/clients/{c}/calls/active"
    for start, count in ((0, 1), (1, 4)):
        fill(world, start, count)
        watched(world, timedelta(seconds=-1))
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(path.format(c=world.romashka.pk)).status_code == 200
        assert len(queries) <= LISTS[path] + RENEWAL, f"{start + count} rows"
        assert LiveWatch.objects.get(client_id=world.romashka.pk).until > timezone.now()


def test_every_declared_sort_column_works(world: World, browser: Callable[[User], Browser]) -> None:
    from ats.api import audit, numbers, routes, sounds, users
    from ats.api import clients as client_api
    from ats.api import ports as port_api

    admin = browser(world.admin)
    base = f"/api/clients/{world.romashka.pk}"
    for path, sorts in (
        ("/api/clients", client_api._SORTS),
        ("/api/pool/numbers", numbers._POOL_SORTS),
        ("/api/routes", routes._SORTS),
        (f"{base}/users", users._SORTS),
        (f"{base}/numbers/internal", numbers._SORTS),
        (f"{base}/ports", port_api._SORTS),
        (f"{base}/sounds", sounds._SORTS),
        (f"{base}/audit", audit._SORTS),
    ):
        for column in sorts:
            for order in (column, f"-{column}"):
                assert admin.get(path, {"sort": order}).status_code == 200, (path, order)
        refused = admin.get(path, {"sort": "password"})
        assert refused.status_code == 422
        assert refused.json()["fields"].keys() == {"sort"}


def test_pages_do_not_overlap_and_total_counts_all(world: World, browser: Callable[[User], Browser]) -> None:
    admin = browser(world.admin)
    pages = [
        admin.get("/api/pool/numbers", {"page": n, "page_size": 4, "sort": "client_name"}).json()
        for n in (1, 2, 3)
    ]
    assert [page["total"] for page in pages] == [9, 9, 9]
    assert len({item["id"] for page in pages for item in page["items"]}) == 9
    assert admin.get("/api/pool/numbers", {"page": 99}).json()["items"] == []


def test_deep_pages_and_searches_are_like_the_first_page(
    world: World, browser: Callable[[User], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find keys first; rows, their order and what belongs to them are the same."""
    fill(world, 0, 4)
    admin = browser(world.admin)
    lists = ("numbers/internal", "numbers/external", "ports", "packages", "sounds", "users")
    for path in [f"/api/clients/{world.romashka.pk}/{name}" for name in lists] + ["/api/pool/numbers"]:
        monkeypatch.setattr(listing, "DEEP", 1000)
        one = admin.get(path, {"page": 2, "page_size": 2}).json()
        whole = admin.get(path).json()
        monkeypatch.setattr(listing, "DEEP", 0)
        assert admin.get(path, {"page": 2, "page_size": 2}).json() == one, path
        assert whole["items"][2:4] == one["items"], path
        last = {"page": len(whole["items"]), "page_size": 1}  # read from the other end
        assert admin.get(path, last).json()["items"] == whole["items"][-1:], path
        beyond = admin.get(path, {**last, "page": 99}).json()
        assert (beyond["items"], beyond["total"]) == ([], whole["total"]), path
    base = f"/api/clients/{world.romashka.pk}/ports"
    found = admin.get(base, {"search": "порт", "sort": "-name", "page": 2, "page_size": 1}).json()
    assert ([item["name"] for item in found["items"]], found["total"]) == (["Порт 2"], 4)
    # In a column of another table, which some rows do not have.
    assert admin.get(base, {"search": "203"}).json()["total"] == 1
    assert admin.get("/api/pool/numbers", {"search": "РОМАШ"}).json()["total"] == 4


def test_a_count_that_was_cut_says_so(
    world: World, browser: Callable[[User], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world, 0, 4)
    admin, base = browser(world.admin), f"/api/clients/{world.romashka.pk}"

    def shown(path: str, **query: object) -> tuple[int, int, bool]:
        answer = admin.get(f"{base}/{path}", {"page_size": 2, **query}).json()
        return len(answer["items"]), answer["total"], answer["total_cut"]

    for cap, searched in ((4, (2, 4, False)), (3, (2, 3, True))):
        monkeypatch.setattr(listing, "FOUND_CAP", cap)
        monkeypatch.setattr(finding, "TOTAL_CAP", cap)
        assert shown("ports", search="порт") == searched
        assert shown("calls") == searched
        assert shown("ports")[1:] == (4, False)  # without a search everything is counted
    assert shown("ports", search="порт", page=2) == (1, 3, True)


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page_size": "501"}, {"page": "9" * 30}])
def test_bad_paging_is_refused(world: World, browser: Callable[[User], Browser], query: Any) -> None:
    answer = browser(world.admin).get("/api/clients", query)
    assert answer.status_code == 422
    assert answer.json()["fields"].keys() == query.keys()


@pytest.mark.parametrize(
    ("text", "found"),
    [("ромаш", 1), ("РОМАШКА", 1), ("е", 2), ("%", 0), ("_", 0), ("\\", 0), ("'; --", 0), ("\x00вег", 1)],
)
def test_search_knows_cyrillic_and_takes_nothing_for_a_pattern(
    world: World, browser: Callable[[User], Browser], text: str, found: int
) -> None:
    assert browser(world.admin).get("/api/clients", {"search": text}).json()["total"] == found
