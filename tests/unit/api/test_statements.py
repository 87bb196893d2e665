"""Money of a period as files: whole, in the period, of nobody else, and it adds up."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.billing import account_actions
from ats.billing.models import Account, Charge
from ats.calls.models import Call
from ats.clients import actions as clients
from ats.clients.models import Client, User
from tests.unit.billing.money import CITY, ROUBLE, tariff
from tests.unit.world import World

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
MONTH = datetime(2026, 3, 1, tzinfo=UTC)


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer)


def charge(account: Account, client: Client, at: datetime, cost: int, **values: Any) -> Charge:
    fields = {
        "node": "node1", "linkedid": f"c{at.timestamp()}", "leg": f"{at.timestamp()}-{client.pk}",
        "digits": CITY, "direction": "local", "talk_s": 61, "currency": "RUB", "rate": "{}", **values,
    }  # fmt: skip
    asked_us = int(at.timestamp()) * 1_000_000
    made = Charge.objects.create(account=account, client_id=client.pk, asked_us=asked_us, cost=cost, **fields)
    Account.objects.filter(pk=account.pk).update(balance=account.balance - cost)
    account.refresh_from_db()
    return made


@pytest.fixture
def accounts(world: World) -> dict[str, Account]:
    """«Ромашка» and «Вега» each with an account of its own."""
    price_list = tariff()
    found = {}
    for client in (world.romashka, world.vega):
        code = f"A-{client.name}"
        found[client.name] = Account.objects.create(code=code, tariff=price_list, kind="prepaid")
        clients.update_client(None, client.pk, {"billing_account": code})
    return found


def test_charges_with_their_calls_in_all_forms(
    world: World, accounts: dict[str, Account], browser: Callable[[User], Browser]
) -> None:
    mine = accounts["Ромашка"]
    charge(mine, world.romashka, MONTH - timedelta(seconds=1), 1)
    first = charge(mine, world.romashka, MONTH, 12 * ROUBLE + 4000)
    for minute in range(1, 600):
        charge(mine, world.romashka, MONTH + timedelta(minutes=minute), ROUBLE)
    charge(mine, world.romashka, MONTH + timedelta(days=31), 1)
    charge(accounts["Вега"], world.vega, MONTH, 7)
    with scopes_disabled():
        call = Call.objects.create(
            node="node1", linkedid=first.linkedid, client_id=world.romashka.pk, direction="out", caller="100",
            started_at=MONTH, ended_at=MONTH, result="answered",
        )  # fmt: skip
    period = {"from": MONTH.isoformat(), "to": (MONTH + timedelta(days=31)).isoformat()}
    keeper = browser(world.keeper)
    path = f"/api/clients/{world.romashka.pk}/money/export"
    rows = json.loads(body(keeper.get(path, {**period, "format": "json"})))
    assert len(rows) == 600
    assert rows[0] == {
        "id": first.pk, "at": "2026-03-01T00:00:00Z", "account": "A-Ромашка", "client_id": world.romashka.pk,
        "client": "Ромашка", "call_id": call.pk, "caller": "100", "digits": CITY, "direction": "local",
        "talk_s": 61, "cost": 124_000, "uncovered": 0, "currency": "RUB", "linkedid": first.linkedid,
    }  # fmt: skip
    text = body(keeper.get(path, period)).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert (lines[0]["Стоимость"], lines[0]["Клиент"], len(lines)) == ("12.4", "Ромашка", 600)
    assert body(keeper.get(path, {**period, "format": "xlsx"}))[:2] == b"PK"
    everything = json.loads(body(browser(world.admin).get("/api/billing/export", {"format": "json"})))
    assert len(everything) == 603
    one = {"format": "json", "account_id": accounts["Вега"].pk}
    assert [
        row["cost"] for row in json.loads(body(browser(world.admin).get("/api/billing/export", one)))
    ] == [7]


def test_a_statement_adds_up_at_any_moment(
    world: World, accounts: dict[str, Account], browser: Callable[[User], Browser]
) -> None:
    mine = accounts["Ромашка"]
    account_actions.add_entry(None, mine.pk, {"kind": "payment", "amount": 100 * ROUBLE})
    account_actions.add_entry(None, mine.pk, {"kind": "adjustment", "amount": -5 * ROUBLE, "note": "скидка"})
    mine.refresh_from_db()
    now = timezone.now()
    charge(mine, world.romashka, now - timedelta(days=2), 3 * ROUBLE)
    charge(mine, world.romashka, now - timedelta(hours=1), 2 * ROUBLE)
    admin = browser(world.admin)

    def balances(**period: str) -> dict[str, Any]:
        query = {"what": "balances", "format": "json", "account_id": mine.pk, **period}
        [row] = json.loads(body(admin.get("/api/billing/export", query)))
        return {
            name: row[name] // ROUBLE for name in ("opening", "payments", "adjustments", "charges", "closing")
        }

    yesterday = (now - timedelta(days=1)).isoformat()
    assert list(balances().values()) == [0, 100, -5, 5, 90]
    assert list(balances(to=yesterday).values()) == [0, 0, 0, 3, -3]
    assert list(balances(**{"from": yesterday}).values()) == [-3, 100, -5, 2, 90]
    keeper = browser(world.keeper)
    path = f"/api/clients/{world.romashka.pk}/money/export"
    paid = json.loads(body(keeper.get(path, {"what": "payments", "format": "json"})))
    assert [(row["kind"], row["amount"], row["note"]) for row in paid] == [
        ("payment", 100 * ROUBLE, ""), ("adjustment", -5 * ROUBLE, "скидка"),
    ]  # fmt: skip
    [told] = json.loads(body(keeper.get(path, {"what": "clients", "format": "json"})))
    assert (told["client"], told["calls"], told["talk_s"], told["cost"]) == ("Ромашка", 2, 122, 5 * ROUBLE)


def test_nobody_elses_money(
    world: World, accounts: dict[str, Account], browser: Callable[[User], Browser]
) -> None:
    for client in (world.romashka, world.vega):
        charge(accounts[client.name], client, MONTH, ROUBLE)
        account_actions.add_entry(None, accounts[client.name].pk, {"kind": "payment", "amount": ROUBLE})
    with scope(client=world.vega.pk):
        User.objects.filter(pk=world.vega_keeper.pk).update(billing_account="A-Ромашка")
    keeper = browser(world.keeper)
    own = f"/api/clients/{world.romashka.pk}/money/export"
    for what in ("charges", "payments", "balances", "clients"):
        rows = json.loads(body(keeper.get(own, {"what": what, "format": "json"})))
        assert [row["account"] for row in rows] == ["A-Ромашка"], what
        other = keeper.get(f"/api/clients/{world.vega.pk}/money/export", {"what": what})
        assert other.status_code == 404
    assert keeper.get("/api/billing/export").status_code == 403
    # The account of a user is his client's matter, too; what others' calls cost on it is not.
    theirs = f"/api/clients/{world.vega.pk}/money/export"
    vega = browser(world.vega_keeper)
    rows = json.loads(body(vega.get(theirs, {"what": "balances", "format": "json"})))
    assert [row["account"] for row in rows] == ["A-Вега", "A-Ромашка"]
    assert len(json.loads(body(vega.get(theirs, {"format": "json"})))) == 1
    assert body(vega.get(theirs, {"format": "json", "from": "2030-01-01T00:00:00Z"})) == b"[\n]\n"
    wrong = {"from": "2030-01-01T00:00:00Z", "to": "2029-01-01T00:00:00Z"}
    refused = vega.get(theirs, wrong)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["to"])
