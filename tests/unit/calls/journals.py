"""Journal text as the engine writes it (a real one gave the pattern: docs/architecture/journal.md)."""

import json
from dataclasses import dataclass, field

START_US = 1_795_423_719_000_000


def quoted(value: str) -> str:
    """A field as cel_custom writes it: in quotes only when it must be."""
    if any(char in value for char in '"\t\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def stamp(us: int) -> str:
    return f"{us // 1_000_000}.{us % 1_000_000:06d}"


@dataclass
class Channel:
    """One channel of a call that is being written down."""

    uniqueid: str
    endpoint: str
    account: str
    number: str
    name: str
    exten: str
    path: str = ""
    context: str = "c17"

    @property
    def channel(self) -> str:
        return f"PJSIP/{self.endpoint}-{int(self.uniqueid.rsplit('.', 1)[1]):08x}"


@dataclass
class Journal:
    """Writes lines; `at_us` is its clock and moves a millisecond with each."""

    at_us: int = START_US
    lines: list[str] = field(default_factory=list)
    next_id: int = 0

    def channel(
        self, endpoint: str, account: str = "17", number: str = "", name: str = "", exten: str = "s"
    ) -> Channel:
        self.next_id += 1
        uniqueid = f"node1-{self.at_us // 1_000_000}.{self.next_id}"
        return Channel(uniqueid, endpoint, account, number or endpoint, name, exten)

    def event(self, kind: str, channel: Channel, linkedid: str, extra: str = "") -> None:
        self.at_us += 1000
        fields = [
            kind, stamp(self.at_us), linkedid, channel.uniqueid, channel.channel, channel.account, channel.path,
            extra, channel.context, channel.exten, channel.number, channel.name,
        ]  # fmt: skip
        self.lines.append("\t".join(map(quoted, fields)))

    def hang_up(
        self,
        channel: Channel,
        linkedid: str,
        cause: int = 16,
        source: str = "dialplan/builtin",
        status: str = "",
    ) -> None:
        told = {"hangupcause": cause, "hangupsource": source, "dialstatus": status}
        self.event("HANGUP", channel, linkedid, json.dumps(told, separators=(",", ":")))

    def boot(self, boot_id: str = "b00t") -> None:
        self.at_us += 1000
        self.lines.append(f"BOOT,{boot_id},{stamp(self.at_us)}")

    def beat(self) -> None:
        self.at_us += 1000
        self.lines.append(f"HB,{stamp(self.at_us)}")

    def wait(self, ms: int) -> None:
        self.at_us += ms * 1000

    def raw(self, text: str) -> None:
        self.lines.append(text)

    def answered(
        self,
        caller: str = "100",
        called: str = "101",
        *,
        account: str = "17",
        ring_ms: int = 0,
        talk_ms: int = 1000,
        name: str = "",
        end: bool = True,
    ) -> str:
        """A call between two ports of a client; without `end` it is still going on. Returns its linkedid."""
        one = self.channel(caller, account, name=name, exten=called)
        linkedid = one.uniqueid
        self.event("CHAN_START", one, linkedid)
        two = self.channel(called, account)
        self.event("CHAN_START", two, linkedid)
        self.wait(ring_ms)
        self.event("ANSWER", two, linkedid)
        one.path = f" {account}/5/43 9"
        self.event("ANSWER", one, linkedid)
        self.wait(talk_ms)
        if end:
            self.finish(one, two)
        return linkedid

    def finish(self, one: Channel, two: Channel) -> None:
        self.hang_up(two, one.uniqueid, source=two.channel)
        self.hang_up(one, one.uniqueid, source=two.channel, status="ANSWER")
        self.event("LINKEDID_END", one, one.uniqueid)

    def refused(
        self, cause: int, status: str, path: str = " 17/5/43 9 n-", *, source: str = "dialplan/builtin"
    ) -> str:
        """A call nobody answers."""
        one = self.channel("100", exten="102")
        linkedid = one.uniqueid
        self.event("CHAN_START", one, linkedid)
        two = self.channel("102")
        self.event("CHAN_START", two, linkedid)
        self.wait(500)
        self.hang_up(two, linkedid, 0)
        one.path = path
        self.hang_up(one, linkedid, cause, one.channel if source == "caller" else source, status)
        self.event("LINKEDID_END", one, linkedid)
        return linkedid

    @property
    def data(self) -> bytes:
        return "".join(line + "\n" for line in self.lines).encode()
