"""Parts of this installation that outlived their supervisor (it was killed): found and ended.

They cannot be taken over by a new supervisor, and they hold our ports.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from ats.config import Config


def find(config: Config) -> list[int]:
    """Process ids of our parts; to be asked only when no supervisor of this home runs."""
    home = f"ATS_HOME={config.home}".encode()
    engine = str(config.engine_etc / "asterisk.conf").encode()
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            ours = home in (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # gone, or not ours to see
        part = engine in words or b"ats.asgi:application" in words
        part = part or (b"ats.manage" in words and (b"agent" in words or b"worker" in words))
        if ours and part and b"-rx" not in words:
            found.append(int(process.name))
    return sorted(found)


def end(config: Config, patience: float = 4) -> bool:
    """End them (SIGTERM, after `patience` seconds SIGKILL); True when there were any."""
    pids = find(config)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while (left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(pids)
