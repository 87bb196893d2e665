"""`./ats bench authoriser`: decisions a second of the authoriser alone, over its real protocol, and CPU per decision.

A fresh installation with PostgreSQL (or SQLite); questions come as the engine's, several at a time, from this process.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from ats.config import Config, home_from_env, tools_from_env
from bench.cpu import cpu_seconds
from launcher import testdb
from launcher.process import ProcessGroup
from tests.harness.company import Company
from tests.harness.instance import Instance
from tests.harness.money import UNIT, Till


def main() -> None:
    parser = argparse.ArgumentParser(prog="ats bench authoriser", description=__doc__)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--questions", type=int, default=1500)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    if options.db == "sqlite":
        print(json.dumps(_measure(None, options)))
        return
    with tempfile.TemporaryDirectory(prefix="ats-bench-pg-") as folder:
        config = Config(home=Path(folder), tools=tools_from_env(home_from_env()))
        with testdb.cluster(config, ProcessGroup(Path(folder) / "postgres.log")) as url:
            print(json.dumps(_measure(url, options)))


def _measure(url: str | None, options: argparse.Namespace) -> dict[str, Any]:
    with Instance(db_url=url) as instance:
        company = Company(instance, "Bench")
        till = Till(company, {"price": UNIT}, daily_cap=10**12)
        port, pid = instance.config.agi_port, instance.pid("authoriser")
        asyncio.run(_ask(port, company.id, 50, options.at_once))
        cpu, began = cpu_seconds(pid), time.monotonic()
        good = asyncio.run(_ask(port, company.id, options.questions, options.at_once))
        seconds, cpu = time.monotonic() - began, cpu_seconds(pid) - cpu
        if not till.state()["reserved"]:
            raise SystemExit("nothing was reserved")
    return {
        "db": options.db,
        "questions": options.questions,
        "granted": good,
        "per_second": round(good / seconds, 1),
        "cpu_ms": round(cpu * 1000 / good, 3),
        "per_second_of_one_core": round(good / cpu, 1),
    }


async def _ask(port: int, client_id: int, count: int, at_once: int) -> int:
    numbers = iter(range(count))
    good = 0

    async def work() -> None:
        nonlocal good
        for number in numbers:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            name = f"bench-{time.monotonic_ns()}.{number}"
            script = f"{client_id}/7495{1000000 + number}/{name}/"
            lines = f"agi_network: yes\nagi_network_script: {script}\nagi_channel: PJSIP/1-1\nagi_uniqueid: {name}\n\n"
            writer.write(lines.encode())
            answer = await reader.readline()
            writer.write(b"200 result=1\n")
            good += b"S(" in answer
            writer.close()

    await asyncio.gather(*(work() for _ in range(at_once)))
    return good


if __name__ == "__main__":
    main()
