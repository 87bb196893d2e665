"""`./ats bench endpoints`: many SIP endpoints in the node's engine.db: cold start, adding one, memory."""

import argparse
import json
import os
import signal
import statistics
import time
from pathlib import Path

from bench.bulk import PASSWORD as BULK_PASSWORD
from bench.cpu import rss_mb
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import SipPhone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=int, default=100_000)
    parser.add_argument("--adds", type=int, default=10)
    options = parser.parse_args()
    with Instance() as instance:
        company = Company(instance, "Bench")
        arguments = ["--count", str(options.endpoints), "--client", str(company.id)]
        started = time.monotonic()
        instance.run_module("bench.bulk", "endpoints", *arguments)
        instance.restart(["agent"])
        instance.wait_active(company.id, timeout=200)
        loaded_s = time.monotonic() - started
        print(f"{options.endpoints} endpoints in engine.db after {loaded_s:.1f} s")
        sample = SipPhone(instance.config.sip_port, "90000001", BULK_PASSWORD)
        sample.register()
        # What was written in an engine's last second is pushed again after its boot: here that is 100,000 rows.
        time.sleep(2)
        start_s = _cold_start(instance, sample)
        other = Company(instance, "Other")
        times = [_add(other, index) for index in range(options.adds)]
        result = {
            "endpoints": options.endpoints,
            "start_s": round(start_s, 2),
            "add_ms": round(statistics.median(times), 1),
            "add_max_ms": round(max(times), 1),
            "rss_mb": round(rss_mb(instance.pid("engine"))),
            "load_s": round(loaded_s, 1),
        }
        print(json.dumps(result))


def _cold_start(instance: Instance, phone: SipPhone) -> float:
    """Seconds from the engine's start until one of the endpoints has registered by digest."""
    old = instance.pid("engine")
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: instance.pid("engine") not in (0, old), 20)
    pid = instance.pid("engine")
    started = _started_at(pid)

    def registered() -> bool:
        try:
            phone.register()
        except AssertionError:
            return False
        return True

    wait_for(lambda: "Asterisk" in instance.engine("core show version"), 60)
    wait_for(registered, 60)
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def _started_at(pid: int) -> float:
    """When a process began, in seconds since boot."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _add(company: Company, index: int) -> float:
    """ms from the POST of a port until the node serves it; then its phone registers."""
    started = time.monotonic()
    made = company.port(f"Новый {index}")
    phone = SipPhone(company.instance.config.sip_port, made["login"], PASSWORD)
    company.wait_active()
    active_ms = (time.monotonic() - started) * 1000
    phone.register()
    return active_ms


if __name__ == "__main__":
    main()
