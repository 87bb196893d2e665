"""The sign of life in the call journal: calls of an engine that died are closed at the last one."""

import os
import re
import time
from pathlib import Path

from ats.engine.ami import Ami, AmiError

EVERY_S = 2.0
_CALLS = re.compile(r"^(\d+) active call", re.MULTILINE)


async def beat(ami: Ami, journal: Path) -> int | None:
    """Ask the engine how many calls it has, and when it answers append `HB,<epoch>` to the journal; None: no answer."""
    try:
        # Not CoreStatus: its «CoreCurrentCalls» are channels, two for every talk.
        answer = (await ami.action("Command", ("Command", "core show calls"), timeout=EVERY_S)).response
    except AmiError:
        return None
    append(journal, f"HB,{time.time():.6f}\n")
    found = _CALLS.search("\n".join(answer.output))
    return int(found[1]) if found else 0


def append(journal: Path, line: str) -> None:
    """Add a line in one write: the engine appends to the same file, and neither may tear the other's line."""
    descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
