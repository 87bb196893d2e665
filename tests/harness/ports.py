"""Ports of tests on loopback: chosen by one process, free until it uses them.

All lie below what kernels give out by themselves, and each test process has a slice of its own while it lives: a
telephone's port, which is bound only while it waits for a call, must not be somebody else's meanwhile.
"""

import fcntl
import os
import socket
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO

_FIRST, _SLICE, _SLICES = 12_000, 2_900, 7  # ends below 32,768
BLOCK, _BLOCKS = 400, 4  # of installations; the rest of a slice is for telephones
_next_port = 0
_next_block = 0


@cache
def _slice() -> tuple[int, IO[bytes]]:
    """The first port of this process's slice, and the file whose lock says so until the process ends."""
    for number in range(_SLICES):
        file = (Path(tempfile.gettempdir()) / f"ats-test-ports-{os.getuid()}-{number}").open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
        else:
            return _FIRST + number * _SLICE, file
    raise RuntimeError(f"{_SLICES} processes of tests are running already")


def free_port(ip: str = "127.0.0.1", following: int = 0) -> int:
    """A port of a loopback address that is free, for UDP and for TCP, with so many after it."""
    global _next_port
    begin = _slice()[0] + _BLOCKS * BLOCK
    room = _SLICE - _BLOCKS * BLOCK
    for _ in range(room):
        if _next_port + following >= room:
            _next_port = 0
        port, width = begin + _next_port, following + 1
        _next_port += width
        if all(_is_free(ip, one) for one in range(port, port + width)):
            return port
    raise RuntimeError("no free port")


def free_block() -> int:
    """First of `BLOCK` ports for an installation."""
    global _next_block
    for _ in range(_BLOCKS):
        base = _slice()[0] + _next_block % _BLOCKS * BLOCK
        _next_block += 1
        if all(_is_free("127.0.0.1", port) for port in range(base, base + BLOCK)):
            return base
    raise RuntimeError("no free block of ports")


def _is_free(ip: str, port: int) -> bool:
    with ExitStack() as held:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            probe = held.enter_context(socket.socket(socket.AF_INET, kind))
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ip, port))
            except OSError:
                return False
    return True
