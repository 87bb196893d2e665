"""Gives calls in progress more time before theirs runs out: money first, then the engine's clock of the channel.

What the engine must be told is a moment, «answered + seconds allowed», so telling it twice changes nothing and a
kill between the two steps costs nobody a second.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping

from django.db import transaction

from ats.billing import counted, endings, outside, reservations
from ats.billing.counted import Due
from ats.billing.rating import LONGEST_S
from ats.billing.reservations import CHUNK_S, SECOND, Held, held_where, load_rate, lock_account
from ats.engine.agent.database import Database
from ats.engine.ami import Ami, AmiError
from ats.engine.authoriser import timing
from ats.engine.authoriser.renewing import Renewals
from ats.engine.authoriser.timing import now_us
from ats.radius.asking import Asker

log = logging.getLogger(__name__)

EVERY_S = 1.0
LATER_S = 5  # nobody has answered yet, or the engine is away: look again
_TRUNK = re.compile(r"[A-Z0-9]+/t\d+-", re.ASCII)


class Extender:
    """One node's calls. `tick` is to be called about once a second."""

    def __init__(self, node: str, ami: Ami, database: Database, asker: Asker) -> None:
        self._node = node
        self._ami = ami
        self._database = database
        self._renewals = Renewals(database, asker, self._set_left)

    async def tick(self) -> None:
        """Look after every reservation whose time is nearly used up."""
        due = await self._database(_due, self._node, now_us())
        if not any(due):
            return
        try:
            channels = (await self._ami.action("CoreShowChannels")).events
        except AmiError as error:
            log.warning("calls cannot be extended just now: %s", error)
            return
        reserved, counting, stopped = due
        for held in stopped:
            await self._look(held, channels, _stop, _wait_for_answer)
        for held in reserved:
            work = _extend if held.radius_id is None else _tell
            await self._look(held, channels, work, reservations.postpone)
        for call in counting:
            await self._look(call, channels, _extend_counted, counted.postpone)

    async def _look(
        self,
        held: Held | Due,
        channels: Iterable[Mapping[str, str]],
        extend: Callable[[int, int], int],
        postpone: Callable[[int, int], None],
    ) -> None:
        channel = talking(held, channels)
        try:
            if channel is None or not await self._extend(held, channel, extend):
                await self._database(postpone, held.id, now_us() + LATER_S * SECOND)
        except AmiError as error:
            log.warning("call %s is not extended: %s", held.linkedid, error)

    async def _extend(self, held: Held | Due, channel: str, extend: Callable[[int, int], int]) -> bool:
        answered = held.answered_us
        if answered is None:
            end = await timing.ends_us(self._ami, channel)
            if end is None:
                return False  # answered a moment ago, or over
            answered = end - held.allowed_s * SECOND
        allowed = await self._database(extend, held.id, answered)
        if allowed != held.allowed_s or held.answered_us is not None:
            await self._set_left(channel, answered, allowed)
        if isinstance(held, Held) and held.radius_id is not None:
            await self._renewals.look(held.id, channel, answered)
        return True

    async def _set_left(self, channel: str, answered_us: int, allowed_s: int) -> None:
        await timing.end_at(self._ami, channel, answered_us + allowed_s * SECOND)


def talking(held: Held | Due, channels: Iterable[Mapping[str, str]]) -> str | None:
    """Name of the answered channel to another operator that money or minutes are held for."""
    for channel in channels:
        name = channel.get("Channel", "")
        if channel.get("ChannelStateDesc") != "Up" or not _TRUNK.match(name):
            continue
        if held.leg and channel.get("Uniqueid") == held.leg:
            return name
        if channel.get("Linkedid") == held.linkedid and channel.get("CallerIDNum") == held.digits:
            return name
    return None


def _due(node: str, now: int) -> tuple[list[Held], list[Due], list[Held]]:
    """Reserved, only counted, and to be ended."""
    reserved = held_where("node=%s AND state='open' AND extend_us<%s", (node, now))
    return reserved, counted.due(node, now), endings.stopped(node)


@transaction.atomic
def _extend(held_id: int, answered_us: int) -> int:
    """Reserve more under the account's lock, or less where less is left; returns the seconds allowed in all."""
    now = now_us()
    [held] = held_where("id=%s", (held_id,))
    rate, wanted = load_rate(held.rate), held.allowed_s + CHUNK_S
    # Limits first, then the account: in the same order as the question.
    talked = reservations.talk_seconds(answered_us, now)
    most_s = counted.more(held.key, held.client_id, rate, wanted, now, talked)
    assert held.account_id is not None
    account = lock_account(held.account_id, now)
    [held] = held_where("id=%s", (held_id,))
    if account is None:
        return held.allowed_s
    most_s = LONGEST_S if most_s is None else most_s
    # (One that rang when it was to be looked at was put off: what its account has left tells as well.)
    if held.extend_us == 0 or account.left < 0 or most_s < held.allowed_s:
        return reservations.shorten(account, held, answered_us, most_s, now)
    return reservations.extend(account, held, answered_us, most_s)


def _tell(held_id: int, answered_us: int) -> int:
    """A call that an outside billing rates gets what our own limits leave of the time granted; the billing is told."""
    [held] = held_where("id=%s", (held_id,))
    return outside.goes_on(held, answered_us, now_us())


def _stop(held_id: int, answered_us: int) -> int:
    """Its account or its client was switched off."""
    return endings.stop(held_id, answered_us, now_us())


def _wait_for_answer(_held_id: int, _until_us: int) -> None:
    """It is looked at again at the next tick anyway."""


def _extend_counted(call_id: int, answered_us: int) -> int:
    return counted.extend(call_id, answered_us, now_us())
