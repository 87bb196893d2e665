"""A private PostgreSQL cluster for one test run: made, used and removed."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ats.config import Config
from launcher import counterparts
from launcher.process import ProcessGroup, failure_text
from launcher.text import LaunchError, tr

USER = "ats"


class Server:
    """A running cluster; `url`: `postgres://…` of its database. `kill` and `start` are for tests of its death."""

    def __init__(self, config: Config, binaries: Path, base: Path) -> None:
        self._config = config
        self._binaries = binaries
        self._base = base
        self._port = _free_port()
        self._password = secrets.token_urlsafe(12)
        self.url = f"postgres://{USER}:{self._password}@127.0.0.1:{self._port}/{USER}"
        (base / "pw").write_text(self._password, encoding="ascii")
        self._owner = _give_away(base)
        self._run(
            *("initdb", "-D", f"{base}/data", "-U", USER, "--pwfile", f"{base}/pw"),
            *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"),
        )

    def start(self) -> None:
        """Start it and wait until it answers. Raises LaunchError."""
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self._port} -c unix_socket_directories={self._base}"
        )
        # As durable as a test needs: nothing of this cluster outlives the machine, only its own processes' death.
        self._control("-o", f"{options} -c fsync=off -c max_connections=200", "start")

    def create(self) -> None:
        """Make the database of the address."""
        env = {**_environment(self._config), "PGPASSWORD": self._password}
        create = [f"{self._binaries}/createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", USER, USER]
        subprocess.run(create, env=env, check=True, capture_output=True)

    def kill(self) -> None:
        """kill -9 of the server; its other processes end when they notice."""
        os.kill(int((self._base / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def start_again(self, within_s: float = 30) -> None:
        """After `kill`: it does not start before the last of its old processes has gone."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                return self.start()
            except LaunchError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", f"{self._base}/data", "-w", "-l", f"{self._base}/log", *words)

    def _run(self, program: str, *words: str) -> None:
        _run(self._config, self._owner, [f"{self._binaries}/{program}", *words])


@contextmanager
def cluster(config: Config, group: ProcessGroup) -> Iterator[str]:
    """Start a fresh cluster on a free loopback port; yields `postgres://…`, removes everything at the end."""
    with server(config, group) as running:
        yield running.url


@contextmanager
def server(config: Config, group: ProcessGroup) -> Iterator[Server]:
    """The same, for who wants to stop and start it."""
    reasons = counterparts.provide(config, [counterparts.POSTGRES], group)
    binaries = counterparts.find(config, counterparts.POSTGRES)
    if binaries is None:
        raise LaunchError(
            tr("Нет PostgreSQL", "PostgreSQL could not be had") + f": {reasons.get('postgres', '')}",
            "apt-get install postgresql",
        )
    base = Path(tempfile.mkdtemp(prefix="ats-pg-"))
    try:
        made = Server(config, Path(binaries), base)
        made.start()
        try:
            made.create()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _give_away(base: Path) -> str:
    """PostgreSQL refuses to run as root: then the folder goes to another user. Returns that user, or ``."""
    if os.geteuid() != 0:
        return ""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        for path in (base, base / "pw"):
            os.chown(path, entry.pw_uid, entry.pw_gid)
        return name
    raise LaunchError(tr("Нет пользователя для PostgreSQL", "There is no user to run PostgreSQL as"))


def _run(config: Config, owner: str, command: list[str]) -> None:
    words = ["runuser", "-u", owner, "--", *command] if owner else command
    # pg_ctl leaves the server behind with our pipes open: its output goes to a file instead.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=_environment(config), cwd="/"
        )
        said.seek(0)
        text = said.read()
    if done.returncode != 0:
        raise LaunchError(failure_text(Path(command[0]).name, done.returncode, text.splitlines()))


def _environment(config: Config) -> dict[str, str]:
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    if counterparts.root_dir(config).joinpath(counterparts.POSTGRES.path).exists():
        env["LD_LIBRARY_PATH"] = counterparts.library_path(config)
    return env


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
