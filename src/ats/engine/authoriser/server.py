"""The authoriser: a paid call asks it once, whether it may go out and how long (DESIGN 5).

It keeps nothing in memory that matters: killed at any moment, it goes on with what the database says. What it
answers stands in the channel's variable ATSS: `S(60)`, an option of Dial, or `!code` (engine/contexts.py). Nobody
waits for it longer than pulse.STUCK_S: no answer is as good as none.
"""

import contextlib
import logging
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, connection
from django_scopes import scopes_disabled

from ats.billing.authorise import Question, Refusal, authorise
from ats.billing.books import Books
from ats.billing.outside import Outside
from ats.config import Config
from ats.engine.authoriser import agi, pulse
from ats.engine.authoriser.outside import OutsideBilling
from ats.engine.authoriser.timing import now_us
from ats.remote import pins

log = logging.getLogger(__name__)

T = TypeVar("T")

# client / digits / linkedid / user, if known / longest talk in seconds, if limited / what leads the call out: a step,
# the user its number belongs to, a forwarding number / the channels that sent it on and that ask first
_SCRIPT = re.compile(
    r"(\d{1,18})/(\d{1,20})/([A-Za-z0-9_.-]{1,64})(?:/(\d{1,18})?(?:/(\d{1,6})?"
    r"(?:/(?:s(\d{1,18}))?(?:u(\d{1,18}))?(?:f(\d{1,18}))?(?:/([A-Za-z0-9/-]{0,200}))?)?)?)?\Z",
    re.ASCII,
)
# client / 0 and the PIN / 0 and the caller's number: the zeros keep empty ones apart
_PIN = re.compile(r"pin/(\d{1,18})/0(\d{1,10})/0(\d{0,20})\Z", re.ASCII)
_DEVICE = re.compile(r"[A-Z0-9]+/[A-Za-z0-9]+-[0-9a-f]+", re.ASCII)
_UNIQUEID = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")


class Server:
    """Answers the engine of one node on `agi_port` of the loopback address.

    Each thread takes a connection, decides and answers, with a database connection and rate books of its own: no
    event loop and no handing over between threads stands in the path of a call. Only one that an outside billing rates
    is handed over to `outside`, which waits for it. SQLite has one writer at a time, so a second thread would only
    wait, and make the first one's cached pages old; other databases' commits overlap.
    """

    def __init__(self, config: Config, threads: int, outside: OutsideBilling) -> None:
        self._config = config
        self._threads = 1 if config.db_scheme == "sqlite" else threads
        self._outside = outside
        self._listener: socket.socket | None = None
        self._busy: dict[int, tuple[float, socket.socket]] = {}  # thread → since when, with whom

    def start(self) -> None:
        """Serve until the process ends."""
        self._listener = agi.listen(self._config.agi_port)
        for number in range(self._threads):
            threading.Thread(
                target=self._run, args=(self._listener, number), name=f"authorise-{number}", daemon=True
            ).start()
        log.info("listens on 127.0.0.1:%d", self._config.agi_port)

    def give_up(self) -> None:
        """Leave callers alone who have waited too long (a database that hangs). To be called twice a second."""
        late = time.monotonic() - pulse.STUCK_S
        stuck = [peer for since, peer in list(self._busy.values()) if since < late]
        for peer in stuck:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        if len(stuck) == self._threads and self._listener is not None:
            log.error("no answers: the database hangs")
            agi.turn_away(self._listener)

    def _run(self, listener: socket.socket, number: int) -> None:
        books = Books()
        answered: socket.socket | None = None  # to be closed when the engine has surely done with it
        with scopes_disabled():
            while True:
                peer = agi.accept(listener)
                if answered is not None:
                    answered.close()
                answered = peer
                self._busy[number] = time.monotonic(), peer
                try:
                    self._serve(peer, books)
                except (agi.AgiError, OSError) as error:
                    log.warning("a question broke off: %s", str(error) or type(error).__name__)
                    peer.close()
                except Exception:
                    # Without an answer the dialplan does what the policy for a silent authoriser says.
                    log.exception("no decision")
                    peer.close()
                finally:
                    self._busy.pop(number, None)

    def _serve(self, peer: socket.socket, books: Books) -> None:
        request = agi.read_request(peer)
        if request.script == "ping":
            peer.sendall(b"pong\n")
            peer.shutdown(socket.SHUT_RDWR)
            return
        if agi.has_left(peer):
            return  # nobody would use what is set aside
        pin = request.script.startswith("pin/")
        answer = self._pin(request) if pin else self._answer(request, books)
        if isinstance(answer, str):
            agi.set_variable(peer, "ATSS", answer)
        else:
            self._outside.take(peer.dup(), *answer)
            peer.close()

    def _answer(self, request: agi.Request, books: Books) -> str | tuple[Question, Outside]:
        question = question_of(self._config.node_name, request)
        if question is None:
            log.warning("not a question: %.200r", request.script)
            return "!down"
        decision = _twice(lambda: authorise(question, books, now_us()))
        if isinstance(decision, Outside):
            return question, decision
        return f"!{decision.code}" if isinstance(decision, Refusal) else f"S({decision.allowed_s})"

    def _pin(self, request: agi.Request) -> str:
        """`U<user id>` for a right PIN, `!pin` for a wrong one or while the entrance is locked (S234)."""
        match = _PIN.match(request.script)
        if match is None:
            return "!pin"
        client_id, pin, caller = match.groups()
        user_id = _twice(lambda: pins.user_of(int(client_id), pin, caller))
        return "!pin" if user_id is None else f"U{user_id}"


def _twice(work: Callable[[], T]) -> T:
    """Once more on a new connection when the database has gone away: the same key never reserves twice."""
    try:
        return work()
    except (DatabaseError, InterfaceError) as error:
        log.warning("asking the database once more: %s", error)
        connection.close()
    try:
        return work()
    except (DatabaseError, InterfaceError):
        connection.close()
        raise


def question_of(node: str, request: agi.Request) -> Question | None:
    """What the engine asks, or None when it does not read like our dialplan's question."""
    match = _SCRIPT.match(request.script)
    if match is None or not _UNIQUEID.match(request.uniqueid):
        return None
    client_id, digits, linkedid, user_id, limit_s, step_id, owner_id, forwarding_id, sender = match.groups()
    channel = request.channel
    if sender and (others := sender.strip("/")):
        # Who sends a call on, or asks first, causes what comes of it, on whosever behalf the call was made.
        found = _DEVICE.search(others)
        channel, user_id = found.group() if found else "", None
    user_id = user_id or owner_id
    return Question(
        key=f"{node}/{request.uniqueid}/{secrets.token_hex(4)}"[:100],
        node=node,
        linkedid=linkedid,
        client_id=int(client_id),
        digits=digits,
        port=_endpoint(channel),
        user_id=int(user_id) if user_id else None,
        limit_s=int(limit_s) if limit_s else None,
        caller=request.caller,
        step_id=int(step_id) if step_id else None,
        forwarding_id=int(forwarding_id) if forwarding_id else None,
    )


def _endpoint(channel: str) -> str:
    """`PJSIP/17001-0000002a` → `17001`; nothing for a channel that is no device."""
    head, dash, _ = channel.rpartition("-")
    technology, _, name = head.partition("/")
    return name[:64] if dash and technology != "Local" else ""
