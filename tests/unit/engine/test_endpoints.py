"""A port becomes the engine's rows."""

import hashlib

import pytest

from ats.engine import endpoints, trunks
from ats.engine.enginedb import TABLES, UnsafeValue
from tests.unit.engine.rows import port, trunk


def test_a_subscriber_dials_into_its_clients_contexts_and_shows_our_caller_id() -> None:
    rows = endpoints.rows(port())
    assert rows.endpoint["context"] == "c17"
    assert rows.endpoint["accountcode"] == "17"
    assert rows.endpoint["callerid"] == '"Приёмная" <100>'
    assert rows.endpoint["trust_id_inbound"] == "no"
    assert rows.endpoint["set_var"] == "CLIP=74951234567"
    assert rows.aor["remove_existing"] == "yes"


def test_the_password_itself_is_not_kept() -> None:
    rows = endpoints.rows(port())
    assert rows.auth is not None
    digest = hashlib.md5(b"170001:canmos-ats:Secret-12345", usedforsecurity=False).hexdigest()
    assert rows.auth["password_digest"] == f"MD5:{digest}"
    assert "Secret-12345" not in str(rows)


def test_without_a_number_the_login_is_the_caller_id() -> None:
    """Otherwise the engine would believe the From header of the device."""
    assert endpoints.rows(port(caller_number="")).endpoint["callerid"].endswith("<170001>")


def test_quotes_in_a_name_stay_inside_it() -> None:
    row = endpoints.rows(port(caller_name='ООО "Вега" \\ <1>')).endpoint
    assert row["callerid"] == '"ООО \\"Вега\\" \\\\ <1>" <100>'


@pytest.mark.parametrize(("flag", "said"), [(True, "yes"), (False, "no")])
def test_nat_sets_all_three_switches(flag: bool, said: str) -> None:
    row = endpoints.rows(port(nat=flag)).endpoint
    assert {row[name] for name in ("rtp_symmetric", "force_rport", "rewrite_contact")} == {said}


def test_media_through_the_server_or_direct() -> None:
    assert endpoints.rows(port(media_through_server=True)).endpoint["direct_media"] == "no"
    assert endpoints.rows(port(media_through_server=False)).endpoint["direct_media"] == "yes"


def test_allowed_networks_deny_everything_else() -> None:
    row = endpoints.rows(port(networks=("10.0.0.0/8", "192.0.2.0/24"))).endpoint
    assert row["deny"] == "0.0.0.0/0,::/0"
    assert row["permit"] == "10.0.0.0/8,192.0.2.0/24"


def test_an_operators_trunk_brings_city_calls_and_a_clients_line_its_own() -> None:
    assert endpoints.rows(trunk()).endpoint["context"] == "ats-did-in"
    line = endpoints.rows(trunk(client_is_operator=False, line_number_id=43)).endpoint
    assert line["context"] == "ats-line"
    assert line["set_var"] == "LN=43"


def test_a_trunk_is_never_identified_by_a_user_name() -> None:
    assert endpoints.rows(trunk()).endpoint["identify_by"] == "ip"


def test_every_column_that_is_written_exists() -> None:
    everything = {
        "networks": ("10.0.0.0/8",),
        "remote_login": "me",
        "remote_domain": "sip.example",
        "register": True,
    }
    for made in (port(**everything), trunk(**everything), trunk(client_is_operator=False, line_number_id=1)):
        for table, row in endpoints.rows(made).tables().items():
            assert set(row or ()) <= set(TABLES[table])


def test_a_trunk_is_recognised_by_its_networks_or_its_address() -> None:
    assert trunks.matches(trunk()) == ["192.0.2.7"]
    assert trunks.matches(trunk(networks=("198.51.100.0/24",))) == ["198.51.100.0/24"]
    assert trunks.matches(trunk(remote_host="sip.example")) == ["sip.example"]
    assert trunks.matches(trunk(remote_host="127.0.0.1", remote_port=5080)) == ["127.0.0.1:5080"]
    assert trunks.matches(trunk(remote_host="::1", remote_port=5080)) == ["[::1]:5080"]


def test_a_registration_stands_in_the_fragment_only_when_asked() -> None:
    assert "type=registration" not in trunks.conf([trunk(remote_login="me")])
    text = trunks.conf([port(), trunk(remote_login="me", register=True, remote_domain="sip.example")])
    assert "server_uri=sip:192.0.2.7:5060\n" in text
    assert "client_uri=sip:me@sip.example\n" in text
    assert text.count("[") == 2


def test_no_value_can_break_out_of_its_line() -> None:
    text = trunks.conf([trunk(remote_login="a;b c", register=True)])
    assert "client_uri=sip:a%3Bb%20c@192.0.2.7\n" in text
    assert "match=sip.example\\;x\n" in trunks.conf([trunk(remote_host="sip.example;x")])
    with pytest.raises(UnsafeValue):
        trunks.conf([trunk(remote_host="a\n[global]")])


def test_a_client_without_trunks_has_no_fragment() -> None:
    assert trunks.conf([port()]) == ""
