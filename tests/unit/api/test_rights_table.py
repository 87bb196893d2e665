"""Every operation × role × own or another client, compared with the committed table (S212-S248).

After an intended change: `ATS_GOLDEN=write … pytest tests/unit/api/test_rights_table.py`, and read the difference.

    +  allowed    -  403, no right    .  404, is not there for this user    (own client, then another one)
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client as Browser

from ats.clients.models import User
from tests.unit.api.test_tenancy import Things, call, operations, things_of
from tests.unit.world import make_user

TABLE = Path(__file__).with_name("rights_table.txt")
ROLES = ("system_admin", "clients_admin", "client_admin", "client_user")
# They answer by what is sent, not by who sends it.
OPEN = {"login", "passkey_login", "passkey_login_options", "get_session", "get_meta", "get_health"}
# Ids of the operator's things; 404 tells no more than that the right was there.
NOBODYS = dict.fromkeys(("route_id", "zone_id", "tariff_id", "rate_id", "account_id"), 1)
STREAMS = {"stream_active_calls"}  # never ends; gated like list_active_calls


def test_the_table_has_no_hole(world: Any, browser: Callable[[User], Browser]) -> None:
    owners = ((world.operator, world.admin), (world.romashka, world.keeper), (world.vega, world.vega_keeper))
    clients = {
        client: things_of(client, user, free)
        for (client, user), free in zip(owners, world.free_ids, strict=False)
    }
    found = [f"{'operation':<34} {' '.join(f'{role:<13}' for role in ROLES)}"]
    users = {role: _user(world, role) for role in ROLES}
    for name, method, path in sorted(operations()):
        if name in OPEN or name in STREAMS:
            continue
        cells = []
        for role in ROLES:
            user = users[role]
            other = world.romashka if user.client_id != world.romashka.pk else world.vega
            signs = [
                _sign(browser(user), name, method, path, clients[client]) for client in (user.client, other)
            ]
            cells.append(f"{''.join(signs if '{client_id}' in path else signs[:1]):<13}")
        found.append(f"{name:<34} {' '.join(cells)}".rstrip())
    text = "\n".join(found) + "\n"
    if os.environ.get("ATS_GOLDEN") == "write":
        TABLE.write_text(text, encoding="utf-8")
    assert text.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def _user(world: Any, role: str) -> User:
    client = world.operator if role in ROLES[:2] else world.romashka
    return make_user(client, f"as-{role}", role)


def _sign(browser: Browser, name: str, method: str, path: str, things: Things) -> str:
    with transaction.atomic():
        answer = call(browser, name, method, path.format(**vars(things), **NOBODYS), things)
        transaction.set_rollback(True)  # what one of them deleted must be there for the next
    if answer.status_code in (403, 404):
        # A refusal by the state of things is not one by rights: «csrf» and «factor» never come here.
        return {"forbidden": "-", "not_found": "."}.get(answer.json()["code"], "+")
    assert answer.status_code != 500, (name, answer.content[:300])
    return "+"
