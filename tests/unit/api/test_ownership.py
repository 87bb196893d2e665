"""An ordinary user sees and changes only what was given to him (S229-S233)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope

from ats.calls.models import Call
from ats.clients.models import User
from ats.engine.models import LiveCall, Node
from ats.numbering import actions as numbering
from ats.ports import actions as ports

Visit = Callable[[User], Browser]
JSON = "application/json"


@pytest.fixture
def things(world: Any) -> dict[str, int]:
    """A number and a port of the plain user, and one of each of the company itself."""
    client_id, owner = world.romashka.pk, world.plain.pk
    found: dict[str, int] = {}
    with scope(client=client_id):
        for name, digits, user in (("own", "101", owner), ("other", "102", None)):
            number = numbering.create_internal(None, client_id, {"digits": digits, "owner_id": user})
            port = ports.create_port(
                None, client_id, {"name": f"Линия {digits}", "number_id": number.pk, "owner_id": user}
            )
            found |= {f"{name}_number": number.pk, f"{name}_port": port.pk}
            now = timezone.now()
            call = Call.objects.create(
                node="node1", linkedid=digits, client_id=client_id, direction="in", started_at=now, ended_at=now,
                result="answered", called=digits, answered_port_id=port.pk,
            )  # fmt: skip
            found[f"{name}_call"] = call.pk
            LiveCall.objects.create(
                node=Node.objects.get_or_create(name="node1")[0], client_id=client_id, linkedid=digits,
                uniqueid=digits, channel="x", caller="74950000000", called=digits, state="up", started_at=now,
                updated_at=now,
            )  # fmt: skip
    return found


def test_lists_hold_only_ones_own(world: Any, browser: Visit, things: dict[str, int]) -> None:
    base = f"/api/clients/{world.romashka.pk}"
    plain, keeper = browser(world.plain), browser(world.keeper)
    for path, own, other in (
        ("numbers/internal", "own_number", "other_number"),
        ("ports", "own_port", "other_port"),
        ("calls", "own_call", "other_call"),
    ):
        assert {row["id"] for row in plain.get(f"{base}/{path}").json()["items"]} == {things[own]}
        assert {things[own], things[other]} <= {
            row["id"] for row in keeper.get(f"{base}/{path}").json()["items"]
        }
    assert [row["called"] for row in plain.get(f"{base}/calls/active").json()["items"]] == ["101"]
    assert len(keeper.get(f"{base}/calls/active").json()["items"]) == 2


def test_what_is_not_ones_own_is_not_there(world: Any, browser: Visit, things: dict[str, int]) -> None:
    base = f"/api/clients/{world.romashka.pk}"
    plain = browser(world.plain)
    for path in (
        f"numbers/{things['other_number']}",
        f"numbers/{things['other_number']}/dialplan",
        f"ports/{things['other_port']}",
        f"ports/{things['other_port']}/credentials",
        f"calls/{things['other_call']}",
    ):
        assert plain.get(f"{base}/{path}").status_code == 404, path
    for path in (
        f"numbers/{things['own_number']}",
        f"numbers/{things['own_number']}/dialplan",
        f"ports/{things['own_port']}",
        f"ports/{things['own_port']}/credentials",
        f"calls/{things['own_call']}",
    ):
        assert plain.get(f"{base}/{path}").status_code == 200, path


def test_ones_own_number_can_be_renamed_but_not_given_away(
    world: Any, browser: Visit, things: dict[str, int]
) -> None:
    base = f"/api/clients/{world.romashka.pk}/numbers"
    plain = browser(world.plain)
    own = f"{base}/{things['own_number']}"
    assert plain.patch(own, {"name": "Мой"}, content_type=JSON).json()["name"] == "Мой"
    assert plain.patch(own, {"owner_id": None}, content_type=JSON).status_code == 403
    other = f"{base}/{things['other_number']}"
    assert plain.patch(other, {"name": "Мой"}, content_type=JSON).status_code == 404
    assert plain.put(f"{own}/dialplan", {"revision": 0, "steps": []}, content_type=JSON).status_code == 403
    assert plain.delete(own).status_code == 403


def test_an_owner_is_a_user_of_the_same_client(world: Any, browser: Visit, things: dict[str, int]) -> None:
    own = f"/api/clients/{world.romashka.pk}/numbers/{things['own_number']}"
    foreign = browser(world.keeper).patch(own, {"owner_id": world.vega_keeper.pk}, content_type=JSON)
    assert foreign.json()["fields"].keys() == {"owner_id"}


def test_a_user_who_goes_leaves_his_number_to_the_company(
    world: Any, browser: Visit, things: dict[str, int]
) -> None:
    base = f"/api/clients/{world.romashka.pk}"
    keeper = browser(world.keeper)
    assert keeper.delete(f"{base}/users/{world.plain.pk}").status_code == 204
    assert keeper.get(f"{base}/numbers/{things['own_number']}").json()["owner_id"] is None
