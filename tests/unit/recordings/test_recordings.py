"""From the engine's files to rows in call detail: exactly once, by the leg, derivable again; retention."""

import os
import struct
import time
import wave
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.audit.models import AuditEntry
from ats.calls.models import Call, Leg
from ats.clients.models import User
from ats.recordings import attaching, files, keeping
from ats.recordings.models import Keeping, Recording
from tests.unit.world import World

New = Callable[[User], Browser]
EPOCH = 1_790_000_000
AT = datetime.fromtimestamp(EPOCH, UTC)
LEG = f"node1-{EPOCH}.8"


@pytest.fixture(autouse=True)
def clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, home=tmp_path))


def a_call(client_id: int, linkedid: str = f"node1-{EPOCH}.7", leg: str = LEG, minutes: int = 0) -> Call:
    at = AT + timedelta(minutes=minutes)
    call = Call.objects.create(
        node="node1", linkedid=linkedid, client_id=client_id, direction="internal", started_at=at, ended_at=at,
        result="answered",
    )  # fmt: skip
    for seq, (uniqueid, number) in enumerate(((linkedid, "100"), (leg, "101"))):
        Leg.objects.create(
            call=call, seq=seq, uniqueid=uniqueid, channel="", endpoint="", number=number, started_at=at,
            answered_at=at, ended_at=at,
        )  # fmt: skip
    return call


def written(client_id: int, name: str = LEG, seconds: float = 1.0, *, settled: bool = True) -> Path:
    """What the engine would have left."""
    path = files.root() / "new" / str(client_id) / f"{name}.raw"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<hh", 1000, -2000) * round(8000 * seconds) + b"\x01")  # torn inside a frame
    if settled:
        os.utime(path, (time.time() - 60,) * 2)
    return path


@pytest.fixture
def call(world: World) -> Call:
    with scopes_disabled():
        return a_call(world.romashka.pk)


def test_a_recording_is_attached_once_to_its_leg(world: World, browser: New, call: Call) -> None:
    client_id = world.romashka.pk
    raw = written(client_id)
    with scopes_disabled():
        assert attaching.attach() == 1
        assert attaching.attach() == 0
        assert not raw.exists()
        written(client_id)  # the worker died before it removed the file: it is simply found again
        assert attaching.attach() == 1
        assert Recording.objects.count() == 1
    keeper, base = browser(world.keeper), f"/api/clients/{client_id}/calls"
    [row] = keeper.get(base).json()["items"]
    assert row["has_recording"] is True
    card = keeper.get(f"{base}/{call.pk}").json()
    [recording] = card["recordings"]
    assert (recording["number"], recording["duration_ms"], recording["on_demand"]) == ("101", 1000, False)
    assert keeper.get(f"{base}/{call.pk}/recordings").json() == card["recordings"]
    path = f"{base}/{call.pk}/recordings/{recording['id']}/audio"
    heard = keeper.get(path)
    with wave.open(BytesIO(heard.content)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (2, 8000, 8000)
        assert struct.unpack("<hh", sound.readframes(1)) == (1000, -2000)
    part = keeper.get(path, headers={"Range": "bytes=44-47"})
    assert (part.status_code, part.content) == (206, struct.pack("<hh", 1000, -2000))
    mp3 = keeper.get(f"{path}?format=mp3")
    assert mp3.headers["Content-Type"] == "audio/mpeg"
    assert len(mp3.content) < len(heard.content) / 3


def test_a_conference_is_one_file_of_every_call_that_was_let_in(world: World, call: Call) -> None:
    """Not before all of them are over; the next conference of the room has its own."""
    client_id = world.romashka.pk
    settings.CONFIG.incoming_dir.mkdir(parents=True, exist_ok=True)

    def entered(uniqueid: str, at: int, room: int = 5) -> None:
        (settings.CONFIG.incoming_dir / f"room~{client_id}~{room}~{at}~{uniqueid}").write_text(".")

    first, late, refused, next_one = (f"node1-{EPOCH}.{one}" for one in (7, 30, 40, 50))
    entered(first, EPOCH)
    entered(late, EPOCH + 60)
    entered(refused, EPOCH + 70)
    entered(LEG, EPOCH + 80, room=6)  # another room
    entered(next_one, EPOCH + 900)
    raw = written(client_id, f"{first}-c{EPOCH}")
    written(client_id, f"{next_one}-c{EPOCH + 900}")
    with scopes_disabled():
        assert attaching.attach() == 0
        calls = [call, *(a_call(client_id, uniqueid, f"{uniqueid}9") for uniqueid in (late, refused))]
        Leg.objects.filter(uniqueid=refused).update(answered_at=None)
        assert attaching.attach() == 1
        rows = {row.call_id: row for row in Recording.objects.all()}
        assert rows.keys() == {calls[0].pk, calls[1].pk}
        kept = [files.kept_path(client_id, row.name) for row in rows.values()]
        assert kept[0].samefile(kept[1])
        with wave.open(str(kept[0])) as sound:
            assert (sound.getnchannels(), sound.getnframes()) == (1, 16000)
        assert {row.duration_ms for row in rows.values()} == {2000}
        assert not raw.exists()
        left = sorted(path.name for path in settings.CONFIG.incoming_dir.glob("room~*"))
        assert len(left) == 2  # of the other room, and of the next conference
        Recording.objects.all().delete()
        assert attaching.rederive() == (2, 0)
        Keeping.objects.create(client_id=client_id, keep_days=1)
        Recording.objects.update(started_at=timezone.now() - timedelta(days=2))
        keeping.expire()
        assert not any(path.exists() for path in kept)


def test_filter_by_recording(world: World, browser: New, call: Call) -> None:
    with scopes_disabled():
        other = a_call(world.romashka.pk, "node1-1790000000.20", "node1-1790000000.21", 5)
        written(world.romashka.pk)
        attaching.attach()
    base = f"/api/clients/{world.romashka.pk}/calls"
    keeper = browser(world.keeper)
    for wanted, ids in (("true", [call.pk]), ("false", [other.pk])):
        answer = keeper.get(f"{base}?has_recording={wanted}").json()
        assert ([row["id"] for row in answer["items"]], answer["total"]) == (ids, 1)


def test_who_may_not_see_calls_hears_nothing(world: World, browser: New, call: Call) -> None:
    from tests.unit.world import make_user

    with scopes_disabled():
        written(world.romashka.pk)
        attaching.attach()
        recording = Recording.objects.get()
    blind = make_user(world.romashka, "blind", "client_user", rights=["http_login", "view_own"])
    path = f"/api/clients/{world.romashka.pk}/calls/{call.pk}/recordings"
    for address in (path, f"{path}/{recording.pk}/audio"):
        assert browser(blind).get(address).status_code == 403
        assert browser(world.vega_keeper).get(address).status_code == 404


def test_what_must_wait(world: World, call: Call) -> None:
    """A file still growing; one whose call is not over; another client's leg; a name nobody can have written."""
    client_id = world.romashka.pk
    growing = written(client_id, settled=False)
    with scopes_disabled():
        assert attaching.attach() == 0
        growing.unlink()
        open_call = written(client_id, f"node1-{EPOCH}.99")
        foreign = written(world.vega.pk)
        strange = written(client_id, "..", settled=True)
        assert attaching.attach() == 0
        assert open_call.exists()
        assert foreign.exists()
        assert strange.exists()
        assert Recording.objects.count() == 0


def test_nothing_said_leaves_no_row(world: World, call: Call) -> None:
    path = written(world.romashka.pk, seconds=0)
    with scopes_disabled():
        attaching.attach()
        assert not path.exists()
        assert not Recording.objects.exists()


def test_on_demand_has_its_own_moment(world: World, call: Call) -> None:
    written(world.romashka.pk, f"{LEG}-d{EPOCH + 30}")
    written(world.romashka.pk, f"{LEG}-d{EPOCH + 60}")
    with scopes_disabled():
        assert attaching.attach() == 2
        rows = list(Recording.objects.order_by("started_at"))
    assert [row.on_demand for row in rows] == [True, True]
    assert [row.started_at - AT for row in rows] == [timedelta(seconds=30), timedelta(seconds=60)]


def test_a_leg_merged_by_a_transfer_belongs_to_the_older_call(world: World, call: Call) -> None:
    with scopes_disabled():
        a_call(world.romashka.pk, "node1-1790000000.30", LEG, 3)
        written(world.romashka.pk)
        attaching.attach()
        assert Recording.objects.get().call_id == call.pk


def test_rows_come_back_from_the_files(world: World, call: Call) -> None:
    with scopes_disabled():
        written(world.romashka.pk)
        attaching.attach()
        [before] = Recording.objects.values()
        Recording.objects.all().delete()
        assert attaching.rederive() == (1, 0)
        [after] = Recording.objects.values()
        assert {**before, "id": after["id"]} == after
        assert attaching.rederive() == (0, 0)
        files.kept_path(world.romashka.pk, LEG).unlink()
        assert attaching.rederive() == (0, 1)


def test_retention_by_days_and_megabytes(
    world: World, browser: New, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = world.romashka.pk
    with scopes_disabled():
        for number in range(3):
            a_call(client_id, f"node1-{EPOCH}.{100 + number}", f"node1-{EPOCH}.{200 + number}", number)
            written(client_id, f"node1-{EPOCH}.{200 + number}")
        attaching.attach()
        Recording.objects.filter(name__endswith="200").update(started_at=timezone.now() - timedelta(days=40))
        Recording.objects.exclude(name__endswith="200").update(started_at=timezone.now())
        assert keeping.expire() == 0, "without a rule nothing goes"
    keeper, path = browser(world.keeper), f"/api/clients/{client_id}/recordings/keeping"
    answer = keeper.put(path, {"keep_days": 30}, content_type="application/json").json()
    assert (answer["keep_days"], answer["quota_mb"], answer["count"]) == (30, 0, 3)
    with scopes_disabled():
        assert keeping.expire() == 1
        assert not files.kept_path(client_id, f"node1-{EPOCH}.200").exists()
    keeper.put(path, {"keep_days": 0, "quota_mb": 1}, content_type="application/json")
    monkeypatch.setattr(keeping, "MB", 40_000)  # a second of talk is 32 KB
    with scopes_disabled():
        assert keeping.expire() == 1
        assert Recording.objects.count() == 1
        told = AuditEntry.objects.filter(client_id=client_id, verb="expire")
        assert [row.before["recordings"] for row in told] == [1, 1]
        assert Keeping.objects.count() == 1
    bad = keeper.put(path, {"keep_days": -1}, content_type="application/json")
    assert list(bad.json()["fields"]) == ["keep_days"]


def test_a_chore_that_fails_does_not_stop_the_worker(caplog: pytest.LogCaptureFixture, db: None) -> None:
    from ats.calls import chores

    done: list[str] = []

    def broken() -> None:
        raise ValueError("broken")

    known = list(chores._chores)
    try:
        chores._chores[:] = []
        chores.register("broken", 60, broken)
        chores.register("good", 60, lambda: done.append("x"))
        chores.run_due()
        chores.run_due()
    finally:
        chores._chores[:] = known
    assert done == ["x"]
    assert "broken failed" in caplog.text


def test_scope_is_the_clients(world: World, call: Call) -> None:
    with scopes_disabled():
        written(world.romashka.pk)
        attaching.attach()
    with scope(client=world.vega.pk):
        assert not Recording.objects.exists()
