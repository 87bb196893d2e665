"""The files of an engine's journal: the one that grows, and those rotated away beside it.

journal.csv            the engine appends here, opening it anew for each line
journal-<n>.csv[.gz]   rotated by the worker; higher n is younger
"""

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

_ROTATED = re.compile(r"-(\d{1,20})\.csv(\.gz)?\Z", re.ASCII)
_LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class JournalPart:
    """One file. `number` orders rotated files; the growing one has None. `head`: see models.JournalFile."""

    path: Path
    number: int | None
    head: str

    @property
    def compressed(self) -> bool:
        return self.path.suffix == ".gz"


def parts(current: Path, *, compressed: bool = False) -> list[JournalPart]:
    """Files that hold at least one whole line, the oldest first.

    Compressed ones were read to their end before and are listed only when asked for; a file that stands
    there both plain and compressed (compression was cut short) is listed once.
    """
    found: dict[int, Path] = {}
    for path in current.parent.glob(f"{current.stem}-*.csv*"):
        match = _ROTATED.search(path.name)
        if match and (compressed or not match[2]):
            number = int(match[1])
            if number not in found or path.suffix != ".gz":
                found[number] = path
    listed = [(number, found[number]) for number in sorted(found)]
    result = [JournalPart(path, number, head) for number, path in listed if (head := head_of(path))]
    if head := head_of(current):
        result.append(JournalPart(current, None, head))
    return result


def head_of(path: Path) -> str:
    """SHA-256 of the first line, or nothing while there is no whole line."""
    try:
        with open_part(path) as handle:
            line = handle.readline(_LONGEST_HEAD)
    except FileNotFoundError:
        return ""
    if not line.endswith(b"\n") and len(line) < _LONGEST_HEAD:
        return ""
    return hashlib.sha256(line).hexdigest()


def open_part(path: Path) -> BinaryIO:
    """Open a plain or compressed part for reading bytes."""
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def rotate(part: JournalPart) -> JournalPart:
    """Rename the growing file; the engine makes a new one with its next line.

    A line the engine was just writing may still land in the renamed file, see `settled`.
    """
    current = part.path
    taken = [int(match[1]) for path in current.parent.iterdir() if (match := _ROTATED.search(path.name))]
    number = max(taken, default=0) + 1
    return JournalPart(current.rename(current.with_name(f"{current.stem}-{number}.csv")), number, part.head)


def same_file(path: Path, handle: BinaryIO | None) -> bool:
    """Whether the open file still bears this name."""
    if handle is None:
        return False
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def settled(path: Path, now: float) -> bool:
    """Whether a rotated file was neither renamed nor written to for a second (`now`: epoch seconds)."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return True
    return now - max(state.st_mtime, state.st_ctime) > 1.0


def compress(path: Path) -> Path:
    """Pack a rotated file that is done with; cut short at any point, it can be done again."""
    target = path.with_name(path.name + ".gz")
    draft = path.with_name(path.name + ".gz.new")
    with path.open("rb") as source, gzip.open(draft, "wb", compresslevel=3) as packed:
        shutil.copyfileobj(source, packed, 1 << 20)
    os.replace(draft, target)
    path.unlink()
    return target


def rotated_before(current: Path, moment: float) -> Iterator[Path]:
    """Rotated files last written before `moment` (epoch seconds)."""
    for path in current.parent.glob(f"{current.stem}-*.csv*"):
        if _ROTATED.search(path.name) and path.stat().st_mtime < moment:
            yield path
