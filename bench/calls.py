"""`./ats bench calls`: CPU per answered call, ours against a bare dialplan; for internal calls also calls per second.

Both engines run at the same time, the idle one costs nothing; rounds are taken in turns, because the CPU per
call of one and the same configuration drifts from start to start (DESIGN). Ours counts every process of the
installation: engine, agent, journal worker, web and supervisor (the database is a library inside them; with
PostgreSQL its server is counted too).
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench import example, paid
from bench.bare import PASSWORD as BARE_PASSWORD
from bench.bare import BareEngine
from bench.load import Callee
from bench.rounds import in_turns
from bench.side import Side, our_processes
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance
from tests.harness.phones import SipPhone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", choices=["internal", "complex", "paid"], default="internal")
    parser.add_argument("--rounds", type=int, default=None, help="5 of the internal call, else 8")
    parser.add_argument("--rate", type=float, default=60)
    parser.add_argument("--calls", type=int, default=300, help="calls in a round")
    parser.add_argument("--ramp", default="300:900:50", help="start:stop:step in calls/s (internal)")
    parser.add_argument("--ramp-seconds", type=float, default=3)
    parser.add_argument("--contacts", type=int, default=10_000, help="contacts of the classifier (complex)")
    parser.add_argument("--db", default=None, help="address of an empty PostgreSQL database")
    options = parser.parse_args()
    # One round says little on a shared machine; the internal call's others would not fit into four minutes.
    options.rounds = options.rounds or (5 if options.scenario == "internal" else 8)
    if options.scenario == "paid":
        paid.measure(options)
        return
    with _both(options) as (ours, bare):
        result = {"scenario": options.scenario, **in_turns(ours, bare, options)}
        if options.scenario == "internal":
            result |= _highest_rates(ours, bare, options)
    print(json.dumps(result))


@contextmanager
def _both(options: argparse.Namespace) -> Iterator[tuple[Side, Side]]:
    """Our installation and the bare engine, each with a telephone that calls and one that answers."""
    # Room for 1,000 calls at once: neither side may run out of ports for sound.
    with Instance(db_url=options.db, rtp_start=44000, rtp_end=47999) as instance:
        company = Company(instance, "Bench")
        caller, callee = company.line("100"), company.line("101")
        if options.scenario == "complex":
            number = example.make(company, callee.port_id, options.contacts)
        else:
            number = callee.digits
        company.wait_active()
        caller.phone.register(expires=3600)
        with BareEngine(instance.config, instance.config.sip_port + 10) as bare:
            SipPhone(bare.sip_port, "100", BARE_PASSWORD).register(expires=3600)
            with (
                Callee(instance.config.sip_port, callee.phone.login, PASSWORD),
                Callee(bare.sip_port, "101", BARE_PASSWORD),
            ):
                processes = partial(our_processes, instance)
                yield (
                    Side(instance.config.sip_port, caller.phone.login, PASSWORD, processes, number),
                    Side(bare.sip_port, "100", BARE_PASSWORD, lambda: {"engine": bare.pid}),
                )


def _highest_rates(ours: Side, bare: Side, options: argparse.Namespace) -> dict[str, object]:
    start, stop, step = (int(part) for part in options.ramp.split(":"))
    bare_cps = bare.highest_rate(start, stop, step, options.ramp_seconds)
    our_cps = ours.highest_rate(start, stop, step, options.ramp_seconds)
    return {
        "cps_ratio": round(our_cps / bare_cps, 3) if bare_cps else None,
        "cps": our_cps,
        "bare_cps": bare_cps,
    }


if __name__ == "__main__":
    main()
