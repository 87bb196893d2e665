"""The text of an engine's journal, and nothing else: bytes in, events out (docs/architecture/journal.md).

Three kinds of lines stand in it: events the engine writes itself (cel_custom: fields separated by tabs, quoted
only when they must be), `BOOT,<boot id>,<epoch>` before each start of the engine and `HB,<epoch>` while it
answers its agent. Names and dialled numbers come from strangers and may hold anything, line breaks
included: whatever comes, a bad record is set aside and reading goes on.
"""

import csv
import json
from dataclasses import dataclass, field
from typing import NamedTuple

# The engine's room writes them in this order (engine/confs.py).
COLUMNS = (
    "eventtype", "eventtime", "linkedid", "uniqueid", "channame", "accountcode", "userfield", "extra", "context",
    "exten", "cid_num", "cid_name",
)  # fmt: skip
_WIDTH = len(COLUMNS)
# The engine cuts a record here, in bytes; what is left still tells which call it was, and that it ended.
_CUT_AT = 1023
_PATH_AT = COLUMNS.index("userfield")
# No SIP message makes a record longer than this; a quote still open after it was never closed (torn write).
LONGEST_RECORD = 64 * 1024
_EARLIEST_US = 1_500_000_000_000_000  # 2017: older or absurd times would poison every later row
_LATEST_US = 4_102_444_800_000_000  # 2100


class Event(NamedTuple):
    """One record of the engine, fields as in COLUMNS. `at` is in microseconds since 1970 UTC."""

    type: str
    at: int
    linkedid: str
    uniqueid: str
    channel: str
    account: str
    path: str
    extra: str
    context: str
    exten: str
    number: str
    name: str


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
    whole = len(data) if at_end else data.rfind(b"\n") + 1
    chunk.used = whole
    lines = data[:whole].decode("utf-8", "replace").replace("\0", "").split("\n")
    if not lines[-1]:
        lines.pop()
    items = chunk.items
    index, count = 0, len(lines)
    while index < count:
        line = lines[index]
        index += 1
        item = parse_line(line)
        if item is not None:
            items.append(item)
        elif line.count('"') % 2:
            # A quoted value goes on in the next lines. What stands there is a value, even if it looks like a
            # record or a BOOT line: a dialled number can hold line breaks.
            end, full = _closing_line(lines, index)
            if not full and not at_end:
                chunk.used = _bytes_before(data, whole, count - index + 1)
                break
            event = _quoted("\n".join(lines[index - 1 : end])) if end else None
            if event is None:
                chunk.rejects.append(
                    line
                )  # the engine writes whole records: this one was torn by a full disk
            else:
                items.append(event)
                index = end
        elif line and line != "\r":
            chunk.rejects.append(line)
    return chunk


def parse_line(line: str) -> Item | None:
    """One line as an item, or None when it is not a whole, sane record."""
    parts = line.split("\t")
    if len(parts) == _WIDTH:
        if '"' in line:
            extra, quotes = parts[7], line.count('"')
            if quotes % 2 or extra[:1] != '"' or extra[-1] != '"' or extra.count('"') != quotes:
                return _quoted(line)  # a quote elsewhere: the slow way
            parts[7] = extra[1:-1].replace('""', '"')
        return _event(parts)
    if _PATH_AT < len(parts) < _WIDTH and len(line.encode()) == _CUT_AT:
        return _cut(parts)
    if len(parts) > 1:
        return _quoted(line)
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
    linkedid, uniqueid = parts[2], parts[3]
    if not (0 < len(linkedid) <= 64 and 0 < len(uniqueid) <= 64):
        return None
    if not (linkedid.isprintable() and uniqueid.isprintable()):
        return None
    kind, _, _, _, channel, account, path, extra, context, exten, number, name = parts
    return Event(kind, at, linkedid, uniqueid, channel, account, path, extra, context, exten, number, name)


def _cut(parts: list[str]) -> Event | None:
    """A record cut in or behind its path: the last field is not whole, and what is missing is empty."""
    path = parts[_PATH_AT].rpartition(" ")[0] if len(parts) == _PATH_AT + 1 else parts[_PATH_AT]
    if any('"' in part for part in parts[:_PATH_AT]):
        return None
    return _event([*parts[:_PATH_AT], path, *[""] * (_WIDTH - _PATH_AT - 1)])


def _quoted(text: str) -> Event | None:
    """The slow way, for values that hold quotes, tabs or line breaks."""
    if text.count('"') % 2:
        return None
    try:
        rows = list(csv.reader([text], delimiter="\t", strict=True))
    except csv.Error:
        return None
    return _event(rows[0]) if len(rows) == 1 and len(rows[0]) == _WIDTH else None


def _closing_line(lines: list[str], index: int) -> tuple[int, bool]:
    """Where the quote left open before `index` closes: the index after that line, or 0.

    The second value tells whether that is final: closed, or open for longer than any record can be.
    """
    size = 0
    for end in range(index, len(lines)):
        line = lines[end]
        if line.count('"') % 2:
            return end + 1, True
        size += len(line) + 1
        if size > LONGEST_RECORD:
            return 0, True
    return 0, False


def _bytes_before(data: bytes, whole: int, lines: int) -> int:
    """Where the last `lines` lines of data[:whole] begin."""
    position = whole
    for _ in range(lines):
        position = data.rfind(b"\n", 0, position - 1) + 1
    return position
