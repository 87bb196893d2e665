"""A clock for the engine of a test installation: Debian's libfaketime, preloaded into that one process.

The engine's own GotoIfTime and STRFTIME then see the moment a scenario names; the other parts keep real time.
"""

import math
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from ats.config import Config
from ats.engine import runtime
from tests.harness.instance import Instance, wait_for


def library() -> Path | None:
    """libfaketime for programs with threads; None where the package `faketime` is not installed."""
    name = f"usr/lib/{platform.machine()}-linux-gnu/faketime/libfaketimeMT.so.1"
    unpacked = os.environ.get("ATS_TEST_ROOT")
    places = [Path("/") / name, *([Path(unpacked) / name] if unpacked else [])]
    return next((place for place in places if place.is_file()), None)


class ClockedInstance(Instance):
    """An installation whose engine's clock can be set. Raises FileNotFoundError without libfaketime."""

    def set_up(self) -> None:
        super().set_up()
        found = library()
        if found is None:
            raise FileNotFoundError("libfaketime of Debian's package `faketime`: ./ats test installs it")
        self._file = self.home / "clock"
        self._file.write_text("+0")
        script = runtime.start_script_path(self.config)
        script.write_text(_with_clock(script.read_text(), self.config, found, self._file))

    def set_clock(self, moment: datetime) -> None:
        """Make it this moment (aware) in the engine; it goes on from there at its usual pace."""
        offset = math.ceil((moment - datetime.now(UTC)).total_seconds())
        self._file.write_text(f"{offset:+d}")
        wanted = moment.timestamp()
        wait_for(lambda: 0 <= self.engine_time() - wanted < 30, 10, lambda: f"clock is {self.engine_time()}")

    def engine_time(self) -> float:
        """The engine's time in seconds since 1970."""
        words = self.engine("dialplan eval function STRFTIME(,UTC,%s)").split()
        return float(next((word for word in reversed(words) if word.isdigit()), 0))


def _with_clock(script: str, config: Config, found: Path, clock: Path) -> str:
    """The engine's start script with the library preloaded (by the private loader where there is one)."""
    options = "FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 TZ=UTC"
    variables = f"export FAKETIME_TIMESTAMP_FILE='{clock}' {options}\n"
    if config.system_asterisk:
        return script.replace("exec ", f"{variables}export LD_PRELOAD='{found}'\nexec ", 1)
    loader = config.engine_command[0]
    return script.replace(f"exec {loader} ", f"{variables}exec {loader} --preload '{found}' ", 1)
