"""Ports: what is accepted, generated and refused; what the engine gets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled
from hypothesis import given
from hypothesis import strategies as st

from ats import checks
from ats.audit.models import AuditEntry
from ats.clients import actions as clients
from ats.clients.models import Client, User
from ats.errors import Conflict, Invalid
from ats.numbering import actions as numbering
from ats.numbering import dialplan_actions, pool_actions
from ats.ports import actions, credentials
from ats.ports.models import Port
from ats.ports.queries import endpoints_of
from ats.ports.softphones import Account
from tests.unit.world import World

JSON = "application/json"


IAX_LINE: dict[str, Any] = {
    "kind": "iax2",
    "connection": "trunk",
    "remote_host": "iax.example.org",
    "register": True,
    "remote_login": "line2",
    "password": "Secret1",
}

GATEWAY: dict[str, Any] = {"kind": "h323", "connection": "trunk", "remote_host": "192.0.2.7"}


def create(world: World, client: Client | None = None, **values: Any) -> Port:
    owner = client or world.romashka
    with scope(client=owner.pk):
        return actions.create_port(None, owner.pk, {"name": "Линия 1", **values})


def faults(world: World, **values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        create(world, **values)
    return {path: fault.code for path, fault in caught.value.fields.items()}


def test_a_login_and_a_good_password_are_generated(world: World) -> None:
    first, second = create(world), create(world, name="Линия 2")
    assert first.login == str(100_000 + world.romashka.pk * 1000 + 1)
    assert second.login == str(int(first.login) + 1)
    assert credentials.check_password(first.password, first.login) == first.password
    assert first.password != second.password


def test_calls_over_iax2_come_under_one_name_only(world: World) -> None:
    """An account at an operator is a name in the engine; so is a telephone's login, of whatever client."""
    line = create(world, **IAX_LINE)
    assert (line.remote_port, line.endpoint) == (4569, f"t{line.pk}")
    assert faults(world, **IAX_LINE, client=world.vega) == {"remote_login": "taken"}
    telephone = create(world, kind="iax2", name="Телефон")
    login = {**IAX_LINE, "remote_login": telephone.login, "name": "Другая"}
    assert faults(world, **login, client=world.vega) == {"remote_login": "taken"}


def test_suggested_passwords_differ_and_keep_the_rule() -> None:
    found = credentials.suggest_passwords()
    assert len(set(found)) == 5
    for password in found:
        assert credentials.check_password(password, "102001") == password


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"name": ""}, {"name": "required"}),
        ({"name": "x" * 81}, {"name": "too_long"}),
        ({"name": "a\nb"}, {"name": "control_characters"}),
        ({"login": "123"}, {"login": "bad_sip_login"}),
        ({"login": "1234567890123"}, {"login": "bad_sip_login"}),
        ({"login": "12a4"}, {"login": "bad_sip_login"}),
        ({"password": "short1"}, {"password": "sip_password_weak"}),
        ({"password": "onlyletterss"}, {"password": "sip_password_weak"}),
        ({"password": "1234567890"}, {"password": "sip_password_weak"}),
        ({"password": "with space 1"}, {"password": "sip_password_characters"}),
        ({"password": "semicolon;123"}, {"password": "sip_password_characters"}),
        ({"login": "555123", "password": "abc555123xyz"}, {"password": "sip_password_login"}),
        ({"networks": ["192.0.2.0/24", "nonsense"]}, {"networks": "bad_network"}),
        ({"networks": "192.0.2.0/24"}, {"networks": "not_list"}),
        ({"max_contacts": 11}, {"max_contacts": "out_of_range"}),
        ({"dtmf": "smoke"}, {"dtmf": "not_allowed"}),
        ({"kind": "ss7"}, {"kind": "not_allowed"}),
        ({"kind": "h323"}, {"connection": "h323_trunk"}),
        ({**GATEWAY}, {"kind": "h323_operator"}),
        (
            {**GATEWAY, "remote_host": "h323.example.org"},
            {"kind": "h323_operator", "remote_host": "h323_address"},
        ),
        ({**GATEWAY, "networks": ["192.0.2.0/24"]}, {"kind": "h323_operator", "networks": "h323_networks"}),
        ({**GATEWAY, "register": True}, {"register": "not_h323"}),
        ({**GATEWAY, "remote_login": "gate"}, {"remote_login": "not_h323"}),
        ({**GATEWAY, "dtmf": "info"}, {"dtmf": "only_sip"}),
        ({"kind": "iax2", "dtmf": "info"}, {"dtmf": "only_sip"}),
        ({"kind": "iax2", "webrtc": True}, {"webrtc": "only_sip"}),
        ({"kind": "iax2", "max_contacts": 2}, {"max_contacts": "only_sip"}),
        ({"kind": "iax2", "media_through_server": False}, {"media_through_server": "only_sip"}),
        ({**IAX_LINE, "register": False}, {"register": "iax_line_registers"}),
        ({**IAX_LINE, "remote_login": "t17"}, {"remote_login": "bad_iax_login"}),
        ({**IAX_LINE, "remote_login": "General"}, {"remote_login": "bad_iax_login"}),
        ({**IAX_LINE, "remote_login": "a@b"}, {"remote_login": "bad_iax_login"}),
        ({**IAX_LINE, "password": "a:b@c"}, {"password": "bad_iax_password"}),
        ({**IAX_LINE, "remote_domain": "a.example"}, {"remote_domain": "only_sip"}),
        ({"remote_host": "sip.example.org"}, {"remote_host": "only_trunk"}),
        ({"register": True}, {"register": "only_trunk"}),
        ({"connection": "trunk"}, {"remote_host": "required"}),
        ({"connection": "trunk", "remote_host": "192.0.2.300"}, {"remote_host": "bad_host"}),
        ({"connection": "trunk", "remote_host": "-bad-.example"}, {"remote_host": "bad_host"}),
        ({"connection": "trunk", "remote_host": "host name"}, {"remote_host": "bad_host"}),
        (
            {"connection": "trunk", "remote_host": "a.example", "remote_port": 0},
            {"remote_port": "out_of_range"},
        ),
        ({"connection": "trunk", "remote_host": "a.example", "register": True}, {"remote_login": "required"}),
        (
            {"connection": "trunk", "remote_host": "a.example", "remote_login": "a;b"},
            {"remote_login": "bad_remote_login"},
        ),
        (
            {"connection": "trunk", "remote_host": "a.example", "login": "5550001"},
            {"login": "only_subscriber"},
        ),
    ],
)
def test_faults_name_their_field(world: World, values: dict[str, Any], where: dict[str, str]) -> None:
    assert faults(world, **values) == where


@given(st.text(max_size=40))
def test_a_password_that_passes_holds_nothing_to_quote(password: str) -> None:
    try:
        accepted = credentials.check_password(password, "102001")
    except checks.Bad:
        return
    assert accepted.isascii()
    assert not set(accepted) & set(" ;\"'\\<>&|$`,\r\n\t")


def test_names_and_logins_are_unique_where_they_must_be(world: World) -> None:
    create(world, login="555001")
    assert faults(world) == {"name": "taken"}
    assert faults(world, name="Линия 2", login="555001") == {"login": "taken"}
    create(world, client=world.vega)


def test_networks_are_written_as_networks(world: World) -> None:
    port = create(world, networks=["192.0.2.7", "192.0.2.99/24", "2001:db8::/32", "192.0.2.0/24"])
    assert port.networks == ["192.0.2.7/32", "192.0.2.0/24", "2001:db8::/32"]


def test_hosts_are_written_one_way(world: World) -> None:
    port = create(world, connection="trunk", remote_host="SIP.Example.ORG.", remote_domain="[2001:DB8::1]")
    assert (port.remote_host, port.remote_domain) == ("sip.example.org", "2001:db8::1")


def test_a_change_of_login_keeps_the_password_rule(world: World) -> None:
    port = create(world, login="555001", password="abc777002xyz")
    with scope(client=world.romashka.pk):
        with pytest.raises(Invalid):
            actions.update_port(None, port.pk, {"login": "777002"})
        actions.update_port(None, port.pk, {"password": "", "description": "на столе"})
        port.refresh_from_db()
        assert port.password == "abc777002xyz"
        with pytest.raises(Invalid):
            actions.update_port(None, port.pk, {"connection": "trunk"})
        with pytest.raises(Invalid):
            actions.update_port(None, port.pk, {"login": ""})


def test_only_what_the_engine_sees_bumps_the_version(world: World) -> None:
    port = create(world)
    with scope(client=world.romashka.pk):
        for values, bumps in (({"description": "x"}, 0), ({"nat": True}, 1), ({"nat": True}, 0)):
            before = Client.objects.get(pk=world.romashka.pk).version
            actions.update_port(None, port.pk, values)
            assert Client.objects.get(pk=world.romashka.pk).version == before + bumps


def test_a_used_port_is_not_deleted(world: World) -> None:
    port = create(world)
    with scope(client=world.romashka.pk):
        number = numbering.create_internal(None, world.romashka.pk, {"digits": "100"})
        calendar = {"days": [1], "time_from": "00:00", "time_to": "24:00"}
        step = {"level": 1, "action": {"kind": "port", "port_id": port.pk}, "calendar": calendar}
        dialplan_actions.save_dialplan(None, number.pk, 0, [step])
        with pytest.raises(Conflict) as caught:
            actions.delete_port(None, port.pk)
        assert caught.value.code == "in_use"
        dialplan_actions.save_dialplan(None, number.pk, 1, [])
        actions.delete_port(None, port.pk)


def test_passwords_are_neither_listed_nor_in_the_audit(
    world: World, browser: Callable[[User], Browser]
) -> None:
    port, trunk = (
        create(world),
        create(world, name="Транк", connection="trunk", remote_host="a.example", password="s3cr;et"),
    )
    with scope(client=world.romashka.pk):
        actions.update_port(None, trunk.pk, {"password": "n3w;secret"})
    admin, base = browser(world.admin), f"/api/clients/{world.romashka.pk}"
    listed = (
        admin.get(f"{base}/ports").content.decode() + admin.get(f"{base}/ports/{port.pk}").content.decode()
    )
    with scopes_disabled():
        audit = str(list(AuditEntry.objects.values()))
    for secret in (port.password, "s3cr;et", "n3w;secret"):
        assert secret not in listed
        assert secret not in audit
    shown = admin.get(f"{base}/ports/{port.pk}/credentials").json()
    assert (shown["login"], shown["password"]) == (port.login, port.password)
    assert shown["qr"].startswith("data:image/svg+xml") and len(shown["softphones"]) == 2
    assert admin.get(f"{base}/ports/{trunk.pk}/credentials").status_code == 404
    assert browser(world.plain).get(f"{base}/ports/{port.pk}/credentials").status_code == 404  # not his own
    assert admin.get(f"{base}/audit").json()["items"][0]["verb"] == "reveal"


def test_what_the_engine_gets(world: World) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        number = numbering.create_internal(None, client_id, {"digits": "100", "name": "Секретарь"})
        line = numbering.create_internal(None, client_id, {"digits": "555"})
        pool_actions.allot(None, client_id, world.free_ids[0])
        second = pool_actions.allot(None, client_id, world.free_ids[1])
    create(world, number_id=number.pk)
    create(world, name="Линия 2", clip_id=second.pk)
    create(world, name="Выключена", is_active=False)
    trunk = create(world, name="Чужая линия", connection="trunk", remote_host="a.example", number_id=line.pk)
    with CaptureQueriesContext(connection) as queries:
        first, other, own_line = endpoints_of(client_id)
    assert len(queries) == 2
    assert (first.caller_number, first.caller_name, first.clip) == ("100", "Секретарь", "74950000001")
    assert (other.caller_number, other.caller_name, other.clip) == ("", "Линия 2", "74950000002")
    assert (own_line.endpoint, own_line.line_number_id) == (f"t{trunk.pk}", line.pk)
    assert first.line_number_id is None
    clients.update_client(None, client_id, {"is_active": False})
    assert endpoints_of(client_id) == []


def test_an_account_in_the_forms_of_softphones() -> None:
    """What would end a field early is written in the form's own way, or left out."""
    plain = Account("102001", "tv93-cx76", "192.0.2.1", 5060)
    assert plain.uri() == "sip:102001:tv93-cx76@192.0.2.1:5060"
    assert plain.baresip() == "<sip:102001@192.0.2.1:5060>;auth_user=102001;auth_pass=tv93-cx76;regint=120"
    rare = Account("a@b", "p;@:<x", "2001:db8::1", 5062)
    assert rare.uri() == "sip:a%40b:p%3B%40%3A%3Cx@[2001:db8::1]:5062"
    assert "auth_pass" not in rare.baresip()
    assert "passwd=p;@:<x\n" in rare.linphone()
