"""SIPp scenarios of a phone, put together from messages: register, call, and be called in several ways."""

SDP = """v=0
      o=phone 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 8 101
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      a=fmtp:101 0-15
      a=sendrecv
"""


def with_video(scenario: str, port: int) -> str:
    """A phone that offers and takes pictures (H.264) at this port."""
    return scenario.replace(SDP, f"{SDP}      m=video {port} RTP/AVP 99\n      a=rtpmap:99 H264/90000\n")


def _send(text: str, attributes: str = "") -> str:
    return f"<send {attributes}><![CDATA[\n      {text.strip()}\n\n]]></send>"


def _recv(attributes: str, action: str = "") -> str:
    return f"<recv {attributes}>{action}</recv>" if action else f"<recv {attributes}/>"


def _scenario(*parts: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="phone">\n'
        + "\n".join(parts)
        + "\n</scenario>\n"
    )


def _headers(*lines: str, body: str = "", kind: str = "application/sdp") -> str:
    """Header lines (empty ones left out, they would end the header) and the body, of the MIME type `kind`."""
    kept = [line for line in lines if line]
    if body:
        kept += [f"Content-Type: {kind}", "Content-Length: [len]"]
        return "\n      ".join(kept) + f"\n\n      {body}"
    return "\n      ".join([*kept, "Content-Length: 0"]) + "\n"


def _request(
    method: str, cseq: str, branch: str = "", extra: str = "", body: str = "", kind: str = "application/sdp"
) -> str:
    """A request of the caller inside or outside a dialog."""
    in_dialog = method in ("ACK", "BYE", "INFO")
    return _headers(
        f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0",
        f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch or '[branch]'}",
        'From: "[$cname]" <sip:[$login]@[remote_ip]:[remote_port]>;tag=[pid]T[call_number]',
        f"To: <sip:[service]@[remote_ip]:[remote_port]>{'[peer_tag_param]' if in_dialog else ''}",
        "Call-ID: [call_id]",
        f"CSeq: {cseq} {method}",
        "Contact: <sip:[$login]@[local_ip]:[local_port]>",
        "Max-Forwards: 70",
        extra,
        body=body,
        kind=kind,
    )


def _variables(login: str, name: str) -> str:
    return (
        f'<Global variables="login,cname"/>'
        f'<nop><action><assignstr assign_to="login" value="{login}"/>'
        f'<assignstr assign_to="cname" value="{name}"/></action></nop>'
    )


def register(
    login: str, password: str, expires: int = 300, status: int = 200, host: str = "[local_ip]:[local_port]"
) -> str:
    """REGISTER with digest; `status`: the final answer that is expected; `host`: where it says it can be reached."""

    def message(cseq: int, extra: str) -> str:
        text = _headers(
            "REGISTER sip:[remote_ip]:[remote_port] SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
            f"From: <sip:{login}@[remote_ip]:[remote_port]>;tag=[pid]T[call_number]",
            f"To: <sip:{login}@[remote_ip]:[remote_port]>",
            "Call-ID: [call_id]",
            f"CSeq: {cseq} REGISTER",
            f"Contact: <sip:{login}@{host}>;expires={expires}",
            "Max-Forwards: 70",
            "User-Agent: SIPp phone",
            extra,
        )
        return _send(text, 'retrans="500"')

    auth = f"[authentication username={login} password={password}]"
    return _scenario(
        message(1, ""), _recv('response="401" auth="true"'), message(2, auth), _recv(f'response="{status}"')
    )


def notified() -> str:
    """Takes one NOTIFY outside of any call."""
    return _scenario(_recv('request="NOTIFY"'), _send(_answer("200 OK")))


def call(
    login: str,
    password: str,
    *,
    status: int = 200,
    talk_ms: int = 500,
    cancel_ms: int | None = None,
    callee_ends: bool = False,
    name: str = "phone",
    authenticates: bool = True,
    asserted: str = "",
    early: int = 180,
    info: str = "",
) -> str:
    """An outgoing call. `status`: expected final answer; `cancel_ms`: give up that long after `early`, the answer
    that says it rings (183: sound before the answer); `asserted`: a number it claims in P-Asserted-Identity; `info`:
    keys it sends by SIP INFO a second after the answer."""
    auth = f"[authentication username={login} password={password}]"
    first, second = "z9hG4bK-[pid]-[call_number]-a", "z9hG4bK-[pid]-[call_number]-b"
    claim = f"\n      P-Asserted-Identity: <sip:{asserted}@[remote_ip]>" if asserted else ""
    parts = [_variables(login, name), _send(_request("INVITE", "1", first, body=SDP), 'retrans="500"')]
    branch, cseq = first, "1"
    if authenticates:
        parts += [
            _recv('response="100" optional="true"'),
            _recv('response="401" auth="true"'),
            _send(_request("ACK", "1", first)),
            _send(_request("INVITE", "2", second, extra=auth + claim, body=SDP), 'retrans="500"'),
        ]
        branch, cseq = second, "2"
    parts.append(_recv('response="100" optional="true"'))
    if cancel_ms is not None:
        parts += [
            _recv(f'response="{early}"'),
            f'<pause milliseconds="{cancel_ms}"/>',
            # CANCEL and the ACK of a failure belong to the transaction of their INVITE.
            _send(_request("CANCEL", cseq, branch)),
            _recv('response="200"'),
            _recv('response="487"'),
            _send(_request("ACK", cseq, branch)),
        ]
        return _scenario(*parts)
    parts += [_recv(f'response="{code}" optional="true"') for code in (180, 183) if code != status]
    parts += [
        _recv(f'response="{status}"'),
        _send(_request("ACK", cseq, "[branch]" if status == 200 else branch)),
    ]
    if status != 200:
        return _scenario(*parts)
    for place, key in enumerate(info, 3):
        relay = f"Signal={key}\n      Duration=160\n"
        parts += [
            '<pause milliseconds="1000"/>',
            _send(_request("INFO", str(place), body=relay, kind="application/dtmf-relay"), 'retrans="500"'),
            _recv('response="200"'),
        ]
    if callee_ends:
        parts += [_recv('request="BYE"'), _send(_answer("200 OK"))]
    else:
        parts += [
            f'<pause milliseconds="{talk_ms}"/>',
            _send(_request("BYE", str(3 + len(info))), 'retrans="500"'),
            _recv('response="200"'),
        ]
    return _scenario(*parts)


def burst(login: str, refused: int, talk_ms: int) -> str:
    """Calls that may be answered or refused with `refused`, both in order; for many at once, without challenge."""
    branch = "z9hG4bK-[pid]-[call_number]-a"
    return _scenario(
        _variables(login, "burst"),
        _send(_request("INVITE", "1", branch, body=SDP), 'retrans="500"'),
        *(_recv(f'response="{code}" optional="true"') for code in (100, 180, 183)),
        _recv(f'response="{refused}" optional="true" next="1"'),
        _recv('response="200"'),
        _send(_request("ACK", "1", "[branch]")),
        f'<pause milliseconds="{talk_ms}"/>',
        _send(_request("BYE", "3"), 'retrans="500"'),
        _recv('response="200"'),
        '<nop next="2"/>',
        '<label id="1"/>',
        _send(_request("ACK", "1", branch)),
        '<label id="2"/>',
    )


def _answer(status: str, *, tag: bool = False, body: str = "", user: str = "phone") -> str:
    return _headers(
        f"SIP/2.0 {status}",
        "[last_Via:]",
        "[last_Record-Route:]",
        "[last_From:]",
        f"[last_To:]{';tag=[pid]U[call_number]' if tag else ''}",
        "[last_Call-ID:]",
        "[last_CSeq:]",
        f"Contact: <sip:{user}@[local_ip]:[local_port]>",
        body=body,
    )


def _keep(**headers: str) -> str:
    """Keep a header's value of the message that is received now, as variables."""
    parts = []
    for name, header in headers.items():
        found, _, pattern = header.partition("=")
        pattern = pattern or ".*"
        parts.append(f'<ereg regexp="{pattern}" search_in="hdr" header="{found}:" assign_to="{name}"/>')
    return f"<action>{''.join(parts)}</action>"


def ringing(
    *,
    status: str = "200 OK",
    ring_ms: int = 100,
    talk_ms: int | None = None,
    given_up: bool = False,
    user: str = "phone",
    lamp: bool = False,
) -> str:
    """Be called: ring, then answer (`200 OK`), refuse (`486 Busy Here` …) or send on (`302 …` to `user`).

    `talk_ms`: hang up first after that long; `given_up`: never answer, the caller cancels. `lamp`: it also
    takes what its message lamp is told, answers when asked whether it is there, and ends itself after the call (SIPp
    without `-m`).
    """
    # What later messages need and [last_*] no longer has then.
    invite = _keep(via="Via", cseq="CSeq=[0-9]+", uri="Contact=sip:[^>;]*")
    parts = [
        *(_recv(f'request="{one}" optional="true" next="1"') for one in ("NOTIFY", "OPTIONS") if lamp),
        _recv('request="INVITE"', invite),
        _send(_answer("100 Trying")),
        _send(_answer("180 Ringing", tag=True)),
    ]
    if given_up:
        parts += [
            _recv('request="CANCEL" timeout="60000"'),
            _send(_answer("200 OK")),
            _send(
                _headers(
                    "SIP/2.0 487 Request Terminated",
                    "Via:[$via]",
                    "[last_From:]",
                    "[last_To:];tag=[pid]U[call_number]",
                    "[last_Call-ID:]",
                    "CSeq: [$cseq] INVITE",
                )
            ),
            _recv('request="ACK"', _keep(me="To", peer="From")),
        ]
        return _scenario(*parts, *(_LAMP if lamp else ()), _UNUSED)
    parts.append(f'<pause milliseconds="{ring_ms}"/>')
    good = status.startswith("200")
    parts.append(_send(_answer(status, tag=True, body=SDP if good else "", user=user), 'retrans="500"'))
    parts.append(_recv('request="ACK"', _keep(me="To", peer="From")))
    if good and talk_ms is None:
        parts += [_recv('request="BYE"'), _send(_answer("200 OK"))]
    elif good:
        bye = _headers(
            "BYE [$uri] SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
            "From:[$me]",
            "To:[$peer]",
            "Call-ID: [call_id]",
            "CSeq: 7 BYE",
            "Max-Forwards: 70",
        )
        parts += [
            f'<pause milliseconds="{talk_ms}"/>',
            _send(bye, 'retrans="500"'),
            _recv('response="200"'),
        ]
    return _scenario(*parts, *(_LAMP if lamp else ()), _UNUSED)


# SIPp refuses variables that are set and never read.
_UNUSED = '<Reference variables="via,cseq,uri,me,peer"/>'
# After a call it is over; after a NOTIFY or OPTIONS, which SIPp takes for a call of its own, it goes on.
_LAMP = (
    '<nop next="2"><action><exec int_cmd="stop_gracefully"/></action></nop>',
    '<label id="1"/>',
    _send(_answer("200 OK")),
    '<label id="2"/>',
)
