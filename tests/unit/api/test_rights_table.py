"""Every operation × role × own or another client, compared with the committed table (S212-S248).

After an intended change, in one process: `ATS_GOLDEN=write … pytest <this file>`; read the difference.

    +  allowed    -  403, no right    .  404, is not there for this user    (own client, then another one)
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser

from ats.clients.models import User
from tests.unit.api.test_tenancy import Things, call, operations, things_of
from tests.unit.visitor import visitor
from tests.unit.world import make_user

TABLE = Path(__file__).with_name("rights_table.txt")
ROLES = ("system_admin", "clients_admin", "client_admin", "client_user")
# They answer by what is sent, not by who sends it.
OPEN = {"login", "passkey_login", "passkey_login_options", "get_session", "get_meta", "get_health"}
# Ids of the operator's things; 404 tells no more than that the right was there.
NOBODYS = dict.fromkeys(
    ("route_id", "zone_id", "tariff_id", "rate_id", "account_id", "radius_id", "ban_id", "name"), 1
)
STREAMS = {"stream_active_calls"}  # never ends; gated like list_active_calls


@pytest.mark.parametrize("role", ROLES)
def test_the_table_has_no_hole(world: Any, browser: Callable[[User], Browser], role: str) -> None:
    """One column at a time, so that several processes share the work."""
    owners = ((world.operator, world.admin), (world.romashka, world.keeper), (world.vega, world.vega_keeper))
    clients = {
        client: things_of(client, user, free)
        for (client, user), free in zip(owners, world.free_ids, strict=False)
    }
    user = _user(world, role)
    other = world.romashka if user.client_id != world.romashka.pk else world.vega
    visit = browser(user).cookies
    found = {}
    for name, method, path in sorted(operations()):
        if name in OPEN or name in STREAMS:
            continue
        asked = (user.client, other) if "{client_id}" in path else (user.client,)
        found[name] = "".join(_sign(visitor(visit), name, method, path, clients[client]) for client in asked)
    table = _read()
    if os.environ.get("ATS_GOLDEN") == "write":
        _write({name: {**table.get(name, {}), role: sign} for name, sign in found.items()})
        table = _read()
    assert found == {name: cells[role] for name, cells in table.items()}


def _read() -> dict[str, dict[str, str]]:
    """Operation → role → signs."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return {name: dict(zip(ROLES, cells, strict=False)) for name, *cells in map(str.split, lines)}


def _write(rows: dict[str, dict[str, str]]) -> None:
    lines = [("operation", {role: role for role in ROLES}), *sorted(rows.items())]
    text = []
    for name, cells in lines:
        columns = " ".join(f"{cells.get(role, '?'):<13}" for role in ROLES)
        text.append(f"{name:<34} {columns}".rstrip())
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")


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
