"""RADIUS packets as bytes: what we ask and report, and what is answered. No input or output."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyrad import packet
from pyrad.dictionary import Dictionary

Attributes = list[tuple[str, str | int]]

START, STOP, INTERIM = 1, 2, 3  # Acct-Status-Type
_MOST = 253  # bytes in one attribute
_VSA_MOST = 247
# Cisco's h323-return-code → a code of billing.refusals.WORDS.
_REASONS = {
    1: "radius_account",
    3: "radius_in_use",
    4: "radius_money",
    5: "radius_expired",
    6: "radius_money",
    7: "radius_blocked",
    9: "radius_blocked",
    12: "radius_money",
    14: "radius_account",
}


class BadReplyError(ValueError):
    """What came back does not answer our request, or was not made with our secret."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The call may go. `seconds`: the longest talk (None: not limited); `classes`: to be said again when accounting."""

    seconds: int | None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """It may not. `code`: one of billing.refusals.WORDS; `text`: the billing's own words."""

    code: str
    text: str


Answer = Accepted | Rejected


class Request:
    """A packet on its way: the same bytes go out at each try, so a server that has them knows them again."""

    def __init__(self, made: packet.Packet) -> None:
        self._made = made
        self.data: bytes = made.RequestPacket()

    def reply(self, data: bytes) -> packet.Packet:
        """The answer in these bytes. Raises BadReplyError."""
        try:
            reply = self._made.CreateReply(packet=data)
            fits = self._made.VerifyReply(reply, data)
        except (packet.PacketError, ValueError, KeyError, IndexError, TypeError) as error:
            raise BadReplyError(str(error)) from error
        if not fits:
            raise BadReplyError("wrong authenticator: does the secret differ?")
        return reply


def access(secret: str, password: str, attributes: Attributes) -> Request:
    """An Access-Request, with a Message-Authenticator."""
    made = packet.AuthPacket(secret=secret.encode(), dict=_dictionary())
    made.add_message_authenticator()
    _fill(made, attributes)
    if password:
        made["User-Password"] = made.PwCrypt(password)
    return Request(made)


def accounting(secret: str, attributes: Attributes, delay_s: int) -> Request:
    """An Accounting-Request that tells of something `delay_s` seconds ago."""
    made = packet.AcctPacket(secret=secret.encode(), dict=_dictionary())
    _fill(made, [*attributes, ("Acct-Delay-Time", delay_s)])
    return Request(made)


def answer(reply: packet.Packet) -> Answer:
    """What an Access-Accept or Access-Reject says. Raises BadReplyError for any other packet."""
    text = " ".join(_texts(reply, "Reply-Message"))[:200]
    code = _number(reply, "h323-return-code")
    if reply.code == packet.AccessReject:
        return Rejected(_REASONS.get(code or 0, "radius_refused"), text)
    if reply.code != packet.AccessAccept:
        raise BadReplyError(f"packet of type {reply.code}")
    if code:  # Cisco's way of saying no
        return Rejected(_REASONS.get(code, "radius_refused"), text)
    limits = [
        number
        for number in (_number(reply, "h323-credit-time"), _number(reply, "Session-Timeout"))
        if number is not None
    ]
    seconds = min(limits, default=None)
    if seconds is not None and seconds <= 0:
        return Rejected("radius_money", text)
    return Accepted(seconds, tuple(value.hex() for value in reply.get("Class", [])))


def acknowledged(reply: packet.Packet) -> None:
    """Raises BadReplyError unless it is an Accounting-Response."""
    if reply.code != packet.AccountingResponse:
        raise BadReplyError(f"packet of type {reply.code}")


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary(str(Path(__file__).with_name("dictionary")))


def _fill(made: packet.Packet, attributes: Iterable[tuple[str, str | int]]) -> None:
    for name, value in attributes:
        made.AddAttribute(name, _wire(name, value))


def _wire(name: str, value: str | int) -> Any:
    """A value as pyrad takes it. Cisco's attributes begin with their own name, as their makers send them."""
    if isinstance(value, int):
        return value
    if name == "Class":
        return bytes.fromhex(value)
    if name.startswith("h323-"):
        return _cut(f"{name}={value}", _VSA_MOST)
    return _cut(value, _MOST)


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore")


def _texts(reply: packet.Packet, name: str) -> list[str]:
    found = [
        value if isinstance(value, str) else value.decode("utf-8", "replace") for value in reply.get(name, [])
    ]
    return ["".join(letter if letter.isprintable() else " " for letter in text) for text in found]


def _number(reply: packet.Packet, name: str) -> int | None:
    """The first value that is a number: `125`, or `h323-credit-time=125`."""
    for value in reply.get(name, []):
        text = str(value).rpartition("=")[2].strip()
        if text.isascii() and text.isdigit():
            return int(text[:9])
    return None
