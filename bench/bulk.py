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

BATCH = 5000
DID_BASE = 74960000000
PASSWORD = "Bulk-bench-1"


def clients(count: int, numbers: int) -> dict[str, int]:
    """`count` clients with `numbers` numbers each (the last one external) and one port; returns ids."""
    made = Client.objects.bulk_create(
        [Client(name=f"Клиент {index}", version=1) for index in range(count)], batch_size=BATCH
    )
    ports = Port.objects.bulk_create(
        [
            Port(client=client, name="Линия 1", login=f"8{client.pk:07d}", password=PASSWORD)
            for client in made
        ],
        batch_size=BATCH,
    )
    rows = []
    for index, client in enumerate(made):
        rows += [Number(client=client, kind="internal", digits=str(100 + n)) for n in range(numbers - 1)]
        rows.append(Number(client=client, kind="external", digits=str(DID_BASE + index)))
    stored = Number.objects.bulk_create(rows, batch_size=BATCH)
    port_of = {port.client_id: port for port in ports}
    steps = []
    for number in stored:
        if number.kind == "external":
            steps.append(Step(number=number, position=0, level=1, action="hangup", cause=17))
            continue
        port = port_of[number.client_id or 0]
        steps.append(
            Step(number=number, position=0, level=1, action="port", port=port, timeout_s=20, on_no_answer=2)
        )
        steps.append(Step(number=number, position=1, level=2, action="hangup", cause=19))
    Step.objects.bulk_create(steps, batch_size=BATCH)
    return {"first_client": made[0].pk, "first_external": stored[numbers - 1].pk, "numbers_each": numbers}


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
