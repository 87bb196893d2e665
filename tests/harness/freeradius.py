"""A real RADIUS server (FreeRADIUS) with accounts of the test's own; what it was told stands in its detail file."""

import re
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from tests.harness.instance import wait_for
from tests.harness.optional import program, unpacked

SECRET = "Radius-secret-71"
_CONF = """
prefix = {home}
localstatedir = {home}
libdir = {root}/usr/lib/freeradius
logdir = {home}
raddbdir = {home}
run_dir = {home}
max_request_time = 10
cleanup_delay = 5
max_requests = 8192
hostname_lookups = no
log {{
	destination = files
	file = {home}/radius.log
}}
security {{
	reject_delay = 0
	allow_vulnerable_openssl = yes
}}
client exchange {{
	ipaddr = 127.0.0.0/8
	secret = {secret}
}}
thread pool {{
	start_servers = 1
	max_servers = 4
	min_spare_servers = 1
	max_spare_servers = 2
	max_requests_per_server = 0
}}
modules {{
	preprocess {{
		with_cisco_vsa_hack = yes
	}}
	files {{
		filename = {home}/authorize
	}}
	detail {{
		filename = {home}/detail
	}}
}}
server exchange {{
	listen {{
		type = auth
		ipaddr = {ip}
		port = {auth_port}
	}}
	listen {{
		type = acct
		ipaddr = {ip}
		port = {acct_port}
	}}
	authorize {{
		preprocess
		files
	}}
	preacct {{
		preprocess
	}}
	accounting {{
		detail
	}}
}}
"""
_LINE = re.compile(r"\s+([A-Za-z0-9-]+) = (.*)")


class FreeRadius:
    """Use as a context manager. `accounts`: the text of its `users` file."""

    def __init__(self, ip: str, accounts: str) -> None:
        self._program = program("freeradius")
        self.ip = ip
        self.auth_port, self.acct_port = _free_ports(ip)
        self._folder = tempfile.TemporaryDirectory(prefix="ats-radius-")
        self._home = Path(self._folder.name)
        conf = _CONF.format(
            root=unpacked(),
            home=self._home,
            secret=SECRET,
            ip=ip,
            auth_port=self.auth_port,
            acct_port=self.acct_port,
        )
        (self._home / "radiusd.conf").write_text(conf)
        (self._home / "authorize").write_text(accounts)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start it and wait until it listens."""
        log = self._home / "radius.log"
        begun = log.stat().st_size if log.exists() else 0
        dictionary = unpacked() / "usr/share/freeradius"
        self._process = subprocess.Popen(
            [self._program, "-f", "-d", str(self._home), "-D", str(dictionary), "-n", "radiusd"],
            stdin=subprocess.DEVNULL,
        )

        def ready() -> bool:
            return log.exists() and b"Ready to process requests" in log.read_bytes()[begun:]

        wait_for(ready, 20, lambda: log.read_text() if log.exists() else "FreeRADIUS wrote no log")

    def stop(self) -> None:
        """End it; nobody listens then."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def records(self) -> list[dict[str, str]]:
        """All accounting records it ever took, in their order."""
        detail = self._home / "detail"
        text = detail.read_text() if detail.exists() else ""
        found = []
        for block in text.split("\n\n"):
            lines = [match.groups() for line in block.splitlines() if (match := _LINE.fullmatch(line))]
            if lines:
                found.append({name: value.strip('"') for name, value in lines})
        return found

    def records_of(self, session: str) -> list[dict[str, str]]:
        return [one for one in self.records() if one["Acct-Session-Id"] == session]


def _free_ports(ip: str) -> tuple[int, int]:
    probes = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    try:
        for probe in probes:
            probe.bind((ip, 0))
        auth, acct = (int(probe.getsockname()[1]) for probe in probes)
    finally:
        for probe in probes:
            probe.close()
    return auth, acct
