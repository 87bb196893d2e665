"""`./ats bench lists`: how long the API needs for a page of every list, when every list is long.

The lists are those the API itself declares, so a new one is measured as soon as it is there. Of each: the first page,
the last one, a search that finds much, one thing and nothing, an order by every column, every filter; as the
operator's administrator, and as a plain user who sees only what is his own. Requests go through the whole of Django in
this process; the network and the browser are not in it. Beside the time on the clock stands the CPU it took, of this
process and of PostgreSQL's: on a busy machine only that means anything.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.scratch import scratch

PAGE_SIZE = 50
BAR_MS = 200
# Values of filters the schema does not list.
_SAMPLES: dict[str, list[str]] = {
    "state": ["waiting", "busy"],
    "verb": ["update"],
    "object_type": ["port"],
    "actor": ["u7"],
    "from": ["2026-11-01T00:00:00Z"],
    "to": ["2026-11-01T00:00:00Z"],
    "number": ["100"],
    "talk_from_s": ["80"],
    "cost_from": ["900"],
    "status": ["registered"],
}
_PAGING = {"page", "page_size", "search", "sort", "format"}
# Not lists of the schema's kind, but what screens ask as well.
_BESIDES = (
    "/api/clients/{client_id}/overview",
    "/api/clients/{client_id}/choices",
    "/api/clients/{client_id}/registrations",
    "/api/clients/{client_id}/search?q=7777",
    "/api/clients/{client_id}/search?q=клад",
    "/api/clients/{client_id}/search?q=такого%20нет",
    "/api/clients/{client_id}/search?q=к",
    "/api/network",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="ats bench lists", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of an operation's path")
    options = parser.parse_args()
    with scratch("lists", options.db):
        print(json.dumps(_measure(options)))
    return 0


def _measure(options: argparse.Namespace) -> dict[str, object]:
    from django.test import Client as Browser

    from bench import longlists

    began = time.monotonic()
    ids = longlists.fill(options.rows)
    print(f"filled in {time.monotonic() - began:.0f} s: {', '.join(longlists.sizes())}", file=sys.stderr)
    browsers = {}
    for who in ("admin", "plain"):
        browsers[who] = Browser(raise_request_exception=False)
        browsers[who].force_login(ids[who])
    found = []
    for who, path, words in _cases(browsers["admin"], ids, options.rows):
        if options.only not in path:
            continue
        figures = measured(browsers[who], path, words, options.repeats)
        if figures is None:
            continue  # not for this user
        clock, cpu = figures
        case = f"{who} {path} {json.dumps(words, ensure_ascii=False) if words else ''}".strip()
        found.append((clock, cpu, case))
        print(f"{clock:8.1f} {cpu:8.1f} {case}", file=sys.stderr)
    return {"db": options.db, "rows": options.rows, **sums(found, BAR_MS)}


def sums(found: list[tuple[float, float, str]], bar_ms: float) -> dict[str, object]:
    """What (ms on the clock, ms of CPU, case) come to: medians, the 95th of 100 cases, the slowest ones."""
    found = sorted(found, reverse=True)
    clock, cpu = [one[0] for one in found], [one[1] for one in found]
    return {
        "cases": len(found),
        "median_ms": round(statistics.median(clock), 1),
        "p95_ms": round(statistics.quantiles(clock, n=20)[-1], 1),
        "max_ms": round(clock[0], 1),
        "max_cpu_ms": round(max(cpu), 1),
        "over_bar": sum(one > bar_ms for one in clock),
        "over_bar_cpu": sum(one > bar_ms for one in cpu),
        "slowest": [[round(ms, 1), round(cpu_ms, 1), case] for ms, cpu_ms, case in found[:12]],
    }


def measured(browser: Any, path: str, words: dict[str, str], repeats: int) -> tuple[float, float] | None:
    """Medians of `repeats` requests after a first one: ms on the clock and of CPU. None when it is refused."""
    asked = [_ask(browser, path, words) for _ in range(repeats + 1)][1:]
    known = [one for one in asked if one is not None]
    if not known:
        return None
    clock, cpu = (statistics.median(times) for times in zip(*known, strict=True))
    return clock, cpu


def _ask(browser: Any, path: str, words: dict[str, str]) -> tuple[float, float] | None:
    """ms on the clock and of CPU of one request; None when it is not for this user.

    Raises SystemExit for any other answer than 200.
    """
    began, cpu = time.perf_counter(), _cpu()
    answer = browser.get(path, words)
    took, spent = time.perf_counter() - began, _cpu() - cpu
    if answer.status_code in (403, 404):
        return None
    if answer.status_code != 200:
        raise SystemExit(f"{path} {words}: {answer.status_code} {answer.content[:300]!r}")
    return took * 1000, spent * 1000


def _cpu() -> float:
    """Seconds of CPU of this process and of the PostgreSQL process that serves it (without parallel workers)."""
    from django.db import connection

    server = 0
    if connection.vendor == "postgresql" and connection.connection is not None:
        pid = connection.connection.info.backend_pid
        server = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return time.process_time() + server / 1e9


def _cases(browser: Any, ids: dict[str, Any], rows: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(who, path, query) of everything to ask."""
    from ats.api.app import api

    values = {key: value for key, value in ids.items() if key.endswith("_id")}
    for path, methods in api.get_openapi_schema()["paths"].items():
        operation = methods.get("get", {})
        asked = [one for one in operation.get("parameters", []) if one["in"] == "query"]
        parameters = {one["name"]: one["schema"] for one in asked}
        if "page" not in parameters or path.endswith("/calls/summary"):
            continue
        where = path.format(**values)
        total = browser.get(where).json()["total"]
        questions: list[dict[str, str]] = [{}, {"page": str(max(1, total // PAGE_SIZE))}]
        questions += [{"search": text} for text in ("клад", "7777", "такого нет")]
        questions += [
            {"sort": order} for column in _sorts(browser, where) for order in (column, f"-{column}")
        ]
        for name, schema in parameters.items():
            if name not in _PAGING and name not in values:
                questions += [{name: value} for value in _values(name, schema, ids)]
        for who in ("admin", "plain"):
            yield from ((who, where, words) for words in questions)
    for path in _BESIDES:
        yield "admin", path.format(**values), {}
    yield "plain", _BESIDES[0].format(**values), {}


def _sorts(browser: Any, path: str) -> list[str]:
    """The columns a list can be ordered by, as its refusal of another one tells."""
    said = browser.get(path, {"sort": "?"}).json()["fields"]["sort"]
    text = (
        said if isinstance(said, str) else said[0]["message"] if isinstance(said, list) else said["message"]
    )
    return [word.strip(" .") for word in text.partition(":")[2].split(",")]


def _values(name: str, schema: dict[str, Any], ids: dict[str, Any]) -> list[str]:
    if name in _SAMPLES:
        return _SAMPLES[name]
    if name in ids:
        return [str(ids[name])]
    kinds = [schema, *schema.get("anyOf", [])]
    if any(kind.get("type") == "boolean" for kind in kinds):
        return ["true", "false"]
    listed = [value for kind in kinds for value in kind.get("enum", []) if value]
    if not listed:
        raise SystemExit(f"no sample for the filter {name}")
    return listed


if __name__ == "__main__":
    raise SystemExit(main())
