"""IAX2 ports as text of iax.conf."""

import re

import pytest

from ats.dialplan.extras import Extras
from ats.engine import iax
from ats.engine.enginedb import UnsafeValue
from tests.unit.engine.rows import port, trunk


def line(**changes: object) -> str:
    values = {
        "kind": "iax2",
        "client_is_operator": False,
        "register": True,
        "remote_login": "line2",
        "password": "Secret1",
        "line_number_id": 43,
    }
    return iax.conf([trunk(**(values | changes))])


def test_a_telephone_is_asked_for_its_password_and_shown_by_its_number() -> None:
    text = iax.conf([port(kind="iax2", networks=("192.0.2.0/24",), pickup_group_id=5)])
    assert text.startswith(
        "[170001]\ntype=friend\nhost=dynamic\nauth=md5\nsecret=Secret-12345\ncontext=c17\n"
    )
    for said in (
        'callerid="Приёмная" <100>',
        "accountcode=17",
        "deny=0.0.0.0/0.0.0.0\ndeny=::/0\npermit=192.0.2.0/24",
        "setvar=CLIP=74951234567",
        "setvar=CALLERID(tag)=K",
        "setvar=CHANNEL(namedpickupgroup)=c17g5",
    ):
        assert f"\n{said}\n" in text
    assert iax.subscribers(text + line()) == {"170001"}


def test_a_telephone_with_recording_dials_into_a_context_of_its_own() -> None:
    text = iax.conf([port(kind="iax2", extras=Extras(record=True, parking=False), clip="")])
    assert "\ncontext=c17.p33\n" in text
    assert re.findall("setvar=(.*)", text) == ["CALLERID(tag)=r"]


def test_sip_ports_are_not_there() -> None:
    assert iax.conf([port(), trunk()]) == ""


def test_a_partner_of_the_operator_is_told_by_its_address() -> None:
    text = iax.conf([trunk(kind="iax2", remote_port=4569)])
    peer, user = text.strip().split("\n\n")
    assert peer.startswith("[t33]\ntype=peer\nhost=192.0.2.7\nport=4569\n")
    assert "secret" not in text
    assert "\ncontext=ats-did-in\n" in user
    assert user.endswith("deny=0.0.0.0/0.0.0.0\ndeny=::/0\npermit=192.0.2.7/32")
    assert "type=user" not in iax.conf([trunk(kind="iax2", remote_host="iax.example.org")])


def test_a_clients_line_is_told_by_its_account_alone() -> None:
    """By naming a partner's address a client would get the partner's calls."""
    peer, user, registers = line().strip().split("\n\n")
    assert "username=line2\nsecret=Secret1" in peer
    assert user.startswith("[line2]\ntype=user\ncontext=ats-line\n")
    assert "secret=Secret1" in user
    assert "\nsetvar=LN=43\n" in user
    assert registers == "[general](+)\nregister => line2:Secret1@192.0.2.7:5060"


@pytest.mark.parametrize(
    "values", [{"password": "a\nb"}, {"password": "a@b"}, {"remote_login": "x]y"}, {"remote_login": "a:b"}]
)
def test_what_would_mean_something_else_is_refused(values: dict[str, str]) -> None:
    with pytest.raises((UnsafeValue, ValueError)):
        line(**values)
