"""The agent of one engine node: watches the outbox, keeps the engine on the newest version of everything.

The truth is always in the database (which version is saved) and in ActiveVersion (which one this node
serves); the outbox only wakes the agent up at once. So the agent may be killed at any moment: what
is behind is found again at the next start and every few seconds.
"""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from ats.config import Config
from ats.engine import contactrows, enginedb
from ats.engine.agent import commands, files, guesses, heartbeat, live, queuelive, registrations
from ats.engine.agent import database as db
from ats.engine.agent.build import Built, build_many
from ats.engine.agent.database import Database
from ats.engine.agent.fingerprint import FINGERPRINT
from ats.engine.agent.lamps import MessageLamps
from ats.engine.agent.provision import PUSH_ERRORS, Garbage, Provisioner, Push
from ats.engine.agent.registrations import Registrations
from ats.engine.ami import Ami, AmiError
from ats.engine.authoriser import pulse
from ats.system import bans

log = logging.getLogger(__name__)

POLL_S = 0.05
RECONCILE_S = 5.0
BATCH = 25
COLLECT_S = 5.0
FILES_S = 60.0
OUTBOX_KEPT = timedelta(days=2)
RETRY_S = (1.0, 2.0, 5.0, 15.0, 60.0)

_Found = dict[int, Built | None | Exception]
_Batch = tuple[list[int], asyncio.Task[_Found]]


class Agent:
    """One instance per node; `run` never returns."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._database = Database("agent-db")
        self._ami = Ami(
            config.ami_port,
            config.ami_user,
            config.ami_secret,
            certificate=config.ami_certificate,
            on_connect=self._on_connect,
        )
        self._provisioner = Provisioner(config, self._ami)
        self._garbage = Garbage(config, self._ami)
        self._node_id = 0
        self._outbox_id = 0
        self._served: dict[int, int] = {}
        self._queue: deque[int] = deque()  # clients to push, those somebody just saved first
        self._ahead: _Batch | None = None  # being built, the next to push
        self._retries: dict[int, tuple[int, float]] = {}  # client → failures so far, not before
        self._rewriting = False
        self._watching = False
        self._reconcile_at = 0.0
        self._files_at = 0.0
        self._pulse = pulse.Watch(config.authoriser_pulse)

    async def run(self) -> None:
        """Serve until cancelled."""
        enginedb.create(self._config.engine_db)
        node = await self._database(db.node, self._config.node_name)
        self._node_id = node.pk
        self._lamps = MessageLamps(self._config, self._ami, self._database)
        self._registrations = Registrations(self._config, self._ami, node.pk, self._database, self._lamps)
        self._guesses = guesses.Guesses(self._config, self._ami, self._database)
        self._outbox_id = await self._database(db.last_outbox_id)
        await self._database(db.set_node, node.pk, agent_started_at=timezone.now())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ami.run())
            tasks.create_task(self._provision())
            tasks.create_task(self._every(heartbeat.EVERY_S, self._beat))
            tasks.create_task(self._every(COLLECT_S, self._collect))
            tasks.create_task(self._every(live.EVERY_S, self._live()))
            tasks.create_task(self._every(commands.EVERY_S, self._command))
            tasks.create_task(self._every(1.0, self._watch_authoriser))
            tasks.create_task(self._every(guesses.EVERY_S, self._guesses.look))
            tasks.create_task(self._every(3600, self._trim))
            tasks.create_task(self._every(registrations.EVERY_S, self._registrations.look))

    # -- the engine came (back) ----------------------------------------------------------

    async def _on_connect(self) -> None:
        """Before anything is pushed: find out what this engine serves."""
        boot, booted_at = await asyncio.to_thread(files.boot_id, self._config)
        settings = (await self._ami.action("CoreSettings")).response
        node = await self._database(db.node, self._config.node_name)
        if boot != node.boot_id:
            await self._after_boot(booted_at)
        self._served = await self._database(db.all_served, self._node_id)
        self._rewriting = await asyncio.to_thread(self._made_by_another)
        if self._rewriting:
            self._wake(*self._served)  # engine.db is new, or a newer program writes things differently
        await self._database(
            db.set_node,
            self._node_id,
            boot_id=boot,
            engine_version=settings.get("AsteriskVersion", "")[:60],
            heartbeat_at=timezone.now(),
            engine_started_at=datetime.fromtimestamp(booted_at, UTC),
        )
        await self._provisioner.catch_up()
        self._registrations.resync()
        self._reconcile_at = self._files_at = 0.0
        log.info("engine %s, boot %s, %d clients", settings.get("AsteriskVersion"), boot, len(self._served))

    async def _after_boot(self, booted_at: float) -> None:
        """A booted engine serves what the files said; one written since then is pushed again to be sure."""
        found = await asyncio.to_thread(files.versions, self._config)
        await asyncio.to_thread(self._drop_garbage)
        await self._database(
            db.replace_served,
            self._node_id,
            [(file.client_id, file.version) for file in found],
            datetime.fromtimestamp(booted_at, UTC),
        )
        self._wake(*(file.client_id for file in found if file.written_at > booted_at - 1))

    def _made_by_another(self) -> bool:
        with enginedb.transaction(self._config.engine_db) as connection:
            return enginedb.made_by(connection) != FINGERPRINT

    def _sign(self) -> None:
        with enginedb.transaction(self._config.engine_db) as connection:
            enginedb.set_made_by(connection, FINGERPRINT)

    def _drop_garbage(self) -> None:
        with enginedb.transaction(self._config.engine_db) as connection:
            enginedb.drop_garbage(connection)

    # -- provisioning --------------------------------------------------------------------

    async def _provision(self) -> None:
        """Push what the outbox names at once, and every few seconds whatever is behind."""
        changed = _ChangeDetector()
        while True:
            await self._ami.ready.wait()
            try:
                if changed():
                    await self._read_outbox()
                now = time.monotonic()
                if now >= self._reconcile_at:
                    self._reconcile_at = now + RECONCILE_S
                    await self._reconcile()
                if now >= self._files_at:
                    self._files_at = now + FILES_S
                    await self._check_files()
            except Exception:
                log.exception("the database cannot be read just now")
                await asyncio.sleep(1)
                continue
            if self._queue or self._ahead:
                await self._push_next()
                continue
            if self._rewriting and not self._retries:
                self._rewriting = False
                await asyncio.to_thread(self._sign)
            await asyncio.sleep(POLL_S)

    async def _read_outbox(self) -> None:
        rows = await self._database(db.outbox_after, self._outbox_id)
        messages = {client_id for _, kind, client_id in rows if kind == "lamps"}
        for outbox_id, kind, client_id in rows:
            self._outbox_id = outbox_id
            if kind == "lamps":
                continue
            client = db.ROUTES if kind == "routes" else client_id
            self._retries.pop(client, None)
            with contextlib.suppress(ValueError):
                self._queue.remove(client)
            self._queue.appendleft(client)  # several saves of one client become one push
        if messages:
            await self._light(messages)
            if not self._queue:
                await self._database(db.set_node, self._node_id, outbox_id=self._outbox_id)

    async def _light(self, client_ids: Iterable[int]) -> None:
        """Lamps are no reason to hold up a save: what cannot be told now is told again from the beginning."""
        try:
            await self._lamps.count(client_ids)
        except Exception as error:
            log.warning("message lamps: %s", error)
            self._registrations.resync()

    async def _reconcile(self) -> None:
        stale = await self._database(db.stale, self._node_id)
        now = time.monotonic()
        waiting = {client for client, (_, until) in self._retries.items() if until > now}
        self._wake(*(client for client in (*stale.clients, *stale.gone) if client not in waiting))

    async def _check_files(self) -> None:
        """A lost file is written again; one of a client that is no more goes away."""
        have = await asyncio.to_thread(files.client_ids, self._config)
        self._wake(*(have ^ self._served.keys()))

    def _wake(self, *clients: int) -> None:
        known = set(self._queue)
        if self._ahead:  # behind as well, and about to be pushed: no reason to build it twice
            known.update(self._ahead[0])
        self._queue.extend(client for client in clients if client not in known)

    async def _push_next(self) -> None:
        """A save by itself, a backlog in batches small enough not to hold up a save: of these the next is built while
        the engine takes one. They are pushed in the order they were begun, so that no old version follows a new one."""
        batch = self._ahead or self._begin()
        self._ahead = self._begin() if len(self._queue) >= BATCH else None
        await self._push(*batch)

    def _begin(self) -> _Batch:
        size = 1 if len(self._queue) < BATCH else BATCH
        client_ids = [self._queue.popleft() for _ in range(size)]
        return client_ids, asyncio.create_task(self._build(client_ids))

    async def _build(self, client_ids: list[int]) -> _Found:
        known = await asyncio.to_thread(contactrows.revisions, self._config.engine_db, client_ids)
        return await self._database(build_many, client_ids, known)

    async def _push(self, client_ids: list[int], building: Awaitable[_Found]) -> None:
        """Bring these clients into the engine; when a batch fails, one by one, so the culprit is known."""
        try:
            found = await building
            pushes = [
                Push(built, self._served.get(built.client_id))
                for built in found.values()
                if isinstance(built, Built)
            ]
            if pushes:
                await self._provisioner.push(pushes)
                versions = {push.built.client_id: push.built.version for push in pushes}
                await self._database(db.set_active, self._node_id, versions, self._outbox_id)
                self._served |= versions
                if any(push.built.queues for push in pushes):
                    await self._registrations.agents_changed()
                await self._light(versions)
                for client_id in versions:
                    self._retries.pop(client_id, None)
        except Exception as error:
            if len(client_ids) > 1:
                for client_id in client_ids:
                    await self._push([client_id], self._build([client_id]))
                return
            await self._failed(client_ids[0], error)
            return
        for client_id, built in found.items():
            if built is None:
                await self._remove(client_id)
            elif isinstance(built, Exception):
                await self._failed(client_id, built)

    async def _remove(self, client_id: int) -> None:
        try:
            await self._provisioner.remove(client_id, self._served.get(client_id))
            await self._database(db.forget, self._node_id, client_id)
        except Exception as error:
            await self._failed(client_id, error)
            return
        self._served.pop(client_id, None)
        self._retries.pop(client_id, None)

    async def _failed(self, client_id: int, error: Exception) -> None:
        """Keep serving the old version, say why, and try again with growing pauses."""
        failures = self._retries.get(client_id, (0, 0.0))[0]
        pause = RETRY_S[min(failures, len(RETRY_S) - 1)]
        self._retries[client_id] = (failures + 1, time.monotonic() + pause)
        expected = isinstance(error, PUSH_ERRORS)
        log.warning("client %s not pushed, again in %s s: %s", client_id, pause, error, exc_info=not expected)
        with contextlib.suppress(Exception):
            await self._database(db.set_error, self._node_id, client_id, str(error) or type(error).__name__)

    # -- at intervals --------------------------------------------------------------------

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._ami.ready.wait()
            try:
                await work()
            except AmiError as error:
                log.warning("engine: %s", error)
            except Exception:
                log.exception("%s failed", getattr(work, "__name__", "timer"))
            await asyncio.sleep(seconds)

    async def _watch_authoriser(self) -> None:
        if pid := self._pulse.look():
            log.error("the authoriser (process %d) was stuck and is ended", pid)

    async def _beat(self) -> None:
        calls = await heartbeat.beat(self._ami, self._config.journal_path)
        if calls is not None:
            await self._database(db.set_node, self._node_id, heartbeat_at=timezone.now(), calls=calls)
        else:
            log.warning("the engine does not answer")
            await self._ami.close()

    async def _collect(self) -> None:
        removed = await self._garbage.collect()
        if removed:
            log.info("%d old versions removed", removed)

    def _live(self) -> Callable[[], Awaitable[None]]:
        async def look() -> None:
            clients = await self._database(live.watched)
            if clients:
                channels = (await self._ami.action("CoreShowChannels")).events
                named = clients - {live.EVERY_CLIENT}
                ways = await live.paths(self._ami, channels, named)
                await self._database(live.refresh, self._node_id, channels, clients, ways)
                queues = await queuelive.look(self._ami, self._config.engine_db, named) if named else {}
                await self._database(queuelive.save, self._node_id, queues)
            elif self._watching:
                await self._database(live.clear, self._node_id)
                await self._database(queuelive.clear, self._node_id)
            self._watching = bool(clients)

        return look

    async def _command(self) -> None:
        """Orders come only from people who look at active calls: nobody looks, nothing is asked."""
        if not self._watching:
            return
        for order in await self._database(commands.take, self._node_id):
            error = await commands.carry_out(self._ami, order)
            await self._database(commands.finish, order.id, error)

    async def _trim(self) -> None:
        await self._database(commands.drop_old)
        await self._database(db.drop_old_outbox, timezone.now() - OUTBOX_KEPT)
        await self._database(bans.drop_expired)


class _ChangeDetector:
    """Says whether the outbox may have grown; on SQLite nearly for nothing.

    `PRAGMA data_version` costs a few microseconds and changes when any other connection commits. The worker
    commits with every handful of calls, so the newest row is asked for on the same connection then,
    before the way through threads and the ORM is gone.
    """

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self._version = self._newest = -1
        if connection.vendor == "sqlite":
            self._connection = sqlite3.connect(connection.settings_dict["NAME"], timeout=1)

    def __call__(self) -> bool:
        if self._connection is None:
            return True
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if version == self._version:
            return False
        self._version = version
        newest = int(self._connection.execute("SELECT coalesce(max(id), 0) FROM audit_outbox").fetchone()[0])
        grown, self._newest = newest != self._newest, newest
        return grown
