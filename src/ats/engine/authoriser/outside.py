"""A paid call whose client is rated by an outside billing: asks it over RADIUS, while others are decided on."""

import asyncio
import contextlib
import logging
import socket
import time

from ats.billing import outside
from ats.billing.authorise import Question
from ats.billing.outside import Outside
from ats.engine.agent.database import Database
from ats.engine.authoriser import agi
from ats.radius import queries, records
from ats.radius.asking import MOST_S, Asker, Terms
from ats.radius.packets import Answer
from ats.radius.records import Session

log = logging.getLogger(__name__)

ASKED_MOST = 1000  # questions at once
_DATABASE_S = 4.0  # beyond the time for the billing's answer; after that no answer is as good as none


class OutsideBilling:
    """Make it where the event loop runs."""

    def __init__(self, database: Database, asker: Asker) -> None:
        self._loop = asyncio.get_running_loop()
        self._database = database
        self._asker = asker
        self._asked: set[asyncio.Task[None]] = set()

    def take(self, peer: socket.socket, question: Question, wanted: Outside) -> None:
        """Answer the engine on this connection, some time later, and close it. From any thread."""
        self._loop.call_soon_threadsafe(self._begin, peer, question, wanted)

    def _begin(self, peer: socket.socket, question: Question, wanted: Outside) -> None:
        task = self._loop.create_task(self._serve(peer, question, wanted))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _serve(self, peer: socket.socket, question: Question, wanted: Outside) -> None:
        with peer:
            try:
                async with asyncio.timeout(MOST_S + _DATABASE_S):
                    answer = (
                        "!busy" if len(self._asked) > ASKED_MOST else await self._ask(peer, question, wanted)
                    )
                if answer:
                    await asyncio.to_thread(_tell, peer, answer)
            except (agi.AgiError, OSError) as error:
                log.warning("a question broke off: %s", str(error) or type(error).__name__)
            except Exception:
                # Without an answer the dialplan does what the policy for a silent authoriser says.
                log.exception("no decision on %s", question)
            finally:
                with contextlib.suppress(OSError):
                    peer.shutdown(socket.SHUT_RDWR)

    async def _ask(self, peer: socket.socket, question: Question, wanted: Outside) -> str:
        """`S(seconds)`, or `!` and the code of a refusal; nothing when nobody waits for it any more."""
        terms, session = await self._database(_prepare, question, wanted)
        said = await self._asker.ask(terms, records.question(session, terms.nas_id))
        if agi.has_left(peer):
            return ""
        decided = await self._database(_admit, question, wanted, session, said)
        return f"!{decided}" if isinstance(decided, str) else f"S({decided})"


def _tell(peer: socket.socket, answer: str) -> None:
    agi.set_variable(peer, "ATSS", answer)
    agi.wait_end(peer)


def _prepare(question: Question, wanted: Outside) -> tuple[Terms, Session]:
    session = outside.session_of(
        question.key, question.node, question.linkedid, wanted.user_name, question.caller, question.digits,
        question.port, time.time_ns() // 1000,
    )  # fmt: skip
    return queries.terms(wanted.profile_id), session


def _admit(question: Question, wanted: Outside, session: Session, said: Answer | None) -> int | str:
    return outside.admit(
        session, wanted, said, node=question.node, linkedid=question.linkedid, client_id=question.client_id
    )
