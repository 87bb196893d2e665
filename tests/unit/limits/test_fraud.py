"""The fraud guard: which calls are strange, what is locked, who is told, and how it ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.calls.fraudwatch import Watch
from ats.calls.ingest import Ingester
from ats.calls.inprogress import outgoing
from ats.calls.lines import Event, read_chunk
from ats.calls.models import Call
from ats.limits import fraud, fraud_actions
from ats.limits.fraud import Seen, Thresholds
from ats.limits.models import FraudCase
from ats.mail.models import Letter
from ats.numbering.queries import client_plan
from ats.ports import actions as ports
from ats.ports.models import Port
from tests.unit.calls.journals import Channel, Journal

MIDDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)  # 12:00 in Moscow
NIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC)  # 02:00 in Moscow


def codes(calls: list[Seen], now: datetime = MIDDAY, known: frozenset[str] = frozenset()) -> dict[str, int]:
    found = fraud.signals(calls, known, now, "Europe/Moscow", Thresholds())
    return {signal.code: signal.points for signal in found}


def abroad(count: int, now: datetime = MIDDAY, country: str = "CU", money: int = 0) -> list[Seen]:
    return [Seen(now - timedelta(minutes=5), f"5371234{n:04}", country, money) for n in range(count)]


def test_an_honest_office_is_left_alone() -> None:
    at_home = [Seen(MIDDAY - timedelta(minutes=n % 9), f"7495{n:07}", "") for n in range(60)]
    assert sum(codes(at_home).values()) < Thresholds().lock_at  # many quick calls alone lock nobody
    assert codes(abroad(2), known=frozenset({"CU"})) == {}


@pytest.mark.parametrize(
    ("calls", "now", "expected"),
    [
        (abroad(1), MIDDAY, {"new_country": 40}),
        (abroad(3, NIGHT), NIGHT, {"new_country": 40, "night": 40}),
        (abroad(10), MIDDAY, {"new_country": 40, "destinations": 50}),
        (abroad(30), MIDDAY, {"new_country": 40, "destinations": 50, "velocity": 50}),
        (abroad(2, money=6_000_000), MIDDAY, {"new_country": 40, "spend": 100}),
    ],
)
def test_signals(calls: list[Seen], now: datetime, expected: dict[str, int]) -> None:
    assert codes(calls, now) == expected


def test_what_is_an_hour_old_counts_no_more() -> None:
    assert codes(abroad(30, MIDDAY - timedelta(hours=1))) == {}


@pytest.fixture
def port(world: Any) -> Port:
    client_id = world.romashka.pk
    with scope(client=client_id):
        for name in ("keeper", "plain"):
            user = getattr(world, name)
            user.email = f"{name}@example.org"
            user.save(update_fields=["email"])
        return ports.create_port(None, client_id, {"name": "Стойка", "login": "170001"})


def called(port: Port, count: int, at: datetime, digits: str = "5371234", path: str = "") -> None:
    with scopes_disabled():
        first = Call.objects.count()
        for n in range(first, first + count):
            number = f"{digits}{n:04}"
            Call.objects.create(
                node="node1", linkedid=f"{n}", client_id=port.client_id, direction="out", started_at=at,
                ended_at=at, result="answered", caller_port_id=port.pk, destination="international",
                path=path or f"{port.client_id}>{number} t5",
            )  # fmt: skip


def test_a_stolen_port_is_locked_told_and_unlocked(world: Any, port: Port) -> None:
    client_id = world.romashka.pk
    now = timezone.now()
    watch = Watch()
    called(port, 5, now - timedelta(minutes=1))  # a new country, perhaps at night: 80 points at most
    with scopes_disabled():
        assert watch.look() == 0
    called(port, 25, now - timedelta(minutes=1))
    with scopes_disabled():
        assert watch.look() == 1
        assert watch.look() == 0  # once is enough
    [limited] = client_plan(client_id).limits.ports
    assert (limited.endpoint, limited.own.locked) == ("170001", True)
    letter = Letter.objects.get()  # the plain user is told nothing
    assert letter.to == "keeper@example.org"
    assert "Стойка" in letter.subject
    assert "CU" in letter.body
    with scope(client=client_id):
        case = FraudCase.objects.get()
        fraud_actions.unlock(world.keeper, client_id, case.pk)
        fraud_actions.unlock(world.keeper, client_id, case.pk)
        case.refresh_from_db()
    assert case.unlocked_by == "keeper"
    assert client_plan(client_id).limits.ports == ()
    # What it did before no longer counts.
    called(port, 1, now - timedelta(minutes=1))
    with scopes_disabled():
        assert watch.look() == 0


def ringing_abroad(journal: Journal, port: Port, count: int) -> list[tuple[Channel, Channel]]:
    """Lines of calls to as many numbers in Cuba that nobody has ended."""
    calls = []
    for n in range(count):
        digits = f"5371234{n:04}"
        one = journal.channel(port.login, str(port.client_id), exten=f"810{digits}")
        two = journal.channel("t5", "1")
        two.number = ""  # an operator's channel has none before the answer
        journal.event("CHAN_START", one, one.uniqueid)
        journal.event("CHAN_START", two, one.uniqueid)
        two.number = digits
        calls.append((one, two))
    return calls


def test_a_burst_of_unbilled_calls_locks_the_port_before_one_has_ended(
    world: Any, port: Port, browser: Any, tmp_path: Path
) -> None:
    """From the journal's lines alone: nothing is held for such calls, and no row tells of them yet."""
    place = tmp_path / "journal.csv"
    worker = Ingester("node1", place, tmp_path / "rejects.log")
    watch = Watch(worker.open_calls)
    began = timezone.now() - timedelta(seconds=5)
    journal = Journal(at_us=int(began.timestamp() * 1_000_000))

    def look() -> int:
        place.write_bytes(journal.data)
        with scopes_disabled():
            while worker.step():
                pass
            return watch.look()

    ringing_abroad(journal, port, 1)
    assert look() == 0
    # Many calls and a new country; ten numbers abroad besides.
    more = ringing_abroad(journal, port, 29)
    assert look() == 1
    assert look() == 0
    with scopes_disabled():
        assert Call.objects.count() == 0
        case = FraudCase.objects.get()
    assert {signal["code"] for signal in case.signals} >= {"velocity", "destinations", "new_country"}
    assert Letter.objects.get().to == "keeper@example.org"
    notices = browser(world.keeper).get(f"/api/clients/{port.client_id}/overview").json()["notices"]
    assert [(notice["code"], notice["name"]) for notice in notices] == [("port_locked", "Стойка")]
    # Unlocked, its calls that still go on count no more, nor when they end.
    with scope(client=port.client_id):
        fraud_actions.unlock(world.keeper, port.client_id, case.pk)
    for one, two in more:
        one.path = f" {port.client_id}>{two.number} t5"
        journal.finish(one, two)
    assert look() == 0
    with scopes_disabled():
        assert Call.objects.count() == 29


def test_calls_inside_and_from_elsewhere_are_not_the_ports(port: Port) -> None:
    journal = Journal()
    port_one, port_two = (journal.channel(name, str(port.client_id)) for name in (port.login, "170002"))
    trunk, other = (
        journal.channel("t5", "", number="53712340000"),
        journal.channel("t6", "", number="74950000000"),
    )
    for one, two in ((port_one, port_two), (trunk, port_one), (trunk, other)):
        journal.event("CHAN_START", one, one.uniqueid)
        journal.event("CHAN_START", two, one.uniqueid)
        events = [item for item in read_chunk(journal.data).items[-2:] if isinstance(item, Event)]
        assert len(events) == 2 and outgoing(one.uniqueid, events) is None


def test_calls_that_never_left_count_for_nothing(port: Port) -> None:
    called(
        port, 40, timezone.now(), path=f"{port.client_id}>53712345678 {port.client_id}=dir@c{port.client_id}"
    )
    with scopes_disabled():
        assert Watch().look() == 0


def test_a_country_called_before_is_not_new(port: Port) -> None:
    called(port, 1, timezone.now() - timedelta(days=3))
    called(port, 30, timezone.now())
    with scopes_disabled():
        assert Watch().look() == 1
        signals = {signal["code"] for signal in FraudCase.objects.get().signals}
    assert "new_country" not in signals


def test_the_operator_tunes_it(world: Any, port: Port) -> None:
    with scope(client=world.operator.pk):
        fraud_actions.change_settings(world.admin, {"enabled": False})
    called(port, 40, timezone.now())
    with scopes_disabled():
        assert Watch().look() == 0
    with scope(client=world.operator.pk):
        assert fraud_actions.change_settings(world.admin, {"enabled": True, "lock_at": 40}).lock_at == 40
    called(port, 1, timezone.now())
    with scopes_disabled():
        assert Watch().look() == 1


def test_the_overview_says_so(world: Any, port: Port, browser: Any) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        found = fraud.signals(abroad(30), frozenset(), MIDDAY, "Europe/Moscow", Thresholds())
        case = fraud_actions.lock_port(client_id, port.pk, found, MIDDAY)
    assert case is not None
    notices = browser(world.keeper).get(f"/api/clients/{client_id}/overview").json()["notices"]
    assert [(notice["code"], notice["name"]) for notice in notices] == [("port_locked", "Стойка")]
    answer = browser(world.keeper).post(f"/api/clients/{client_id}/fraud/{case.pk}/unlock")
    assert answer.json()["unlocked_by"] == "keeper"
