"""Brings one client (or the operator's routes) from the database into the running engine.

The order makes every crash harmless: endpoints, then the file for a cold start, then the new contexts, and
only then the pointers, whose replacement is the flip. The version is noted as served after the flip, so whatever was
cut short is simply done again; doing it twice changes nothing.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

from ats.config import Config
from ats.dialplan.model import Line
from ats.engine import enginedb, runtime
from ats.engine.agent import files
from ats.engine.agent.build import Built
from ats.engine.agent.database import ROUTES
from ats.engine.ami import Ami, AmiError, Pairs

log = logging.getLogger(__name__)

Action = tuple[str, Pairs]
TRUNK_MODULES = ("res_pjsip_endpoint_identifier_ip.so", "res_pjsip_outbound_registration.so")
CHUNK = 2000  # lines per write: an answer is some 100 bytes, so the engine's side never blocks for long


class Provisioner:
    """Pushes what `build` made. One at a time: the caller awaits each push before the next."""

    def __init__(self, config: Config, ami: Ami) -> None:
        self._config = config
        self._ami = ami

    async def push(self, built: Built, served: int | None) -> None:
        """Make the engine follow this version; `served` is the one it follows now.

        Raises AmiError, OSError, sqlite3.Error or enginedb.UnsafeValue; then nothing has been flipped or
        all of it has, and calling again finishes it.
        """
        changes, freed, trunks_changed = await asyncio.to_thread(self._write, built)
        if trunks_changed:
            await self._reload_trunks()
        await self._forget(changes)
        await self._add(built.compiled.lines)
        await self._add(built.compiled.pointers)
        await self._free(built.client_id, freed)
        if served is not None and served != built.version:
            await asyncio.to_thread(
                enginedb.add_garbage, self._config.engine_db, [_context(built.client_id, served)]
            )

    async def remove(self, client_id: int, served: int | None) -> None:
        """Take everything of a client out of the engine."""
        changes, freed, trunks_changed = await asyncio.to_thread(self._erase, client_id)
        if trunks_changed:
            await self._reload_trunks()
        await self._forget(changes)
        await self._free(client_id, freed)
        pointers = [f"c{client_id}", f"c{client_id}.in"]
        await self._ami.batch([remove_context(name) for name in pointers])
        if served is not None:
            await asyncio.to_thread(
                enginedb.add_garbage, self._config.engine_db, [_context(client_id, served)]
            )

    # -- files and engine.db (threads) ---------------------------------------------------

    def _write(self, built: Built) -> tuple[enginedb.Changes, list[str], bool]:
        path = self._config.engine_db
        # A version that is served again (a restored database) must not be swept away as an old one.
        enginedb.drop_garbage(path, [_context(built.client_id, built.version)])
        changes = enginedb.Changes()
        freed: list[str] = []
        trunks_changed = False
        if built.client_id != ROUTES:
            changes = enginedb.apply(path, built.client_id, built.endpoints)
            freed = enginedb.claim_dids(path, built.client_id, built.compiled.dids)
            trunks_changed = _set(files.trunks_path(self._config, built.client_id), built.trunks)
        runtime.write_if_changed(files.client_path(self._config, built.client_id), built.text)
        return changes, freed, trunks_changed

    def _erase(self, client_id: int) -> tuple[enginedb.Changes, list[str], bool]:
        path = self._config.engine_db
        changes = enginedb.apply(path, client_id, [])
        freed = enginedb.claim_dids(path, client_id, ())
        files.client_path(self._config, client_id).unlink(missing_ok=True)
        return changes, freed, _set(files.trunks_path(self._config, client_id), "")

    # -- engine --------------------------------------------------------------------------

    async def _add(self, lines: tuple[Line, ...]) -> None:
        for start in range(0, len(lines), CHUNK):
            part = lines[start : start + CHUNK]
            for line, answer in zip(part, await self._ami.batch(add_line(x) for x in part), strict=True):
                if not answer.ok:
                    raise AmiError(f"{line.context}/{line.exten}: {answer.response.get('Message', '')}")

    async def _free(self, client_id: int, digits: list[str]) -> None:
        """External numbers the client lost: out of `did`, unless another client has them by now."""
        if not digits:
            return
        mine = await asyncio.to_thread(enginedb.still_owned, self._config.engine_db, client_id, digits)
        await self._ami.batch(
            ("DialplanExtensionRemove", (("Context", "did"), ("Extension", number))) for number in mine
        )
        await asyncio.to_thread(enginedb.drop_dids, self._config.engine_db, client_id, mine)

    async def _forget(self, changes: enginedb.Changes) -> None:
        """Make the engine read changed rows anew. «Not in the cache» is an answer, not an error."""
        await self._ami.batch(
            ("SorceryMemoryCacheExpireObject", (("Cache", enginedb.CACHES[table]), ("Object", name)))
            for table, name in changes.objects
        )
        if changes.gone:
            keys = await asyncio.to_thread(files.contact_keys, self._config, changes.gone)
            await self._ami.batch(("DBDel", (("Family", "registrar/contact"), ("Key", key))) for key in keys)

    async def _reload_trunks(self) -> None:
        """Re-read lines and addresses of trunks only; `res_pjsip` itself is never reloaded (DESIGN 3)."""
        for module in TRUNK_MODULES:
            await self._ami.action("Reload", ("Module", module))


class Garbage:
    """Removes old versions once no channel can be in them."""

    QUIET_S = 10.0  # after the flip: a call that was just entering an old version is long past this

    def __init__(self, config: Config, ami: Ami) -> None:
        self._path = config.engine_db
        self._ami = ami

    async def collect(self) -> int:
        """Remove what can go; returns how many contexts went.

        A context stays while a channel that began before the flip belongs to that client, or is in one of its
        contexts, or is somewhere that does not tell (inside a shared subroutine).
        """
        now = time.time()
        waiting = await asyncio.to_thread(enginedb.garbage, self._path, now - self.QUIET_S)
        if not waiting:
            return 0
        channels = (await self._ami.action("CoreShowChannels")).events
        free = [
            context
            for context, flipped in waiting
            if not any(holds(channel, context, flipped) for channel in channels)
        ]
        if free:
            await self._ami.batch([remove_context(context) for context in free])
            await asyncio.to_thread(enginedb.drop_garbage, self._path, free)
        return len(free)


def holds(channel: Mapping[str, str], context: str, flipped_at: float) -> bool:
    """Can this channel still be in (or come back to) an old context?"""
    if channel_start(channel) > flipped_at + 1:
        return False
    owner = context.split(".", 1)[0]  # c17 of c17.v5; route of route.v3
    here = channel.get("Context", "").split(".", 1)[0]
    if owner == "route":
        return True
    return (
        here == owner
        or f"c{channel.get('AccountCode', '')}" == owner
        or not (here.startswith("c") and here[1:].isdigit())
    )


def channel_start(channel: Mapping[str, str]) -> float:
    """When a channel was made: the engine's unique ids are <node>-<seconds>.<number>. 0 when unknown."""
    try:
        return float(channel["Uniqueid"].rpartition("-")[2].partition(".")[0])
    except (KeyError, ValueError):
        return 0.0


def add_line(line: Line) -> Action:
    """The action that sets one priority (replacing it when it is there)."""
    return (
        "DialplanExtensionAdd",
        (
            ("Context", line.context),
            ("Extension", line.exten),
            ("Priority", str(line.priority)),
            ("Application", line.app),
            ("ApplicationData", line.data),
            ("Replace", "yes"),
        ),
    )


def remove_context(name: str) -> Action:
    """The console command that drops a whole context (AMI itself can only drop one extension)."""
    return ("Command", (("Command", f"dialplan remove context {name}"),))


def _context(client_id: int, version: int) -> str:
    return f"route.v{version}" if client_id == ROUTES else f"c{client_id}.v{version}"


def _set(path: Path, text: str) -> bool:
    """Make a file hold this text, or not be there for no text; says whether that changed anything."""
    if text:
        return runtime.write_if_changed(path, text)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


PUSH_ERRORS = (AmiError, OSError, sqlite3.Error, ValueError)
