"""`./ats bench calls --scenario paid`: what the authoriser adds to a call."""

import argparse
import json
import statistics
from functools import partial

from bench.load import answering
from bench.side import Side, our_processes
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance
from tests.harness.money import Till
from tests.harness.phones import SipPhone


def measure(options: argparse.Namespace) -> None:
    """A paid call against an unpaid one of the same installation, to the same city number, in turns."""
    with Instance(db_url=options.db, rtp_start=44000, rtp_end=47999) as instance:
        city = SipPhone(instance.config.sip_port, "city", None, ip="127.0.0.57")
        operator = instance.operator_id()
        fields = {"name": "City", "connection": "trunk", "remote_host": city.ip, "remote_port": city.port}
        trunk = instance.api.post(f"/clients/{operator}/ports", fields)["id"]
        instance.api.post("/routes", {"prefix": "", "trunk_ids": [trunk]})
        instance.wait_active(operator)
        sides: dict[str, Side] = {}
        ours = partial(our_processes, instance)

        for place, name in enumerate(("unpaid", "paid")):
            company = Company(instance, name)
            line = company.line("100")
            company.external(f"7499700000{place}")
            if name == "paid":
                Till(company, {"price": 1}, daily_cap=10**12)  # dearer calls would wake the fraud guard
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
