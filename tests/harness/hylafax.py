"""A real fax machine for tests: HylaFAX with its queue and protocol, and iaxmodem, a modem that calls over IAX2.

Everything stands in a folder of its own, but for what iaxmodem reads under a fixed path (removed at the end). Nothing
of a HylaFAX of the machine itself is read, changed or stopped.
"""

import ftplib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.harness import optional
from tests.harness.instance import wait_for
from tests.harness.ports import free_port

_DAEMON = "uucp"  # the user HylaFAX is built for
_SPOOL = ("archive", "client", "config", "dev", "docq", "doneq", "etc", "info", "log", "pollq", "recvq", "sendq",
          "status", "tmp")  # fmt: skip
# No line above the page, so that a page arrives dot for dot as it was sent.
_MODEM = """CountryCode: 7
AreaCode: 495
FAXNumber: +7.495.777.0000
LocalIdentifier: "HylaFAX 1"
TagLineFormat: ""
SessionTracing: 0xFFF
LogFileMode: 0644
DeviceMode: 0660
SpeakerVolume: off
ModemType: Class1
Class1AdaptRecvCmd: AT+FAR=1
Class1TMConnectDelay: 400
DialStringRules: etc/dialrules
UUCPLockDir: "{lock}"
"""
_QUEUE = """CountryCode: 7
AreaCode: 495
ServerTracing: 0x1
SendFaxCmd: "{faxsend}"
NotifyCmd: "/bin/true"
DialStringRules: etc/dialrules
UUCPLockDir: "{lock}"
"""
_RULES = "CanonicalNumber := [\n]\nDialString := [\n]\n"
_IAXMODEM = """device {device}
owner {user}:{user}
mode 660
port {port}
refresh 60
server 127.0.0.1:{server}
peername {login}
secret {password}
cidname HylaFAX
cidnumber {login}
codec alaw
"""


class HylaFax:
    """Use as a context manager, as root; a port of ours for a modem is registered by its login and password."""

    def __init__(self, iax_port: int, login: str, password: str) -> None:
        """Skips the test when the programs are not there."""
        optional.program("faxq")
        self._iaxmodem = optional.program("iaxmodem")
        self._root = optional.unpacked()
        self._account = {"server": iax_port, "login": login, "password": password}
        self.home = Path(tempfile.mkdtemp(prefix="hylafax-"))
        self._spool = self.home / "spool"
        self._name = f"ttyATS{os.getpid()}"  # a device's name: HylaFAX looks for it under /dev
        self._conf, self._log = Path("/etc/iaxmodem"), Path("/var/log/iaxmodem")
        self._made: list[Path] = []
        self._port = free_port()
        self._children: list[subprocess.Popen[bytes]] = []
        folders = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/hylafax")
        self._libraries = ":".join(str(self._root / folder) for folder in folders)

    def __enter__(self) -> "HylaFax":
        try:
            self._lay_out()
            self._start([self._iaxmodem, self._name], "iaxmodem")
            wait_for(Path(f"/dev/{self._name}").is_symlink, 10, self.log)
            self._start([self._binary("sbin/faxq"), "-D", "-q", str(self._spool)], "faxq")
            fifo = self._spool / "FIFO"
            wait_for(fifo.exists, 10, self.log)
            where = ["-l", "127.0.0.1", "-i", str(self._port)]
            self._start([self._binary("sbin/hfaxd"), "-d", "-q", str(self._spool), *where], "hfaxd")
            wait_for(self._answers, 10, self.log)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for child in reversed(self._children):
            # Each leads a group of its own: what it started goes with it.
            for how in (signal.SIGTERM, signal.SIGKILL):
                if child.poll() is None:
                    os.killpg(child.pid, how)
                    try:
                        child.wait(5)
                    except subprocess.TimeoutExpired:
                        continue
        for path in reversed(self._made):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            else:
                path.unlink(missing_ok=True)
        if not os.environ.get("ATS_KEEP_HOME"):
            shutil.rmtree(self.home, ignore_errors=True)

    def send(self, number: str, tiff: bytes) -> str:
        """Gives these pages to the queue, as a HylaFAX client does; returns the job's number."""
        with ftplib.FTP(timeout=20) as ftp:  # noqa: S321 - HylaFAX's own protocol is a kind of it
            ftp.connect("127.0.0.1", self._port)
            ftp.sendcmd("USER tests")
            ftp.sendcmd("TYPE I")
            host, port = ftp.makepasv()
            with socket.create_connection((host, port), timeout=20) as data:
                said = ftp.sendcmd("STOT")
                data.sendall(tiff)
            ftp.voidresp()
            found = re.search(r"FILE: (\S+)", said)
            assert found, said
            job = re.search(r"jobid: (\d+)", ftp.sendcmd("JNEW"))
            assert job
            for parameter in (
                "FROMUSER tests",
                "LASTTIME 000500",
                "MAXDIALS 1",
                "MAXTRIES 1",
                "SCHEDPRI 127",
                f'DIALSTRING "{number}"',
                'NOTIFYADDR "tests@localhost"',
                'NOTIFY "none"',
                "VRES 196",
                "PAGEWIDTH 215",
                "PAGELENGTH 297",
                'PAGECHOP "none"',
                f"DOCUMENT {found[1]}",
            ):
                ftp.sendcmd(f"JPARM {parameter}")
            ftp.sendcmd("JSUBM")
        wait_for(self._dials, 60, self.log)
        return job[1]

    def log(self) -> str:
        """The end of everything the programs wrote."""
        files = [
            *sorted(self.home.glob("*.log")),
            *sorted(self._spool.glob("log/c*")),
            *sorted(self._spool.glob("*q/q*")),
            *sorted(self._spool.glob("status/*")),
        ]
        return "\n".join(f"== {file.name}\n{file.read_text(errors='replace')[-3000:]}" for file in files)

    # -- laying out --------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.home.chmod(0o755)
        lock = self.home / "lock"
        lock.mkdir()
        for folder in _SPOOL:
            (self._spool / folder).mkdir(parents=True)
        shutil.copytree(self._root / "var/spool/hylafax/bin", self._spool / "bin")
        etc = self._spool / "etc"
        words = {"lock": lock, "faxsend": self._script("faxsend")}
        (etc / "config").write_text(_QUEUE.format(**words))
        (etc / f"config.{self._name}").write_text(_MODEM.format(**words))
        (etc / "dialrules").write_text(_RULES)
        (etc / "hosts.hfaxd").write_text("127.0.0.1\n")
        (etc / "setup.cache").write_text(
            f"export LD_LIBRARY_PATH='{self._libraries}'\nSBIN='{self._root}/usr/lib/hylafax/bin'\n"
            f"TIFFBIN='{self._root}/usr/bin'\nSED=sed\nGREP=grep\nCAT=cat\nCP=cp\nRM=rm\nMV=mv\n"
        )
        for path in (self.home, *self.home.rglob("*")):
            shutil.chown(path, _DAEMON, _DAEMON)
        (etc / "hosts.hfaxd").chmod(0o600)
        for fixed in (self._conf, self._log):
            if not fixed.exists():
                fixed.mkdir()
                self._made.append(fixed)
        device = Path(f"/dev/{self._name}")
        conf = self._conf / self._name
        self._made += [conf, self._log / self._name, device]
        text = _IAXMODEM.format(device=device, user=_DAEMON, port=free_port(), **self._account)
        conf.touch(mode=0o600)
        conf.write_text(text)

    def _script(self, name: str) -> Path:
        """The queue starts programs with another effective user, so the loader drops our library path: set it anew."""
        path = self.home / name
        real = self._root / "usr/lib/hylafax/bin" / name
        path.write_text(f'#!/bin/sh\nexport LD_LIBRARY_PATH="{self._libraries}"\nexec "{real}" "$@"\n')
        path.chmod(0o755)
        return path

    def _binary(self, name: str) -> str:
        return str(self._root / "usr" / name)

    def _env(self) -> dict[str, str]:
        return {**os.environ, "LD_LIBRARY_PATH": self._libraries}

    def _start(self, command: list[str], name: str) -> None:
        with (self.home / f"{name}.log").open("wb") as out:
            self._children.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    env=self._env(),
                    start_new_session=True,
                )
            )

    def _dials(self) -> bool:
        """Tells the queue that there is a modem; said once it may be missed, for the queue had no ears yet."""
        command = [self._binary("lib/hylafax/bin/faxmodem"), "-q", str(self._spool), self._name]
        subprocess.run(command, check=True, env=self._env())
        time.sleep(0.5)
        return any(self._spool.glob("log/c*"))

    def _answers(self) -> bool:
        time.sleep(0.1)
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
