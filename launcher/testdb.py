"""A private PostgreSQL cluster for one test run: made, used and removed."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ats.config import Config
from launcher import counterparts
from launcher.process import ProcessGroup, failure_text
from launcher.text import LaunchError, tr

USER = "ats"


@contextmanager
def cluster(config: Config, group: ProcessGroup) -> Iterator[str]:
    """Start a fresh cluster on a free loopback port; yields `postgres://…`, removes everything at the end."""
    reasons = counterparts.provide(config, [counterparts.POSTGRES], group)
    binaries = counterparts.find(config, counterparts.POSTGRES)
    if binaries is None:
        raise LaunchError(
            tr("Нет PostgreSQL", "PostgreSQL could not be had") + f": {reasons.get('postgres', '')}",
            "apt-get install postgresql",
        )
    base = Path(tempfile.mkdtemp(prefix="ats-pg-"))
    password = secrets.token_urlsafe(12)
    port = _free_port()
    try:
        (base / "pw").write_text(password, encoding="ascii")
        owner = _give_away(base)
        _run(
            config,
            owner,
            [f"{binaries}/initdb", "-D", f"{base}/data", "-U", USER, "--pwfile", f"{base}/pw"]
            + ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={base}"
        # As durable as a test needs: nothing of this cluster outlives the run.
        options += " -c fsync=off -c max_connections=200"
        control = [f"{binaries}/pg_ctl", "-D", f"{base}/data", "-w", "-l", f"{base}/log"]
        _run(config, owner, [*control, "-o", options, "start"])
        try:
            env = {**_environment(config), "PGPASSWORD": password}
            create = [f"{binaries}/createdb", "-h", "127.0.0.1", "-p", str(port), "-U", USER, USER]
            subprocess.run(create, env=env, check=True, capture_output=True)
            yield f"postgres://{USER}:{password}@127.0.0.1:{port}/{USER}"
        finally:
            _run(config, owner, [f"{binaries}/pg_ctl", "-D", f"{base}/data", "-w", "-m", "immediate", "stop"])
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
