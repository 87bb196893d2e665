"""`./ats bench calldetail`: pages, filters, totals and charts of «Детализация» over millions of calls of one client.

As `bench lists`: through the whole of Django in this process, time on the clock beside the CPU it took. Calls of 500
ports over years, a third each internal, in and out; every hundredth was recorded.
"""

import argparse
import json
import sys
import time
from typing import Any

from bench.lists import measured, sums
from bench.scratch import scratch

BAR_MS = 300
PORTS = 500


def main() -> int:
    parser = argparse.ArgumentParser(prog="ats bench calldetail", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with scratch("calldetail", options.db):
        print(json.dumps(_measure(options)))
    return 0


def _measure(options: argparse.Namespace) -> dict[str, object]:
    from django.test import Client as Browser
    from django_scopes import scopes_disabled

    began = time.monotonic()
    with scopes_disabled():
        client, users = _fill(options.rows)
    print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    browsers = {}
    for who, user in users.items():
        browsers[who] = Browser(raise_request_exception=False)
        browsers[who].force_login(user)
    found = []
    for who, part, words in _cases():
        path = f"/api/clients/{client}/calls{part}"
        figures = measured(browsers[who], path, words, options.repeats)
        case = f"{who} {part or '/'} {json.dumps(words) if words else ''}".strip()
        if figures is None:
            raise SystemExit(f"refused: {case}")
        found.append((*figures, case))
        print(f"{figures[0]:8.1f} {figures[1]:8.1f} {case}", file=sys.stderr)
    return {"db": options.db, "rows": options.rows, "bar_ms": BAR_MS, **sums(found, BAR_MS)}


def _fill(rows: int) -> tuple[int, dict[str, Any]]:
    """One client with all the calls; a tenth as many of another. Returns its id and who asks."""
    from ats.calls.models import Call
    from ats.clients.models import Client, User
    from ats.clients.rights import Right
    from ats.numbering.models import Number
    from ats.ports.models import Port
    from ats.recordings.models import Recording
    from bench.longlists import NUMBER, PLAIN_RIGHTS, calls
    from bench.sqlfill import ago, analyse, insert, text, without_indices

    operator = Client.objects.create(name="Оператор связи", is_operator=True)
    admin = User.objects.create(client=operator, login="admin", rights=sorted(Right))
    big, other = (Client.objects.create(name=name) for name in ("Ромашка", "Вега"))
    plain = User.objects.create(client=big, login="plain", rights=PLAIN_RIGHTS)
    own = f"CASE WHEN i = 7 THEN {plain.pk} END"
    ports = insert(
        Port,
        PORTS,
        client_id=str(big.pk),
        name="'Порт ' || CAST(i AS TEXT)",
        login=text("80000000 + i"),
        owner_id=own,
    )
    digits = NUMBER.format("i")
    insert(Number, PORTS, client_id=str(big.pk), kind="'internal'", digits=digits, owner_id=own)
    with without_indices(Call):
        first = calls(big.pk, rows, NUMBER, ports)
        calls(other.pk, rows // 10, NUMBER, ports + PORTS, linkedid="'o' || CAST(i AS TEXT)")
    insert(
        Recording,
        rows // 100,
        client_id=str(big.pk),
        call_id=f"{first} + i * 100",
        uniqueid=text("i"),
        name=text("i"),
        started_at=ago("i * 3000"),
        duration_ms="1000",
        size_bytes="32000",
    )
    analyse()
    return big.pk, {"admin": admin, "plain": plain}


def _cases() -> list[tuple[str, str, dict[str, str]]]:
    """(who, part of the path, query) of everything to ask."""
    day = {"from": "2026-11-19T00:00:00Z", "to": "2026-11-20T00:00:00Z"}
    year = {"from": "2025-11-20T00:00:00Z", "to": "2026-11-20T00:00:00Z"}
    rare, ours = "79160123456", "000007"
    filters: list[dict[str, str]] = [
        {},
        day,
        year,
        {"result": "busy"},
        {"result": "lost"},
        {"direction": "out"},
        {"direction": "out", "result": "no_answer"},
        {"number": rare},
        {"number": ours},
        {"number": "100"},
        {"number": ours, "result": "busy", **year},
        {"port_id": "7"},
        {"has_recording": "true"},
        {"has_recording": "false"},
        {"has_fax": "true"},
        {"talk_from_s": "80"},
        {"cost_from": "99000"},
        {"cost_from": "100000"},
        {"search": "9160123"},
        {"search": "такого нет"},
    ]
    several: list[dict[str, str]] = [  # of which no index has all
        {"direction": "out", "result": "no_answer"},
        {"number": ours},
        {"port_id": "7"},
        {"has_recording": "true"},
        {"has_recording": "true", "result": "busy"},
        {"talk_from_s": "80", "result": "busy"},
        {"cost_from": "99000", "direction": "in"},
        {"number": ours, "has_recording": "true"},
        {"search": "9160123", "result": "busy"},
    ]
    filters += [{**words, **year} for words in several]
    filters += [{**words, "sort": order} for words in several for order in ("caller", "-talk_ms", "cost")]
    asked = [("", words) for words in filters]
    asked += [
        ("", {"page": "2000"}),
        ("", {"page": "200", "number": ours}),
        ("", {"page": "2000", "result": "busy"}),
    ]
    columns = (
        "started_at",
        "ended_at",
        "direction",
        "caller",
        "called",
        "answered_by",
        "result",
        "talk_ms",
        "cost",
    )
    asked += [("", {"sort": order}) for column in columns for order in (column, f"-{column}")]
    asked += [
        ("/summary", words) for words in ({}, day, {"number": ours}, {"result": "busy"}, {"port_id": "7"})
    ]
    personal: tuple[dict[str, str], ...] = ({}, day, {"result": "busy"}, {"page": "20"}, {"sort": "-talk_ms"})
    return [
        *(("admin", part, words) for part, words in asked),
        *(("plain", "", words) for words in personal),
        ("plain", "/summary", {}),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
