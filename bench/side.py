"""One of two sides under the same load: CPU per call by process, and the highest rate it keeps."""

import time
from collections.abc import Callable

from bench.cpu import cpu_seconds
from bench.load import run
from launcher import supervise
from tests.harness.instance import Instance

TALK_MS = 1000


def our_processes(instance: Instance) -> dict[str, int]:
    """Process ids of a whole installation by name: engine, agent, worker, web, …, supervisor."""
    found = {part.name: part.pid for part in supervise.parts(instance.config)}
    return {**found, "supervisor": int((instance.home / "run" / "supervisor.pid").read_text())}


class Side:
    """One of the two engines under the same load. `parts`: process ids by name."""

    def __init__(
        self, port: int, login: str, password: str, parts: Callable[[], dict[str, int]], number: str = "101"
    ) -> None:
        self.port, self.login, self.password, self.number = port, login, password, number
        self._parts = parts

    def cpu_round(self, rate: float, calls: int) -> dict[str, float]:
        """CPU per call in ms by part, the tail of the work (journal) included."""
        before = {name: (pid, cpu_seconds(pid)) for name, pid in self._parts().items()}
        done = run(self.port, self.login, self.password, self.number, rate=rate, calls=calls, talk_ms=TALK_MS)
        if done.good < calls * 0.995:
            raise SystemExit(f"load failed: {done}")
        time.sleep(1.5)
        return {name: (cpu_seconds(pid) - was) * 1000 / done.good for name, (pid, was) in before.items()}

    def highest_rate(self, start: int, stop: int, step: int, seconds: float) -> int:
        """Highest rate in calls/s at which under 0.5 % fail and SIPp keeps its pace."""
        best = 0
        for rate in range(start, stop + 1, step):
            calls = int(rate * seconds)
            done = run(
                self.port, self.login, self.password, self.number, rate=rate, calls=calls, talk_ms=TALK_MS
            )
            kept_pace = done.seconds < seconds * 1.25 + TALK_MS / 1000 + 1
            if done.failed > done.made * 0.005 or done.made < calls or not kept_pace:
                break
            best = rate
        return best
