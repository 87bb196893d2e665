"""Exactly once: whenever the worker dies or the database fails, the rows are those of a quiet run."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_scopes import scopes_disabled

from ats.calls import journalfiles, store
from ats.calls.ingest import Ingester, StaleOffsetError
from ats.calls.models import Call, JournalFile, Leg, PendingEvent
from ats.calls.replay import Replay
from tests.unit.calls.journals import Journal

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 2**62


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "journal.csv"


def ingester(place: Path, **options: Any) -> Ingester:
    return Ingester("node1", place, place.parent / "rejects.log", **options)


def drain(worker: Ingester) -> None:
    while worker.step():
        pass


@scopes_disabled()
def rows() -> list[Any]:
    """Everything stored about calls except the ids, which depend on the order of commits."""
    calls = {}
    for call in Call.objects.values():
        calls[call.pop("id")] = call
    legs: dict[int, list[Any]] = {pk: [] for pk in calls}
    for leg in Leg.objects.order_by("call_id", "seq").values():
        leg.pop("id")
        legs[leg.pop("call_id")].append(leg)
    return sorted(
        ([call, legs[pk]] for pk, call in calls.items()),
        key=lambda row: (row[0]["linkedid"], row[0]["client_id"]),
    )


@scopes_disabled()
def clear() -> None:
    Leg.objects.all().delete()
    Call.objects.all().delete()
    JournalFile.objects.all().delete()
    PendingEvent.objects.all().delete()


def busy_hour(*, hostile: bool = False, rounds: int = 12) -> Journal:
    """Calls of all kinds, some of them longer than a minute, and two deaths of the engine."""
    journal = Journal()
    journal.boot("first")
    long_one = journal.answered("100", "101", end=False)
    for number in range(rounds):
        journal.answered(talk_ms=7000)
        journal.refused(17, "BUSY")
        journal.beat()
        if hostile and number % 3 == 0:
            journal.answered(name='x\nBOOT,forged,1795423799.000000\n"y')
            journal.raw("complete\tnonsense")
    assert long_one
    journal.boot("second")
    journal.answered("100", "103", end=False)
    journal.answered()
    journal.boot("third")
    journal.answered("100", "104")
    return journal


def expected(place: Path) -> list[Any]:
    drain(ingester(place))
    found = rows()
    clear()
    return found


def test_a_quiet_run(place: Path) -> None:
    place.write_bytes(busy_hour().data)
    worker = ingester(place)
    drain(worker)
    found = [call for call, _ in rows()]
    assert len(found) == 12 * 2 + 1 + 2 + 1
    assert sum(call["result"] == "lost" for call in found) == 2
    assert {call["called"] for call in found if call["result"] == "lost"} == {"101", "103"}
    assert worker.totals.rejected == 0
    drain(ingester(place))
    assert len(rows()) == len(found)
    with scopes_disabled():
        assert Leg.objects.count() == 2 * len(found)
    assert PendingEvent.objects.count() == 0


def test_bad_lines_are_kept_aside_and_stop_nothing(place: Path) -> None:
    place.write_bytes(busy_hour(hostile=True).data)
    worker = ingester(place)
    drain(worker)
    assert len(rows()) == 28 + 4
    assert worker.totals.rejected == 4
    assert (place.parent / "rejects.log").read_text().count("complete\tnonsense") == 4


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """The `number`-th statement from here on fails; the list holds what was asked."""
    asked: list[str] = []
    write = store._write

    def ask(what: str) -> None:
        asked.append(what)
        if len(asked) == number:
            raise OperationalError("the power went out")

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        ask(sql)
        return execute(sql, params, many, context)

    def written(*arguments: Any) -> None:
        write(*arguments)
        ask("COPY")  # not seen by the wrapper: fails when everything is written

    with connection.execute_wrapper(wrapper), pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_write", written)
        yield asked


def test_a_failure_at_any_statement_changes_nothing_in_the_end(place: Path) -> None:
    place.write_bytes(busy_hour(rounds=4).data)
    wanted = expected(place)
    number, finished = 0, False
    while not finished:
        number += 1
        with failing_at(number) as asked:
            try:
                drain(ingester(place, chunk_bytes=3000))
            except OperationalError:
                drain(ingester(place, chunk_bytes=5000))
            finished = len(asked) < number
        assert rows() == wanted, f"statement {number}"
        clear()
    assert number > 20


@pytest.mark.parametrize("seed", range(8))
def test_killed_between_any_two_steps(place: Path, seed: int) -> None:
    """The journal grows by random pieces, the worker dies at random, files rotate at random sizes."""
    dice = random.Random(seed)
    data = busy_hour(hostile=seed % 2 == 1).data
    place.write_bytes(data)
    wanted = expected(place)
    place.write_bytes(b"")
    clock = [1_000_000_000_000.0]
    made = 0

    def fresh() -> Ingester:
        return ingester(place, chunk_bytes=dice.randrange(900, 6000), rotate_bytes=9000, now=lambda: clock[0])

    worker = fresh()
    while made < len(data):
        piece = dice.randrange(1, 4000)
        with place.open("ab") as handle:
            handle.write(data[made : made + piece])
        made += piece
        for _ in range(dice.randrange(4)):
            worker.step()
            clock[0] += 0.3
        if dice.random() < 0.4:
            worker = fresh()
    worker = fresh()
    for _ in range(400):
        worker.step()
        clock[0] += 0.3
    assert rows() == wanted
    assert len(list(place.parent.glob("journal-*.csv"))) >= 1


def test_a_second_worker_at_once_doubles_nothing(place: Path) -> None:
    journal = busy_hour()
    place.write_bytes(journal.data)
    wanted = expected(place)
    first, second = ingester(place, chunk_bytes=2000), ingester(place, chunk_bytes=2500)
    refused = 0
    for _ in range(60):
        for worker in (first, second):
            try:
                worker.step()
            except (StaleOffsetError, OperationalError) as error:
                refused += isinstance(error, StaleOffsetError)
            except Exception as error:
                assert "unique" in str(error).lower()
                refused += 1
    assert refused > 0
    assert rows() == wanted


def test_two_workers_in_two_threads(place: Path) -> None:
    place.write_bytes(busy_hour().data)
    wanted = expected(place)
    barrier = threading.Barrier(2)

    def work() -> None:
        worker = ingester(place, chunk_bytes=2000)
        barrier.wait()
        for _ in range(40):
            with suppress(Exception):
                worker.step()
        worker.forget()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows() == wanted


def test_a_call_that_lasts_is_put_by_so_that_reading_can_go_on(place: Path) -> None:
    journal = Journal()
    journal.boot()
    lasting = journal.answered(end=False)
    place.write_bytes(journal.data)
    worker = ingester(place)
    drain(worker)
    journal.wait(120_000)
    journal.answered("100", "105")
    place.write_bytes(journal.data)
    drain(worker)
    assert PendingEvent.objects.filter(linkedid=lasting).count() == 4
    state = JournalFile.objects.get()
    assert state.resume_offset == state.offset == place.stat().st_size
    worker = ingester(place)  # a new life
    journal.wait(60_000)
    journal.boot()
    place.write_bytes(journal.data)
    drain(worker)
    assert PendingEvent.objects.count() == 0
    lost = next(call for call, _ in rows() if call["linkedid"] == lasting)
    assert lost["result"] == "lost"
    assert lost["talk_ms"] > 120_000


def test_the_engine_is_taken_to_have_lived_until_its_last_beat(place: Path) -> None:
    journal = Journal()
    journal.answered(talk_ms=0, end=False)
    journal.wait(9000)
    journal.beat()
    beat = journal.at_us
    journal.wait(50_000)
    journal.boot()
    place.write_bytes(journal.data)
    drain(ingester(place))
    ((call, legs),) = rows()
    assert int(call["ended_at"].timestamp() * 1e6) == pytest.approx(beat, abs=1)
    assert call["talk_ms"] == 9001
    assert len(legs) == 2


def test_a_call_whose_last_line_is_missing_is_closed_in_the_end(place: Path) -> None:
    journal = Journal()
    journal.answered()
    del journal.lines[-1]
    journal.wait(70_000)
    journal.beat()
    place.write_bytes(journal.data)
    worker = ingester(place)
    drain(worker)
    assert rows() == []
    worker.sweep()
    assert [call["result"] for call, _ in rows()] == ["answered"]


def test_reading_anew_what_was_stored_doubles_nothing(place: Path) -> None:
    place.write_bytes(busy_hour().data)
    drain(ingester(place))
    wanted = rows()
    JournalFile.objects.all().delete()
    drain(ingester(place))
    assert rows() == wanted


def test_a_file_set_aside_with_a_torn_end(place: Path) -> None:
    """What the engine's start script does after a full disk."""
    journal = Journal()
    journal.boot()
    journal.answered(end=False)
    place.write_bytes(journal.data + b"ANSWER\t17954237")
    worker = ingester(place)
    drain(worker)
    place.rename(place.with_name("journal-1.csv"))
    rest = Journal(at_us=journal.at_us)
    rest.boot()
    place.write_bytes(rest.data)
    clock = journalfiles.parts(place)[0].path.stat().st_ctime + 5
    worker._now = lambda: clock
    drain(worker)
    assert [call["result"] for call, _ in rows()] == ["lost"]
    assert JournalFile.objects.get(name="journal-1.csv").done


@pytest.mark.parametrize("packed", [False, True])
def test_replay(place: Path, packed: bool) -> None:
    journal = busy_hour()
    data = journal.data
    half = data.rfind(b"\n", 0, len(data) // 2) + 1
    aside = place.with_name("journal-1.csv")
    aside.write_bytes(data[:half])
    place.write_bytes(data[half:])
    drain(ingester(place, now=lambda: aside.stat().st_ctime + 5))
    wanted = rows()
    if packed:
        journalfiles.compress(aside)
        assert not aside.exists()

    def replay(*, write: bool, since: int = 0) -> tuple[int, int, int]:
        result = Replay("node1", place, since=since, until=FAR, write=write).run()
        return result.same, result.changed, result.new

    count = len(wanted)
    assert replay(write=False) == (count, 0, 0)
    with scopes_disabled():
        spoilt = Call.objects.first()
        assert spoilt is not None
        Call.objects.filter(pk=spoilt.pk).update(talk_ms=1, answered_by="?")
        gone = Call.objects.exclude(pk=spoilt.pk).first()
        assert gone is not None
        gone.delete()
    assert replay(write=False) == (count - 2, 1, 1)
    assert replay(write=True) == (count - 2, 1, 1)
    assert rows() == wanted
    assert replay(write=False, since=journal.at_us + 1) == (0, 0, 0)
    if packed:
        journalfiles.rotated_before(place, FAR)
        next(iter(journalfiles.rotated_before(place, FAR))).unlink()
        same, changed, new = replay(write=True)
        assert changed == new == 0
        assert rows() == wanted
