"""The text of an engine's journal, and nothing else: bytes in, events out (docs/architecture/journal.md).

Three kinds of lines stand in it: events the engine writes itself (cel_custom, every field quoted),
`BOOT,<boot id>,<epoch>` before each start of the engine and `HB,<epoch>` while it answers its agent.
Names of callers come from strangers: whatever they hold, a bad line is set aside and reading goes on.
"""

import csv
import json
from dataclasses import dataclass, field
from typing import NamedTuple

COLUMNS = (
    "EventType",
    "EventTime",
    "LinkedID",
    "UniqueID",
    "ChanName",
    "Num",
    "Name",
    "Exten",
    "Context",
    "AccountCode",
    "UserField",
    "EventExtra",
    "TenantID",
)
_QUOTES = 2 * len(COLUMNS)
_EARLIEST_US = 1_500_000_000_000_000  # 2017: older or absurd times would poison every later row
_LATEST_US = 4_102_444_800_000_000  # 2100


class Event(NamedTuple):
    """One line of the engine. `at` is in microseconds since 1970 UTC; the rest is text as written."""

    type: str
    at: int
    linkedid: str
    uniqueid: str
    channel: str
    number: str
    name: str
    exten: str
    context: str
    account: str
    path: str
    extra: str
    tenant: str


class Boot(NamedTuple):
    """The engine is about to start: whatever was open before is over."""

    boot_id: str
    at: int


class Heartbeat(NamedTuple):
    """The engine was alive at this moment."""

    at: int


Item = Event | Boot | Heartbeat


@dataclass(slots=True)
class Chunk:
    """What a piece of the journal held. `used` bytes are finished with; the rest must be read again."""

    items: list[Item] = field(default_factory=list)
    rejects: list[str] = field(default_factory=list)
    used: int = 0


def read_chunk(data: bytes, *, at_end: bool = False) -> Chunk:
    """Parse whole lines at the start of `data`; a line without its end is left for the next time.

    With `at_end` nothing more will come for what is there, so a broken last record is rejected
    instead of waited for.
    """
    chunk = Chunk()
    whole = data.rfind(b"\n") + 1
    if at_end and whole < len(data):
        data += b"\n"
        whole = len(data)
    chunk.used = whole
    lines = data[:whole].decode("utf-8", "replace").replace("\0", "").split("\n")
    lines.pop()
    items = chunk.items
    index, count = 0, len(lines)
    while index < count:
        line = lines[index]
        index += 1
        item = parse_line(line)
        if item is not None:
            items.append(item)
        elif line[:1] == '"' and line.count('"') % 2:
            end = _closing_line(lines, index)
            if end is None and not at_end and not _record_follows(lines, index):
                # A quote is still open at the end of what is there: its rest may be on the way.
                chunk.used = _bytes_before(data, whole, count - index + 1)
                break
            if end is None:
                chunk.rejects.append(line)  # torn: the engine died or the disk was full
                continue
            text = "\n".join(lines[index - 1 : end])
            event = _quoted(text)
            if event is None:
                chunk.rejects.append(text)
            else:
                items.append(event)
            index = end
        elif line and line != "\r":
            chunk.rejects.append(line)
    return chunk


def parse_line(line: str) -> Item | None:
    """One line as an item, or None when it is not a whole, sane record."""
    if line[:1] == '"':
        parts = line[1:-1].split('","')
        # As many quotes as fields need means that none of them belongs to a value.
        if len(parts) != len(COLUMNS) or line[-1] != '"' or line.count('"') != _QUOTES:
            return _quoted(line)
        return _event(parts)
    head, _, rest = line.partition(",")
    if head == "HB":
        at = micros(rest.rstrip("\r"))
        return Heartbeat(at) if at else None
    if head == "BOOT":
        boot_id, _, stamp = rest.rpartition(",")
        at = micros(stamp.rstrip("\r"))
        return Boot(boot_id[:40], at) if at and boot_id else None
    return None


def micros(text: str) -> int:
    """`1763887890.123456` → microseconds; 0 when it is not a time between 2017 and 2100."""
    seconds, dot, fraction = text.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) == 10):
        return 0
    if dot and not (fraction.isascii() and fraction.isdigit()):
        return 0
    at = int(seconds) * 1_000_000 + int(fraction[:6].ljust(6, "0"))
    return at if _EARLIEST_US < at < _LATEST_US else 0


def dump_event(event: Event) -> str:
    """An event as text for the table of pending events."""
    return json.dumps(event, ensure_ascii=True, separators=(",", ":"))


def load_event(text: str) -> Event:
    """The event that `dump_event` wrote."""
    return Event(*json.loads(text))


def _event(parts: list[str]) -> Event | None:
    stamp = parts[1]
    if len(stamp) == 17 and stamp[10] == "." and stamp.isascii() and stamp.replace(".", "", 1).isdigit():
        at = int(stamp[:10]) * 1_000_000 + int(stamp[11:])
        if not _EARLIEST_US < at < _LATEST_US:
            return None
    else:
        at = micros(stamp)
        if not at:
            return None
    linkedid = parts[2]
    if not linkedid or len(linkedid) > 64 or not parts[3] or len(parts[3]) > 64:
        return None
    return Event(
        parts[0],
        at,
        linkedid,
        parts[3],
        parts[4],
        parts[5],
        parts[6],
        parts[7],
        parts[8],
        parts[9],
        parts[10],
        parts[11],
        parts[12],
    )


def _quoted(text: str) -> Event | None:
    """The slow way, for values that hold quotes, separators or line breaks."""
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        return None
    return _event(rows[0]) if len(rows) == 1 and len(rows[0]) == len(COLUMNS) else None


def _closing_line(lines: list[str], index: int) -> int | None:
    """The record before `index` left a quote open: the index after the line that closes it, or None.

    A quote inside a value is written twice, so `"` and a letter at the start of a line can only be a new
    record: nothing a stranger puts into a name can look like one. That matters, because a dialled
    number may hold line breaks and try to pass for a BOOT line.
    """
    for end in range(index, len(lines)):
        line = lines[end]
        if _starts_record(line):
            return None
        if line.count('"') % 2:
            return end + 1
    return None


def _record_follows(lines: list[str], index: int) -> bool:
    return any(_starts_record(line) for line in lines[index:])


def _starts_record(line: str) -> bool:
    return line[:1] == '"' and line[1:2].isalpha()


def _bytes_before(data: bytes, whole: int, lines: int) -> int:
    """Where the last `lines` lines of data[:whole] begin."""
    position = whole
    for _ in range(lines):
        position = data.rfind(b"\n", 0, position - 1) + 1
    return position
