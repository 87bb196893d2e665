"""One question and one answer over UDP. A socket of its own for each: nobody else's answer fits it."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from ats.radius.packets import BadReplyError, Request

T = TypeVar("T")


class SilentError(OSError):
    """No answer that fits; the text says what happened."""


async def exchange(
    address: tuple[str, int], request: Request, read: Callable[[Any], T], *, timeout_s: float, tries: int
) -> T:
    """Send the same bytes up to `tries` times, `timeout_s` apart; what `read` makes of the reply.

    Replies that were not made for this request are ignored. Raises SilentError, at once when the machine says
    that nobody listens there.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[T] = loop.create_future()
    try:
        transport, link = await loop.create_datagram_endpoint(
            lambda: _Link(request, read, answered), remote_addr=address
        )
    except OSError as error:
        raise SilentError(str(error)) from error
    try:
        for _ in range(tries):
            transport.sendto(request.data)
            done, _ = await asyncio.wait([answered], timeout=timeout_s)
            if done:
                return answered.result()
        raise SilentError(link.wrong or f"no answer in {timeout_s * tries:g} s")
    finally:
        transport.close()


class _Link(asyncio.DatagramProtocol):
    def __init__(self, request: Request, read: Callable[[Any], T], answered: "asyncio.Future[T]") -> None:
        self._request = request
        self._read = read
        self._answered = answered
        self.wrong = ""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self._answered.done():
            return
        try:
            found = self._read(self._request.reply(data))
        except BadReplyError as error:
            self.wrong = str(error)  # a forged one must not end the waiting for the right one
            return
        self._answered.set_result(found)

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(SilentError(str(exc)))
