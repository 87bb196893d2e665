"""The engine's gateway protocol (FastAGI), as much of it as one question and one answer need.

The engine opens a connection, sends lines `agi_name: value` and a blank one, and then does what we write. Some values
are what strangers sent (numbers, names), and the engine escapes nothing: a line break in one of them looks like
more lines, or like the end. So only what the engine writes before the first of them is believed, and
the first line with a name wins.
"""

import contextlib
import re
import select
import socket
import struct
import time
from dataclasses import dataclass

MAX_BYTES = 64 << 10
WITHIN_S = 2  # for each piece the engine writes: it writes them at once
# In the order the engine writes them; everything after these may be anybody's.
_BELIEVED = ("agi_network_script", "agi_channel", "agi_uniqueid")
_STRANGERS = ("agi_callerid", "agi_calleridname")
_NUMBER = re.compile(r"[0-9]{1,20}\r?\Z", re.ASCII)


class AgiError(Exception):
    """What came is not the engine's protocol."""


@dataclass(frozen=True, slots=True)
class Request:
    """`script`: the part of the address after the port. `channel`, `uniqueid`: of the channel that asks.

    `caller`: its number when it is one; our own dialplan has set it by then.
    """

    script: str
    channel: str
    uniqueid: str
    caller: str = ""


def listen(port: int) -> socket.socket:
    """A socket of the loopback address."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Woken once, when the question is there, instead of for the connection and again for its first bytes.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, WITHIN_S)
    listener.bind(("127.0.0.1", port))
    listener.listen(1024)
    return listener


def accept(listener: socket.socket) -> socket.socket:
    """The next question's connection, with the time limit of this protocol."""
    while True:
        try:
            peer, _ = listener.accept()
            break
        except OSError:  # it has gone already, or we have no descriptors left for a moment
            time.sleep(0.01)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", WITHIN_S, 0))
    return peer


def turn_away(listener: socket.socket) -> None:
    """Close the connections nobody has taken yet."""
    while select.select([listener], [], [], 0)[0]:
        with contextlib.suppress(BlockingIOError):
            listener.accept()[0].close()


def read_request(peer: socket.socket) -> Request:
    """The engine's first lines. Raises AgiError, or what a broken connection raises."""
    data = b""
    while b"\n\n" not in data:
        data = _more(peer, data)
    return parse(data)


def parse(data: bytes) -> Request:
    """What is believed of the engine's lines."""
    found: dict[str, str] = {}
    caller = ""
    for line in data.partition(b"\n\n")[0].decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition(": ")
        if name in _STRANGERS:
            # The first of them is still the engine's own line: nothing before it was a stranger's.
            caller = value.rstrip("\r") if name == "agi_callerid" and _NUMBER.match(value) else ""
            break
        if name in _BELIEVED:
            found.setdefault(name, value.rstrip("\r"))
    script, channel, uniqueid = (found.get(name, "") for name in _BELIEVED)
    return Request(script, channel, uniqueid, caller)


def set_variable(peer: socket.socket, name: str, value: str) -> None:
    """Set a variable of the channel that asked, and say that this is all. `value`: ours, without quotes or line breaks.

    The engine does what it has read before it sees the end, so nobody is woken for its «200». But what it still sends
    must find us: closed at once, the connection would be reset, and a reset may overtake the answer. So close it later.
    """
    peer.sendall(f'SET VARIABLE {name} "{value}"\n'.encode())
    peer.shutdown(socket.SHUT_WR)


def wait_end(peer: socket.socket) -> None:
    """Wait until the engine has done with our answer. It may raise what a broken connection raises."""
    with contextlib.suppress(BlockingIOError):
        while peer.recv(MAX_BYTES):
            pass


def has_left(peer: socket.socket) -> bool:
    """Whether the engine no longer waits: the caller hung up, or its patience is over."""
    try:
        return peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False


def _more(peer: socket.socket, data: bytes) -> bytes:
    try:
        more = peer.recv(MAX_BYTES)
    except BlockingIOError as error:
        raise AgiError("the other end is silent") from error
    if not more:
        raise AgiError("the other end has gone")
    if len(data) + len(more) > MAX_BYTES:
        raise AgiError("too much")
    return data + more
