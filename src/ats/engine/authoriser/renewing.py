"""Asks an outside billing for more while a call goes on, beside the extender: a slow server holds up no other call."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ats.billing import outside
from ats.engine.agent.database import Database
from ats.engine.ami import AmiError
from ats.engine.authoriser.timing import now_us
from ats.radius.asking import Asker, Terms
from ats.radius.packets import Attributes

log = logging.getLogger(__name__)

# Channel, when it was answered, and the seconds it may last in all.
SetLeft = Callable[[str, int, int], Awaitable[None]]


class Renewals:
    """Questions on their way, one for a call at most."""

    def __init__(self, database: Database, asker: Asker, set_left: SetLeft) -> None:
        self._database = database
        self._asker = asker
        self._set_left = set_left
        self._asked: dict[int, asyncio.Task[None]] = {}

    async def look(self, held_id: int, channel: str, answered_us: int) -> None:
        """Begin to ask about a call whose credit is nearly used up."""
        if held_id in self._asked:
            return
        wanted = await self._database(outside.to_renew, held_id, answered_us, now_us())
        if wanted is None:
            return
        task = asyncio.create_task(self._ask(held_id, channel, answered_us, *wanted))
        self._asked[held_id] = task
        task.add_done_callback(lambda _: self._asked.pop(held_id, None))

    async def _ask(  # the last three: what `outside.to_renew` gave
        self,
        held_id: int,
        channel: str,
        answered_us: int,
        terms: Terms,
        attributes: Attributes,
        talked_s: int,
    ) -> None:
        try:
            said = await self._asker.ask(terms, attributes)
            allowed = await self._database(outside.renewed, held_id, said, talked_s, answered_us, now_us())
            await self._set_left(channel, answered_us, allowed)
        except AmiError as error:
            log.warning("a call that was granted more is not told: %s", error)
        except Exception:
            # The call ends at the credit it has, or is asked about once more before that.
            log.exception("a call could not be renewed")
