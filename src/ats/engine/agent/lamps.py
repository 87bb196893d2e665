"""Message lamps: each telephone is told by a SIP NOTIFY how many voice messages wait for it (RFC 3842, unsolicited).

Nothing of it is in the engine: it only sends what the agent asks it to, when messages come, are heard or go, and when a
telephone registers anew. What was told is remembered, so a registration that is merely renewed costs nothing; a new
connection to the engine tells every telephone once more.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from ats.config import Config
from ats.engine.agent import files
from ats.engine.agent.database import Database
from ats.engine.ami import Ami, Pairs
from ats.mailboxes.lamps import Lamps, Messages, lamps

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    messages: Messages
    devices: frozenset[str]  # that were registered then


class MessageLamps:
    """Keeps the lamps of one node's telephones true."""

    def __init__(self, config: Config, ami: Ami, database: Database) -> None:
        self._config = config
        self._ami = ami
        self._database = database
        self._wanted: dict[int, Lamps] = {}
        self._clients: dict[str, int] = {}  # login → client, of telephones that have a box
        self._told: dict[str, _Told] = {}
        self._all = True
        self._busy = asyncio.Lock()  # saves and registrations are looked at by different tasks

    def forget(self) -> None:
        """The engine or our connection is new: every client's boxes are counted and told again."""
        self._told = {}
        self._all = True

    async def count(self, client_ids: Iterable[int]) -> None:
        """Messages or dialplans of these clients changed. Raises AmiError, DatabaseError."""
        async with self._busy:
            if self._all:
                return  # `look` is about to count everybody's
            ids = list(client_ids)
            found = await self._database(lamps, ids)
            touched: set[str] = set()
            for client_id in ids:
                touched |= self._replace(client_id, found.get(client_id, {}))
            await self._tell(touched)

    async def look(self, touched: Iterable[str] | None) -> None:
        """Contacts of these logins changed (None: of any). Raises AmiError, DatabaseError."""
        async with self._busy:
            if self._all:
                self._all = False
                touched = None
                found = await self._database(lamps)
                for client_id in self._wanted.keys() | found.keys():
                    self._replace(client_id, found.get(client_id, {}))
            await self._tell(self._clients if touched is None else self._clients.keys() & set(touched))

    def _replace(self, client_id: int, wanted: Lamps) -> set[str]:
        old = self._wanted.pop(client_id, {})
        # A telephone that has no box any more: its lamp goes out.
        gone = {login for login, messages in old.items() if messages.new} - wanted.keys()
        wanted = wanted | dict.fromkeys(gone, Messages())
        if wanted:
            self._wanted[client_id] = wanted
        for login in old.keys() - wanted.keys():
            del self._clients[login]
            self._told.pop(login, None)
        self._clients |= dict.fromkeys(wanted, client_id)
        return {login for login, messages in wanted.items() if old.get(login) != messages}

    async def _tell(self, logins: Iterable[str]) -> None:
        wanted = list(logins)
        if not wanted:
            return
        present = await asyncio.to_thread(files.devices, self._config, wanted)
        told: dict[str, _Told] = {}
        for login in wanted:
            devices = present.get(login, frozenset())
            now = _Told(self._wanted[self._clients[login]][login], devices)
            before = self._told.get(login)
            if not devices:
                self._told.pop(login, None)
            elif before is None or before.messages != now.messages or not devices <= before.devices:
                told[login] = now
        answers = await self._ami.batch(notify(login, now.messages) for login, now in told.items())
        for (login, now), answer in zip(told.items(), answers, strict=True):
            if answer.ok:
                self._told[login] = now
            else:
                log.warning("lamp of %s: %s", login, answer.response.get("Message", "refused"))


def notify(login: str, messages: Messages) -> tuple[str, Pairs]:
    """The action that tells all telephones registered under a login."""
    values = (
        "Event=message-summary",
        "Content-Type=application/simple-message-summary",
        f"Content=Messages-Waiting: {'yes' if messages.new else 'no'}",
        f"Content=Voice-Message: {messages.new}/{messages.old} (0/0)",
        "Content=",  # the last line ends, too
    )
    return "PJSIPNotify", (("Endpoint", login), *(("Variable", value) for value in values))
