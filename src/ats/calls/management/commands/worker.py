"""`python -m ats.manage worker`: turns the journal into call detail and tidies up. One per installation."""

import fcntl
import json
import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from ats.calls import chores, fraudwatch, housekeeping
from ats.calls.errands import errands
from ats.calls.ingest import Ingester, StaleOffsetError

log = logging.getLogger("ats.worker")
POLL_S = 0.3
# Less than this waiting is left to gather: a transaction for every few lines costs more than the lines.
BACKLOG_BYTES = 64 << 10
SLOW_S = 60.0
DAILY_S = 86400.0


class Command(BaseCommand):
    help = "Reads the engine's journal into call detail, and tidies up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when there is nothing left to read")
        parser.add_argument(
            "--keep-days",
            type=int,
            default=0,
            help="remove packed journal files older than this (0: keep all)",
        )

    def handle(self, *args: Any, once: bool, keep_days: int, **options: Any) -> None:
        """Run until SIGTERM. A second worker waits for the first one to end."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        config = settings.CONFIG
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda caught, _frame: stopped.append(caught))
        config.run_dir.mkdir(parents=True, exist_ok=True)
        config.log_dir.mkdir(parents=True, exist_ok=True)
        with _alone(config.run_dir / "worker.lock", stopped):
            if stopped:
                return
            ingester = Ingester(config.node_name, config.journal_path, config.log_dir / "journal-rejects.log")
            chores.register("fraud guard", fraudwatch.EVERY_S, fraudwatch.Watch(ingester.open_calls).look)
            beside = [] if once else errands(config)
            for errand in beside:
                errand.start()
            _Loop(ingester, config.node_name, config.journal_path, config.run_dir, keep_days).run(
                stopped, once
            )
            for errand in beside:
                errand.stop()


class _Loop:
    def __init__(self, ingester: Ingester, node: str, journal: Path, run_dir: Path, keep_days: int) -> None:
        self._ingester = ingester
        self._node = node
        self._journal = journal
        self._state = run_dir / "worker.json"
        self._keep_days = keep_days
        self._slow_at = self._daily_at = self._told_at = 0.0
        self._error = ""

    def run(self, stopped: list[int], once: bool) -> None:
        while not stopped:
            pause = POLL_S
            try:
                busy = self._ingester.step()
                self._error = ""
                if once and not busy:
                    break
                if busy and (once or self._ingester.lag_bytes() > BACKLOG_BYTES):
                    pause = 0.0
                self._timers()
            except (DatabaseError, StaleOffsetError, OSError) as error:
                # Nothing is lost: the journal keeps it until the database takes it.
                self._error = type(error).__name__  # anybody may read it; the text stands in the log
                log.error("call detail is not stored just now: %s", error)
                pause = 1.0
            self._tell()
            if pause:
                time.sleep(pause)
        self._ingester.forget()

    def _timers(self) -> None:
        chores.run_due()
        now = time.monotonic()
        if now >= self._slow_at:
            self._slow_at = now + SLOW_S
            self._ingester.sweep()
            housekeeping.drop_expired()
            if not self._ingester.lag_bytes():
                housekeeping.release_money(self._node)
            housekeeping.tidy_journal(self._node, self._journal, self._keep_days)
        if now >= self._daily_at:
            self._daily_at = now + DAILY_S
            housekeeping.drop_sessions()

    def _tell(self) -> None:
        """State for `./ats status` and /api/health, once a second (calls.queries.worker_state reads it)."""
        now = time.monotonic()
        if now < self._told_at:
            return
        self._told_at = now + 1.0
        totals = self._ingester.totals
        state = {
            "pid": os.getpid(),
            "at": time.time(),
            "lag_bytes": self._ingester.lag_bytes(),
            "calls": totals.calls,
            "events": totals.events,
            "rejected": totals.rejected,
            "failed": totals.failed,
            "error": self._error,
        }
        draft = self._state.with_suffix(".new")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self._state)


@contextmanager
def _alone(path: Path, stopped: list[int]) -> Iterator[None]:
    """Hold the worker's lock; the kernel gives it up when the process dies, however it dies."""
    with path.open("w") as handle:
        told = False
        while not stopped:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if not told:
                    log.warning("another worker runs here; waiting for it to end")
                    told = True
                time.sleep(0.5)
        yield
