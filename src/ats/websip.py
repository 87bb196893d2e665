"""SIP of a browser: a WebSocket of the web process, passed on word for word to the engine's own on loopback.

A browser reaches only the cabinet's address; the engine's web server is not open to anybody. Who may call is
decided by the engine, which asks for the port's password as of any telephone.
"""

import asyncio
import base64
import contextlib
import logging
import os
import secrets
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

log = logging.getLogger("ats.websip")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/ws"
MAX_BYTES = 64 * 1024  # SIP messages are a few KB
_OPEN_S = 5.0
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_CONTROL = (_CLOSE, _PING, _PONG)


class Closed(Exception):
    """The engine's side ended."""


class EngineSocket:
    """Our end of a WebSocket to the engine (RFC 6455, the client's side)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "EngineSocket":
        """Connect to the engine's web server on loopback. Raises OSError or Closed when it does not want us."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        writer.write(
            f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n".encode()
        )
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            writer.close()
            raise Closed from error
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            writer.close()
            raise Closed(head[:80].decode("latin-1"))
        return cls(reader, writer)

    async def send(self, data: bytes, kind: int = _TEXT) -> None:
        """One whole message; a client's bytes are masked."""
        mask = os.urandom(4)
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | size)
        elif size < 1 << 16:
            head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, size)
        repeated = mask * (size // 4 + 1)
        masked = (int.from_bytes(data) ^ int.from_bytes(repeated[:size])).to_bytes(size) if size else b""
        self._writer.write(head + mask + masked)
        await self._writer.drain()

    async def receive(self) -> bytes:
        """The next whole message; pings are answered on the way. Raises Closed."""
        parts: list[bytes] = []
        while True:
            try:
                first, second = await self._reader.readexactly(2)
                size = second & 0x7F
                if size == 126:
                    (size,) = struct.unpack("!H", await self._reader.readexactly(2))
                elif size == 127:
                    (size,) = struct.unpack("!Q", await self._reader.readexactly(8))
                if size > MAX_BYTES or second & 0x80:
                    raise Closed
                data = await self._reader.readexactly(size)
            except (asyncio.IncompleteReadError, OSError) as error:
                raise Closed from error
            kind = first & 0x0F
            if kind == _CLOSE:
                raise Closed
            if kind == _PING:
                await self.send(data, _PONG)
            if kind in _CONTROL:
                continue
            parts.append(data)
            if sum(map(len, parts)) > MAX_BYTES:
                raise Closed
            if first & 0x80:
                return b"".join(parts)

    async def close(self) -> None:
        with contextlib.suppress(OSError):
            await self.send(b"", _CLOSE)
        self._writer.close()


async def serve(scope: Message, receive: Receive, send: Send, engine_port: int) -> None:
    """One browser's connection, from its opening to its end. Pages of other origins are refused."""
    opening = await receive()
    if opening["type"] != "websocket.connect":
        return
    if scope["path"] != PATH or not _same_origin(scope) or "sip" not in scope.get("subprotocols", ()):
        await send({"type": "websocket.close", "code": 1008})
        return
    try:
        async with asyncio.timeout(_OPEN_S):
            engine = await EngineSocket.open(engine_port)
    except (OSError, Closed, TimeoutError) as error:
        log.warning("the engine takes no web telephones: %s", error)
        await send({"type": "websocket.close", "code": 1013})
        return
    await send({"type": "websocket.accept", "subprotocol": "sip"})
    ways = {asyncio.create_task(_up(receive, engine)), asyncio.create_task(_down(engine, send))}
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await engine.close()
        with contextlib.suppress(Exception):  # the browser may be gone already
            await send({"type": "websocket.close", "code": 1000})


async def _up(receive: Receive, engine: EngineSocket) -> None:
    while True:
        message = await receive()
        if message["type"] != "websocket.receive":
            return
        data = (message.get("text") or "").encode() or message.get("bytes") or b""
        if len(data) > MAX_BYTES:
            return
        await engine.send(data)


async def _down(engine: EngineSocket, send: Send) -> None:
    while True:
        try:
            data = await engine.receive()
        except Closed:
            return
        await send({"type": "websocket.send", "text": data.decode("utf-8", "replace")})


def _same_origin(scope: Message) -> bool:
    headers = dict(scope["headers"])
    origin, host = headers.get(b"origin", b""), headers.get(b"host", b"-")
    return bool(origin.partition(b"://")[2] == host)
