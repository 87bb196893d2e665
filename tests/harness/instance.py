"""A whole installation for tests: own home folder, own ports, the real supervisor and all parts."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from ats.config import CHECKOUT, PORT_FIELDS, Config
from launcher import health, supervise
from tests.harness.api import Api
from tests.harness.ports import BLOCK, free_block


class Instance:
    """Use as a context manager; `api` is logged in as the operator's administrator.

    `db_url`: another database than the home's own SQLite file (it must be empty).
    """

    def __init__(self, db_url: str | None = None, **settings: Any) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="ats-inst-"))
        tools = Path(os.environ.get("ATS_TOOLS") or CHECKOUT / "var" / "tools")
        base = free_block()
        ports = {name: base + index for index, name in enumerate(PORT_FIELDS)}
        config = Config(home=self.home, tools=tools)
        first, last = base + 20, base + BLOCK - 1
        ranges = {"rtp_start": first, "rtp_end": last, "h323_tcp_start": first, "h323_tcp_end": last}
        values: dict[str, Any] = {**ports, **ranges, **settings}
        config = replace(config, **values).with_secrets()
        self.config = replace(config, db_url=db_url or f"sqlite:///{config.sqlite_path}")
        secure = self.config.https
        self.base = f"{'https' if secure else 'http'}://127.0.0.1:{self.config.web_port}"
        self.api = Api(self.base, self.config.certificate_path if secure else None)
        self.admin: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self.set_up()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def set_up(self) -> None:
        """Folders, settings, database, the operator and the engine's configuration."""
        for folder in ("db", "log", "run", "media"):
            (self.home / folder).mkdir(exist_ok=True)
        self.config.save()
        self.manage("migrate", "--verbosity", "0")
        self.admin = json.loads(self.manage("init_operator", "--json"))
        self.manage("render_engine")

    def start(self) -> None:
        """Start every part and wait until all answer."""
        supervise.write_config(self.config)
        supervise.start(self.config)
        health.wait(self.config, lambda _text: None)
        self.api.login(self.admin["login"], self.admin["password"])

    def close(self) -> None:
        """Stop everything and remove the home (kept when ATS_KEEP_HOME is set)."""
        supervise.stop(self.config)
        if not os.environ.get("ATS_KEEP_HOME"):
            shutil.rmtree(self.home, ignore_errors=True)

    def manage(self, *arguments: str) -> str:
        """Run one of our commands in this installation; returns what it printed."""
        return self.run_module("ats.manage", *arguments)

    def run_module(self, module: str, *arguments: str) -> str:
        """Run a Python module with this installation's settings; returns what it printed."""
        done = subprocess.run(
            [str(self.config.venv_python), "-m", module, *arguments],
            env={**os.environ, **supervise.environment(self.config), **self._database()},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)}: {done.stderr[-2000:]}{done.stdout[-500:]}")
        return done.stdout

    def _database(self) -> dict[str, str]:
        return {"ATS_DB_URL": self.config.db_url}

    def engine(self, command: str) -> str:
        """One command of the engine's own console."""
        words = [*self.config.engine_command, "-C", str(self.config.engine_etc / "asterisk.conf")]
        done = subprocess.run(
            [*words, "-rx", command], capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout

    def pid(self, part: str) -> int:
        """Process id of engine, agent, worker or web; 0 when it does not run."""
        pids = {found.name: found.pid for found in supervise.parts(self.config)}
        return int(pids[part])

    def engines_files(self) -> list[Path]:
        """Files the engine reads or writes at this moment: prompts it plays, recordings it makes."""
        found = []
        for link in Path(f"/proc/{self.pid('engine')}/fd").iterdir():
            try:
                found.append(link.readlink())
            except FileNotFoundError:
                continue  # closed meanwhile
        return found

    def restart(self, parts: Sequence[str]) -> None:
        supervise.restart(self.config, parts)
        health.wait(self.config, lambda _text: None)

    def operator_id(self) -> int:
        """Client id of the operator itself."""
        return int(self.api.get("/auth/session")["user"]["client"]["id"])

    def wait_active(self, client_id: int, timeout: float = 10) -> None:
        """Until every node serves the client's present version."""

        def active() -> bool:
            state = self.api.get(f"/clients/{client_id}/provisioning")
            return bool(state["nodes"]) and all(
                node["active"] and not node["error"] for node in state["nodes"]
            )

        wait_for(active, timeout, lambda: str(self.api.get(f"/clients/{client_id}/provisioning")))

    def calls(self, client_id: int, count: int, timeout: float = 10) -> list[dict[str, Any]]:
        """The client's call detail, newest first, as soon as it has `count` rows."""
        page: dict[str, Any] = {}

        def enough() -> bool:
            page.update(self.api.get(f"/clients/{client_id}/calls?sort=-started_at"))
            return int(page["total"]) >= count

        wait_for(enough, timeout, lambda: str(page))
        items: list[dict[str, Any]] = page["items"]
        return items


def wait_for(check: Callable[[], bool], timeout: float, explain: Callable[[], str] = str) -> None:
    """Polls until `check` holds. Raises AssertionError with `explain()` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {explain()}")
        time.sleep(0.05)
