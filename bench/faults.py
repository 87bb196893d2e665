"""`./ats bench faults`: kill -9 of agent, worker and web at random while calls go through; is any row lost or doubled?

An installation of its own is started. Another operator's switch (SIPp) calls a city number, every call with its own
caller number, so SIPp's list of calls that were answered is compared with call detail one by one.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ats.config import Config, home_from_env, tools_from_env
from bench.load import Callee
from launcher import testdb
from launcher.process import ProcessGroup
from tests.harness import sipp
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import SipPhone

SWITCH_IP = "127.0.0.77"
DID = "74997770001"
PARTS = ("authoriser", "agent", "worker", "web")


def main() -> int:
    parser = argparse.ArgumentParser(prog="ats bench faults", description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=float, default=25.0, help="calls per second")
    parser.add_argument("--talk-ms", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=None, help="for the moments and parts killed")
    options = parser.parse_args()
    # Room for 1,000 calls at once: on a machine that stands still for seconds calls pile up.
    with _database(options.db) as url, Instance(url, rtp_start=44000, rtp_end=47999) as instance:
        print(json.dumps({**_measure(instance, options), "db": options.db}))
    return 0


@contextmanager
def _database(kind: str) -> Iterator[str | None]:
    """Address of a fresh PostgreSQL database, or None for the installation's own SQLite file."""
    if kind == "sqlite":
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="ats-faults-pg-") as folder:
        config = Config(home=Path(folder), tools=tools_from_env(home_from_env()))
        with testdb.cluster(config, ProcessGroup(Path(folder) / "postgres.log")) as url:
            yield url


def _measure(instance: Instance, options: argparse.Namespace) -> dict[str, Any]:
    company, login, switch = _company(instance)
    seconds = options.calls / options.rate
    killer = _Killer(instance, options.kills, seconds, random.Random(options.seed))
    with Callee(instance.config.sip_port, login, PASSWORD):
        print(f"{options.calls} calls at {options.rate}/s, {options.kills} kills ...", file=sys.stderr)
        killer.start()
        heard = _calls(instance.config.sip_port, switch, options)
        killer.join()
        # A call whose BYE was lost is over only when the engine has given it up.
        wait_for(lambda: instance.engine("core show channels count").startswith("0 active"), 90)
    instance.restart([])
    rows = _rows(company, len(heard))
    answered = Counter(row["caller"] for row in rows if row["result"] == "answered")
    replayed = instance.manage("journal_replay", "--check").strip()
    return {
        "calls": options.calls,
        "answered": len(heard),
        "rows": len(rows),
        "without_row": options.calls - len({row["caller"] for row in rows}),
        "kills": sum(killer.killed.values()),
        "lost": sum(1 for caller in heard if not answered[caller]),
        "doubled": sum(1 for count in Counter(row["caller"] for row in rows).values() if count > 1),
        "killed": dict(killer.killed),
        "replay": replayed,
    }


class _Killer(threading.Thread):
    """Kills a random part at random moments; the supervisor starts it again."""

    def __init__(self, instance: Instance, kills: int, seconds: float, dice: random.Random) -> None:
        super().__init__(daemon=True)
        self._instance = instance
        self._dice = dice
        self._moments = sorted(dice.uniform(1.0, seconds) for _ in range(kills))
        self.killed: Counter[str] = Counter()

    def run(self) -> None:
        began = time.monotonic()
        for moment in self._moments:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            part = self._dice.choice(PARTS)
            deadline = time.monotonic() + 20
            while not (pid := self._instance.pid(part)) and time.monotonic() < deadline:
                time.sleep(0.05)
            if pid:
                os.kill(pid, signal.SIGKILL)
                self.killed[part] += 1


def _company(instance: Instance) -> tuple[Company, str, SipPhone]:
    """A company whose city number rings one phone, and the switch that will call it."""
    switch = SipPhone(instance.config.sip_port, "switch", None, ip=SWITCH_IP)
    operator = instance.operator_id()
    trunk = {
        "name": "Bench",
        "connection": "trunk",
        "remote_host": SWITCH_IP,
        "remote_port": switch.port,
        "networks": [f"{SWITCH_IP}/32"],
    }
    instance.api.post(f"/clients/{operator}/ports", trunk)
    company = Company(instance, "Bench faults")
    port = company.port("Phone")
    number = company.external(DID)
    company.dialplan(number, [step(1, {"kind": "port", "port_id": port["id"]})])
    company.wait_active()
    instance.wait_active(operator)
    return company, str(port["login"]), switch


def _calls(server_port: int, switch: SipPhone, options: argparse.Namespace) -> set[str]:
    """Place the calls; returns the caller numbers of those SIPp saw answered."""
    folder = Path(tempfile.mkdtemp(prefix="ats-faults-"))
    scenario = sipp.call("switch", "", authenticates=False, talk_ms=options.talk_ms)
    scenario = scenario.replace("<sip:[$login]@[remote_ip]", "<sip:[field0]@[remote_ip]")
    talk = f'<pause milliseconds="{options.talk_ms}"/>'
    note = '<nop><action><log message="[field0]"/></action></nop>\n'
    (folder / "call.xml").write_text(scenario.replace(talk, note + talk))
    callers = "".join(f"79160{number:06d};\n" for number in range(options.calls))
    (folder / "callers.csv").write_text(f"SEQUENTIAL\n{callers}")
    log = folder / "done.log"
    limit = int(options.calls / options.rate + options.talk_ms / 1000 + 60)
    subprocess.run(
        ["sipp", f"127.0.0.1:{server_port}", "-sf", str(folder / "call.xml"), "-s", DID, "-i", SWITCH_IP,
         "-p", str(switch.port), "-r", str(options.rate), "-m", str(options.calls), "-l", "4000", "-nostdin",
         "-inf", str(folder / "callers.csv"), "-trace_logs", "-log_file", str(log),
         "-trace_err", "-error_file", str(folder / "errors.log"),
         "-timeout", str(limit), "-recv_timeout", "20000"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        timeout=limit + 30,
    )  # fmt: skip
    heard = set(log.read_text().split()) if log.exists() else set()
    if len(heard) < options.calls:
        print(
            f"{options.calls - len(heard)} calls were not answered, see {folder}/errors.log", file=sys.stderr
        )
    return heard


def _rows(company: Company, expected: int) -> list[dict[str, Any]]:
    """All of the company's call detail, once it has come to rest (the worker may have died last)."""
    deadline, before = time.monotonic() + 30, -1
    while time.monotonic() < deadline:
        total = int(company.api.get(f"{company.path}/calls?page_size=1")["total"])
        if total >= expected and total == before:
            break
        before = total
        time.sleep(1.0)
    rows: list[dict[str, Any]] = []
    while True:
        path = f"{company.path}/calls?page_size=500&sort=started_at&page={len(rows) // 500 + 1}"
        items = company.api.get(path)["items"]
        rows += items
        if len(items) < 500:
            return rows


if __name__ == "__main__":
    raise SystemExit(main())
