"""A small asyncio client of the engine's manager interface (AMI).

Why our own: the packaged ones let CR/LF in a value start a second action, or drop events (DESIGN, traps).
Here a control character in any value is refused before a byte is sent, answers are matched by an ActionID
nobody outside can guess, many actions may be under way at once, and the connection is made again by itself.
"""

import asyncio
import contextlib
import itertools
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ats.engine.certificate import client_context

log = logging.getLogger(__name__)

Pairs = Sequence[tuple[str, str]]
_NAME = re.compile(r"[A-Za-z0-9-]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_MESSAGE = 4 * 1024 * 1024
MAX_LINE = 1022  # bytes without the line end; the engine throws longer ones away
_RECORD = 1024  # what the engine reads at a time
# Actions sent ahead: their answers, some 100 bytes each, fit into the sockets' buffers, so the engine never waits.
UNANSWERED = 500
BOOTED_S = 0.2
BOOT_S = 120
BACKOFF_S = (0.1, 0.2, 0.5, 1.0, 2.0)


class AmiError(Exception):
    """The engine refused an action, or cannot be reached."""


class AmiUnavailable(AmiError):
    """No connection to the engine now, it broke, or the answer did not come in time."""


class UnsafeAction(AmiError, ValueError):
    """A name or value that could break out of its line."""


class Message(dict[str, str]):
    """Headers of one AMI message (the last one wins); `output` keeps the lines of a console command."""

    output: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.output = []


@dataclass(slots=True)
class Answer:
    """The response to an action and, for list actions, its events."""

    response: Message
    events: list[Message] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.response.get("Response") in ("Success", "Follows", "Goodbye")


def encode(action: str, action_id: str, pairs: Pairs) -> bytes:
    """One action as bytes. Raises UnsafeAction for control characters, a `:` in a name, or a line too long."""
    lines = [f"Action: {action}\r\nActionID: {action_id}\r\n"]
    for name, value in pairs:
        if not _NAME.match(name):
            raise UnsafeAction(f"not a header name: {name!r}")
        lines.append(f"{name}: {value}\r\n")
    text = "".join(lines)
    # Checked all at once: exactly our own line ends may be there (thousands of lines are pushed at a time).
    if len(_CONTROL.findall(text)) != 2 * (len(pairs) + 2):
        raise UnsafeAction(f"control character in a value of {action}")
    raw = (text + "\r\n").encode()
    if len(raw) > MAX_LINE and max(map(len, raw.split(b"\r\n"))) > MAX_LINE:
        raise UnsafeAction(f"line too long in {action}")
    return raw


def records(data: bytes) -> Iterator[bytes]:
    """Whole lines, as many as the engine takes at one reading.

    It waits for more on the connection even while decrypted bytes are left over, so no TLS record may
    hold more than it reads at once, and none may end in the middle of a line.
    """
    begin = 0
    while len(data) - begin > _RECORD:
        end = data.rindex(b"\n", begin, begin + _RECORD) + 1
        yield data[begin:end]
        begin = end
    yield data[begin:]


class Parser:
    """Turns bytes as they come into messages; never raises for any bytes, broken UTF-8 included."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._greeted = False

    def feed(self, data: bytes) -> list[Message]:
        """Messages completed by `data`. Raises AmiError when one grows beyond MAX_MESSAGE."""
        self._buffer += data
        if not self._greeted:
            end = self._buffer.find(b"\r\n")
            if end < 0:
                self._check_size()
                return []
            del self._buffer[: end + 2]  # "Asterisk Call Manager/x.y.z"
            self._greeted = True
        *whole, rest = bytes(self._buffer).split(b"\r\n\r\n")
        self._buffer = bytearray(rest)
        self._check_size()
        return [_message(block) for block in whole]

    def _check_size(self) -> None:
        if len(self._buffer) > MAX_MESSAGE:
            raise AmiError("message too long")


def _message(block: bytes) -> Message:
    message = Message()
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            continue
        value = value.removeprefix(" ")
        if name == "Output":
            message.output.append(value)
        else:
            message[name] = value
    return message


@dataclass(slots=True)
class _Waiting:
    future: asyncio.Future[Answer]
    answer: Answer | None = None


class Ami:
    """One connection that is kept alive by `run()`.

    `certificate`: the engine's own (`Config.ami_certificate`), read at each connection; None: without TLS.
    `on_event` is called with every message that answers nothing; it must not block.
    `on_connect` is awaited after each log-in, when the engine is fully booted, before `ready` is set.
    """

    def __init__(
        self,
        port: int,
        user: str,
        secret: str,
        *,
        certificate: Path | None = None,
        on_event: Callable[[Message], None] | None = None,
        on_connect: Callable[[], Awaitable[None]] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._address = (host, port)
        self._login = (("Username", user), ("Secret", secret))
        self._certificate = certificate
        self._on_event = on_event
        self._on_connect = on_connect
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: dict[str, _Waiting] = {}
        self._prefix = ""
        self._counter = itertools.count()
        self._booted = asyncio.Event()
        self.ready = asyncio.Event()
        self.sessions = 0  # log-ins so far
        self.last_error = ""

    async def run(self) -> None:
        """Connect, log in, read; again after any break, with growing pauses. Ends only by cancellation."""
        failures = 0
        while True:
            sessions = self.sessions
            try:
                await self._session()
            except (OSError, AmiError) as error:
                self.last_error = str(error) or type(error).__name__
            finally:
                self._drop()
            failures = 0 if self.sessions > sessions else failures + 1
            await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])

    async def close(self) -> None:
        """Break the connection; `run` makes a new one unless cancelled."""
        if self._writer is not None:
            self._writer.close()

    async def action(self, name: str, *pairs: tuple[str, str], timeout: float = 10) -> Answer:  # noqa: ASYNC109
        """Send one action and wait for its whole answer.

        Raises AmiError with the engine's words when it says Error, AmiUnavailable when it cannot be reached.
        """
        answer = await self.try_action(name, *pairs, timeout=timeout)
        if not answer.ok:
            raise AmiError(f"{name}: {answer.response.get('Message', 'refused')}")
        return answer

    async def try_action(self, name: str, *pairs: tuple[str, str], timeout: float = 10) -> Answer:  # noqa: ASYNC109
        """Like `action`, but an answer «Error» is returned, not raised."""
        return (await self._answers(self._encoded([(name, pairs)]), timeout))[0]

    async def batch(
        self,
        actions: Iterable[tuple[str, Pairs]],
        timeout: float = 60,  # noqa: ASYNC109
    ) -> list[Answer]:
        """Send many actions, answers in the same order (refusals included, not raised).

        The engine carries them out one after another. Raises UnsafeAction before anything is sent, AmiUnavailable
        when the connection breaks or UNANSWERED of them take longer than `timeout`.
        """
        encoded = self._encoded(actions)
        return [
            answer
            for start in range(0, len(encoded), UNANSWERED)
            for answer in await self._answers(encoded[start : start + UNANSWERED], timeout)
        ]

    # -- inside --------------------------------------------------------------------------

    def _encoded(self, actions: Iterable[tuple[str, Pairs]]) -> list[tuple[str, bytes]]:
        """Action id → what goes over the wire; everything is checked before anything is sent."""
        found = []
        for name, pairs in actions:
            action_id = f"{self._prefix}{next(self._counter)}"
            found.append((action_id, encode(name, action_id, pairs)))
        return found

    def _send(self, encoded: list[tuple[str, bytes]]) -> list[asyncio.Future[Answer]]:
        writer = self._writer
        if writer is None or writer.is_closing():
            raise AmiUnavailable(self.last_error or "not connected to the engine")
        loop = asyncio.get_running_loop()
        futures = []
        for action_id, _ in encoded:
            future: asyncio.Future[Answer] = loop.create_future()
            self._waiting[action_id] = _Waiting(future)
            futures.append(future)
        for record in records(b"".join(data for _, data in encoded)):
            writer.write(record)
        return futures

    async def _answers(self, encoded: list[tuple[str, bytes]], limit: float) -> list[Answer]:
        futures = self._send(encoded)
        try:
            async with asyncio.timeout(limit):
                return [await future for future in futures]
        except TimeoutError as error:
            raise AmiUnavailable("the engine did not answer in time") from error
        finally:
            for future in futures:
                if not future.done():
                    future.cancel()
                elif not future.cancelled():
                    future.exception()  # looked at, so asyncio does not report it as forgotten

    async def _session(self) -> None:
        tls = client_context(self._certificate) if self._certificate is not None else None
        reader, self._writer = await asyncio.open_connection(*self._address, ssl=tls)
        self._prefix = secrets.token_hex(8) + "-"
        self._booted.clear()
        pump = asyncio.create_task(self._pump(reader))
        try:
            await self.action("Login", *self._login, timeout=5)
            # The port opens before the modules are loaded; what is pushed then could be overwritten.
            await self._boot()
            if self._on_connect is not None:
                await self._prepare(self._on_connect)
            self.sessions += 1
            self.ready.set()
            await asyncio.shield(pump)
        finally:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, AmiError):
                await pump

    async def _boot(self) -> None:
        """Told at log-in when the engine is up already; of the boot's end it does not tell, so it is asked."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BOOTED_S):
                await self._booted.wait()
                return
        await self.action("Command", ("Command", "core waitfullybooted"), timeout=BOOT_S)

    @staticmethod
    async def _prepare(on_connect: Callable[[], Awaitable[None]]) -> None:
        try:
            await on_connect()
        except (OSError, AmiError):
            raise
        except Exception as error:
            log.exception("not ready to use the engine yet")
            raise AmiUnavailable(str(error)) from error

    async def _pump(self, reader: asyncio.StreamReader) -> None:
        parser = Parser()
        try:
            while data := await reader.read(65536):
                for message in parser.feed(data):
                    self._dispatch(message)
            raise AmiUnavailable("the engine closed the connection")
        except (OSError, AmiError) as error:
            self._fail(error)
            raise

    def _dispatch(self, message: Message) -> None:
        waiting = self._waiting.get(message.get("ActionID", ""))
        if waiting is None:
            if message.get("Event") == "FullyBooted":
                self._booted.set()
            if self._on_event is not None and "Event" in message:
                self._on_event(message)
            return
        if "Response" in message and waiting.answer is None:
            waiting.answer = Answer(message)
            if message.get("EventList", "").lower() == "start":
                return
        elif waiting.answer is not None:
            if message.get("EventList", "").lower() not in ("complete", "cancelled"):
                waiting.answer.events.append(message)
                return
        else:
            return
        del self._waiting[message["ActionID"]]
        if not waiting.future.done():
            waiting.future.set_result(waiting.answer)

    def _fail(self, error: Exception) -> None:
        self.ready.clear()
        waiting, self._waiting = self._waiting, {}
        for item in waiting.values():
            if not item.future.done():
                item.future.set_exception(AmiUnavailable(str(error)))

    def _drop(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._fail(AmiUnavailable("not connected to the engine"))
