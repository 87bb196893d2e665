"""`manage agent`: the process that keeps one engine node up to date. One per node."""

import asyncio
import contextlib
import fcntl
import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ats.config import Config
from ats.engine.agent.main import Agent


class Command(BaseCommand):
    """Started by the supervisor; ends on SIGTERM or SIGINT."""

    help = "Keep this node's engine on the newest version of every client"
    requires_system_checks: list[str] = []  # noqa: RUF012  the web's checks are none of the agent's business

    def handle(self, *args: Any, **options: Any) -> None:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        config: Config = settings.CONFIG
        config.run_dir.mkdir(parents=True, exist_ok=True)
        with (config.run_dir / "agent.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # given back by the kernel however we die
            except OSError as error:
                raise CommandError("another agent of this node is running") from error
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(_serve(config))


async def _serve(config: Config) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    await Agent(config).run()
