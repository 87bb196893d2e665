"""Addresses and registrations of trunks as a fragment of pjsip_trunks.conf (pure).

These two kinds of objects are few and must be listed by the engine, so they stand in files: re-reading them
touches no call and no other endpoint.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import quote

from ats.engine.endpoints import host_port
from ats.engine.enginedb import checked
from ats.ports.queries import EndpointRow

_USER = re.compile(r"[A-Za-z0-9+._-]{1,64}\Z")


def conf(ports: Iterable[EndpointRow]) -> str:
    """Text of a client's fragment; empty when it has no active trunk.

    Raises UnsafeValue for a control character in any value.
    """
    return "".join(_identify(port) + _registration(port) for port in ports if port.is_trunk)


def matches(port: EndpointRow) -> list[str]:
    """Where calls of a trunk may come from: its allowed networks, else its address.

    On the loopback many things share one address, there the port is compared too.
    """
    if port.networks:
        return list(port.networks)
    try:
        address = ip_address(port.remote_host)
    except ValueError:
        return [port.remote_host]
    return [host_port(port) if address.is_loopback else port.remote_host]


def client_uri(port: EndpointRow) -> str:
    """The address we register: login at the trunk's domain (its host when no domain is given)."""
    login = quote(port.remote_login, safe="+-_.!~*'()")
    return f"sip:{login}@{port.remote_domain or port.remote_host}"


def _identify(port: EndpointRow) -> str:
    lines = [("type", "identify"), ("endpoint", port.endpoint)]
    lines += [("match", match) for match in matches(port)]
    return _section(f"{port.endpoint}-identify", lines)


def _registration(port: EndpointRow) -> str:
    if not (port.register and port.remote_login):
        return ""
    contact = port.remote_login if _USER.match(port.remote_login) else port.endpoint
    return _section(
        port.endpoint,
        [
            ("type", "registration"),
            ("server_uri", f"sip:{host_port(port)}"),
            ("client_uri", client_uri(port)),
            ("contact_user", contact),
            ("outbound_auth", port.endpoint),
            ("line", "yes"),  # calls that come to this registration are told apart from any other's
            ("endpoint", port.endpoint),
            ("expiration", "300"),
            ("retry_interval", "20"),
            ("forbidden_retry_interval", "120"),
            ("fatal_retry_interval", "120"),
            ("max_retries", "1000000"),
            ("auth_rejection_permanent", "no"),
        ],
    )


def _section(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    """One section; `;` begins a comment in the engine's files and is escaped."""
    lines = [f"{key}={checked(value).replace(';', chr(92) + ';')}\n" for key, value in pairs]
    return f"[{name}]\n{''.join(lines)}\n"
