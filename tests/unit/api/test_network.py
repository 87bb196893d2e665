"""«Сеть/Адреса» of all clients, nodes with their health, and what «Обзор» calls for attention."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope

from ats.audit.models import Outbox
from ats.billing import account_actions, tariff_actions
from ats.calls.models import Call
from ats.clients import actions as clients
from ats.clients.models import User
from ats.engine.models import ActiveVersion, Node, Registration
from ats.numbering import actions as numbers
from ats.numbering import dialplan_actions
from ats.ports import actions as ports
from tests.unit.world import World

ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}


def test_what_is_connected_is_listed_by_name(world: World, browser: Callable[[User], Browser]) -> None:
    now = timezone.now()
    # Heard in a moment to come: however slow the machine, it is alive.
    node = Node.objects.create(
        name="node1", heartbeat_at=now + timedelta(hours=1), engine_started_at=now, calls=3
    )
    for client, name, address in (
        (world.romashka, "Приёмная", "203.0.113.1:5060"),
        (world.vega, "Склад", "203.0.113.2:5060"),
    ):
        with scope(client=client.pk):
            port = ports.create_port(None, client.pk, {"name": name})
        Registration.objects.create(
            node=node, port_id=port.pk, client_id=client.pk, address=address, user_agent="Phone",
            status="registered", updated_at=now,
        )  # fmt: skip
    operator = browser(world.admin)
    found = operator.get("/api/network/registrations?sort=address").json()
    assert [(row["client_name"], row["port_name"]) for row in found["items"]] == [
        ("Ромашка", "Приёмная"),
        ("Вега", "Склад"),
    ]
    assert all(row["login"] and row["kind"] == "sip" for row in found["items"])
    assert operator.get("/api/network/registrations?search=113.2").json()["total"] == 1
    assert browser(world.keeper).get("/api/network/registrations").status_code == 403
    own = browser(world.keeper).get(f"/api/clients/{world.romashka.pk}/registrations").json()
    assert [(row["port_name"], row["address"]) for row in own["items"]] == [("Приёмная", "203.0.113.1:5060")]
    nothing = browser(world.plain).get(f"/api/clients/{world.romashka.pk}/registrations").json()
    assert nothing["total"] == 0, "the port is not his"
    sheet = operator.get("/api/network/registrations?format=csv")
    assert sheet["Content-Type"].startswith("text/csv")

    version = clients.update_client(None, world.vega.pk, {"area_code": "812"}).version
    ActiveVersion.objects.create(node=node, client_id=world.vega.pk, version=version - 1, active_at=now)
    ActiveVersion.objects.create(node=node, client_id=0, version=1, active_at=now)
    (told,) = operator.get("/api/network").json()["nodes"]
    assert (told["alive"], told["calls"], told["registered"]) == (True, 3, 2)
    assert (told["clients"], told["behind"], told["failed"]) == (1, 1, 0)
    assert told["newest_outbox_id"] == Outbox.objects.latest("pk").pk
    Node.objects.update(heartbeat_at=now - timedelta(minutes=1))
    (told,) = operator.get("/api/network").json()["nodes"]
    assert (told["alive"], told["calls"]) == (False, 0)


def test_the_overview_calls_for_attention(world: World, browser: Callable[[User], Browser]) -> None:
    client_id, now = world.romashka.pk, timezone.now()
    address = f"/api/clients/{client_id}/overview"
    keeper, plain = browser(world.keeper), browser(world.plain)
    with scope(client=client_id):
        number = numbers.create_internal(None, client_id, {"digits": "100"})
        steps = [
            {"level": level, "action": {"kind": "hangup", "cause": 17}, "calendar": ALWAYS}
            for level in (1, 2)
        ]
        dialplan_actions.save_dialplan(None, number.pk, 0, steps)  # nothing leads to level 2
        for path in (f"{client_id}=lo@c{client_id}", f"{client_id}/1/1 1"):
            Call.objects.create(
                node="n", linkedid=path, client_id=client_id, direction="out", started_at=now, ended_at=now,
                result="failed", path=path,
            )  # fmt: skip
    told = {row["code"]: row["count"] for row in keeper.get(address).json()["attention"]}
    assert (told["limits_hit"], told["dialplan_remarks"]) == (1, 1)
    assert keeper.get(address).json()["money"] is None
    with scope(client=client_id):
        dialplan_actions.save_dialplan(None, number.pk, 1, steps[:1])
    assert "dialplan_remarks" not in {row["code"] for row in keeper.get(address).json()["attention"]}

    with scope(client=world.operator.pk):
        tariff = tariff_actions.save_tariff(None, None, {"name": "Обычный", "currency": "RUB"})
        terms = {"code": "R1", "tariff_id": tariff.pk, "credit": 500_000}
        account_actions.save_account(None, None, terms)
    clients.update_client(None, client_id, {"billing_account": "R1"})
    money = keeper.get(address).json()["money"]
    assert (money["currency"], money["spent_today"], money["left"]) == ("RUB", 0, 500_000)
    assert plain.get(address).json()["money"] is None  # of the company, not his
