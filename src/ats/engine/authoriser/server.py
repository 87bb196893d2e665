"""The authoriser: a paid call asks it once, whether it may go out and how long (DESIGN 5).

It keeps nothing in memory that matters: killed at any moment, it goes on with what the database says. What it
answers stands in the channel's variable ATSS: `S(60)`, an option of Dial, or `!code` (engine/contexts.py).
"""

import asyncio
import contextlib
import logging
import re
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, connection
from django_scopes import scopes_disabled

from ats.billing.authorise import Grant, Question, Refusal, authorise
from ats.billing.books import Books
from ats.config import Config
from ats.engine.authoriser import agi
from ats.remote import pins

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 5.0
WAITING_MOST = 500  # questions at once; more would wait longer than a caller does
# client / digits / linkedid / user, if known / longest talk in seconds, if limited
_SCRIPT = re.compile(
    r"(\d{1,18})/(\d{1,20})/([A-Za-z0-9_.-]{1,64})(?:/(\d{1,18})?(?:/(\d{1,6})?)?)?\Z", re.ASCII
)
# client / 0 and the PIN / 0 and the caller's number: the zeros keep empty ones apart
_PIN = re.compile(r"pin/(\d{1,18})/0(\d{1,10})/0(\d{0,20})\Z", re.ASCII)
_UNIQUEID = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")


class Server:
    """Answers the engine of one node on `agi_port` of the loopback address."""

    def __init__(self, config: Config, threads: int) -> None:
        self._config = config
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="authorise")
        self._local = threading.local()
        self._waiting = 0

    async def run(self) -> None:
        """Serve until cancelled."""
        server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._config.agi_port, limit=agi.MAX_LINE, backlog=1024
        )
        log.info("listens on 127.0.0.1:%d", self._config.agi_port)
        async with server:
            await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S * 2):
                request = await agi.read_request(reader)
                if request.script == "ping":
                    writer.write(b"pong\n")
                    await writer.drain()
                    return
                answer = self._pin(request) if request.script.startswith("pin/") else self._answer(request)
                await agi.set_variable(reader, writer, "ATSS", await answer)
        except (agi.AgiError, OSError, EOFError, TimeoutError) as error:
            log.warning("a question broke off: %s", str(error) or type(error).__name__)
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def _answer(self, request: agi.Request) -> str:
        question = question_of(self._config.node_name, request)
        if question is None:
            log.warning("not a question: %.200r", request.script)
            return "!down"
        if self._waiting >= WAITING_MOST:
            return "!busy"
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._pool, self._decide, question)
            decision = await asyncio.wait_for(work, ANSWER_WITHIN_S)
        except TimeoutError:
            return "!busy"
        except Exception:
            log.exception("no decision on %s", question)
            return "!down"
        finally:
            self._waiting -= 1
        if isinstance(decision, Refusal):
            return f"!{decision.code}"
        return f"S({decision.allowed_s})"

    async def _pin(self, request: agi.Request) -> str:
        """`U<user id>` for a right PIN, `!pin` for a wrong one or while the entrance is locked (S234)."""
        match = _PIN.match(request.script)
        if match is None:
            return "!pin"
        client_id, pin, caller = match.groups()

        def ask() -> int | None:
            try:
                return pins.user_of(int(client_id), pin, caller)
            except (DatabaseError, InterfaceError):
                connection.close()
                raise

        try:
            work = asyncio.get_running_loop().run_in_executor(self._pool, ask)
            user_id = await asyncio.wait_for(work, ANSWER_WITHIN_S)
        except Exception:
            log.exception("no answer about a PIN")
            return "!pin"
        return "!pin" if user_id is None else f"U{user_id}"

    def _decide(self, question: Question) -> Grant | Refusal:
        """In a thread of the pool, each with its own connection and rate books."""
        books = getattr(self._local, "books", None)
        if books is None:
            books = self._local.books = Books()
        with scopes_disabled():
            try:
                return authorise(question, books, now_us())
            except (DatabaseError, InterfaceError):
                connection.close()  # the next question opens a new one
                raise


def question_of(node: str, request: agi.Request) -> Question | None:
    """What the engine asks, or None when it does not read like our dialplan's question."""
    match = _SCRIPT.match(request.script)
    if match is None or not _UNIQUEID.match(request.uniqueid):
        return None
    client_id, digits, linkedid, user_id, limit_s = match.groups()
    return Question(
        key=f"{node}/{request.uniqueid}/{secrets.token_hex(4)}"[:100],
        node=node,
        linkedid=linkedid,
        client_id=int(client_id),
        digits=digits,
        port=_endpoint(request.channel),
        user_id=int(user_id) if user_id else None,
        limit_s=int(limit_s) if limit_s else None,
    )


def now_us() -> int:
    """This moment, in microseconds since 1970."""
    return time.time_ns() // 1000


def _endpoint(channel: str) -> str:
    """`PJSIP/17001-0000002a` → `17001`; nothing for a channel that is no device."""
    head, dash, _ = channel.rpartition("-")
    technology, _, name = head.partition("/")
    return name[:64] if dash and technology != "Local" else ""
