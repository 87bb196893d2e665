"""The engine's gateway protocol (FastAGI), as much of it as one question and one answer need.

The engine opens a connection, sends lines `agi_name: value` and a blank one, and then does what we write. Some values
are what strangers sent (numbers, names), and the engine escapes nothing: a line break in one of them looks like
more lines, or like the end. So only what the engine writes before the first of them is believed, and
the first line with a name wins.
"""

import asyncio
from dataclasses import dataclass

MAX_LINE = 4096
MAX_LINES = 200
# In the order the engine writes them; everything after these may be anybody's.
_BELIEVED = ("agi_network_script", "agi_channel", "agi_uniqueid")
_STRANGERS = ("agi_callerid", "agi_calleridname")


class AgiError(Exception):
    """What came is not the engine's protocol."""


@dataclass(frozen=True, slots=True)
class Request:
    """`script`: the part of the address after the port. `channel`, `uniqueid`: of the channel that asks."""

    script: str
    channel: str
    uniqueid: str


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The engine's first lines. Raises AgiError, or what a broken connection raises."""
    found: dict[str, str] = {}
    known = True
    for _ in range(MAX_LINES):
        line = await _line(reader)
        if not line:
            break
        name, _, value = line.partition(": ")
        known = known and name not in _STRANGERS
        if known and name in _BELIEVED:
            found.setdefault(name, value)
    else:
        raise AgiError("too many lines")
    return Request(*(found.get(name, "") for name in _BELIEVED))


async def set_variable(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str, value: str
) -> None:
    """Set a variable of the channel that asked. `value`: ours, without quotes or line breaks."""
    writer.write(f'SET VARIABLE {name} "{value}"\n'.encode())
    await writer.drain()
    for _ in range(MAX_LINES):  # lines that a line break in a stranger's value has left over come first
        if (await _line(reader)).startswith("200 "):
            return
    raise AgiError("no answer")


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        raw = await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError as error:
        raise AgiError("line too long") from error
    return raw.decode("utf-8", "replace").rstrip("\r\n")
