"""H.323 ports (S15): ooh323.conf, and the operator's fragment of it (pure).

Only other operators and their gateways, and only at the operator's own client: the driver is no gatekeeper, so nobody
registers, and it tells who calls by his address alone. A client who named somebody's address would get his calls.

Keys go as H.245 alphanumerics: with RFC 2833 the engine's driver ends a call at the first packet of sound.
"""

import hashlib
import hmac
from collections.abc import Iterable

from ats.config import Config
from ats.engine.endpoints import CODECS
from ats.engine.enginedb import checked
from ats.ports.queries import EndpointRow

MODULE = "chan_ooh323"
KIND = "h323"


def general_conf(config: Config) -> str:
    """What holds for all of them. Without a gatekeeper a call from an address that is nobody's is refused; the context
    is one that does not exist, should it not be. `accountcode` is empty: else calls out would get the driver's own."""
    return f"""[general]
port={config.h323_port}
h225portrange={config.h323_tcp_start},{config.h323_tcp_end}
bindaddr={config.listen}
h323id=canmos-ats
callerid=canmos-ats
gatekeeper=DISABLE
context=ats-nobody
accountcode=
faststart=no
h245tunneling=yes
dtmfmode=h245alphanumeric
faxdetect=no
t38support=no
disallow=all
allow={CODECS}
logfile={config.engine_dir}/log/h323.log
#tryinclude "h323/*.conf"
"""


def conf(ports: Iterable[EndpointRow], secret: str) -> str:
    """Text of a client's fragment; empty when it has no active H.323 port. Raises UnsafeValue for a control
    character in any value.

    `secret`: of the installation. The driver takes a caller whose displayed name is that of a section for the section's
    owner, wherever he calls from; so those that bring calls have names nobody can know.
    """
    own = [port for port in ports if port.kind == KIND and port.is_trunk and port.client_is_operator]
    return "".join(_peer(port) + _callers(port, secret) for port in own)


def _peer(port: EndpointRow) -> str:
    return _section(
        port.endpoint, [("type", "peer"), ("ip", port.remote_host), ("port", str(port.remote_port))]
    )


def _callers(port: EndpointRow, secret: str) -> str:
    """One section for each address that calls may come from."""
    text = ""
    for address in port.networks or (port.remote_host,):
        host = address.partition("/")[0]
        key = hmac.new(secret.encode(), f"{port.endpoint} {host}".encode(), hashlib.sha256).hexdigest()[:24]
        pairs = [
            ("type", "user"),
            ("ip", host),
            ("context", "ats-did-in"),
            ("accountcode", str(port.client_id)),
        ]
        text += _section(f"{port.endpoint}x{key}", pairs)
    return text


def _section(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The codecs are told again: a section does not always begin with the general ones."""
    own = [*pairs, ("disallow", "all"), ("allow", CODECS), ("dtmfmode", "h245alphanumeric")]
    return f"[{name}]\n{''.join(f'{key}={checked(value)}' + chr(10) for key, value in own)}\n"
