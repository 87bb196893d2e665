"""Accounts and price lists of an instance, made through the real API."""

import itertools
import subprocess
from pathlib import Path
from typing import Any

from tests.harness import sipp
from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, Line
from tests.harness.instance import wait_for
from tests.harness.ports import free_port

UNIT = 10_000
_codes = itertools.count(1)


class Till:
    """An account of one company, with a tariff of its own: `rate` as the API takes it."""

    def __init__(self, company: Company, rate: dict[str, Any], **account: Any) -> None:
        self.company = company
        self.api = company.api
        name = f"Счёт {company.id}-{next(_codes)}"
        self.tariff: int = self.api.post("/billing/tariffs", {"name": name})["id"]
        self.api.post(f"/billing/tariffs/{self.tariff}/rates", {"prefix": "7", **rate})
        values = {"code": name, "tariff_id": self.tariff, "kind": "daily_cap", **account}
        self.id: int = self.api.post("/billing/accounts", values)["id"]
        self.api.patch(company.path, {"billing_account": name})

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/billing/accounts/{self.id}")
        return found

    def charges(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get(f"/billing/accounts/{self.id}/charges?page_size=500")[
            "items"
        ]
        return found

    def wait_settled(self, timeout: float = 20) -> dict[str, Any]:
        """Until nothing is reserved any more; the account then."""
        wait_for(lambda: self.state()["reserved"] == 0, timeout, lambda: str(self.state()))
        return self.state()


def hundred_calls(city: City, line: Line, number: str, folder: Path, talk_ms: int = 12_000) -> None:
    """A phone calls the city a hundred times, twenty times a second; whoever gets out talks."""
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    answering, calling = folder / "answer.xml", folder / "call.xml"
    answering.write_text(sipp.ringing())
    calling.write_text(sipp.call(line.phone.login, PASSWORD, talk_ms=talk_ms))
    common = ["-nostdin", "-timeout", "60"]
    where = ["-i", city.first.ip, "-p", str(city.first.port)]
    callee = subprocess.Popen(["sipp", "-sf", str(answering), *where, *common], **quiet)
    try:
        subprocess.run(
            ["sipp", f"127.0.0.1:{city.instance.config.sip_port}", "-sf", str(calling), "-s", number,
             "-i", "127.0.0.1", "-p", str(free_port()), "-r", "20", "-m", "100", "-l", "200", *common],
            **quiet, check=False, timeout=90,
        )  # fmt: skip
    finally:
        callee.kill()
        callee.wait()


def nothing_is_lost(till: Till, calls: int) -> int:
    """All calls are over, known and settled, and never more was charged than the cap; returns what was charged."""
    instance = till.company.instance
    wait_for(lambda: instance.engine("core show channels count").startswith("0 active"), 60)
    till.company.calls(calls, timeout=60)
    state = till.wait_settled(60)
    charges = till.charges()
    charged = sum(charge["cost"] for charge in charges)
    assert charged == state["spent_today"] <= state["daily_cap"]
    assert all(charge["uncovered"] == 0 for charge in charges)
    return int(charged)
