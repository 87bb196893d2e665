"""`./ats bench ingest`: how many calls a second the worker turns from the journal into call detail.

A journal of real shape (thousands of calls at once, several results, two clients) is written first; then the worker's
own code reads it into a fresh database. CPU is that of this process and, with PostgreSQL, of its server.
"""

import argparse
import heapq
import json
import os
import sys
import time
from pathlib import Path

from bench.scratch import scratch

_TICK = os.sysconf("SC_CLK_TCK")
_START_US = 1_795_423_719_000_000
_PORTS = 400  # phones per client


def main() -> int:
    parser = argparse.ArgumentParser(prog="ats bench ingest", description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rate", type=int, default=1000, help="calls per second in the journal's own time")
    options = parser.parse_args()
    with scratch("ingest", options.db) as home:
        print(json.dumps(_measure(home, options.calls, options.rate)))
    return 0


def _measure(home: Path, calls: int, rate: int) -> dict[str, object]:
    from django.conf import settings
    from django.db import connection
    from django_scopes import scopes_disabled

    from ats.calls.ingest import Ingester
    from ats.calls.models import Call, Leg

    with scopes_disabled():
        _company()
    journal = settings.CONFIG.journal_path
    journal.parent.mkdir(parents=True)
    print(f"writing a journal of {calls} calls ...", file=sys.stderr)
    rows = write_journal(journal, calls, rate)
    size_mb = round(journal.stat().st_size / 1e6, 1)
    server = _server_pid(connection)
    worker = Ingester(settings.CONFIG.node_name, journal, home / "log" / "rejects.log")
    cpu, server_cpu, began = time.process_time(), _family_cpu(server), time.monotonic()
    while worker.step():
        pass
    took = time.monotonic() - began
    cpu, server_cpu = time.process_time() - cpu, _family_cpu(server) - server_cpu
    worker.forget()
    with scopes_disabled():
        stored, legs = Call.objects.count(), Leg.objects.count()
    if stored != rows:
        raise SystemExit(f"{rows} rows expected, {stored} stored")
    return {
        "calls_per_s": round(calls / took),
        "db": "postgres" if server else "sqlite",
        "cpu_ms_per_call": round((cpu + server_cpu) / calls * 1000, 3),
        "cpu_ms_database": round(server_cpu / calls * 1000, 3) if server else None,
        "calls": calls,
        "rows": stored,
        "legs": legs,
        "journal_mb": size_mb,
        "seconds": round(took, 2),
    }


def write_journal(path: Path, calls: int, rate: int) -> int:
    """Write `calls` calls that overlap as they would at `rate` per second; returns how many rows they make."""
    rows = 0
    pending: list[tuple[int, int, str]] = []
    with path.open("w", encoding="utf-8") as out:
        out.write(f"BOOT,bench,{_stamp(_START_US)}\n")
        for number in range(calls):
            start = _START_US + 1_000_000 + number * 1_000_000 // rate
            while pending and pending[0][0] <= start:
                out.write(heapq.heappop(pending)[2])
            lines, made = _call(number, start)
            rows += made
            for order, (at, line) in enumerate(lines):
                heapq.heappush(pending, (at, number * 10 + order, line))
        while pending:
            out.write(heapq.heappop(pending)[2])
    return rows


def _call(number: int, start: int) -> tuple[list[tuple[int, str]], int]:
    """The lines of one call with their times, and how many rows of call detail it makes."""
    kind = number % 20
    client = 17 + number % 2
    one, two = number % _PORTS, (number * 7 + 3) % _PORTS
    linked = f"node1-{start // 1_000_000}.{number * 2}"
    other = f"node1-{start // 1_000_000}.{number * 2 + 1}"
    ring, talk = 2_000_000 + number % 7 * 300_000, 8_000_000 + number % 11 * 900_000
    callee_client = 35 - client if kind == 19 else client
    a = (linked, linked, f"PJSIP/{client}{one:04d}-{number * 2:08x}", str(client))
    b = (linked, other, f"PJSIP/{callee_client}{two:04d}-{number * 2 + 1:08x}", str(callee_client))
    name = "Иванов Иван" if number % 3 else 'ООО "Ромашка"'
    dialled = f"84950000{number % 1000:03d}" if kind == 19 else str(100 + two)
    shown = f"74951110{one:03d}" if kind == 19 else str(100 + one)
    path = (
        f" {client}>74950000{number % 1000:03d} {callee_client}/2/77 3"
        if kind == 19
        else f" {client}/5/{two + 1} 9"
    )
    lines = [
        _line(start, "CHAN_START", a, "", "", dialled, str(100 + one), name),
        _line(start + 900, "CHAN_START", b, "", "", "s", str(100 + two), name),
    ]
    if kind < 16 or kind == 19:
        end = start + ring + talk
        lines += [
            _line(start + ring, "ANSWER", b, "", "", dialled, str(100 + two), name),
            _line(start + ring + 200, "ANSWER", a, path, "", dialled, shown, name),
            _line(end, "HANGUP", b, "", _extra(16, b[2], ""), "", str(100 + two), name),
            _line(end + 300, "HANGUP", a, path, _extra(16, b[2], "ANSWER"), dialled, shown, name),
        ]
    else:
        cause, status = ((17, "BUSY"), (19, "NOANSWER"), (20, "CHANUNAVAIL"))[kind - 16]
        end = start + ring
        lines += [
            _line(end, "HANGUP", b, "", _extra(cause, b[2], ""), "", str(100 + two), name),
            _line(
                end + 300,
                "HANGUP",
                a,
                path + " n-",
                _extra(cause, "dialplan/builtin", status),
                dialled,
                shown,
                name,
            ),
        ]
    lines.append(_line(end + 301, "LINKEDID_END", a, path, "", dialled, shown, name))
    return lines, 2 if kind == 19 else 1


def _line(
    at: int,
    kind: str,
    channel: tuple[str, str, str, str],
    path: str,
    extra: str,
    exten: str,
    num: str,
    name: str,
) -> tuple[int, str]:
    if '"' in name:
        name = '"' + name.replace('"', '""') + '"'
    linkedid, uniqueid, channame, account = channel
    fields = (kind, _stamp(at), linkedid, uniqueid, channame, account, path, extra, "c17", exten, num, name)
    return at, "\t".join(fields) + "\n"


def _extra(cause: int, source: str, status: str) -> str:
    text = json.dumps(
        {"hangupcause": cause, "hangupsource": source, "dialstatus": status}, separators=(",", ":")
    )
    return '"' + text.replace('"', '""') + '"'


def _stamp(us: int) -> str:
    return f"{us // 1_000_000}.{us % 1_000_000:06d}"


def _company() -> None:
    """Two clients with phones, so that looking up port ids costs what it costs."""
    from ats.clients.models import Client
    from ats.ports.models import Port

    for pk in (17, 18):
        Client.objects.create(pk=pk, name=f"Client {pk}")
        Port.objects.bulk_create(
            Port(client_id=pk, name=f"Phone {index}", login=f"{pk}{index:04d}") for index in range(_PORTS)
        )


def _server_pid(connection: object) -> int:
    """The PostgreSQL server this process talks to, or 0."""
    if getattr(connection, "vendor", "") != "postgresql":
        return 0
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    return int(_stat(backend)[1])


def _family_cpu(parent: int) -> float:
    """CPU seconds of a process and its children, dead ones included; 0 without a process."""
    if not parent:
        return 0.0
    ticks = sum(int(value) for value in _stat(parent)[11:15])
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(int(path.name))
        except OSError:
            continue
        if int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on: [1] parent, [11:15] CPU of it and of its dead children."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


if __name__ == "__main__":
    raise SystemExit(main())
