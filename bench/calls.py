"""`./ats bench calls`: CPU per answered internal call and calls per second, ours against a bare dialplan.

Both engines run at the same time, the idle one costs nothing; rounds are taken in turns, because the CPU per
call of one and the same configuration drifts from start to start (DESIGN). Ours counts every process of the
installation: engine, agent, journal worker, web and supervisor (the database is a library inside them; with
PostgreSQL its server is counted too).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

from bench.bare import PASSWORD as BARE_PASSWORD
from bench.bare import BareEngine
from bench.cpu import cpu_seconds
from bench.load import Callee, answering, run
from launcher import supervise
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance
from tests.harness.money import UNIT, Till
from tests.harness.phones import SipPhone

TALK_MS = 1000


class Side:
    """One of the two engines under the same load. `parts`: process ids by name."""

    def __init__(
        self, port: int, login: str, password: str, parts: Callable[[], dict[str, int]], number: str = "101"
    ) -> None:
        self.port, self.login, self.password, self.number = port, login, password, number
        self._parts = parts

    def cpu_round(self, rate: float, calls: int) -> dict[str, float]:
        """CPU per call in ms by part, the tail of the work (journal) included."""
        before = {name: (pid, cpu_seconds(pid)) for name, pid in self._parts().items()}
        done = run(self.port, self.login, self.password, self.number, rate=rate, calls=calls, talk_ms=TALK_MS)
        if done.good < calls * 0.995:
            raise SystemExit(f"load failed: {done}")
        time.sleep(1.5)
        return {name: (cpu_seconds(pid) - was) * 1000 / done.good for name, (pid, was) in before.items()}

    def highest_rate(self, start: int, stop: int, step: int, seconds: float) -> int:
        """Highest rate in calls/s at which under 0.5 % fail and SIPp keeps its pace."""
        best = 0
        for rate in range(start, stop + 1, step):
            calls = int(rate * seconds)
            done = run(self.port, self.login, self.password, "101", rate=rate, calls=calls, talk_ms=TALK_MS)
            kept_pace = done.seconds < seconds * 1.25 + TALK_MS / 1000 + 1
            if done.failed > done.made * 0.005 or done.made < calls or not kept_pace:
                break
            best = rate
        return best


def _paid(options: argparse.Namespace) -> None:
    """A paid call against an unpaid one of the same installation, to the same city number, in turns."""
    with Instance(db_url=options.db, rtp_start=44000, rtp_end=47999) as instance:
        city = SipPhone(instance.config.sip_port, "city", None, ip="127.0.0.57")
        operator = instance.operator_id()
        fields = {"name": "City", "connection": "trunk", "remote_host": city.ip, "remote_port": city.port}
        trunk = instance.api.post(f"/clients/{operator}/ports", fields)["id"]
        instance.api.post("/routes", {"prefix": "", "trunk_ids": [trunk]})
        instance.wait_active(operator)
        sides: dict[str, Side] = {}

        def ours() -> dict[str, int]:
            found = {part.name: part.pid for part in supervise.parts(instance.config)}
            return {**found, "supervisor": int((instance.home / "run" / "supervisor.pid").read_text())}

        for place, name in enumerate(("unpaid", "paid")):
            company = Company(instance, name)
            line = company.line("100")
            company.external(f"7499700000{place}")
            if name == "paid":
                Till(company, {"price": UNIT}, daily_cap=10**12)
            company.wait_active()
            line.phone.register(expires=3600)
            sides[name] = Side(instance.config.sip_port, line.phone.login, PASSWORD, ours, "84951112233")
        rounds: dict[str, list[float]] = {"unpaid": [], "paid": []}
        parts: dict[str, list[dict[str, float]]] = {"unpaid": [], "paid": []}
        with answering(city):
            for side in sides.values():
                side.cpu_round(options.rate, 60)
            for number in range(options.rounds):
                for name in ("unpaid", "paid")[:: -1 if number % 2 else 1]:
                    used = sides[name].cpu_round(options.rate, options.calls)
                    parts[name].append(used)
                    rounds[name].append(sum(used.values()))
                print(
                    f"round {number + 1}: unpaid {rounds['unpaid'][-1]:.2f}, paid {rounds['paid'][-1]:.2f} ms"
                )
    added = [paid - free for paid, free in zip(rounds["paid"], rounds["unpaid"], strict=True)]
    result = {
        "scenario": "paid",
        "added_ms": round(statistics.median(added), 3),
        "paid_ms": round(statistics.median(rounds["paid"]), 3),
        "unpaid_ms": round(statistics.median(rounds["unpaid"]), 3),
        "added_by_round": [round(one, 3) for one in added],
        "added_by_process_ms": {
            name: round(
                statistics.median(one[name] for one in parts["paid"])
                - statistics.median(one[name] for one in parts["unpaid"]),
                3,
            )
            for name in parts["paid"][0]
        },
    }
    print(json.dumps(result))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", choices=["internal", "paid"], default="internal")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--rate", type=float, default=60)
    parser.add_argument("--calls", type=int, default=300, help="calls in a round")
    parser.add_argument("--ramp", default="300:900:50", help="start:stop:step in calls/s")
    parser.add_argument("--ramp-seconds", type=float, default=3)
    parser.add_argument("--db", default=None, help="address of an empty PostgreSQL database")
    options = parser.parse_args()
    if options.scenario == "paid":
        _paid(options)
        return
    # Room for 1,000 calls at once: neither side may run out of ports for sound.
    with Instance(db_url=options.db, rtp_start=44000, rtp_end=47999) as instance:
        company = Company(instance, "Bench")
        caller, callee = company.line("100"), company.line("101")
        company.wait_active()
        caller.phone.register(expires=3600)

        def ours() -> dict[str, int]:
            found = {part.name: part.pid for part in supervise.parts(instance.config)}
            return {**found, "supervisor": int((instance.home / "run" / "supervisor.pid").read_text())}

        with BareEngine(instance.config, instance.config.sip_port + 10) as bare:
            SipPhone(bare.sip_port, "100", BARE_PASSWORD).register(expires=3600)
            with (
                Callee(instance.config.sip_port, callee.phone.login, PASSWORD),
                Callee(bare.sip_port, "101", BARE_PASSWORD),
            ):
                _measure(
                    Side(instance.config.sip_port, caller.phone.login, PASSWORD, ours),
                    Side(bare.sip_port, "100", BARE_PASSWORD, lambda: {"engine": bare.pid}),
                    options,
                )


def _measure(ours: Side, bare: Side, options: argparse.Namespace) -> None:
    ratios: list[float] = []
    our_rounds: list[dict[str, float]] = []
    bare_rounds: list[float] = []
    for side in (ours, bare):  # warm caches, not counted
        side.cpu_round(options.rate, 60)
    for number in range(options.rounds):
        pair: dict[str, dict[str, float]] = {}
        # Every other round starts with the other side, so a drift of the machine hits both.
        for name, side in (("ours", ours), ("bare", bare))[:: -1 if number % 2 else 1]:
            pair[name] = side.cpu_round(options.rate, options.calls)
        our_rounds.append(pair["ours"])
        bare_rounds.append(pair["bare"]["engine"])
        ratios.append(sum(pair["ours"].values()) / pair["bare"]["engine"])
        print(
            f"round {number + 1}: ours {_text(pair['ours'])}, bare {pair['bare']['engine']:.2f} ms per call"
        )
    start, stop, step = (int(part) for part in options.ramp.split(":"))
    bare_cps = bare.highest_rate(start, stop, step, options.ramp_seconds)
    our_cps = ours.highest_rate(start, stop, step, options.ramp_seconds)
    result = {
        "cpu_ratio": round(statistics.median(ratios), 3),
        "cps_ratio": round(our_cps / bare_cps, 3) if bare_cps else None,
        "cpu_ms": round(statistics.median(sum(parts.values()) for parts in our_rounds), 3),
        "bare_cpu_ms": round(statistics.median(bare_rounds), 3),
        "cps": our_cps,
        "bare_cps": bare_cps,
        "rounds": len(ratios),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "per_process_ms": {
            name: round(statistics.median(parts[name] for parts in our_rounds), 3) for name in our_rounds[0]
        },
    }
    print(json.dumps(result))


def _text(parts: dict[str, float]) -> str:
    whole = sum(parts.values())
    return f"{whole:.2f} (" + ", ".join(f"{name} {ms:.2f}" for name, ms in parts.items()) + ")"


if __name__ == "__main__":
    main()
