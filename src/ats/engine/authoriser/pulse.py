"""The authoriser's sign of life: a file that is touched twice a second, for the agent to see that it still runs.

The engine waits for an answer as long as the connection stands, even when the caller has hung up. So a process
that is stopped or stuck has to be ended by somebody else: then its calls go on at once, refused or by the policy.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

EVERY_S = 0.5
STUCK_S = 4.0  # no caller waits for longer


def beat(path: Path) -> None:
    """Say that this process runs."""
    path.write_text(str(os.getpid()), encoding="ascii")


class Watch:
    """The agent's eye on the file; `look` is to be called about once a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = (0, 0)  # process and time of its last beat
        self._at = 0.0

    def look(self) -> int:
        """End the authoriser when its beats have stopped; returns the process id, 0 when there was nothing to do."""
        try:
            seen = int(self._path.read_text(encoding="ascii") or 0), self._path.stat().st_mtime_ns
        except (OSError, ValueError):
            return 0
        now = time.monotonic()
        if seen != self._seen:
            self._seen, self._at = seen, now
        elif now - self._at > STUCK_S and _is_authoriser(seen[0]):
            self._at = now
            with contextlib.suppress(ProcessLookupError):
                os.kill(seen[0], signal.SIGKILL)
                return seen[0]
        return 0


def _is_authoriser(pid: int) -> bool:
    """Ids of processes are used again."""
    try:
        return b"authoriser" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
