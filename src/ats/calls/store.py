"""Writes derived calls by the thousand: plain SQL, no object per row.

Measured here (docs/benchmarks.md): Django's bulk_create costs several times the rest of ingestion together.
Every function expects to run inside the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from ats.calls.derive import CallRow, LegRow
from ats.calls.lines import Event, dump_event, load_event

CALL_COLUMNS = (
    "node", "linkedid", "client_id", "direction", "started_at", "answered_at", "ended_at", "ring_ms", "talk_ms",
    "caller", "caller_name", "called", "via", "answered_by", "caller_port_id", "answered_port_id", "result",
    "cause", "path", "cost", "currency", "destination",
)  # fmt: skip
LEG_COLUMNS = (
    "call_id", "seq", "uniqueid", "channel", "endpoint", "number", "started_at", "answered_at", "ended_at", "cause",
)  # fmt: skip
_MAX_PARAMETERS = 900  # SQLite's oldest limit is 999 in one statement

Row = tuple[Any, ...]
# (linkedid, client) → cost (None: not billed), currency, direction class
Costs = Mapping[tuple[str, int], tuple[int | None, str, str]]
NO_COSTS: Costs = {}
T = TypeVar("T")


class Clock:
    """Microseconds → the text a database column takes; whole seconds are formatted once and kept."""

    def __init__(self) -> None:
        self._seconds: dict[int, str] = {}

    def text(self, us: int) -> str:
        """`2026-11-23 08:34:44.123456`, UTC."""
        second, fraction = divmod(us, 1_000_000)
        head = self._seconds.get(second)
        if head is None:
            if len(self._seconds) > 4000:
                self._seconds.clear()
            head = self._seconds[second] = _second_text(second)
        # Without a fraction Django writes none: the same moment must be the same text in SQLite.
        return f"{head}.{fraction:06d}" if fraction else head


def insert_calls(
    connection: BaseDatabaseWrapper,
    node: str,
    rows: Sequence[CallRow],
    ports: Mapping[str, int],
    clock: Clock,
    costs: Costs = NO_COSTS,
) -> int:
    """Store calls with their legs; returns how many were new.

    A call that is there already stays as it is: that happens only when a journal is read anew
    (its row about the file was lost), and then the rows say the same.
    """
    if not rows:
        return 0
    try:
        with transaction.atomic(using=connection.alias):
            _insert(connection, node, rows, ports, clock, costs)
        return len(rows)
    except IntegrityError:
        known = _known(connection, node, rows)
        new: dict[tuple[str, int], CallRow] = {}
        for row in rows:
            if (row.linkedid, row.client_id) not in known:
                new.setdefault((row.linkedid, row.client_id), row)
        _insert(connection, node, list(new.values()), ports, clock, costs)
        return len(new)


def call_values(
    node: str, row: CallRow, ports: Mapping[str, int], clock: Clock, costs: Costs = NO_COSTS
) -> Row:
    """A call in the order of CALL_COLUMNS. `ports`: endpoint name → port id; `costs`: see `calls.costs`."""
    text = clock.text
    cost, currency, destination = costs.get((row.linkedid, row.client_id), (None, "", ""))
    return (
        node,
        row.linkedid,
        row.client_id,
        row.direction,
        text(row.started),
        text(row.answered) if row.answered else None,
        text(row.ended),
        row.ring_ms,
        row.talk_ms,
        row.caller,
        row.caller_name,
        row.called,
        row.via,
        row.answered_by,
        ports.get(row.caller_endpoint),
        ports.get(row.answered_endpoint),
        row.result,
        row.cause,
        row.path,
        cost,
        currency,
        destination,
    )


def leg_values(call_id: int, seq: int, leg: LegRow, clock: Clock) -> Row:
    """A leg in the order of LEG_COLUMNS."""
    text = clock.text
    return (
        call_id,
        seq,
        leg.uniqueid,
        leg.channel,
        leg.endpoint,
        leg.number,
        text(leg.started),
        text(leg.answered) if leg.answered else None,
        text(leg.ended),
        leg.cause,
    )


def delete_calls(connection: BaseDatabaseWrapper, ids: Sequence[int]) -> None:
    """Remove calls with their legs."""
    for part in _parts(ids, _MAX_PARAMETERS):
        marks = ",".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM calls_leg WHERE call_id IN ({marks})", part)  # noqa: S608
            cursor.execute(f"DELETE FROM calls_call WHERE id IN ({marks})", part)  # noqa: S608


def add_pending(connection: BaseDatabaseWrapper, node: str, events: Iterable[Event]) -> None:
    """Keep events of open calls."""
    values = [(node, event.linkedid, dump_event(event)) for event in events]
    if values:
        _write(connection, "calls_pendingevent", ("node", "linkedid", "line"), values)


def drop_pending(connection: BaseDatabaseWrapper, node: str, linkedids: Sequence[str]) -> None:
    """Forget events of calls that are over."""
    for part in _parts(linkedids, _MAX_PARAMETERS):
        marks = ",".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM calls_pendingevent WHERE node = %s AND linkedid IN ({marks})",  # noqa: S608
                [node, *part],
            )


def load_pending(connection: BaseDatabaseWrapper, node: str) -> dict[str, list[Event]]:
    """Events of open calls by linkedid, in their order."""
    calls: dict[str, list[Event]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT linkedid, line FROM calls_pendingevent WHERE node = %s ORDER BY id", [node])
        for linkedid, line in cursor.fetchall():
            calls.setdefault(linkedid, []).append(load_event(line))
    return calls


def _insert(
    connection: BaseDatabaseWrapper,
    node: str,
    rows: Sequence[CallRow],
    ports: Mapping[str, int],
    clock: Clock,
    costs: Costs,
) -> None:
    if not rows:
        return
    ids = _new_ids(connection, len(rows))
    calls = [
        (call_id, *call_values(node, row, ports, clock, costs))
        for call_id, row in zip(ids, rows, strict=True)
    ]
    legs = [
        leg_values(call_id, seq, leg, clock)
        for call_id, row in zip(ids, rows, strict=True)
        for seq, leg in enumerate(row.legs)
    ]
    _write(connection, "calls_call", ("id", *CALL_COLUMNS), calls)
    _write(connection, "calls_leg", LEG_COLUMNS, legs)


def _new_ids(connection: BaseDatabaseWrapper, count: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('calls_call', 'id')) FROM generate_series(1, %s)",
                [count],
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer at a time, and it is us: the transaction took its lock at BEGIN.
        cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'calls_call'), 0)")
        last = int(cursor.fetchone()[0])
    return range(last + 1, last + 1 + count)


def _write(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if connection.vendor == "postgresql":
        _copy(connection, table, columns, rows)
        return
    marks = ",".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)  # noqa: S608


def _copy(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """COPY in text form. Values hold no control characters (derive cleans them), so only `\\` is escaped."""
    lines = ["\t".join(["\\N" if value is None else str(value) for value in row]) for row in _escaped(rows)]
    lines.append("")
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,  # Django does so for execute, not for copy
        # Django runs sessions in UTC, so times without a zone are what they say.
        cursor.copy(f"COPY {table} ({','.join(columns)}) FROM STDIN") as copy,
    ):
        copy.write("\n".join(lines))


def _escaped(rows: Sequence[Row]) -> Iterable[Row]:
    for row in rows:
        if any(type(value) is str and "\\" in value for value in row):
            yield tuple(value.replace("\\", "\\\\") if type(value) is str else value for value in row)
        else:
            yield row


def _known(connection: BaseDatabaseWrapper, node: str, rows: Sequence[CallRow]) -> set[tuple[str, int]]:
    known: set[tuple[str, int]] = set()
    for part in _parts([row.linkedid for row in rows], _MAX_PARAMETERS):
        marks = ",".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT linkedid, client_id FROM calls_call WHERE node = %s AND linkedid IN ({marks})",  # noqa: S608
                [node, *part],
            )
            known.update((linkedid, client_id) for linkedid, client_id in cursor.fetchall())
    return known


def _parts(values: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _second_text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S")
