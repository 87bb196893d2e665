"""Setting limits: who may, what is checked, what the engine gets of them."""

from typing import Any

import pytest
from django_scopes import scope

from ats.audit.models import AuditEntry
from ats.clients.models import Client
from ats.dialplan.directions import Direction
from ats.errors import Denied, Invalid, Missing
from ats.limits import queries
from ats.limits.actions import set_limits
from ats.limits.models import Limit
from ats.limits.scopes import Scope
from ats.numbering.queries import client_plan
from ats.ports import actions as ports
from ats.queues.models import Queue


@pytest.fixture
def port_id(world: Any) -> int:
    with scope(client=world.romashka.pk):
        return ports.create_port(None, world.romashka.pk, {"name": "Линия", "login": "170001"}).pk


def test_operator_limits_a_client_and_the_clients_own_administrator_cannot(world: Any) -> None:
    """S38: general limits on clients are the operator's; a client's administrator has only his own users."""
    client_id = world.romashka.pk
    with scope(client=client_id):
        set_limits(world.admin, client_id, Scope.CLIENT, client_id, {"lines_all": 30})
        with pytest.raises(Denied):
            set_limits(world.keeper, client_id, Scope.CLIENT, client_id, {"lines_all": 300})
        set_limits(world.keeper, client_id, Scope.USER, world.plain.pk, {"minutes_day": 60})
        assert queries.limits_of(Scope.CLIENT, client_id)["lines_all"] == 30
        assert queries.limits_of(Scope.USER, world.plain.pk)["minutes_day"] == 60


def test_a_change_is_audited_and_reaches_the_engine(world: Any, port_id: int) -> None:
    client_id = world.romashka.pk
    before = Client.objects.get(pk=client_id).version
    with scope(client=client_id):
        set_limits(
            world.keeper, client_id, Scope.PORT, port_id, {"lines_out": 1, "closed": ["international"]}
        )
        entry = AuditEntry.objects.latest("pk")
        assert (entry.object_type, entry.after) == ("limit", {"lines_out": 1, "closed": ["international"]})
        assert entry.object_name == f"port {port_id}"
        assert Client.objects.get(pk=client_id).version == before + 1
        set_limits(world.keeper, client_id, Scope.PORT, port_id, {"lines_out": 1})
    assert Client.objects.get(pk=client_id).version == before + 1
    [limited] = client_plan(client_id).limits.ports
    assert (limited.endpoint, limited.own.lines_out) == ("170001", 1)
    assert limited.own.closed == {Direction.INTERNATIONAL}


def test_taking_the_last_limit_away_leaves_nothing(world: Any, port_id: int) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        set_limits(None, client_id, Scope.PORT, port_id, {"lines_out": 0})
        assert Limit.objects.count() == 1  # zero lines is a limit
        set_limits(None, client_id, Scope.PORT, port_id, {"lines_out": None})
        assert not Limit.objects.exists()
    assert client_plan(client_id).limits.ports == ()


def test_limits_of_a_user_reach_his_ports(world: Any, port_id: int) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        ports.update_port(None, port_id, {"owner_id": world.plain.pk})
        set_limits(None, client_id, Scope.USER, world.plain.pk, {"lines_all": 1})
    [limited] = client_plan(client_id).limits.ports
    assert (limited.user_id, limited.user.lines_all) == (world.plain.pk, 1)


def test_element_limits(world: Any) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        queue = Queue.objects.create(client_id=client_id, name="Продажи")
        with pytest.raises(Invalid) as refused:
            set_limits(None, client_id, Scope.QUEUE, queue.pk, {"lines_in": 2, "money_day": 5})
        assert refused.value.fields["money_day"].code == "no_limit_here"
        set_limits(None, client_id, Scope.QUEUE, queue.pk, {"lines_in": 2, "duration_in_s": 60})
    element = client_plan(client_id).limits.elements["queue", queue.pk]
    assert (element.lines, element.duration_s) == (2, 60)
    with scope(client=client_id):
        queue.delete()
        assert not Limit.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lines_in", -1),
        ("lines_all", "many"),
        ("duration_out_s", 0),
        ("money_day", 1.5),
        ("closed", ["emergency"]),
        ("closed", "international"),
        ("deny_prefixes", ["7x"]),
        ("allow_prefixes", ["1" * 16]),
    ],
)
def test_values_that_are_no_limits(world: Any, field: str, value: object) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id), pytest.raises(Invalid) as refused:
        set_limits(None, client_id, Scope.CLIENT, client_id, {field: value})
    assert list(refused.value.fields) == [field]


def test_another_clients_port_is_not_there(world: Any, port_id: int) -> None:
    with scope(client=world.vega.pk), pytest.raises(Missing):
        set_limits(None, world.vega.pk, Scope.PORT, port_id, {"lines_in": 1})
