"""Call detail as people ask for it: pages, filters, the card; always within one client."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from ats.calls import finding, housekeeping, journalfiles, queries
from ats.calls.ingest import Ingester
from ats.calls.models import Call, JournalFile
from ats.clients.models import Client
from ats.engine.models import LiveWatch
from ats.errors import Invalid
from ats.numbering.models import Number, Step
from ats.ports.models import Port
from tests.unit.calls.journals import START_US, Journal

pytestmark = pytest.mark.django_db


def store(tmp_path: Path, journal: Journal) -> None:
    path = tmp_path / "journal.csv"
    path.write_bytes(journal.data)
    worker = Ingester("node1", path, tmp_path / "rejects.log")
    while worker.step():
        pass
    worker.forget()


@pytest.fixture
def day(tmp_path: Path) -> None:
    """Thirty calls of client 17, and five of client 18."""
    journal = Journal()
    for number in range(10):
        journal.answered("100", "101", talk_ms=1000 * number, name="Анна Петрова")
        journal.refused(17, "BUSY")
        journal.answered("103", "104")
    for _ in range(5):
        journal.answered("200", "201", account="18")
    store(tmp_path, journal)


def test_pages_go_through_everything_once(day: None) -> None:
    seen: list[int] = []
    for page in range(1, 5):
        items, total, _ = queries.call_page(17, {}, page=page, page_size=8)
        assert total == 30
        seen += [item["id"] for item in items]
    assert len(seen) == len(set(seen)) == 30
    first, _, _ = queries.call_page(17, {}, page=1, page_size=8)
    assert [item["started_at"] for item in first] == sorted(
        (item["started_at"] for item in first), reverse=True
    )
    assert queries.call_page(17, {}, page=9, page_size=8) == ([], 30, None)
    assert queries.call_page(19, {}) == ([], 0, None)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"result": "busy"}, 10),
        ({"direction": "in"}, 0),
        ({"direction": "internal", "result": "answered"}, 20),
        ({"search": "103"}, 10),
        ({"search": "петр"}, 10),
        ({"search": "%"}, 0),
        ({"search": "\x00"}, 30),
        ({"from": datetime.fromtimestamp(START_US / 1e6, UTC) + timedelta(days=1)}, 0),
        ({"to": datetime.fromtimestamp(START_US / 1e6, UTC)}, 0),
        ({"from": datetime.fromtimestamp(START_US / 1e6, UTC), "to": None, "search": "", "result": ""}, 30),
    ],
)
def test_filters(day: None, filters: dict[str, Any], count: int) -> None:
    items, total, _ = queries.call_page(17, filters, page_size=50)
    assert (len(items), total) == (count, count)


def test_sorting(day: None) -> None:
    items, _, _ = queries.call_page(17, {}, sort="-talk_ms", page_size=3)
    assert [item["talk_ms"] for item in items] == [9002, 8002, 7002]
    with pytest.raises(Invalid):
        queries.call_page(17, {}, sort="path; DROP TABLE calls_call")


def test_counting_stops_beyond_a_cap_and_needs_two_queries(
    day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "TOTAL_CAP", 12)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert queries.call_page(17, {}, page_size=5)[1] == 13  # so that one sees there are more
    assert len(asked) == 2


@scopes_disabled()
def _dialplan() -> tuple[int, int, int]:
    """Client 17 with a number whose steps ring a port and then number 44; ids of the number and its steps."""
    client = Client.objects.create(pk=17, name="Ромашка")
    port = Port.objects.create(client=client, name="Линия 1", login="100")
    number = Number.objects.create(pk=43, client=client, kind="internal", digits="101")
    one = Step.objects.create(number=number, position=1, level=1, action="port", port=port, on_no_answer=2)
    two = Step.objects.create(number=number, position=2, level=2, action="hangup", cause=17)
    return number.pk, one.pk, two.pk


def test_the_card_tells_the_way_in_words(tmp_path: Path) -> None:
    number, one, two = _dialplan()
    journal = Journal()
    journal.refused(17, "NOANSWER", f" 17/5/{number} {one} n{two} h17")
    journal.refused(20, "", f" 17/5/{number} 987654 r!20")
    store(tmp_path, journal)
    with scopes_disabled():
        first, second = Call.objects.order_by("started_at")
    assert first.caller_port_id is not None
    card = queries.call_card(17, first.pk)
    assert card is not None and len(card["legs"]) == 2
    assert [item["text"] for item in card["path"]] == [
        "Номер 101",
        "SIP Линия 1",
        "Нет ответа → Отбой",
        "отбой с причиной 17",
    ]
    assert [item["via"] for item in card["path"]] == [None, None, "no_answer", None]
    assert [item["level"] for item in card["path"]] == [None, 1, 2, None]
    assert card["path"][3]["end"] == "hang_up"
    english = queries.call_card(17, second.pk, "en")
    assert english is not None
    assert [item["text"] for item in english["path"]] == [
        "Number 101",
        "step 987654 (removed)",
        "No route → end: there is no level 20",
    ]
    assert english["path"][2]["end"] == "level_missing"
    assert queries.call_card(18, first.pk) is None
    assert queries.call_card(17, 10**12) is None


def test_the_worker_tells_how_it_is(tmp_path: Path) -> None:
    config = settings.CONFIG
    config.journal_path.parent.mkdir(parents=True, exist_ok=True)
    journal = Journal()
    journal.answered()
    config.journal_path.write_bytes(journal.data)
    call_command("worker", once=True)
    with scopes_disabled():
        assert Call.objects.count() == 1
    assert queries.worker_state(config)[0]
    state = config.run_dir / "worker.json"
    told = json.loads(state.read_text())
    assert told["calls"] == 1
    state.write_text(json.dumps({**told, "at": time.time() - 60}))
    assert queries.worker_state(config) == (False, "no sign of life for 60 s")
    state.write_text(json.dumps({**told, "at": time.time(), "error": "database is down"}))
    assert queries.worker_state(config) == (False, "database is down")
    state.unlink()
    assert not queries.worker_state(config)[0]
    call_command("journal_replay", check=True)
    with scopes_disabled():
        Call.objects.update(cause=3)
    with pytest.raises(SystemExit):
        call_command("journal_replay", check=True)
    call_command("journal_replay")
    call_command("journal_replay", check=True)
    config.journal_path.unlink()


def test_tidying(tmp_path: Path) -> None:
    aside = tmp_path / "journal-1.csv"
    unread = tmp_path / "journal-2.csv"
    for path, end in ((aside, "1"), (unread, "2")):
        path.write_text(f"HB,179542371{end}.000000\n")
    part = journalfiles.parts(tmp_path / "journal.csv")[0]
    JournalFile.objects.create(node="node1", head=part.head, name=part.path.name, done=True)
    housekeeping.tidy_journal("node1", tmp_path / "journal.csv", keep_days=0)
    assert {path.name for path in tmp_path.iterdir()} == {"journal-1.csv.gz", "journal-2.csv"}
    packed = journalfiles.parts(tmp_path / "journal.csv", compressed=True)
    assert [found.head for found in packed][0] == part.head
    LiveWatch.objects.create(client_id=1, until=datetime(2026, 1, 1, tzinfo=UTC))
    assert housekeeping.drop_expired() == 1
    housekeeping.drop_sessions()
