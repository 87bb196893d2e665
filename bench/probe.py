"""A tiny SIP caller for latency: sends INVITE as a known switch and times the final answer."""

import itertools
import re
import socket
import time
from dataclasses import dataclass

_SDP = (
    "v=0\r\no=p 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
)
_STATUS = re.compile(rb"SIP/2\.0 (\d{3})")
_TO = re.compile(rb"\r\nTo: ([^\r]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """Final status of an INVITE (0: none within two seconds) and how long it took in ms."""

    status: int
    ms: float


class Prober:
    """Calls from `ip` (an address the exchange knows as a trunk's). Calls must end in a refusal."""

    def __init__(self, ip: str, server_port: int) -> None:
        self._ip = ip
        self._server = ("127.0.0.1", server_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ip, 0))
        self.port: int = self._socket.getsockname()[1]
        self._ids = itertools.count(1)

    def close(self) -> None:
        self._socket.close()

    def call(self, number: str) -> Answer:
        """One INVITE, its final answer, its ACK."""
        call_id = f"{next(self._ids)}-{time.monotonic_ns()}@{self._ip}"
        branch = f"z9hG4bK{time.monotonic_ns()}"
        started = time.monotonic()
        self._socket.sendto(self._message("INVITE", number, call_id, branch, None), self._server)
        while (left := started + 2 - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                answer = self._socket.recv(8192)
            except TimeoutError:
                break
            status = _STATUS.match(answer)
            if status is None or call_id.encode() not in answer:
                continue
            code = int(status[1])
            if code >= 200:
                ms = (time.monotonic() - started) * 1000
                to = _TO.search(answer)
                tagged = to[1].decode() if to else None
                self._socket.sendto(self._message("ACK", number, call_id, branch, tagged), self._server)
                return Answer(code, ms)
        return Answer(0, (time.monotonic() - started) * 1000)

    def _message(self, method: str, number: str, call_id: str, branch: str, to: str | None) -> bytes:
        body = _SDP.format(ip=self._ip) if method == "INVITE" else ""
        host = f"127.0.0.1:{self._server[1]}"
        lines = [
            f"{method} sip:{number}@{host} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._ip}:{self.port};branch={branch}",
            f"From: <sip:74990001122@{self._ip}>;tag={call_id.split('@')[0]}",
            f"To: {to or f'<sip:{number}@{host}>'}",
            f"Call-ID: {call_id}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:probe@{self._ip}:{self.port}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        return "\r\n".join(lines).encode()
