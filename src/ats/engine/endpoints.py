"""A port (S59-S86) as rows of engine.db (pure)."""

import hashlib

from ats.dialplan.elements.ringing import group_name
from ats.dialplan.talk import caller_letters, music_class, needs_context, port_context
from ats.engine.enginedb import EndpointRows
from ats.ports.queries import EndpointRow
from ats.system.topics import Talks

REALM = "canmos-ats"
CODECS = "alaw,ulaw"
VIDEO = "h264,vp8"  # passed on, never decoded (S142)
SILENCE = "silence"  # a music class of nothing
# Registered phones behind NAT need a packet now and then, or the router forgets them. Others are not
# asked: thousands of OPTIONS a minute would buy nothing but load.
NAT_QUALIFY_S = 60
# A browser: DTLS-SRTP with a certificate the engine makes by itself, ICE, sound and its control on one port.
# Its Contact is an invented name, so calls go back over the connection it came by.
WEBRTC = {
    "webrtc": "yes",
    "allow": "opus,alaw,ulaw",
    "direct_media": "no",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rewrite_contact": "yes",
}
DTMF = {"rfc4733": "rfc4733", "info": "info", "inband": "inband", "auto": "auto"}


def rows(port: EndpointRow, talks: Talks = Talks()) -> EndpointRows:  # noqa: B008 (frozen)
    """Rows of a subscriber's or a trunk's endpoint."""
    return _trunk(port, talks) if port.is_trunk else _subscriber(port, talks)


def _common(port: EndpointRow, name: str, talks: Talks) -> dict[str, str]:
    nat = "yes" if port.nat else "no"
    return {
        "aors": name,
        "disallow": "all",
        "allow": f"{CODECS},{VIDEO}" if port.extras.video else CODECS,
        "direct_media": "no" if port.media_through_server else "yes",
        "rtp_symmetric": nat,
        "force_rport": nat,
        "rewrite_contact": nat,
        "dtmf_mode": DTMF[port.dtmf],
        "accountcode": str(port.client_id),
        "language": port.language,
        "tone_zone": "ru",
        "inband_progress": "no",
        # Sound of ours must not silence the caller's own ring tone when the other side has none to send.
        "ignore_183_without_sdp": "yes",
        "allow_subscribe": "no",
        # No sound of a telephone for so long: it is dead (docs/ports.md). Where telephones send their sound to each
        # other the engine hears none and does not count; but it counts pictures, too, and a camera may be off.
        "rtp_timeout": "0" if port.extras.video else str(talks.silence_s),
        "rtp_timeout_hold": "0" if port.extras.video else str(talks.held_s),
        # Only fax uses it: a step that receives one, or two machines that agree on it. Anybody may still refuse.
        "t38_udptl": "yes",
        "t38_udptl_ec": "redundancy",
        "t38_udptl_nat": nat,
        # What the other side hears when this one puts it on hold (S136): the music of this one's client.
        "moh_suggest": music_class(port.client_id) if port.extras.hold else SILENCE,
    } | _groups(port)


def _groups(port: EndpointRow) -> dict[str, str]:
    """Pickup group (S176-S182): whose ringing calls this port may take, and who may take its own."""
    if port.pickup_group_id is None:
        return {}
    name = group_name(port.client_id, port.pickup_group_id)
    return {"named_pickup_group": name} | ({"named_call_group": name} if port.may_be_picked_up else {})


def _subscriber(port: EndpointRow, talks: Talks) -> EndpointRows:
    """Identified by its login, asked for its password, dials into the client's own contexts.

    Only a hash of the password is kept here. The caller id is always ours: without one the engine
    would believe whatever the device writes into From.
    """
    name = port.endpoint
    own_context = needs_context(port.extras, keys=port.media_through_server)
    endpoint = _common(port, name, talks) | {
        "auth": name,
        "context": port_context(port.client_id, port.port_id) if own_context else f"c{port.client_id}",
        "allow_transfer": "yes" if port.extras.transfer else "no",
        "callerid_tag": caller_letters(port.extras, keys=port.media_through_server),
        "identify_by": "username,auth_username",
        "callerid": f"{display(port.caller_name)} <{port.caller_number or name}>",
        "trust_id_inbound": "no",
    }
    if port.clip:
        endpoint["set_var"] = f"CLIP={port.clip}"
    if port.webrtc:
        endpoint |= WEBRTC
    if port.networks:
        endpoint["deny"] = "0.0.0.0/0,::/0"
        endpoint["permit"] = ",".join(port.networks)
    secret = f"{name}:{REALM}:{port.password}".encode()
    auth = {
        "auth_type": "digest",
        "username": name,
        "password_digest": "MD5:" + hashlib.md5(secret, usedforsecurity=False).hexdigest(),
        "realm": REALM,
    }
    aor = {
        "max_contacts": str(port.max_contacts),
        "remove_existing": "yes",
        "minimum_expiration": "60",
        "default_expiration": "300",
        "maximum_expiration": "3600",
        "qualify_frequency": str(NAT_QUALIFY_S if port.nat else 0),
    }
    return EndpointRows(name, endpoint, aor, auth)


def _trunk(port: EndpointRow, talks: Talks) -> EndpointRows:
    """Identified by its address (see `trunks`), never asked for a password; we answer its challenges.

    A trunk of the operator brings calls for external numbers; a client's own line brings
    calls for the one number it is bound to.
    """
    name = port.endpoint
    # Who answered is not sent back: it would tell the other operator our logins and the names of ports,
    # by a re-INVITE that races with the answer.
    endpoint = _common(port, name, talks) | {
        "identify_by": "ip",
        "trust_id_outbound": "yes",
        "send_connected_line": "no",
        "allow_transfer": "no",  # nobody outside sends calls on at a client's cost
    }
    if port.client_is_operator:
        endpoint |= {"context": "ats-did-in", "trust_id_inbound": "yes", "send_pai": "yes"}
    else:
        endpoint |= {"context": "ats-line", "trust_id_inbound": "no"}
        if port.line_number_id:
            endpoint["set_var"] = f"LN={port.line_number_id}"
    if port.remote_domain:
        endpoint["from_domain"] = port.remote_domain
    auth = None
    if port.remote_login:
        endpoint["outbound_auth"] = name
        auth = {"auth_type": "digest", "username": port.remote_login, "password": port.password}
    aor = {"contact": f"sip:{host_port(port)}", "qualify_frequency": "0"}
    return EndpointRows(name, endpoint, aor, auth)


def host_port(port: EndpointRow) -> str:
    """A trunk's address as it stands in a SIP URI; IPv6 in brackets."""
    host = f"[{port.remote_host}]" if ":" in port.remote_host else port.remote_host
    return f"{host}:{port.remote_port}"


def display(name: str) -> str:
    """A name as it stands before the number of a caller id, quoted."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
