"""Finding calls: every filter, whoever stands in which column, in pages; and each from an index."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django_scopes import scope

from ats.calls import finding, paging
from ats.calls.models import Call, filled
from ats.calls.queries import call_page
from ats.calls.summary import summary
from ats.clients.models import Client, User
from ats.numbering.models import Number
from ats.ports.models import Port
from ats.recordings.models import Recording

CLIENT = 17
START = datetime(2026, 11, 24, 6, tzinfo=UTC)


def make(n: int, **values: Any) -> Call:
    given = {
        "node": "node1", "linkedid": f"{n}", "client_id": CLIENT, "direction": "internal",
        "started_at": START + timedelta(minutes=n), "ended_at": START + timedelta(minutes=n, seconds=30),
        "caller": "100", "called": "101", "result": "no_answer", "cause": 19, **values,
    }  # fmt: skip
    return Call(**given)


@pytest.fixture
def calls(db: None) -> list[Call]:
    """Twelve calls of every kind, one a minute; 74951234567 stands in each of the four columns once."""
    city = "74951234567"
    answered = {"answered_at": START, "talk_ms": 60_000, "ring_ms": 2_000, "result": "answered"}
    rows = [
        make(0, caller=city, direction="in", via="74950000001"),
        make(1, called="84951234567", direction="out", caller_port_id=5, **answered),
        make(2, via=city, direction="in", answered_port_id=5, **answered),
        make(3, answered_by=city, **answered),
        *(make(n) for n in range(4, 10)),
        make(10, client_id=18, caller=city),
        make(11, result="lost", caller_port_id=5, answered_port_id=5),
    ]
    return Call.objects.bulk_create(rows)


def found(**filters: Any) -> list[str]:
    items, total, _ = call_page(CLIENT, filters)
    assert total == len(items)
    return [item["linkedid"] for item in items]


def test_a_number_is_found_wherever_it_stands(calls: list[Call]) -> None:
    assert found(numbers=("74951234567", "84951234567")) == ["3", "2", "1", "0"]
    assert found(numbers=("74951234567",)) == ["3", "2", "0"]
    assert found(numbers=("74951234567",), direction="in") == ["2", "0"]
    assert found(numbers=("7495",)) == [], "a whole number, not a part of it"


def test_a_port_is_found_as_caller_and_as_the_one_who_answered(calls: list[Call]) -> None:
    assert found(port_id=5) == ["11", "2", "1"], "each call once"
    assert found(port_id=5, numbers=("74951234567",)) == ["2"]
    assert found(port_id=6) == []


def test_other_filters(calls: list[Call]) -> None:
    assert found(result="lost") == ["11"]
    assert found(talk_from_ms=60_000) == ["3", "2", "1"]
    assert found(**{"from": START + timedelta(minutes=2), "to": START + timedelta(minutes=4)}) == ["3", "2"]
    assert found(search="5123") == ["3", "2", "1", "0"]


@pytest.mark.parametrize("deep", [1000, 0], ids=["shallow", "deep"])
def test_pages_of_a_number_do_not_overlap(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch, deep: int
) -> None:
    """Nor those that are read from the other end."""
    monkeypatch.setattr(paging, "DEEP", deep)
    for sort, whole in (("-started_at", ["3", "2", "1", "0"]), ("started_at", ["0", "1", "2", "3"])):
        pages: list[str] = []
        for page in (1, 2, 3):
            items, total, _ = call_page(
                CLIENT, {"numbers": ("74951234567", "84951234567")}, page=page, page_size=2, sort=sort
            )
            assert total == 4
            pages += [item["linkedid"] for item in items]
        assert pages == whole
    by_caller = [call_page(CLIENT, {}, page=n, page_size=4, sort="caller") for n in (1, 2, 3, 4)]
    assert [total for _, total, _ in by_caller] == [11, 11, 11, 11]
    shown = [(item["caller"], item["id"]) for items, _, _ in by_caller for item in items]
    assert (len(shown), shown) == (11, sorted(shown))


def test_a_search_for_a_part_looks_at_the_newest(calls: list[Call], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SPAN", 8)
    assert found(search="5123") == ["3", "2"], "the oldest are beyond the span"
    assert call_page(CLIENT, {"search": "5123"}).since == START + timedelta(minutes=2)
    assert call_page(CLIENT, {}).since is None
    shown = summary(CLIENT, {}, "UTC")
    assert (shown["calls"], shown["since"]) == (9, START + timedelta(minutes=2))


def test_by_another_column_the_newest_are_put_in_order(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    def order() -> list[str]:
        return [item["linkedid"] for item in call_page(CLIENT, {}, page_size=3, sort="-talk_ms")[0]]

    assert order() == ["3", "2", "1"]
    monkeypatch.setattr(finding, "SPAN", 7)
    assert order()[0] == "3", "it is among the newest eight"
    assert order()[1:] != ["2", "1"], "these are not"


def test_what_few_calls_meet_is_found_among_all_of_them(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long talks, dear calls, recorded ones: with any filter and in any order; of many, among the newest."""
    operator = Client.objects.create(name="К", pk=CLIENT)
    by_name = {call.linkedid: call for call in calls}
    made = {"client": operator, "started_at": START, "duration_ms": 1, "size_bytes": 1}
    with scope(client=CLIENT):
        for name, cost in (("1", 500), ("2", 900), ("9", 100)):
            Call.objects.filter(linkedid=name).update(cost=cost)
        for name in ("1", "3"):
            Recording.objects.create(call=by_name[name], uniqueid=name, name=name, **made)
    monkeypatch.setattr(finding, "SPAN", 2)
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"talk_from_ms": 60_000, "result": "answered"}, ["3", "2", "1"]),
        ({"cost_from": 500}, ["2", "1"]),
        ({"cost_from": 500, "direction": "out", "result": "answered"}, ["1"]),
        ({"has_recording": True, "talk_from_ms": 60_000}, ["3", "1"]),
        ({"has_recording": True, "search": "84951"}, ["1"]),
        ({"has_recording": True, "cost_from": 1, "port_id": 5, "numbers": ("84951234567",)}, ["1"]),
    ]
    for filters, expected in asked:
        assert found(**filters) == expected, filters
        items, _, since = call_page(CLIENT, filters, sort="-talk_ms")
        assert sorted(item["linkedid"] for item in items) == sorted(expected), filters
        assert since is None, "among all there are"
    monkeypatch.setattr(finding, "FEW", 0)
    assert found(talk_from_ms=60_000) == ["3", "2", "1"], "one condition alone is walked to"
    with scope(client=CLIENT):
        Recording.objects.create(call=by_name["3"], uniqueid="4", name="4", **made)  # of another leg
    assert call_page(CLIENT, {"has_recording": True}, page_size=1).total == 2, "each call once"
    assert found(talk_from_ms=60_000, cost_from=1) == [], "the newest three calls are looked at"
    with scope(client=CLIENT):
        assert finding.sought({"talk_from_ms": 1, "cost_from": 1}).since == by_name["8"].started_at


def test_a_user_s_own_calls_are_found_by_their_indices(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is a user's own by port, by number dialled and by number it came by, in pages; nothing else (S231)."""
    operator = Client.objects.create(name="К", pk=CLIENT)
    person = User.objects.create(client=operator, login="person", rights=[])
    with scope(client=CLIENT):
        Port.objects.create(pk=5, client=operator, name="Свой", login="80001", owner=person)
        Number.objects.create(client=operator, kind="external", digits="74950000001", owner=person)
    with scope(owner=person.pk, client=CLIENT):
        assert found() == ["11", "2", "1", "0"]
        assert found(result="answered") == ["2", "1"]
        pages = [call_page(CLIENT, {}, page=n, page_size=3) for n in (1, 2)]
        assert [[item["linkedid"] for item in items] for items, _, _ in pages] == [["11", "2", "1"], ["0"]]
        assert [total for _, total, _ in pages] == [4, 4]
        assert summary(CLIENT, {}, "UTC")["calls"] == 4
        monkeypatch.setattr(paging, "DEEP", 0)
        assert call_page(CLIENT, {}, page=2, page_size=3)[:2] == (pages[1].items, 4), "from the other end"
        Port.objects.update(owner=None)
        assert found() == ["0"]
        Number.objects.update(owner=None)
        assert found() == []


def test_summary(calls: list[Call]) -> None:
    shown = summary(CLIENT, {}, "Europe/Moscow")
    assert (shown["calls"], shown["answered"], shown["talk_ms"]) == (11, 3, 180_000)
    assert shown["since"] is None
    assert shown["wait_ms"] == 2000
    assert shown["results"][0] == {"result": "no_answer", "count": 7}
    assert {"hour": 9, "answered": 3, "missed": 8} in shown["hours"], "06 UTC is 09 in Moscow"
    assert shown["numbers"][0]["number"] == "100"
    assert sum(hour["answered"] + hour["missed"] for hour in shown["hours"]) == 11
    # What two indexes lead to, each call once.
    of_port = summary(CLIENT, {"port_id": 5}, "Europe/Moscow")
    assert (of_port["calls"], of_port["answered"], of_port["talk_ms"], of_port["wait_ms"]) == (
        3,
        2,
        120_000,
        2000,
    )
    assert of_port["results"] == [{"result": "answered", "count": 2}, {"result": "lost", "count": 1}]
    assert {"hour": 9, "answered": 2, "missed": 1} in of_port["hours"]
    assert [(row["number"], row["count"], row["talk_ms"]) for row in of_port["numbers"]] == [
        ("100", 3, 120_000),
        ("101", 2, 60_000),
        ("84951234567", 1, 60_000),
    ]
    nothing = summary(19, {}, "UTC")
    assert (nothing["calls"], nothing["wait_ms"], nothing["numbers"]) == (0, 0, [])


FILTERS: list[dict[str, Any]] = [
    {},
    {"from": START, "to": START + timedelta(days=1)},
    {"result": "lost"},
    {"direction": "out"},
    {"numbers": ("74951234567",)},
    {"port_id": 5},
]


@pytest.mark.parametrize("filters", [{"cost_from": 5}, {"talk_from_ms": 5}, {"has_recording": True}], ids=str)
def test_few_calls_are_led_to_by_an_index_of_what_they_have_in_common(
    planner: None, filters: dict[str, Any]
) -> None:
    with scope(client=CLIENT):
        ((few,), looked) = finding._conditions(filters)
        assert looked == []
        plan = few.explain()
        assert any(name in plan for name in ("call_client_cost", "call_client_talk", "recording_client")), (
            plan
        )


@pytest.mark.parametrize("column", ["caller", "-called", "-result", "-cost"])
def test_another_order_does_not_walk_an_index_of_all_calls(planner: None, column: str) -> None:
    """The newest calls are read by their time, whatever they are put in order by."""
    with scope(client=CLIENT):
        rows = Call.objects.filter(started_at__gte=START)
        plan = finding.ordered(rows, column).values("pk")[:50].explain()
        assert f"call_client_{column.removeprefix('-')}" not in plan, plan
        assert "call_client_" in plan and "Sort Key: started_at" not in plan, plan


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_where_the_newest_calls_begin_is_read_from_an_index(planner: None, filters: dict[str, Any]) -> None:
    with scope(client=CLIENT):
        for question in finding.sought(filters).arms:
            plan = question.order_by("-started_at").values("started_at")[5:6].explain()
            assert "call_client_" in plan, plan
            assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan


def test_each_way_to_a_user_s_own_calls_has_its_index(planner: None) -> None:
    """Of several ports and numbers, and without reading other calls (an index of those that came by a number at all
    is used on SQLite only if the question says so)."""
    # PostgreSQL takes any of them, the table being empty; none of them would be a walk through all calls.
    chosen = "call_client_" if connection.vendor == "postgresql" else "call_client_{}"
    for one, index in zip(
        [
            Q(caller_port_id__in=[5, 6]),
            Q(answered_port_id__in=[5, 6]),
            Q(called__in=["1", "2"]),
            filled("via") & Q(via__in=["1", "2"]),
            filled("answered_by") & Q(answered_by="1"),
        ],
        ["caller_port", "answered_port", "called", "via", "answered_by"],
        strict=True,
    ):
        plan = Call._base_manager.filter(one, client_id=CLIENT).values("pk")[:9].explain()
        assert chosen.format(index) in plan, plan


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_page_comes_from_an_index_in_its_order(planner: None, filters: dict[str, Any]) -> None:
    """No question of a page reads calls of others or sorts what it found."""
    with scope(client=CLIENT):
        questions = finding.sought(filters).arms
        for question in questions:
            plan = question.order_by("-started_at", "-id").values("pk", "caller")[:50].explain()
            assert "call_client_" in plan, plan
            if len(questions) == 1:
                assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan
            else:  # ties of one moment may be put in order, no more
                assert "RIGHT PART OF ORDER BY" in plan or "Presorted Key" in plan or "Sort" not in plan, plan
