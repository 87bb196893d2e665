"""The supervisor (PyPI `supervisor`) that keeps the processes of one installation running."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ats.config import CHECKOUT, Config
from launcher import leftovers
from launcher.text import LaunchError, tr

PARTS = ("engine", "authoriser", "agent", "worker", "web")


@dataclass(frozen=True)
class Part:
    """One process as the supervisor sees it: `state` is RUNNING, STOPPED, BACKOFF, FATAL …"""

    name: str
    state: str
    pid: int
    uptime_s: int
    note: str


def environment(config: Config) -> dict[str, str]:
    """What our Python programs need around them, on top of `outside()`."""
    return {
        "ATS_HOME": str(config.home),
        "ATS_TOOLS": str(config.tools),
        "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}",
        "PYTHONUNBUFFERED": "1",
        # Compiled code is kept, whatever the shell says: programs start, and tests begin, in half the time.
        "PYTHONDONTWRITEBYTECODE": "",
        "LC_ALL": "C.UTF-8",
    }


def outside() -> dict[str, str]:
    """Our own environment without overrides of settings: what holds for an installation is in its config.toml."""
    kept = ("ATS_LANG",)
    return {key: value for key, value in os.environ.items() if not key.startswith("ATS_") or key in kept}


def config_text(config: Config) -> str:
    """supervisord's configuration for this installation."""
    python = config.venv_python
    commands = {
        "engine": str(config.engine_dir / "start-engine"),  # written by `manage render_engine`
        "authoriser": f"{python} -m ats.manage authoriser",
        "agent": f"{python} -m ats.manage agent",
        "worker": f"{python} -m ats.manage worker",
        "web": f"{python} -m ats.webserver",
    }
    variables = ",".join(f'{key}="{value}"' for key, value in environment(config).items())
    lines = [
        "[unix_http_server]",
        f"file={config.run_dir / 'supervisor.sock'}",
        "chmod=0700",
        "[supervisord]",
        f"logfile={config.log_dir / 'supervisor.log'}",
        "logfile_maxbytes=5MB",
        f"pidfile={config.run_dir / 'supervisor.pid'}",
        f"directory={CHECKOUT}",
        f"childlogdir={config.log_dir}",
        "minfds=256",
        "minprocs=64",
        f"environment={variables}",
        *(["user=root"] if os.geteuid() == 0 else []),
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    for priority, part in enumerate(PARTS, start=1):
        lines += [
            f"[program:{part}]",
            f"command={commands[part]}",
            f"directory={CHECKOUT}",
            f"priority={priority * 10}",
            "autostart=true",
            "autorestart=true",
            # A part that lived this long is up; one that dies sooner is tried again, ever more slowly.
            "startsecs=2",
            "startretries=30",
            "stopwaitsecs=10",
            "stopasgroup=true",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile={config.log_dir / f'{part}.log'}",
            "stdout_logfile_maxbytes=10MB",
            "stdout_logfile_backups=5",
        ]
    # '%' begins a substitution there.
    return "\n".join(lines).replace("%", "%%") + "\n"


def write_config(config: Config) -> bool:
    """Write supervisord's configuration; True when it differs from the one that stood there."""
    for folder in (config.run_dir, config.log_dir):
        folder.mkdir(parents=True, exist_ok=True)
    path = config.run_dir / "supervisord.conf"
    text = config_text(config)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
    return True


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket; the host name is the socket's path."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self.host)


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = str(path)

    def make_connection(self, host: object) -> _UnixConnection:
        return _UnixConnection(self._path)


def is_running(config: Config) -> bool:
    """True when this installation's supervisor answers."""
    try:
        return str(_rpc(config).supervisor.getState()["statename"]) == "RUNNING"  # type: ignore[index,call-overload]
    except (OSError, http.client.HTTPException, xmlrpc.client.Error):
        return False


def parts(config: Config) -> list[Part]:
    """Every part as the supervisor sees it; all STOPPED when the supervisor itself is down."""
    try:
        answer = _rpc(config).supervisor.getAllProcessInfo()
    except (OSError, http.client.HTTPException, xmlrpc.client.Error):
        return [Part(name, "STOPPED", 0, 0, "") for name in PARTS]
    found = {}
    for info in answer:  # type: ignore[union-attr]
        row: dict[str, object] = info  # type: ignore[assignment]
        running = row["statename"] == "RUNNING"
        uptime = int(str(row["now"])) - int(str(row["start"])) if running else 0
        found[str(row["name"])] = Part(
            str(row["name"]), str(row["statename"]), int(str(row["pid"])), uptime, str(row["spawnerr"])
        )
    return [found.get(name, Part(name, "STOPPED", 0, 0, "")) for name in PARTS]


def start(config: Config) -> None:
    """Start the supervisor as a daemon; it starts the parts. Raises LaunchError when it does not come up."""
    command = [str(config.venv_python), "-m", "supervisor.supervisord", "-c"]
    path = config.run_dir / "supervisord.conf"
    done = subprocess.run(
        [*command, str(path)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=CHECKOUT,
        env={**outside(), **environment(config)},
    )
    deadline = time.monotonic() + 10
    while done.returncode == 0 and time.monotonic() < deadline:
        if is_running(config):
            return
        time.sleep(0.05)
    raise LaunchError(
        tr("Супервизор не запустился", "The supervisor did not start") + f": {done.stderr.strip()[-500:]}",
        tr("Журнал: ", "Log: ") + str(config.log_dir / "supervisor.log"),
    )


def stop(config: Config) -> bool:
    """Stop every part and the supervisor; False when nothing was running. Waits until all are gone."""
    if not is_running(config):
        return leftovers.end(config)
    pid = int(str(_rpc(config).supervisor.getPID()))
    _rpc(config).supervisor.shutdown()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            raise LaunchError(
                tr(f"Супервизор (pid {pid}) не останавливается", f"The supervisor (pid {pid}) does not stop")
            )
        time.sleep(0.05)
    return True


def restart(config: Config, names: Iterable[str]) -> None:
    """Stop and start the named parts."""
    server = _rpc(config).supervisor
    for name in names:
        try:
            server.stopProcess(name)
        except xmlrpc.client.Fault as fault:
            if "NOT_RUNNING" not in fault.faultString:
                raise
        server.startProcess(name, False)


def ensure_started(config: Config) -> None:
    """Start the parts that stand still (stopped by hand, or given up on)."""
    server = _rpc(config).supervisor
    for part in parts(config):
        if part.state in ("STOPPED", "EXITED", "FATAL"):
            server.startProcess(part.name, False)


def _rpc(config: Config) -> xmlrpc.client.ServerProxy:
    transport = _UnixTransport(config.run_dir / "supervisor.sock")
    return xmlrpc.client.ServerProxy("http://localhost", transport=transport)
