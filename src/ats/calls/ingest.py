"""Reads the engine's journal into call detail, exactly once (DESIGN 4, docs/architecture/journal.md).

What was read and what it became are stored in one transaction, and the first statement in it moves
the file's offset from the value this process knows. A second worker, or one killed while its COMMIT was on the
way, finds another value there, and starts anew from what the database says.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import DatabaseError, connection, transaction

from ats.calls import journalfiles, store
from ats.calls.assembly import Assembly, ClosedCall
from ats.calls.costs import Costs
from ats.calls.derive import CallRow, derive
from ats.calls.lines import Event, dump_event, read_chunk
from ats.calls.models import JournalFile
from ats.calls.portids import PortIds

log = logging.getLogger(__name__)

CHUNK_BYTES = 2 << 20
ROTATE_BYTES = 64 << 20
SPILL_US = 60_000_000
UNSTORED_BYTES = 1 << 20  # read without anything to store: move the offset anyway, so a restart reads little
TORN_AFTER_S = 2.0
REJECTS_BYTES = 10 << 20


class StaleOffsetError(RuntimeError):
    """The database knows another offset than this process: somebody else stored what we have read."""


@dataclass(slots=True)
class Totals:
    """What this process has done since it started."""

    calls: int = 0
    events: int = 0
    rejected: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Reading:
    """The file being read. Bytes before `stored` are in the database; before it, calls that end are old news."""

    part: journalfiles.JournalPart
    row_id: int | None
    position: int
    stored: int
    stored_resume: int
    handle: BinaryIO | None = None  # kept open: the name may come to mean another file


class Ingester:
    """One node's journal → rows. Not thread-safe; the worker keeps a lock so that only one runs.

    `now` is the clock of file times (epoch seconds).
    """

    def __init__(
        self,
        node: str,
        journal: Path,
        rejects: Path,
        *,
        chunk_bytes: int = CHUNK_BYTES,
        rotate_bytes: int = ROTATE_BYTES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.node = node
        self.totals = Totals()
        self._journal = journal
        self._rejects = rejects
        self._chunk_bytes = chunk_bytes
        self._rotate_bytes = rotate_bytes
        self._now = now
        self._clock = store.Clock()
        self._ports = PortIds()
        self._costs = Costs(node)
        self._assembly: Assembly | None = None
        self._reading: _Reading | None = None
        self._waiting_since: float | None = None

    def step(self) -> bool:
        """Read and store one piece. False: nothing to do just now.

        Raises DatabaseError when the database does not take it; nothing is lost, call again later.
        """
        try:
            return self._step()
        except (DatabaseError, StaleOffsetError):
            # What stands in memory has gone further than the database: start from there again.
            self.forget()
            connection.close_if_unusable_or_obsolete()
            raise

    def open_calls(self) -> list[tuple[str, list[Event]]]:
        """Calls that are not over, as far as they were read: linkedid and events. Not to be changed."""
        found = self._assembly
        if found is None:
            return []
        return [
            (linkedid, call.events)
            for table in (found.spilled, found.fresh)
            for linkedid, call in table.items()
        ]

    def lag_bytes(self) -> int:
        """How much of the growing file was not read yet."""
        try:
            size = self._journal.stat().st_size
        except FileNotFoundError:
            return 0
        reading = self._reading
        if reading is None or reading.part.number is not None:
            return size
        return max(size - reading.position, 0)

    def sweep(self) -> None:
        """Close calls whose last line was lost (all channels hung up a minute ago). For the worker's slow timer."""
        reading, assembly = self._reading, self._assembly
        if reading is None or assembly is None or reading.position < reading.stored:
            return
        if closed := assembly.sweep():
            try:
                self._store(reading, assembly, closed)
            except (DatabaseError, StaleOffsetError):
                self.forget()
                raise

    def forget(self) -> None:
        """Drop what stands in memory; the next step begins with what the database says."""
        if self._reading is not None and self._reading.handle is not None:
            self._reading.handle.close()
        self._assembly = self._reading = None

    # -- reading -------------------------------------------------------------------------

    def _step(self) -> bool:
        reading = self._reading or self._next_file()
        if reading is None:
            return False
        assembly = self._assembly
        if assembly is None:
            assembly = self._assembly = Assembly.resume(
                store.load_pending(connection, self.node), self._alive()
            )
        again = reading.position < reading.stored
        limit = min(self._chunk_bytes, reading.stored - reading.position) if again else self._chunk_bytes
        data = self._read(reading, limit)
        if not data:
            return self._at_end(reading, assembly)
        whole = reading.position + len(data) == reading.stored if again else self._torn(reading, data)
        chunk = read_chunk(data, at_end=whole)
        if not chunk.used:
            if len(data) >= self._chunk_bytes:  # one endless line: not ours, skip it
                self._reject([data.decode("utf-8", "replace")])
                reading.position += len(data)
                return True
            return self._renamed(reading)  # the start script sets a file with a torn end aside
        self._waiting_since = None
        position = reading.position
        reading.position += chunk.used
        closed = assembly.feed(chunk.items, position, skip_spilled=again)
        if again:
            return True
        self.totals.events += len(chunk.items)
        self._reject(chunk.rejects)
        if closed or reading.position - reading.stored > UNSTORED_BYTES:
            self._store(reading, assembly, closed)
        return True

    def _read(self, reading: _Reading, limit: int) -> bytes:
        try:
            if reading.handle is None:
                reading.handle = reading.part.path.open("rb")
            reading.handle.seek(reading.position)
            return reading.handle.read(limit)
        except FileNotFoundError:
            return b""

    def _torn(self, reading: _Reading, data: bytes) -> bool:
        """Whether what is there will not be completed any more."""
        if reading.part.number is not None:
            return len(data) < self._chunk_bytes and journalfiles.settled(reading.part.path, self._now())
        if self._waiting_since is None:
            self._waiting_since = self._now()
        # Only whole lines count: a growing file's last line is left alone however long it takes.
        return b"\n" in data and data.endswith(b"\n") and self._now() - self._waiting_since > TORN_AFTER_S

    def _at_end(self, reading: _Reading, assembly: Assembly) -> bool:
        if reading.part.number is not None:
            if not journalfiles.settled(reading.part.path, self._now()):
                return False
            self._store(reading, assembly, [], finished=True)
            if reading.handle is not None:
                reading.handle.close()
            self._reading = None
            return True
        if self._renamed(reading):
            return True
        if reading.position >= self._rotate_bytes:
            reading.part = journalfiles.rotate(reading.part)
            return True
        return False

    def _renamed(self, reading: _Reading) -> bool:
        """Whether the growing file was renamed or removed by somebody else; then look for it anew."""
        if reading.part.number is not None or journalfiles.same_file(reading.part.path, reading.handle):
            return False
        self.forget()
        return True

    def _next_file(self) -> _Reading | None:
        parts = journalfiles.parts(self._journal)
        rows = {row.head: row for row in JournalFile.objects.filter(node=self.node)} if parts else {}
        for part in parts:
            row = rows.get(part.head)
            if row is None:
                self._reading = _Reading(part, None, 0, 0, 0)
            elif row.done:
                continue
            else:
                size = part.path.stat().st_size
                if size < row.offset:
                    log.error("%s is shorter than what was read of it: %s < %s", part.path, size, row.offset)
                self._reading = _Reading(part, row.pk, row.resume_offset, row.offset, row.resume_offset)
            return self._reading
        return None

    def _alive(self) -> int:
        """The last sign of life of the engine that is stored."""
        row = JournalFile.objects.filter(node=self.node).order_by("-alive_us").first()
        return row.alive_us if row else 0

    # -- storing -------------------------------------------------------------------------

    def _store(
        self, reading: _Reading, assembly: Assembly, closed: Sequence[ClosedCall], *, finished: bool = False
    ) -> None:
        rows = self._derive(closed)
        ports = self._ports.ids(rows)
        spilled = assembly.spill(None if finished else SPILL_US)
        resume = assembly.resume_position(reading.position)
        with transaction.atomic():
            row_id = self._move_offset(reading, assembly.alive_us, resume, finished)
            store.drop_pending(connection, self.node, [call.linkedid for call in closed if call.spilled])
            store.add_pending(
                connection,
                self.node,
                [event for call in assembly.spilled.values() for event in call.events[call.stored :]],
            )
            costs = self._costs.of(rows)
            added = store.insert_calls(connection, self.node, rows, ports, self._clock, costs)
        if spilled:
            log.debug("%s calls are open for long", len(spilled))
        for call in assembly.spilled.values():
            call.stored = len(call.events)
        reading.row_id, reading.stored, reading.stored_resume = row_id, reading.position, resume
        self.totals.calls += added

    def _move_offset(self, reading: _Reading, alive_us: int, resume: int, finished: bool) -> int:
        values = {
            "name": reading.part.path.name,
            "offset": reading.position,
            "resume_offset": resume,
            "alive_us": alive_us,
            "done": finished,
        }
        if reading.row_id is None:
            # A second worker at the same place fails here, on the unique constraint.
            return int(JournalFile.objects.create(node=self.node, head=reading.part.head, **values).pk)
        moved = JournalFile.objects.filter(
            pk=reading.row_id, offset=reading.stored, resume_offset=reading.stored_resume, done=False
        ).update(**values)
        if moved != 1:
            raise StaleOffsetError(f"journal {reading.part.path.name} was read by somebody else")
        return reading.row_id

    def _derive(self, closed: Sequence[ClosedCall]) -> list[CallRow]:
        rows: list[CallRow] = []
        for call in closed:
            try:
                rows += derive(call.linkedid, call.events, call.lost_at)
            except Exception:
                # One call nobody can make sense of must not stop all others.
                self.totals.failed += 1
                log.exception("call %s could not be derived", call.linkedid)
                self._reject([dump_event(event) for event in call.events])
        return rows

    def _reject(self, lines: Sequence[str]) -> None:
        """Keep what could not be understood, in a file that does not grow for ever."""
        if not lines:
            return
        self.totals.rejected += len(lines)
        log.warning("journal: %s bad lines set aside in %s", len(lines), self._rejects)
        try:
            if self._rejects.exists() and self._rejects.stat().st_size > REJECTS_BYTES:
                self._rejects.replace(self._rejects.with_suffix(".1"))
            with self._rejects.open("a", encoding="utf-8", errors="replace") as handle:
                handle.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            log.error("journal: bad lines could not be kept: %s", error)
