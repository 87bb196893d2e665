"""The operator's outside billings: their servers, secrets, and whose calls they rate."""

from typing import Any

import pytest
from django_scopes import scopes_disabled

from ats.audit.models import AuditEntry
from ats.errors import Conflict, Invalid, Missing
from ats.radius import actions, queries
from ats.radius.models import Profile
from tests.unit.world import World

pytestmark = pytest.mark.django_db
SERVER = {"host": "192.0.2.1", "secret": "first"}


def make(name: str = "Биллинг", **values: Any) -> Profile:
    return actions.save_profile(None, None, {"name": name, "servers": [SERVER], **values})


def test_a_secret_is_kept_when_none_is_given_and_never_told(world: World) -> None:
    one = make()
    [server] = one.servers.all()
    moved = {"id": server.pk, "host": "192.0.2.2", "auth_port": 1645, "acct_port": 1646, "secret": ""}
    actions.save_profile(world.admin, one.pk, {"servers": [{**SERVER, "secret": "other"}, moved]})
    first, second = one.servers.all()
    assert (first.secret, second.secret, second.pk) == ("other", "first", server.pk)
    assert "secret" not in str(queries.profile_rows([queries.profile(one.pk)]))
    with scopes_disabled():
        told = AuditEntry.objects.filter(object_type="profile").latest("pk")
    assert told.after["servers"] == ["192.0.2.1 1812/1813", "192.0.2.2 1645/1646"]
    assert "other" not in str(told.after)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"servers": []}, "servers", "required"),
        ({"servers": [{**SERVER, "host": "radius.example.org"}]}, "servers.0.host", "bad_address"),
        ({"servers": [SERVER, SERVER]}, "servers.1.host", "taken"),
        ({"servers": [{"host": "192.0.2.1", "secret": ""}]}, "servers.0.secret", "required"),
        ({"servers": [{**SERVER, "acct_port": 0}]}, "servers.0.acct_port", "out_of_range"),
        ({"name": " "}, "name", "required"),
        ({"timeout_ms": 10}, "timeout_ms", "out_of_range"),
    ],
)
def test_what_is_refused(world: World, values: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        make(**values)
    assert caught.value.fields is not None
    assert caught.value.fields[field].code == code


def test_a_client_is_bound_and_unbound(world: World) -> None:
    one = make()
    actions.bind(world.admin, world.vega.pk, one.pk)
    assert queries.binding(world.vega.pk) == one
    assert queries.binding(world.romashka.pk) is None
    with pytest.raises(Conflict):
        actions.delete_profile(world.admin, one.pk)
    actions.bind(world.admin, world.vega.pk, None)
    assert queries.binding(world.vega.pk) is None
    actions.delete_profile(world.admin, one.pk)
    with pytest.raises(Missing):
        queries.profile(one.pk)
    with pytest.raises(Invalid):
        actions.bind(world.admin, world.vega.pk, one.pk)
    with pytest.raises(Invalid):
        make("А")
        make("А")
