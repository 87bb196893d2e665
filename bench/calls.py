"""`./ats bench calls`: CPU per answered internal call and calls per second, ours against a bare dialplan.

Both engines run at the same time, the idle one costs nothing; rounds are taken in turns, because the CPU per
call of one and the same configuration drifts from start to start (DESIGN). Ours counts every process of the
installation: engine, agent, journal worker, web and supervisor (the database is a library inside them; with
PostgreSQL its server is counted too).
"""

import argparse
import json
import statistics
from functools import partial

from bench import paid
from bench.bare import PASSWORD as BARE_PASSWORD
from bench.bare import BareEngine
from bench.load import Callee
from bench.side import Side, our_processes
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance
from tests.harness.phones import SipPhone


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
        paid.measure(options)
        return
    # Room for 1,000 calls at once: neither side may run out of ports for sound.
    with Instance(db_url=options.db, rtp_start=44000, rtp_end=47999) as instance:
        company = Company(instance, "Bench")
        caller, callee = company.line("100"), company.line("101")
        company.wait_active()
        caller.phone.register(expires=3600)

        with BareEngine(instance.config, instance.config.sip_port + 10) as bare:
            SipPhone(bare.sip_port, "100", BARE_PASSWORD).register(expires=3600)
            with (
                Callee(instance.config.sip_port, callee.phone.login, PASSWORD),
                Callee(bare.sip_port, "101", BARE_PASSWORD),
            ):
                _measure(
                    Side(
                        instance.config.sip_port,
                        caller.phone.login,
                        PASSWORD,
                        partial(our_processes, instance),
                    ),
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
