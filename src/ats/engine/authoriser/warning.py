"""Before a talk is cut for want of money, minutes or time, whoever pays for it hears a signal (System → Settings).

The time comes from what the database leaves to the call, not from a clock started with it: a call that is given more
in the meantime is not warned, one whose money others talk away is.
"""

import logging
import time
from collections.abc import Iterable, Mapping

from ats.billing import endings
from ats.billing.endings import End
from ats.billing.reservations import SECOND
from ats.engine.agent.database import Database
from ats.engine.ami import Ami, AmiError
from ats.engine.authoriser import timing
from ats.engine.authoriser.extending import talking
from ats.engine.authoriser.timing import now_us
from ats.system import queries

log = logging.getLogger(__name__)

CONTEXT = "ats-warn"
VARIABLE = "ATSWARN"  # the engine's own clock (L of Dial) reads the seconds here
SHORTEST_S = 4  # of notice that is worth a signal
_ASK_S = 5.0  # how long the setting, and what a talk has left, is believed
_TELL_S = 10.0  # a restarted engine is told again within this


class Warner:
    """One node's calls. `tick` is to be called about once a second."""

    def __init__(self, node: str, ami: Ami, database: Database) -> None:
        self._node = node
        self._ami = ami
        self._database = database
        self._before_s = 0
        self._asked = self._told = float("-inf")
        self._again: dict[str, float] = {}  # key → when to look at it again; never for one that was warned

    async def tick(self) -> None:
        """Warn who is to be warned now."""
        now = time.monotonic()
        if now - self._asked > _ASK_S:
            self._before_s = (await self._database(queries.talks)).warn_s
            self._asked = now
        try:
            if now - self._told > _TELL_S:
                await self._ami.action("Setvar", ("Variable", VARIABLE), ("Value", str(self._before_s)))
                self._told = now
            if self._before_s:
                await self._look(now)
        except AmiError as error:
            log.warning("nobody can be warned just now: %s", error)

    async def _look(self, now: float) -> None:
        ends = await self._database(endings.near, self._node, self._before_s, now_us())
        self._again = {end.key: self._again[end.key] for end in ends if end.key in self._again}
        due = [end for end in ends if self._again.get(end.key, 0.0) <= now]
        if not due:
            return
        channels = (await self._ami.action("CoreShowChannels")).events
        for end in due:
            self._again[end.key] = now + await self._one(end, channels)

    async def _one(self, end: End, channels: Iterable[Mapping[str, str]]) -> float:
        """Warns, or not yet; returns in how many seconds to look again."""
        channel = talking(end.call, channels)
        if channel is None:
            return 1.0
        ends_us = await timing.ends_us(self._ami, channel)
        if ends_us is None:
            return 1.0
        rest = (ends_us - now_us()) / SECOND + end.longest_s - end.call.allowed_s
        notice = min(self._before_s, end.longest_s // 2)
        if rest > notice:
            return min(rest - notice, _ASK_S)
        payer = _other(channel, channels)
        if payer is not None and rest >= SHORTEST_S:
            await self._ami.try_action(
                "Originate",
                ("Channel", f"Local/s@{CONTEXT}/n"),
                ("Application", "ChanSpy"),
                ("Data", f"{payer},qWE"),
                ("Async", "true"),
            )
        return float("inf")


def _other(channel: str, channels: Iterable[Mapping[str, str]]) -> str | None:
    """The channel that talks with this one."""
    bridge = next((one.get("BridgeId", "") for one in channels if one.get("Channel") == channel), "")
    found = [one["Channel"] for one in channels if bridge and one.get("BridgeId") == bridge]
    return next((name for name in found if name != channel), None)
