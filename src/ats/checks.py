"""Checks of single values, as the rooms' actions declare them for their fields.

A check takes what came in and returns what may be stored, or raises Bad. No database here.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ats.errors import Fault, Invalid

Check = Callable[[Any], Any]

_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")
LANGUAGES = ("ru", "en")


class Bad(Exception):
    """One value cannot be accepted."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.fault = Fault(code, params)


def clean(values: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The known fields of `values`, each checked. Raises Invalid naming every field that is wrong."""
    faults: dict[str, Fault] = {}
    accepted: dict[str, Any] = {}
    for name, check in checks.items():
        if name not in values:
            continue
        try:
            accepted[name] = check(values[name])
        except Bad as bad:
            faults[name] = bad.fault
    if faults:
        raise Invalid(faults)
    return accepted


def text(limit: int, *, required: bool = False) -> Check:
    """A line of text without control characters, trimmed, of at most `limit` characters."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Bad("not_text")
        trimmed = value.strip()
        if not all(character.isprintable() for character in trimmed):
            raise Bad("control_characters")
        if required and not trimmed:
            raise Bad("required")
        if len(trimmed) > limit:
            raise Bad("too_long", max=limit)
        return trimmed

    return check


def pattern(expression: str, code: str, limit: int, *, required: bool = False) -> Check:
    """A line of text that matches the whole expression (an empty one may pass when not required)."""
    compiled, line = re.compile(expression), text(limit, required=required)

    def check(value: Any) -> str:
        trimmed: str = line(value)
        if trimmed and not compiled.fullmatch(trimmed):
            raise Bad(code)
        return trimmed

    return check


def one_of(allowed: Iterable[str]) -> Check:
    """One of a few words."""
    choices = tuple(allowed)

    def check(value: Any) -> str:
        if value not in choices:
            raise Bad("not_allowed", allowed=", ".join(choices))
        return str(value)

    return check


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Bad("not_flag")
    return value


def whole(low: int, high: int, *, optional: bool = False) -> Check:
    """A whole number from low to high."""

    def check(value: Any) -> int | None:
        if value is None and optional:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise Bad("not_number")
        if not low <= value <= high:
            raise Bad("out_of_range", min=low, max=high)
        return value

    return check


def zone(*, optional: bool = False) -> Check:
    """A time zone of the IANA database; optional: empty means «as the client's»."""

    def check(value: Any) -> str:
        name = text(64, required=not optional)(value)
        if name:
            try:
                ZoneInfo(name)
            except (ValueError, OSError, KeyError) as error:
                raise Bad("bad_zone") from error
        return str(name)

    return check


def email(value: Any) -> str:
    """An e-mail address, or nothing."""
    address: str = text(254)(value)
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Bad("bad_email") from error
    return address


def networks(value: Any) -> list[str]:
    """Networks as CIDR strings; a single address is the network of that address alone (S77)."""
    if not isinstance(value, list):
        raise Bad("not_list")
    if len(value) > 50:
        raise Bad("too_many", max=50)
    found: list[str] = []
    for item in value:
        try:
            network = ipaddress.ip_network(str(item).strip(), strict=False)
        except ValueError as error:
            raise Bad("bad_network", value=str(item)[:40]) from error
        if str(network) not in found:
            found.append(str(network))
    return found


def host(value: Any) -> str:
    """A host name or an IP address, or nothing."""
    name: str = text(253)(value)
    if not name:
        return name
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    # Digits and dots alone are a mistyped address, not a name.
    if not _HOST.fullmatch(name) or re.fullmatch(r"[0-9.]+", name):
        raise Bad("bad_host")
    return name.rstrip(".").lower()


def future(value: Any) -> datetime | None:
    """A moment still to come, or none."""
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Bad("not_moment")
    if value <= datetime.now(value.tzinfo):
        raise Bad("past")
    return value
