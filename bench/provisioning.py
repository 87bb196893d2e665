"""`./ats bench provisioning`: from Save of one dialplan to the first call that follows it, with many clients loaded.

A city switch keeps calling the saved number; the time runs from the start of the PUT until a call gets the new
answer. Meanwhile another caller calls other clients' numbers without pause: a call that takes over 500 ms or gets
anything but its own client's answer counts as stalled.
"""

import argparse
import json
import random
import statistics
import threading
import time
from typing import Any

from bench.bulk import DID_BASE
from bench.cpu import rss_mb
from bench.probe import Prober
from tests.harness.company import step
from tests.harness.instance import Instance, wait_for

SWITCH = "127.0.0.50"
STALL_MS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=10000)
    parser.add_argument("--numbers", type=int, default=20)
    parser.add_argument("--saves", type=int, default=60)
    options = parser.parse_args()
    instance = Instance()
    try:
        instance.set_up()
        arguments = ["--count", str(options.clients), "--numbers", str(options.numbers)]
        ids = json.loads(instance.run_module("bench.bulk", "clients", *arguments).splitlines()[-1])
        started = time.monotonic()
        instance.start()
        wait_for(lambda: _all_active(instance, ids["first_client"] + options.clients - 1), 600)
        loaded_s = time.monotonic() - started
        print(f"{options.clients} clients x {options.numbers} numbers served after {loaded_s:.1f} s")
        result = _measure(instance, ids, options)
        result |= {
            "clients": options.clients,
            "numbers": options.clients * options.numbers,
            "load_s": round(loaded_s, 1),
            "engine_rss_mb": round(rss_mb(instance.pid("engine"))),
        }
        print(json.dumps(result))
    finally:
        instance.close()


def _all_active(instance: Instance, last_client: int) -> bool:
    nodes = instance.api.get(f"/clients/{last_client}/provisioning")["nodes"]
    return bool(nodes) and all(node["active"] for node in nodes)


def _measure(instance: Instance, ids: dict[str, int], options: argparse.Namespace) -> dict[str, Any]:
    prober, background = (Prober(SWITCH, instance.config.sip_port) for _ in range(2))
    _switch(instance, prober.port)
    stop = threading.Event()
    background_ms: list[float] = []
    stalled = 0

    def keep_calling() -> None:
        nonlocal stalled
        chance = random.Random(1)
        while not stop.is_set():
            answer = background.call(str(DID_BASE + chance.randrange(1, options.clients)))
            background_ms.append(answer.ms)
            stalled += answer.status != 486 or answer.ms > STALL_MS
            time.sleep(0.02)

    path = f"/clients/{ids['first_client']}/numbers/{ids['first_external']}/dialplan"
    thread = threading.Thread(target=keep_calling)
    thread.start()
    times = []
    try:
        revision = instance.api.get(path)["revision"]
        for turn in range(options.saves):
            cause, status = ((21, 403), (17, 486))[turn % 2]
            started = time.monotonic()
            saved = instance.api.put(
                path, {"revision": revision, "steps": [step(1, {"kind": "hangup", "cause": cause})]}
            )
            revision = saved["revision"]
            while (answer := prober.call(str(DID_BASE))).status != status:
                if answer.status not in (403, 486) or time.monotonic() - started > 10:
                    raise SystemExit(f"save {turn}: unexpected {answer}")
            times.append((time.monotonic() - started) * 1000)
            time.sleep(0.2)
    finally:
        stop.set()
        thread.join()
        prober.close()
        background.close()
    times.sort()
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95) - 1], 1),
        "max_ms": round(times[-1], 1),
        "saves": len(times),
        "stalled_calls": stalled,
        "background_calls": len(background_ms),
        "background_p95_ms": round(sorted(background_ms)[int(len(background_ms) * 0.95) - 1], 1),
    }


def _switch(instance: Instance, port: int) -> None:
    """The probes' address as a trunk of the operator."""
    operator = instance.operator_id()
    fields = {
        "name": "Проба",
        "connection": "trunk",
        "remote_host": SWITCH,
        "remote_port": port,
        "networks": [f"{SWITCH}/32"],
    }
    instance.api.post(f"/clients/{operator}/ports", fields)
    instance.wait_active(operator)


if __name__ == "__main__":
    main()
