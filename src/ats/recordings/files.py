"""Files of recordings: what the engine writes, and where it is kept.

The engine appends `new/<client>/<unique id>.raw` (recorded on demand: `<unique id>-d<epoch>.raw`; of what the caller
talked in an element, not of a leg as a whole: `-o<epoch>`): stereo PCM16, 8 kHz, no header, so a recording that an
engine's death cut short is as good as any other. A conference is one mono file `-c<epoch>`, named after the call that
began it; who else was in the room stands in marks, `incoming/room~<client>~<room>~<epoch>~<unique id>`. Each of those
calls gets a name of its own for the one file (a hard link).
"""

import contextlib
import os
import re
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

RATE = 8000
SAMPLE = 2  # bytes
SETTLED_S = 2.0
_NAME = re.compile(
    r"(?P<uniqueid>[A-Za-z0-9_.-]{0,40}?(?P<epoch>\d{9,11})\.\d{1,12})(?:-(?P<kind>[doc])(?P<at>\d{9,11}))?\Z"
)
_MARK = re.compile(r"room~(\d{1,18})~(\d{1,18})~(\d{9,11})~([A-Za-z0-9_.-]{1,60})\Z", re.ASCII)
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A call that entered a recorded room. `epoch`: when."""

    path: Path
    client_id: int
    room: int
    epoch: int
    uniqueid: str


@dataclass(frozen=True, slots=True)
class Found:
    """A recording's file. `epoch`: when the recording or its leg began; `whole`: it is of a leg from its answer on."""

    path: Path
    client_id: int
    name: str
    uniqueid: str
    on_demand: bool
    whole: bool
    epoch: int
    conference: bool = False

    @property
    def frame(self) -> int:
        """Bytes of a frame of its sound."""
        return SAMPLE if self.conference else 2 * SAMPLE

    @property
    def kept_path(self) -> Path:
        return kept_path(self.client_id, self.name)


def root() -> Path:
    return Path(settings.CONFIG.recordings_dir)


def kept_path(client_id: int, name: str) -> Path:
    """Where a finished recording is kept: by the month its leg began, so no folder grows without end."""
    match = _NAME.match(name)
    at = datetime.fromtimestamp(int(match["epoch"]) if match else 0, UTC)
    return root() / str(client_id) / f"{at:%Y-%m}" / f"{name}.wav"


def written() -> Iterator[Found]:
    """What the engine has written and nobody attached yet; files it may still be writing are left out."""
    quiet_since = time.time() - SETTLED_S
    for path in sorted((root() / "new").glob("*/*.raw")):
        if (found := _found(path, path.parent.name)) and path.stat().st_mtime < quiet_since:
            yield found


def marks() -> list[Mark]:
    """Who entered recorded rooms, of recordings that are not attached yet; oldest first."""
    found = [
        Mark(path, int(match[1]), int(match[2]), int(match[3]), match[4])
        for path in Path(settings.CONFIG.incoming_dir).glob("room~*")
        if (match := _MARK.match(path.name))
    ]
    return sorted(found, key=lambda mark: (mark.epoch, mark.uniqueid))


def begun(client_id: int) -> set[str]:
    """Names of conferences of a client that are not attached yet."""
    return {path.stem for path in (root() / "new" / str(client_id)).glob("*-c*.raw")}


def named_after(found: Found, uniqueid: str) -> Found:
    """A finished conference under the name of another call that was in it; made by hard link, so it is one file."""
    other = replace(found, uniqueid=uniqueid, name=f"{uniqueid}-c{found.epoch}")
    other.kept_path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.link(found.kept_path, other.kept_path)
    return other


def kept() -> Iterator[Found]:
    """Every finished recording there is."""
    for path in sorted(root().glob("*/*/*.wav")):
        if found := _found(path, path.parent.parent.name):
            yield found


def finish(found: Found) -> tuple[int, int]:
    """Make the kept WAV of what the engine wrote (by rename, so it is there whole); (length in ms, bytes).

    The engine's file stays until `drop`. Length 0 and no file when nobody ever talked.
    """
    frames = found.path.stat().st_size // found.frame
    if not frames:
        return 0, 0
    target = found.kept_path
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    with found.path.open("rb") as source, wave.open(str(draft), "wb") as out:
        out.setnchannels(found.frame // SAMPLE)
        out.setsampwidth(SAMPLE)
        out.setframerate(RATE)
        out.setnframes(frames)
        left = frames * found.frame
        while left and (data := source.read(min(_PIECE, left))):
            left -= len(data)
            out.writeframesraw(data)
    draft.replace(target)
    return measure(found)


def measure(found: Found) -> tuple[int, int]:
    """(length in ms, bytes) of a kept recording."""
    size = found.kept_path.stat().st_size
    return max(0, size - 44) // found.frame * 1000 // RATE, size


def _found(path: Path, client: str) -> Found | None:
    match = _NAME.match(path.stem)
    if match is None or not (client.isascii() and client.isdigit()):
        return None
    epoch = int(match["at"] or match["epoch"])
    kind = match["kind"]
    return Found(
        path, int(client), path.stem, match["uniqueid"], kind == "d", kind is None, epoch, kind == "c"
    )
