"""`manage authoriser`: decides on calls that cost money. One per node."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ats.config import Config
from ats.engine.agent.database import Database
from ats.engine.ami import Ami
from ats.engine.authoriser import pulse
from ats.engine.authoriser.extending import EVERY_S, Extender
from ats.engine.authoriser.outside import OutsideBilling
from ats.engine.authoriser.server import Server
from ats.engine.authoriser.warning import Warner
from ats.radius.asking import Asker

log = logging.getLogger("ats.authoriser")

THREADS = 4  # questions decided at once


class Command(BaseCommand):
    """Started by the supervisor; ends on SIGTERM or SIGINT."""

    help = "Answers the engine's question whether a paid call may go out"
    requires_system_checks: list[str] = []  # noqa: RUF012  the web's checks are none of its business

    def handle(self, *args: Any, **options: Any) -> None:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_serve(settings.CONFIG))


async def _serve(config: Config) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    asker = Asker()
    server = Server(config, THREADS, OutsideBilling(Database("outside-db"), asker))
    server.start()
    ami = Ami(config.ami_port, config.ami_user, config.ami_secret, certificate=config.ami_certificate)
    database = Database("authoriser-db")
    extender = Extender(config.node_name, ami, database, asker)
    warner = Warner(config.node_name, ami, database)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ami.run())
        tasks.create_task(_every(extender.tick))
        tasks.create_task(_every(warner.tick))
        tasks.create_task(_watch(config, server))


async def _every(tick: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await tick()
        except Exception:
            log.exception("calls in progress could not be looked after")


async def _watch(config: Config, server: Server) -> None:
    while True:
        server.give_up()
        try:
            pulse.beat(config.authoriser_pulse)
        except OSError as error:
            log.warning("no sign of life: %s", error)
        await asyncio.sleep(pulse.EVERY_S)
