"""Tasks of set-up that run in parallel where they can, with visible progress."""

from __future__ import annotations

import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from launcher.process import Interrupted, ProcessGroup, failure_hint
from launcher.text import LaunchError, tr

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
Report = Callable[[str], None]
QUIET_SECONDS = 5.0  # without a terminal a running task reports at most this often


@dataclass
class Task:
    """One step: `run(report)` does it; `needs` names the tasks that must be done before."""

    name: str
    title: str
    run: Callable[[Report], None]
    needs: tuple[str, ...] = ()
    state: str = field(default="waiting", init=False)  # waiting, running, done, failed, ended
    detail: str = field(default="", init=False)
    started: float = field(default=0.0, init=False)
    seconds: float = field(default=0.0, init=False)
    told: float = field(default=0.0, init=False)


class Board:
    """Runs tasks and shows them: redrawn lines on a terminal, plain lines in a log otherwise."""

    def __init__(self, group: ProcessGroup, log: Path, out: TextIO = sys.stdout) -> None:
        """`group` holds the programs that tasks run; `out` is where progress is shown."""
        self._group = group
        self._log = log
        self._out = out
        self._tty = out.isatty()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._tasks: list[Task] = []
        self._drawn = 0
        self._errors: list[Exception] = []

    def run(self, tasks: Sequence[Task]) -> None:
        """Run all tasks; raise the first error after the others were ended.

        KeyboardInterrupt ends every program and is raised again.
        """
        self._tasks = list(tasks)
        threads = [threading.Thread(target=self._one, args=(task,), daemon=True) for task in self._tasks]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                if self._tty:
                    self._draw()
                time.sleep(0.1)
        except KeyboardInterrupt:
            self._group.end()
            with self._changed:
                self._changed.notify_all()
            for thread in threads:
                thread.join(5)
            if self._tty:
                self._draw()
            raise
        if self._tty:
            self._draw()
        if self._errors:
            raise self._errors[0]

    def _one(self, task: Task) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._group.ending or self._ready(task))
            if self._group.ending:
                task.state = "ended"
                return
            task.state, task.started = "running", time.monotonic()
        self._tell(task, tr("начато", "started"))
        try:
            task.run(lambda text: self._report(task, text))
        except Interrupted:
            state = "ended"
        except OSError as error:
            state = "failed"
            said = f"{task.title}: {error.strerror}: {error.filename or ''}".rstrip(": ")
            self._errors.append(LaunchError(said, failure_hint(str(error))))
        except Exception as error:
            state = "failed"
            self._errors.append(error)
        else:
            state = "done"
        with self._changed:
            task.state, task.seconds = state, time.monotonic() - task.started
            self._changed.notify_all()
        if state == "done":
            self._tell(task, tr("готово", "done") + (f": {task.detail}" if task.detail else ""))
        if state == "failed":
            self._group.end()
            with self._changed:
                self._changed.notify_all()
            self._tell(task, tr("ошибка", "failed"))

    def _ready(self, task: Task) -> bool:
        done = {other.name for other in self._tasks if other.state == "done"}
        return all(need in done for need in task.needs)

    def _report(self, task: Task, text: str) -> None:
        text = _COLOURS.sub("", text)
        task.detail = text
        if time.monotonic() - task.told >= QUIET_SECONDS:
            self._tell(task, text)

    def _tell(self, task: Task, text: str) -> None:
        task.told = time.monotonic()
        line = f"[{time.strftime('%H:%M:%S')}] {task.title}: {text}"
        with self._lock:
            with suppress(OSError), self._log.open("a", encoding="utf-8") as handle:
                handle.write(line + "\n")  # on a full disk the log is the first thing to go
            if not self._tty:
                print(line, file=self._out, flush=True)

    def _draw(self) -> None:
        marks = {"waiting": "·", "running": "→", "done": "✓", "failed": "✗", "ended": "–"}
        width = shutil.get_terminal_size().columns - 1  # a wrapped line would spoil the redrawing
        with self._lock:
            lines = []
            for task in self._tasks:
                seconds = task.seconds or (time.monotonic() - task.started if task.started else 0)
                clock = f"{seconds:4.0f} s" if task.started else "      "
                lines.append(f" {marks[task.state]} {clock}  {task.title}: {task.detail}"[:width])
            back = f"\x1b[{self._drawn}A" if self._drawn else ""
            self._out.write(back + "".join(f"\x1b[2K{line}\n" for line in lines))
            self._out.flush()
            self._drawn = len(lines)
