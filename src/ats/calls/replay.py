"""Derives call detail anew from the journal files that are kept, and compares or rewrites the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django_scopes import scopes_disabled

from ats.calls import journalfiles, store
from ats.calls.assembly import Assembly, ClosedCall
from ats.calls.costs import Costs
from ats.calls.derive import CallRow, LegRow, derive
from ats.calls.lines import read_chunk
from ats.calls.models import Call, JournalFile, Leg
from ats.calls.portids import PortIds

_CHUNK = 2 << 20
_BATCH = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Comparison:
    """How derived calls and stored rows relate. `rejected`: lines of the journal nobody can read."""

    same: int = 0
    changed: int = 0
    new: int = 0
    rejected: int = 0


class Replay:
    """One node's kept journal against the rows of call detail.

    `since`/`until` (microseconds, half-open) choose calls by their first event. With `write` differing rows
    are rewritten, and missing ones are added, except calls newer than what the worker has read.
    """

    def __init__(self, node: str, journal: Path, *, since: int, until: int, write: bool) -> None:
        self._node = node
        self._journal = journal
        self._since = since
        self._until = until
        self._write = write
        self._clock = store.Clock()
        self._ports = PortIds()
        self._costs = Costs(node)
        self.result = Comparison()

    def run(self) -> Comparison:
        """Go through all files, the oldest first."""
        batch: list[CallRow] = []
        for call in self._closed_calls():
            if self._since <= call.events[0].at < self._until:
                batch += derive(call.linkedid, call.events, call.lost_at)
            if len(batch) >= _BATCH:
                self._compare(batch)
                batch = []
        self._compare(batch)
        return self.result

    def _closed_calls(self) -> Iterator[ClosedCall]:
        parts = journalfiles.parts(self._journal, compressed=True)
        rotated = sum(part.number is not None for part in parts)
        # Older files were removed: a call without its beginning would only spoil a good row.
        cut = JournalFile.objects.filter(node=self._node, done=True).count() > rotated
        assembly = Assembly()
        for part in parts:
            for call in self._of_file(part, assembly):
                first = call.events[0]
                if not cut or (first.type == "CHAN_START" and first.uniqueid == call.linkedid):
                    yield call

    def _of_file(self, part: journalfiles.JournalPart, assembly: Assembly) -> Iterator[ClosedCall]:
        rest = b""
        with journalfiles.open_part(part.path) as handle:
            while data := handle.read(_CHUNK):
                data = rest + data
                chunk = read_chunk(data)
                rest = data[chunk.used :]
                self.result.rejected += len(chunk.rejects)
                yield from assembly.feed(chunk.items, 0)
        if rest and part.number is not None:
            chunk = read_chunk(rest, at_end=True)
            self.result.rejected += len(chunk.rejects)
            yield from assembly.feed(chunk.items, 0)
        yield from assembly.sweep()

    def _compare(self, rows: Sequence[CallRow]) -> None:
        if not rows:
            return
        with scopes_disabled(), transaction.atomic():
            found = Call.objects.filter(node=self._node, linkedid__in={row.linkedid for row in rows})
            stored = {(call.linkedid, call.client_id): call for call in found.prefetch_related("legs")}
            missing: list[CallRow] = []
            for row in rows:
                call = stored.get((row.linkedid, row.client_id))
                if call is None:
                    missing.append(row)
                elif _same(call, row):
                    self.result.same += 1
                else:
                    self.result.changed += 1
                    if self._write:
                        _rewrite(call, row)
            self.result.new += len(missing)
            if self._write:
                ports, costs = self._ports.ids(missing), self._costs.of(missing)
                store.insert_calls(connection, self._node, missing, ports, self._clock, costs)


def _same(call: Call, row: CallRow) -> bool:
    if any(getattr(call, name) != value for name, value in _call_values(row).items()):
        return False
    legs = list(call.legs.all())
    return len(legs) == len(row.legs) and all(
        getattr(leg, name) == value
        for leg, derived in zip(legs, row.legs, strict=True)
        for name, value in _leg_values(derived).items()
    )


def _rewrite(call: Call, row: CallRow) -> None:
    """Bring a row to what the journal says, under its old id."""
    for name, value in _call_values(row).items():
        setattr(call, name, value)
    call.save()
    call.legs.all().delete()
    Leg.objects.bulk_create(Leg(call=call, seq=seq, **_leg_values(leg)) for seq, leg in enumerate(row.legs))


def _call_values(row: CallRow) -> dict[str, Any]:
    """What the journal decides. Port ids are not among it: a login may belong to another port by now."""
    return {
        "direction": row.direction,
        "started_at": _moment(row.started),
        "answered_at": _moment(row.answered) if row.answered else None,
        "ended_at": _moment(row.ended),
        "ring_ms": row.ring_ms,
        "talk_ms": row.talk_ms,
        "caller": row.caller,
        "caller_name": row.caller_name,
        "called": row.called,
        "via": row.via,
        "answered_by": row.answered_by,
        "result": row.result,
        "cause": row.cause,
        "path": row.path,
    }


def _leg_values(leg: LegRow) -> dict[str, Any]:
    return {
        "uniqueid": leg.uniqueid,
        "channel": leg.channel,
        "endpoint": leg.endpoint,
        "number": leg.number,
        "started_at": _moment(leg.started),
        "answered_at": _moment(leg.answered) if leg.answered else None,
        "ended_at": _moment(leg.ended),
        "cause": leg.cause,
    }


def _moment(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)
