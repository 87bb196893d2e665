"""Gives calls in progress more time before theirs runs out: money first, then the engine's clock of the channel.

What the engine must be told is a moment, «answered + seconds allowed», so telling it twice changes nothing and a
kill between the two steps costs nobody a second.
"""

import logging
import re
from collections.abc import Iterable, Mapping

from django.db import transaction

from ats.billing import reservations
from ats.billing.reservations import SECOND, Held, held_where, lock_account
from ats.engine.agent.database import Database
from ats.engine.ami import Ami, AmiError
from ats.engine.authoriser.server import now_us

log = logging.getLogger(__name__)

EVERY_S = 1.0
LATER_S = 5  # nobody has answered yet, or the engine is away: look again
_TRUNK = re.compile(r"[A-Z0-9]+/t\d+-", re.ASCII)
_LEFT = "TIMEOUT(absolute)"


class Extender:
    """One node's calls. `tick` is to be called about once a second."""

    def __init__(self, node: str, ami: Ami, database: Database) -> None:
        self._node = node
        self._ami = ami
        self._database = database

    async def tick(self) -> None:
        """Look after every reservation whose time is nearly used up."""
        due = await self._database(_due, self._node, now_us())
        if not due:
            return
        try:
            channels = (await self._ami.action("CoreShowChannels")).events
        except AmiError as error:
            log.warning("calls cannot be extended just now: %s", error)
            return
        for held in due:
            channel = talking(held, channels)
            try:
                if channel is None or not await self._extend(held, channel):
                    await self._database(reservations.postpone, held.id, now_us() + LATER_S * SECOND)
            except AmiError as error:
                log.warning("call %s is not extended: %s", held.linkedid, error)

    async def _extend(self, held: Held, channel: str) -> bool:
        answered = held.answered_us
        if answered is None:
            got = await self._ami.try_action("Getvar", ("Channel", channel), ("Variable", _LEFT))
            left = _seconds(got.response.get("Value", ""))
            if not left:
                return False  # answered a moment ago, or over
            answered = now_us() + int(left * SECOND) - held.allowed_s * SECOND
        allowed = await self._database(_extend, held.id, answered)
        left = (answered - now_us()) / SECOND + allowed
        if allowed > held.allowed_s or held.answered_us is not None:
            value = f"{max(left, 1.0):.3f}"
            await self._ami.action("Setvar", ("Channel", channel), ("Variable", _LEFT), ("Value", value))
        return True


def talking(held: Held, channels: Iterable[Mapping[str, str]]) -> str | None:
    """Name of the answered channel to another operator that a reservation is for."""
    for channel in channels:
        name = channel.get("Channel", "")
        if channel.get("ChannelStateDesc") != "Up" or not _TRUNK.match(name):
            continue
        if held.leg and channel.get("Uniqueid") == held.leg:
            return name
        if channel.get("Linkedid") == held.linkedid and channel.get("CallerIDNum") == held.digits:
            return name
    return None


def _due(node: str, now: int) -> list[Held]:
    return held_where("node=%s AND state='open' AND extend_us<%s", (node, now))


@transaction.atomic
def _extend(held_id: int, answered_us: int) -> int:
    """Reserve more under the account's lock; returns the seconds allowed in all."""
    [held] = held_where("id=%s", (held_id,))
    account = lock_account(held.account_id, now_us())
    [held] = held_where("id=%s", (held_id,))
    return held.allowed_s if account is None else reservations.extend(account, held, answered_us)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
