"""The network ports of an installation: which are wanted, which are taken, and by whom."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ats.config import Config
from launcher.text import tr

LISTENING = "0A"  # state of a listening TCP socket in /proc/net/tcp


@dataclass(frozen=True)
class Wanted:
    """A port we are going to listen on: `kind` is tcp or udp, `option` changes it."""

    option: str
    kind: str
    host: str
    port: int
    purpose: str


@dataclass(frozen=True)
class Busy:
    """A wanted port that cannot be had; `owner` is empty when the system does not show it to us."""

    wanted: Wanted
    owner: str
    reason: str = ""

    def text(self) -> str:
        """One line for the person at the terminal."""
        wanted = self.wanted
        place = f"{wanted.kind} {wanted.host}:{wanted.port}"
        if self.reason:
            return tr(
                f"{place} ({wanted.purpose}): {self.reason}", f"{place} ({wanted.option}): {self.reason}"
            )
        return tr(
            f"Порт {place} ({wanted.purpose}) занят{' — ' + self.owner if self.owner else ''}; "
            f"другой: {wanted.option} N",
            f"port {place} is in use{' by ' + self.owner if self.owner else ''}; "
            f"choose another: {wanted.option} N",
        )


def wanted_ports(config: Config) -> list[Wanted]:
    """Every fixed port of an installation (the RTP range is taken call by call)."""
    return [
        Wanted("--web-port", "tcp", config.listen, config.web_port, tr("кабинет", "cabinet")),
        Wanted("--sip-port", "udp", config.listen, config.sip_port, "SIP"),
        Wanted("--sip-port", "tcp", config.listen, config.sip_port, "SIP"),
        Wanted("--sips-port", "tcp", config.listen, config.sips_port, "SIP TLS"),
        Wanted("--iax-port", "udp", config.listen, config.iax_port, "IAX2"),
        Wanted("--h323-port", "tcp", config.listen, config.h323_port, "H.323"),
        Wanted("--ami-port", "tcp", "127.0.0.1", config.ami_port, "AMI"),
        Wanted("--http-port", "tcp", "127.0.0.1", config.http_port, tr("HTTP движка", "engine's HTTP")),
        Wanted("--agi-port", "tcp", "127.0.0.1", config.agi_port, "AGI"),
    ]


def busy_ports(config: Config) -> list[Busy]:
    """The wanted ports that cannot be listened on now."""
    found = []
    for wanted in wanted_ports(config):
        problem = _try(wanted)
        if problem is None:
            continue
        if problem == errno.EADDRINUSE:
            found.append(Busy(wanted, owner_of(wanted.kind, wanted.port)))
        else:
            found.append(Busy(wanted, "", os.strerror(problem)))
    return found


def _try(wanted: Wanted) -> int | None:
    family = socket.AF_INET6 if ":" in wanted.host else socket.AF_INET
    kind = socket.SOCK_STREAM if wanted.kind == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as trial:
        if wanted.kind == "tcp":
            # As servers do: a connection of the last run that is still fading does not count.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((wanted.host, wanted.port))
            if wanted.kind == "tcp":
                trial.listen(1)
        except OSError as error:
            return error.errno
    return None


def inodes_of(table: str, port: int, kind: str) -> set[str]:
    """Socket numbers that hold `port` in the text of a /proc/net/{tcp,udp}* table."""
    found = set()
    for line in table.splitlines()[1:]:
        words = line.split()
        if len(words) < 10 or int(words[1].rsplit(":", 1)[1], 16) != port:
            continue
        if kind == "udp" or words[3] == LISTENING:
            found.add(words[9])
    return found


def owner_of(kind: str, port: int) -> str:
    """`name (pid N)` of the process that holds a port; empty when it is another user's."""
    inodes: set[str] = set()
    for table in (kind, f"{kind}6"):
        try:
            inodes |= inodes_of(Path(f"/proc/net/{table}").read_text(encoding="ascii"), port, kind)
        except OSError:
            continue
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in _processes():
        if _sockets(process) & wanted:
            return f"{_name(process)} (pid {process.name})"
    return ""


def _processes() -> Iterator[Path]:
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            yield path


def _sockets(process: Path) -> set[str]:
    """What a process has open; nothing when it is gone or not ours to see."""
    found = set()
    with suppress(OSError):
        for entry in (process / "fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                found.add(str(entry.readlink()))
    return found


def _name(process: Path) -> str:
    """The program's name; our engine runs under its own loader, so its name is in the arguments."""
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        comm = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "?"
    if comm.startswith("ld-linux"):
        return next((Path(word).name for word in words[1:] if word.endswith("/asterisk")), comm)
    if comm.startswith("python") and "-m" in words:
        return " ".join(words[words.index("-m") + 1 :][:2]).strip()
    return comm
