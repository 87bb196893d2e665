"""A SIP telephone played by the test, message by message: for what a scenario file cannot say, such as answers that
cross and a transfer that names another call. UDP on loopback; a message that came twice is seen once.
"""

import hashlib
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex

from tests.harness.ear import RATE, Ear, tones
from tests.harness.instance import wait_for
from tests.harness.ports import free_port

PATIENCE_S = 20.0
_numbers = count(1)
_TAG = re.compile(r";tag=([^;>\s]+)")
_KEY = "Content-Type: application/dtmf-relay"
_URI = re.compile(r"<?(sip:[^>;\s]+)")


@dataclass(frozen=True)
class Message:
    """One that came."""

    text: str

    @property
    def status(self) -> int:
        """Of an answer; 0 of a request."""
        return int(self.text.split()[1]) if self.text.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """Of the request, or of the one it answers."""
        return self.header("CSeq").split()[1]

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]

    def header(self, name: str) -> str:
        """Value of the first header of that name; "" without one."""
        found = re.search(rf"^{name}:\s*(.*?)\r$", self.text, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else ""

    def headers(self, name: str) -> list[str]:
        return re.findall(rf"^({name}:.*?)\r$", self.text, re.MULTILINE | re.IGNORECASE)


@dataclass
class Talk:
    """A dialog of a telephone. `ours`: its own tag, `theirs`: the other side's."""

    phone: "HandPhone"
    call_id: str
    peer: str  # the other side's From or To value, without its tag
    me: str
    target: str
    ours: str
    theirs: str = ""
    cseq: int = 0
    branch: str = ""
    asked: Message | None = None  # the INVITE that came
    came: list[Message] = field(default_factory=list)
    _used: list[Message] = field(default_factory=list)
    _ear: Ear | None = None

    def wait(self, wanted: int | str, timeout: float = PATIENCE_S) -> Message:
        """The next answer with this status, or request of this method, whatever else came. Raises AssertionError with
        what came instead; a final answer that is another one ends the wait at once."""
        deadline = time.monotonic() + timeout
        while True:
            for one in [one for one in self.came if one not in self._used]:
                if wanted in (one.status, None if one.status else one.method):
                    self._used.append(one)
                    self._learn(one)
                    return one
                if isinstance(wanted, int) and one.status >= 300 and one.method == "INVITE":
                    raise AssertionError(f"not {wanted}: {one.text}")
            if time.monotonic() > deadline:
                raise AssertionError(f"no {wanted} within {timeout} s: {self._said()}")
            time.sleep(0.01)

    def _fresh(self) -> set[str]:
        """Methods of the requests nobody has waited for yet."""
        return {one.method for one in self.came if one not in self._used and not one.status}

    def _said(self) -> str:
        return "; ".join(f"{one.status or ''} {one.method}" for one in self.came)

    def has(self, wanted: int | str) -> bool:
        """Whether such a message has come by now."""
        return any(wanted in (one.status, None if one.status else one.method) for one in self.came)

    def _learn(self, one: Message) -> None:
        if not self.theirs and one.status and (tag := _TAG.search(one.header("To"))):
            self.theirs = tag[1]
        if contact := _URI.search(one.header("Contact")):
            self.target = contact[1]

    def reply(self, to: Message, status: str, body: str = "", *extra: str) -> None:
        """Answers a request: `200 OK`, with a body of its own."""
        mine = "" if _TAG.search(to.header("To")) or status.startswith("100") else f";tag={self.ours}"
        lines = [f"SIP/2.0 {status}", *to.headers("Via"), f"From: {to.header('From')}"]
        lines += [f"To: {to.header('To')}{mine}", f"Call-ID: {self.call_id}", f"CSeq: {to.header('CSeq')}"]
        self.phone.send([*lines, self.phone.contact, *extra], body)

    def answer(self, status: str, body: str = "", *extra: str) -> None:
        """Answers the INVITE that came."""
        assert self.asked is not None
        self.reply(self.asked, status, body, *extra)

    def pick_up(self) -> None:
        """Answers it with sound."""
        self.answer("200 OK", self.sdp())
        self.wait("ACK")

    def sdp(self, direction: str = "sendrecv") -> str:
        """Sound of its own, said from and heard at one address all the call long."""
        if self._ear is None:
            self._ear = Ear("127.0.0.1", self.phone.hertz)
            asked = self.asked.text if self.asked else ""
            self._ear.begin(lambda: asked + "".join(one.text for one in self.came))
        return sdp(f"audio {self._ear.port} RTP/AVP 8", direction)

    def hears(self, hertz: float, timeout: float = PATIENCE_S) -> None:
        """Waits until this tone is the latest it hears."""
        wait_for(lambda: abs(self._latest() - hertz) < 15, timeout, lambda: f"{hertz} Hz: {self.heard()}")

    def still_hears(self, hertz: float, seconds: float = 1.0) -> None:
        """Waits until so much more has been heard of this tone and of no other."""
        assert self._ear is not None
        begun = len(self._ear.heard())
        wait_for(lambda: len(self._ear.heard()) > begun + seconds * RATE, PATIENCE_S, self._said)  # type: ignore[union-attr]
        found = tones(self._ear.heard()[begun:])
        assert found and all(abs(one - hertz) < 15 for one in found), found

    def heard(self) -> list[int]:
        """Tones in Hz, in order."""
        return tones(self._ear.heard()) if self._ear else []

    def _latest(self) -> int:
        found = tones(self._ear.heard()[-RATE // 2 :]) if self._ear else []
        return found[-1] if found else 0

    def forget(self) -> None:
        """No more sound from here on."""
        if self._ear is not None:
            self._ear.close()

    def request(self, method: str, body: str = "", *extra: str) -> None:
        """A request inside the dialog (ACK and CANCEL: of its last INVITE)."""
        own = method in ("ACK", "CANCEL")
        self.cseq += 0 if own else 1
        if method != "CANCEL":
            self.branch = f"z9hG4bK{token_hex(8)}"
        tag = f";tag={self.theirs}" if self.theirs else ""
        lines = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.phone.address};branch={self.branch}",
        ]
        lines += [f"From: {self.me};tag={self.ours}", f"To: {self.peer}{tag}", f"Call-ID: {self.call_id}"]
        lines += [f"CSeq: {self.cseq} {method}", "Max-Forwards: 70", self.phone.contact, *extra]
        self.phone.send(lines, body)

    def press(self, keys: str) -> None:
        """Presses telephone keys, by SIP INFO; each is taken before the next one is pressed."""
        for key in keys:
            self.request("INFO", f"Signal={key}\r\nDuration=160\r\n", _KEY)
            self.wait(200)

    def ack(self, body: str = "") -> None:
        self.request("ACK", body)

    def talking(self) -> "Talk":
        """Waits until the other side has answered."""
        self.wait(200)
        self.ack()
        return self

    def refused(self) -> int:
        """Waits for the final answer, which is none of sound; its status."""

        def answer() -> Message | None:
            fresh = (one for one in self.came if one not in self._used and one.method == "INVITE")
            return next((one for one in fresh if one.status >= 200), None)

        wait_for(lambda: answer() is not None, PATIENCE_S, self._said)
        found = answer()
        assert found is not None
        self._used.append(found)
        self._learn(found)
        self.request("ACK")
        return found.status

    def offered(self) -> None:
        """Waits for an answer that holds the other side's offer (to an INVITE without one)."""
        assert "m=audio" in self.wait(200).body

    def hang_up(self) -> None:
        self.request("BYE")
        self.wait(200)

    def ended(self) -> None:
        """Waits until the other side hangs up; what it asks before that is granted."""
        while self.asks("INVITE"):
            self.reply(self.wait("INVITE"), "200 OK", self.sdp())
            self.wait("ACK")
        self.reply(self.wait("BYE"), "200 OK")

    def asks(self, method: str, timeout: float = PATIENCE_S) -> bool:
        """Waits for a request; whether it is this one and no BYE."""
        wait_for(
            lambda: bool({method, "BYE"} & self._fresh()), timeout, lambda: f"no {method}: {self._said()}"
        )
        return method in self._fresh()

    def refer(self, to: str, consulted: "Talk | None" = None) -> None:
        """Transfers the other side to a number, or to the one it talks to in another call (RFC 3891)."""
        target = f"sip:{to}@127.0.0.1"
        if consulted is not None:
            named = f"{consulted.call_id}%3Bto-tag%3D{consulted.theirs}%3Bfrom-tag%3D{consulted.ours}"
            target += f"?Replaces={named}"
        self.request("REFER", "", f"Refer-To: <{target}>", f"Referred-By: {self.me}")
        self.wait(202)

    def referred(self) -> str:
        """Waits for the last that is told of the transfer, e.g. `SIP/2.0 200 OK`."""
        while True:
            told = self.wait("NOTIFY")
            self.reply(told, "200 OK")
            if told.header("Subscription-State").startswith("terminated"):
                return told.body.strip()


class HandPhone:
    """For one account of a server; without a password the switch of another operator, known by its address `ip`.
    `hertz`: the tone it says in its calls."""

    def __init__(
        self,
        server_port: int,
        login: str,
        password: str | None,
        hertz: float = 500,
        *,
        ip: str = "127.0.0.1",
    ) -> None:
        self.login, self.hertz, self._password = login, hertz, password
        self._server = ("127.0.0.1", server_port)
        self.address = f"{ip}:{free_port(ip)}"
        self.contact = f"Contact: <sip:{login}@{self.address}>"
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ip, int(self.address.partition(":")[2])))
        self._socket.settimeout(0.05)
        self._talks: dict[str, Talk] = {}
        self._calls: list[Talk] = []  # that came and nobody has asked for yet
        self._seen: set[tuple[str, str, str]] = set()
        self._open = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends what a test that broke off left talking: the next one counts the engine's channels."""
        for talk in self._talks.values():
            if talk.theirs:
                talk.request("BYE")
        self._open = False
        self._thread.join(2)
        self._socket.close()
        for talk in self._talks.values():
            talk.forget()

    def register(self) -> None:
        talk = self._new(self.login)
        talk.request("REGISTER", "", "Expires: 300")
        talk.request("REGISTER", "", "Expires: 300", self._proof(talk.wait(401), "REGISTER", talk.target))
        talk.wait(200)

    def call(self, number: str, body: str | None = None, *extra: str) -> Talk:
        """Calls; `body`: its own offer instead of sound both ways ("": none)."""
        talk = self._new(number)
        offer = talk.sdp() if body is None else body
        talk.request("INVITE", offer, *extra)
        if self._password is None:
            return talk
        asked = talk.wait(401)
        talk.theirs = ""
        talk.request("ACK", "", f"To: {asked.header('To')}")
        talk.request("INVITE", offer, *extra, self._proof(asked, "INVITE", talk.target))
        return talk

    def called(self, timeout: float = PATIENCE_S, status: str = "180 Ringing") -> Talk:
        """The next call that comes, told that it rings."""
        wait_for(self.was_called, timeout, lambda: f"{self.login} was not called")
        talk = self._calls.pop(0)
        talk.answer(status)
        return talk

    def settle(self) -> None:
        """Waits until the server has done with what was sent before: it answers a message that came after."""
        self.register()

    def was_called(self) -> bool:
        return bool(self._calls)

    def send(self, lines: list[str], body: str = "") -> None:
        named = not body or any(line.startswith("Content-Type") for line in lines)
        kind = [] if named else ["Content-Type: application/sdp"]
        head = "\r\n".join([*lines, *kind, f"Content-Length: {len(body)}"])
        self._socket.sendto(f"{head}\r\n\r\n{body}".encode(), self._server)

    def _new(self, user: str) -> Talk:
        server = f"127.0.0.1:{self._server[1]}"
        target = f"sip:{user}@{server}"
        talk = Talk(self, token_hex(8), f"<{target}>", f"<sip:{self.login}@{server}>", target, token_hex(4))
        self._talks[talk.call_id] = talk
        return talk

    def _proof(self, asked: Message, method: str, uri: str) -> str:
        """The answer to a challenge (RFC 2617, MD5 with qop=auth)."""
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', asked.header("WWW-Authenticate").partition(" ")[2]))
        secret = _md5(f"{self.login}:{given['realm']}:{self._password}")
        named = f"{given['nonce']}:00000001:c:auth"
        value = _md5(f"{secret}:{named}:{_md5(f'{method}:{uri}')}")
        return (
            f'Authorization: Digest username="{self.login}", realm="{given["realm"]}", nonce="{given["nonce"]}", '
            f'uri="{uri}", response="{value}", algorithm=MD5, cnonce="c", qop=auth, nc=00000001, '
            f'opaque="{given.get("opaque", "")}"'
        )

    def _listen(self) -> None:
        while self._open:
            try:
                text = self._socket.recv(65536).decode(errors="replace")
            except TimeoutError:
                continue
            one = Message(text)
            if one.text.strip():
                self._take(one)

    def _take(self, one: Message) -> None:
        seen = (one.header("Via"), one.header("CSeq"), one.text.split("\r\n", 1)[0])
        if seen in self._seen:
            return
        self._seen.add(seen)
        call_id = one.header("Call-ID")
        talk = self._talks.get(call_id)
        if talk is None and one.method == "INVITE" and not one.status:
            talk = Talk(
                self, call_id, _TAG.sub("", one.header("From")), one.header("To"), "", token_hex(4), asked=one
            )
            found = _TAG.search(one.header("From"))
            talk.theirs = found[1] if found else ""
            if contact := _URI.search(one.header("Contact")):
                talk.target = contact[1]
            self._talks[call_id] = talk
            self._calls.append(talk)
        elif talk is not None:
            talk.came.append(one)
        elif not one.status and one.method != "ACK":  # NOTIFY, OPTIONS …
            Talk(self, call_id, "", "", "", "o0").reply(one, "200 OK")


def sdp(*media: str) -> str:
    """`media`: what stands behind `m=`, each with an attribute or more after it, e.g. `audio 4000 RTP/AVP 8`,
    `sendrecv`."""
    lines = ["v=0", f"o=hand 1 {next(_numbers)} IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    lines += [f"{'m' if one.split()[0] in ('audio', 'image', 'video') else 'a'}={one}" for one in media]
    return "\r\n".join(lines) + "\r\n"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
