"""What the fields of a port must look like, for each kind of connection."""

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from ats import checks
from ats.dialplan.extras import Extras
from ats.errors import Fault, Invalid
from ats.numbering.models import Number
from ats.pickup.models import PickupGroup
from ats.ports import credentials
from ats.ports.models import Port


def extras(value: Any) -> dict[str, bool]:
    """ДВО (S134-S143) as they are stored: only what differs from the usual."""
    if not isinstance(value, Mapping) or not all(isinstance(on, bool) for on in value.values()):
        raise checks.Bad("bad_value")
    return Extras.of(value).stored()


COMMON: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "is_active": checks.flag,
    "nat": checks.flag,
    "media_through_server": checks.flag,
    "dtmf": checks.one_of(Port.Dtmf.values),
    "networks": checks.networks,
    "extras": extras,
}
SUBSCRIBER: dict[str, checks.Check] = {
    **COMMON,
    "login": credentials.check_login,
    "max_contacts": checks.whole(1, 10),
    "webrtc": checks.flag,
}
TRUNK: dict[str, checks.Check] = {
    **COMMON,
    "password": checks.text(128),
    "remote_host": checks.host,
    "remote_port": checks.whole(1, 65535),
    "remote_login": checks.pattern(r"[A-Za-z0-9._+@-]+", "bad_remote_login", 64),
    "remote_domain": checks.host,
    "register": checks.flag,
    "number_format": checks.one_of(Port.NumberFormat.values),
}
_EMPTY = Port()
# IAX2 carries keys by itself, its sound always goes through the server, and a login is registered once.
_SIP_ONLY = {
    "media_through_server": True,
    "dtmf": Port.Dtmf.RFC4733,
    "webrtc": False,
    "max_contacts": 1,
    "remote_domain": "",
}
# H.323 knows the other side by its address: no account, no registration, and its keys go one way only (engine.h323).
_NOT_H323 = {"register": False, "remote_login": "", "password": "", "nat": False}
# What iax.conf can say: the login is a section's name there, and stands with the password in `register =>`.
_IAX_LOGIN = re.compile(r"(?!(?i:general|t[0-9]+)\Z)[A-Za-z0-9._+-]+\Z")
_IAX_SECRET = re.compile(r"[A-Za-z0-9._\-!+=#%*()$&^~]*\Z")


def accepted(port: Port, values: Mapping[str, Any]) -> dict[str, Any]:
    """The checked fields of a port of this connection and protocol. Raises Invalid.

    A field of the other connection is refused only when it says something: forms send empty ones too.
    """
    own = SUBSCRIBER if port.connection == Port.Connection.SUBSCRIBER else TRUNK
    other = TRUNK if own is SUBSCRIBER else SUBSCRIBER
    code = "only_trunk" if own is SUBSCRIBER else "only_subscriber"
    misplaced = {
        name: Fault(code)
        for name in other.keys() - own.keys() - {"password"}
        if name in values and values[name] not in (None, "", False, getattr(_EMPTY, name))
    }
    if port.kind != Port.Kind.SIP:
        misplaced |= {
            name: Fault("only_sip") for name, usual in _SIP_ONLY.items() if values.get(name, usual) != usual
        }
    if port.kind == Port.Kind.H323:
        misplaced |= {
            name: Fault("not_h323") for name, usual in _NOT_H323.items() if values.get(name, usual) != usual
        }
    if misplaced:
        raise Invalid(misplaced)
    return checks.clean(values, own)


def check_whole(port: Port) -> None:
    """Faults that show only when all fields are known. Raises Invalid."""
    faults = _h323(port) if port.kind == Port.Kind.H323 else {}
    if port.connection == Port.Connection.TRUNK:
        if not port.remote_host:
            faults["remote_host"] = Fault("required")
        if port.register and not port.remote_login:
            faults["remote_login"] = Fault("required")
        if port.kind == Port.Kind.IAX2:
            faults |= _iax_account(port)
            if not port.register and not port.client.is_operator:
                faults["register"] = Fault("iax_line_registers")
    elif port.webrtc and port.networks:
        faults["networks"] = Fault(
            "webrtc_networks"
        )  # the engine sees the web server's address, not the browser's
    if faults:
        raise Invalid(faults)


def _h323(port: Port) -> dict[str, Fault]:
    """Its driver tells callers by address alone, and looks no names up."""
    faults = {}
    if port.connection != Port.Connection.TRUNK:
        faults["connection"] = Fault("h323_trunk")
    elif not port.client.is_operator:
        faults["kind"] = Fault("h323_operator")
    try:
        known = not port.remote_host or ip_address(port.remote_host).version == 4
    except ValueError:
        known = False
    if not known:
        faults["remote_host"] = Fault("h323_address")
    if any(ip_network(network).num_addresses > 1 for network in port.networks):
        faults["networks"] = Fault("h323_networks")
    return faults


def _iax_account(port: Port) -> dict[str, Fault]:
    faults = {}
    if port.remote_login and not _IAX_LOGIN.match(port.remote_login):
        faults["remote_login"] = Fault("bad_iax_login")
    if not _IAX_SECRET.match(port.password):
        faults["password"] = Fault("bad_iax_password")
    return faults


def check_numbers(port: Port, values: Mapping[str, Any]) -> dict[str, Any]:
    """`number_id` (an internal number), `clip_id` (an external one) and `pickup_group_id`, all of the client in scope.

    Raises Invalid for a number of another kind or another client.
    """
    faults: dict[str, Fault] = {}
    found: dict[str, Any] = {}
    for name, kind, code in (
        ("number_id", Number.Kind.INTERNAL, "not_internal"),
        ("clip_id", Number.Kind.EXTERNAL, "not_external"),
    ):
        if name not in values:
            continue
        wanted = values[name]
        if wanted is not None and not Number.objects.filter(pk=wanted, kind=kind).exists():
            faults[name] = Fault(code)
        elif wanted is not None and name == "clip_id" and port.connection == Port.Connection.TRUNK:
            faults[name] = Fault("only_subscriber")
        found[name] = wanted
    if "pickup_group_id" in values:
        wanted = found["pickup_group_id"] = values["pickup_group_id"]
        if wanted is not None and not PickupGroup.objects.filter(pk=wanted).exists():
            faults["pickup_group_id"] = Fault("not_own")
    if faults:
        raise Invalid(faults)
    return found
