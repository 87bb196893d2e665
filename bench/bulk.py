"""Fills a database with many clients, or many ports of one, as rows (run as a command inside an installation).

Only for benches: a real client is made by actions. The rows are the ones actions would have written.
"""

import argparse
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats.settings")
django.setup()

from django.db import transaction  # noqa: E402 - settings first
from django_scopes import scopes_disabled  # noqa: E402

from ats.clients.models import Client  # noqa: E402
from ats.numbering.models import Number, Step  # noqa: E402
from ats.ports.models import Port  # noqa: E402
from bench.sqlfill import insert, text  # noqa: E402

BATCH = 5000
DID_BASE = 74960000000
PASSWORD = "Bulk-bench-1"


def clients(count: int, numbers: int) -> dict[str, int]:
    """`count` clients with `numbers` numbers each (the last one external) and one port; returns ids."""
    client = insert(Client, count, name=f"'Клиент ' || {text('i')}", version="1")
    port = insert(
        Port,
        count,
        client_id=f"{client} + i",
        name="'Линия 1'",
        login=text(f"80000000 + {client} + i"),
        password=f"'{PASSWORD}'",
    )
    inner, of, turn = numbers - 1, f"i / {numbers}", f"i % {numbers}"

    def by_kind(external: str, internal: str) -> str:
        return f"CASE WHEN {turn} = {inner} THEN {external} ELSE {internal} END"

    number = insert(
        Number,
        count * numbers,
        client_id=f"{client} + {of}",
        kind=by_kind("'external'", "'internal'"),
        digits=by_kind(text(f"{DID_BASE} + {of}"), text(f"100 + {turn}")),
    )
    insert(
        Step,
        count * numbers,
        number_id=f"{number} + i",
        position="0",
        level="1",
        action=by_kind("'hangup'", "'port'"),
        cause=by_kind("17", "NULL"),
        port_id=by_kind("NULL", f"{port} + {of}"),
        timeout_s="20",
        on_no_answer=by_kind("NULL", "2"),
    )
    insert(
        Step,
        count * inner,
        number_id=f"{number} + (i / {inner}) * {numbers} + i % {inner}",
        position="1",
        level="2",
        action="'hangup'",
        cause="19",
    )
    return {"first_client": client, "first_external": number + inner, "numbers_each": numbers}


def endpoints(client_id: int, count: int) -> dict[str, int]:
    """`count` subscriber ports of one client."""
    Port.objects.bulk_create(
        [
            Port(client_id=client_id, name=f"Порт {index}", login=f"9{index:07d}", password=PASSWORD)
            for index in range(count)
        ],
        batch_size=BATCH,
    )
    Client.objects.filter(pk=client_id).update(version=2)
    return {"client": client_id}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["clients", "endpoints"])
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--numbers", type=int, default=20)
    parser.add_argument("--client", type=int, default=0)
    options = parser.parse_args()
    with scopes_disabled(), transaction.atomic():
        if options.what == "clients":
            answer = clients(options.count, options.numbers)
        else:
            answer = endpoints(options.client, options.count)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
