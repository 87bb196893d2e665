"""Brings one client (or the operator's routes) from the database into the running engine.

The order makes every crash harmless: endpoints, then the file for a cold start, then the new contexts, and
only then the pointers, whose replacement is the flip. The version is noted as served after the flip, so whatever was
cut short is simply done again; doing it twice changes nothing.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ats.config import Config
from ats.dialplan.conf import HINTS, hint, login_of
from ats.dialplan.model import Line
from ats.dialplan.talk import music_class
from ats.engine import confs, contactrows, enginedb, h323, iax, queuerows, runtime
from ats.engine.agent import files
from ats.engine.agent.build import Built
from ats.engine.agent.database import ROUTES
from ats.engine.ami import Ami, AmiError, Pairs

log = logging.getLogger(__name__)

Action = tuple[str, Pairs]
TRUNK_MODULES = ("res_pjsip_endpoint_identifier_ip.so", "res_pjsip_outbound_registration.so")
RTP_MODULE = "res_rtp_asterisk.so"


@dataclass(frozen=True, slots=True)
class Push:
    """A built version and the one the engine follows now (None: none)."""

    built: Built
    served: int | None


@dataclass(slots=True)
class _Written:
    """What the files and engine.db made necessary in the running engine."""

    changes: enginedb.Changes = field(default_factory=enginedb.Changes)
    freed: dict[int, list[str]] = field(default_factory=dict)
    iax_gone: set[str] = field(default_factory=set)
    talk_codes_changed: bool = False
    ice_changed: bool = False

    def add(self, changes: enginedb.Changes) -> None:
        self.changes.objects += changes.objects
        self.changes.gone += changes.gone


class Provisioner:
    """Pushes what `build` made. The caller awaits each push before the next."""

    def __init__(self, config: Config, ami: Ami) -> None:
        self._config = config
        self._ami = ami
        # Files the engine has to read again. Kept until it has: a push that is done again after a failure finds them
        # written already. Nobody knows what the agent before this one left.
        self._due = {"trunks", "iax", "h323"}

    async def catch_up(self) -> None:
        """After a break: a file may have been written whose re-reading was cut short. One that the engine has
        read as it stands costs nothing."""
        await self._ami.action("Reload", ("Module", RTP_MODULE))

    async def push(self, many: Sequence[Push]) -> None:
        """Make the engine follow these versions; one client after another, each whole.

        Raises one of PUSH_ERRORS; what was not flipped by then is done by calling again.
        """
        written = await asyncio.to_thread(self._write, many)
        await self._tell(written)
        # Contexts of all first, then the pointers: a batch is two trips to the engine, not two per client.
        await self._hint([one for push in many for one in push.built.compiled.hints])
        await self._add([line for push in many for line in push.built.compiled.lines])
        await self._add([line for push in many for line in push.built.compiled.pointers])
        await self._free(written)
        old = [
            context
            for push in many
            if push.served is not None and push.served != push.built.version
            for context in contexts_of(push.built.client_id, push.served)
        ]
        if old:
            await asyncio.to_thread(self._note_garbage, old)

    async def remove(self, client_id: int, served: int | None) -> None:
        """Take everything of a client out of the engine. Raises one of PUSH_ERRORS."""
        written = await asyncio.to_thread(self._erase, client_id)
        await self._tell(written)
        await self._free(written)
        await self._ami.batch([remove_context(f"c{client_id}{part}") for part in ("", ".in", ".out")])
        if served is not None:
            await asyncio.to_thread(self._note_garbage, contexts_of(client_id, served))

    # -- files and engine.db (threads) ---------------------------------------------------

    def _write(self, many: Sequence[Push]) -> _Written:
        written = _Written()
        texts = {}
        with enginedb.transaction(self._config.engine_db) as connection:
            for built in (push.built for push in many):
                # A version served again (a restored database) must not be swept away as an old one.
                enginedb.drop_garbage(connection, contexts_of(built.client_id, built.version))
                texts[files.client_path(self._config, built.client_id)] = built.text
                if built.client_id == ROUTES:
                    path = self._config.engine_etc / "features.conf"
                    written.talk_codes_changed = runtime.write_if_changed(path, built.talk_codes)
                    continue
                contactrows.apply(connection, built.client_id, built.classifiers, built.contacts)
                queuerows.apply(connection, built.client_id, built.queues)
                enginedb.set_music(connection, music_class(built.client_id), built.music)
                changes = enginedb.apply(connection, built.client_id, built.endpoints)
                written.add(changes)
                freed = enginedb.claim_dids(connection, built.client_id, built.compiled.dids)
                written.freed[built.client_id] = freed
        for built in (push.built for push in many):
            if _set(files.trunks_path(self._config, built.client_id), built.trunks):
                self._due.add("trunks")
            self._write_iax(built.client_id, built.iax, written)
            self._write_h323(built.client_id, built.h323)
        runtime.write_changed(texts)
        written.ice_changed = self._write_ice()
        return written

    def _write_ice(self) -> bool:
        """ICE comes with the first browser among the telephones, and goes with the last."""
        wanted = confs.ice_conf(enginedb.browsers(self._config.engine_db))
        return runtime.write_if_changed(self._config.engine_etc / confs.ICE_FILE, wanted)

    def _erase(self, client_id: int) -> _Written:
        written = _Written()
        with enginedb.transaction(self._config.engine_db) as connection:
            contactrows.apply(connection, client_id, {}, {})
            queuerows.apply(connection, client_id, ())
            enginedb.set_music(connection, music_class(client_id), None)
            written.add(enginedb.apply(connection, client_id, []))
            written.freed[client_id] = enginedb.claim_dids(connection, client_id, ())
        files.client_path(self._config, client_id).unlink(missing_ok=True)
        if _set(files.trunks_path(self._config, client_id), ""):
            self._due.add("trunks")
        self._write_iax(client_id, "", written)
        self._write_h323(client_id, "")
        written.ice_changed = self._write_ice()
        return written

    def _write_iax(self, client_id: int, text: str, written: _Written) -> None:
        path = files.iax_path(self._config, client_id)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if not _set(path, text):
            return
        self._due.add("iax")
        written.iax_gone |= iax.subscribers(old) - iax.subscribers(text)
        self._name_drivers()

    def _write_h323(self, client_id: int, text: str) -> None:
        if _set(files.h323_path(self._config, client_id), text):
            self._due.add("h323")
            self._name_drivers()

    def _name_drivers(self) -> None:
        """What a cold engine loads besides SIP."""
        _set(files.drivers_path(self._config), "".join(f"load={name}.so\n" for name in self._drivers()))

    def _drivers(self) -> list[str]:
        folders = ((iax.MODULE, files.iax_path), (h323.MODULE, files.h323_path))
        return [name for name, path in folders if any(path(self._config, 0).parent.glob("*.conf"))]

    def _note_garbage(self, contexts: list[str]) -> None:
        with enginedb.transaction(self._config.engine_db) as connection:
            enginedb.add_garbage(connection, contexts)

    # -- engine --------------------------------------------------------------------------

    async def _tell(self, written: _Written) -> None:
        """Before the flip: the engine sees the new endpoints and trunks."""
        if "trunks" in self._due:
            await self._reload_trunks()
            self._due.discard("trunks")
        if "iax" in self._due or written.iax_gone:
            await self._reload_iax(written.iax_gone)
            self._due.discard("iax")
        if "h323" in self._due:
            await self._reload_driver(h323.MODULE)
            self._due.discard("h323")
        if written.talk_codes_changed:
            await self._ami.action("Reload", ("Module", "features"))
        if written.ice_changed:
            await self._ami.action("Reload", ("Module", RTP_MODULE))
        await self._forget(written.changes)

    async def _add(self, lines: Sequence[Line]) -> None:
        for line, answer in zip(lines, await self._ami.batch(map(add_line, lines)), strict=True):
            if not answer.ok:
                raise AmiError(f"{line.context}/{line.exten}: {answer.response.get('Message', '')}")

    async def _hint(self, telephones: Sequence[str]) -> None:
        """States of queue agents. A port that is gone keeps its hint until the next boot of the engine."""
        await self._ami.batch(
            (
                "DialplanExtensionAdd",
                (
                    ("Context", HINTS),
                    ("Extension", login_of(telephone)),
                    ("Priority", "hint"),
                    ("Application", hint(telephone)),
                    ("Replace", "yes"),
                ),
            )
            for telephone in telephones
        )

    async def _free(self, written: _Written) -> None:
        """External numbers the clients lost: out of `did`, unless another client has them by now."""
        lost = {client: digits for client, digits in written.freed.items() if digits}
        if not lost:
            return
        mine = await asyncio.to_thread(self._still_theirs, lost)
        await self._ami.batch(
            ("DialplanExtensionRemove", (("Context", "did"), ("Extension", number)))
            for numbers in mine.values()
            for number in numbers
        )
        await asyncio.to_thread(self._drop_dids, mine)

    def _still_theirs(self, lost: Mapping[int, list[str]]) -> dict[int, list[str]]:
        with enginedb.transaction(self._config.engine_db) as connection:
            return {
                client: sorted(set(digits) & set(enginedb.dids_of(connection, client)))
                for client, digits in lost.items()
            }

    def _drop_dids(self, mine: Mapping[int, list[str]]) -> None:
        with enginedb.transaction(self._config.engine_db) as connection:
            for client, numbers in mine.items():
                enginedb.drop_dids(connection, client, numbers)

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

    async def _reload_iax(self, gone: Iterable[str]) -> None:
        """Re-read IAX2 ports, or load their driver with the first of them; forget where those that went were."""
        await self._reload_driver(iax.MODULE)
        await self._ami.batch(("DBDel", (("Family", "IAX/Registry"), ("Key", login))) for login in gone)

    async def _reload_driver(self, module: str) -> None:
        """Have a driver read its ports again; with the first of them it is loaded."""
        try:
            await self._ami.action("Reload", ("Module", f"{module}.so"))
        except AmiError:  # not loaded yet
            if module in self._drivers():
                await self._ami.action("ModuleLoad", ("Module", f"{module}.so"), ("LoadType", "load"))


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
        waiting = await asyncio.to_thread(self._waiting, now - self.QUIET_S)
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
            await asyncio.to_thread(self._drop, free)
        return len(free)

    def _waiting(self, flipped_before: float) -> list[tuple[str, float]]:
        with enginedb.transaction(self._path) as connection:
            return enginedb.garbage(connection, flipped_before)

    def _drop(self, contexts: list[str]) -> None:
        with enginedb.transaction(self._path) as connection:
            enginedb.drop_garbage(connection, contexts)


def holds(channel: Mapping[str, str], context: str, flipped_at: float) -> bool:
    """Can this channel still be in (or come back to) an old context?"""
    if channel_start(channel) > flipped_at + 1:
        return False
    owner = context.split(".", 1)[0]  # c17 of c17.v5; route of route.v3
    here = channel.get("Context", "").split(".", 1)[0]
    if owner in ("route", "codes"):
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


def contexts_of(client_id: int, version: int) -> list[str]:
    """Names of the versioned contexts."""
    if client_id == ROUTES:
        return [f"route.v{version}", f"codes.v{version}"]
    return [f"c{client_id}.v{version}"]


def _set(path: Path, text: str) -> bool:
    """Make a file hold this text, or not be there for no text; says whether that changed anything."""
    if text:
        return runtime.write_if_changed(path, text)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


PUSH_ERRORS = (AmiError, OSError, sqlite3.Error, ValueError)
