"""May this call go out? Asked of an outside billing's servers, one after another."""

import asyncio
import logging
import time
from dataclasses import dataclass

from ats.radius import packets
from ats.radius.exchange import SilentError, exchange
from ats.radius.packets import Answer, Attributes

log = logging.getLogger(__name__)

MOST_S = 15.0  # a caller waits no longer, however many servers there are
HOLD_OFF_S = 30.0  # a server that was silent is asked last for so long


@dataclass(frozen=True, slots=True)
class Address:
    """A server, as much of it as is needed to speak to it."""

    id: int
    host: str
    auth_port: int
    acct_port: int
    secret: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A profile with its servers, as plain values."""

    id: int
    nas_id: str
    password: str
    timeout_s: float
    tries: int
    silent_s: int
    interim_s: int
    renews: bool
    servers: tuple[Address, ...]


class Asker:
    """Remembers which servers were silent. For one event loop."""

    def __init__(self) -> None:
        self._silent_until: dict[int, float] = {}

    async def ask(self, terms: Terms, attributes: Attributes) -> Answer | None:
        """The first answer of any server; None when all are silent."""
        try:
            async with asyncio.timeout(MOST_S):
                for server in self._in_order(terms):
                    if (found := await self._ask_one(terms, server, attributes)) is not None:
                        return found
        except TimeoutError:
            log.warning("radius: no server of %s answered within %s s", terms.id, MOST_S)
        return None

    def _in_order(self, terms: Terms) -> list[Address]:
        now = time.monotonic()
        return sorted(terms.servers, key=lambda server: self._silent_until.get(server.id, 0.0) > now)

    async def _ask_one(self, terms: Terms, server: Address, attributes: Attributes) -> Answer | None:
        request = packets.access(server.secret, terms.password, attributes)
        try:
            found = await exchange(
                (server.host, server.auth_port),
                request,
                packets.answer,
                timeout_s=terms.timeout_s,
                tries=terms.tries,
            )
        except SilentError as error:
            log.warning("radius: %s:%s: %s", server.host, server.auth_port, error)
            self._silent_until[server.id] = time.monotonic() + HOLD_OFF_S
            return None
        self._silent_until.pop(server.id, None)
        return found
