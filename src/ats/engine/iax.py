"""IAX2 ports (S14, S60): iax.conf, and a client's fragment of it (pure).

These ports are few, so they stand in files: `iax2 reload` re-reads them without touching a call or any SIP port. The
driver is loaded with the first of them; an exchange without IAX2 neither runs nor listens to it.

Sound always goes through the server, and the protocol carries keys and crosses NAT by itself.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from ats.config import Config
from ats.dialplan.elements.ringing import group_name
from ats.dialplan.talk import caller_letters, music_class, needs_context, port_context
from ats.engine.endpoints import CODECS, SILENCE, display
from ats.engine.enginedb import checked
from ats.ports.queries import EndpointRow

MODULE = "chan_iax2"
KIND = "iax2"
_SUBSCRIBER = re.compile(r"^\[([0-9]+)\]$", re.MULTILINE)
# What would be read as a part of `register => login:password@host:port`, or as another way to log in.
_UNSPEAKABLE = re.compile(r"[@:;,/\[\]?\s]")

Pairs = list[tuple[str, str]]


def general_conf(config: Config) -> str:
    """What holds for all IAX2 ports; they themselves stand in fragments. Nobody calls unasked: there
    is no `guest`, and a wrong login is told as late as a wrong password.
    (The address takes the port that stands before it.)"""
    return f"""[general]
bindport={config.iax_port}
bindaddr={config.listen}
delayreject=yes
authdebug=no
autokill=yes
jitterbuffer=no
minregexpire=60
maxregexpire=3600
disallow=all
allow=alaw,ulaw
#tryinclude "iax/*.conf"
"""


def conf(ports: Iterable[EndpointRow]) -> str:
    """Text of a client's fragment; empty when it has no active IAX2 port.

    Raises UnsafeValue for a control character in any value, ValueError for a login or password that does not fit.
    """
    own = [port for port in ports if port.kind == KIND]
    return "".join(_trunk(port) if port.is_trunk else _subscriber(port) for port in own)


def subscribers(text: str) -> set[str]:
    """Logins of the subscribers' ports in a fragment."""
    return set(_SUBSCRIBER.findall(text))


def _common(port: EndpointRow) -> Pairs:
    return [
        ("disallow", "all"),
        ("allow", CODECS),
        ("transfer", "no"),
        ("trunk", "no"),
        ("qualify", "yes" if port.nat else "no"),  # behind a router: asked now and then, so that it remembers
        # Telephones and fax modems that know no call tokens may do without; who has shown one must go on.
        ("requirecalltoken", "auto"),
        ("mohsuggest", music_class(port.client_id) if port.extras.hold else SILENCE),
    ]


def _calling(port: EndpointRow, networks: Iterable[str]) -> Pairs:
    """Of ports that calls come from: whose they are, in which language, and from where they may come."""
    allowed = [("permit", network) for network in networks]
    return [
        ("accountcode", str(port.client_id)),
        ("language", port.language),
        *([("deny", "0.0.0.0/0.0.0.0"), ("deny", "::/0"), *allowed] if allowed else []),
    ]


def _subscriber(port: EndpointRow) -> str:
    """Registers with its login and password and dials into the client's own contexts, as a SIP port does."""
    own_context = needs_context(port.extras, keys=True)
    pairs = [
        ("type", "friend"),
        ("host", "dynamic"),
        ("auth", "md5"),
        ("secret", port.password),
        ("context", port_context(port.client_id, port.port_id) if own_context else f"c{port.client_id}"),
        ("callerid", f"{display(port.caller_name)} <{port.caller_number or port.endpoint}>"),
        *_common(port),
        *_calling(port, port.networks),
    ]
    if port.clip:
        pairs.append(("setvar", f"CLIP={port.clip}"))
    if letters := caller_letters(port.extras, keys=port.media_through_server):
        pairs.append(("setvar", f"CALLERID(tag)={letters}"))
    if port.pickup_group_id is not None:
        group = group_name(port.client_id, port.pickup_group_id)
        pairs.append(("setvar", f"CHANNEL(namedpickupgroup)={group}"))
    return _section(port.endpoint, pairs)


def _trunk(port: EndpointRow) -> str:
    """The other operator: where we call, where its calls may come from, and our account there.

    Its calls name our account there and answer for its password. Those of the operator's own partners may also name
    nobody, then the address tells them (allowed networks, else the trunk's own). No client's line is told that way:
    by naming a partner's address it would get the partner's calls.
    """
    if port.remote_login and _UNSPEAKABLE.search(f"{port.remote_login}{port.password}"):
        raise ValueError(f"login or password of IAX2 trunk {port.endpoint} cannot be written")
    peer = [("type", "peer"), ("host", port.remote_host), ("port", str(port.remote_port)), *_common(port)]
    if port.remote_login:
        peer += [("auth", "md5"), ("username", port.remote_login), ("secret", port.password)]
    text = _section(port.endpoint, peer)
    incoming = _incoming(port)
    if port.client_is_operator and (addresses := _addresses(port)):
        text += _section(port.endpoint, [*incoming, *_calling(port, addresses)])
    if port.register and port.remote_login:
        account = [("auth", "md5"), ("secret", port.password), *_calling(port, port.networks)]
        text += _section(port.remote_login, [*incoming, *account])
        host = f"[{port.remote_host}]" if ":" in port.remote_host else port.remote_host
        login = f"{port.remote_login}:{port.password}@{host}:{port.remote_port}"
        text += f"[general](+)\nregister => {checked(login)}\n\n"
    return text


def _incoming(port: EndpointRow) -> Pairs:
    pairs = [
        ("type", "user"),
        ("context", "ats-did-in" if port.client_is_operator else "ats-line"),
        *_common(port),
    ]
    if port.line_number_id:
        pairs.append(("setvar", f"LN={port.line_number_id}"))
    if port.pickup_group_id is not None and port.may_be_picked_up:
        group = group_name(port.client_id, port.pickup_group_id)
        pairs.append(("setvar", f"CHANNEL(namedcallgroup)={group}"))
    return pairs


def _addresses(port: EndpointRow) -> list[str]:
    """Where calls without a user's name may come from; a host's name says nothing about that."""
    if port.networks:
        return list(port.networks)
    try:
        address = ip_address(port.remote_host)
    except ValueError:
        return []
    return [f"{address}/{address.max_prefixlen}"]


def _section(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    """One section; `;` begins a comment in the engine's files and is escaped."""
    lines = [f"{key}={checked(value).replace(';', chr(92) + ';')}\n" for key, value in pairs]
    return f"[{checked(name)}]\n{''.join(lines)}\n"
