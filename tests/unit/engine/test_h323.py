"""H.323 ports as text of ooh323.conf."""

import re

import pytest

from ats.calls.derive import endpoint_of
from ats.engine import h323
from ats.engine.enginedb import UnsafeValue
from tests.unit.engine.rows import port, trunk

SECRET = "of-this-installation"


def test_an_operator_is_called_at_its_address_and_told_by_it() -> None:
    text = h323.conf([trunk(kind="h323", remote_port=1720), trunk(), port()], SECRET)
    peer, user = text.strip().split("\n\n")
    assert peer.startswith("[t33]\ntype=peer\nip=192.0.2.7\nport=1720\n")
    assert re.match(
        r"\[t33x[0-9a-f]{24}\]\ntype=user\nip=192.0.2.7\ncontext=ats-did-in\naccountcode=17\n", user
    )
    # With RFC 2833 the engine's driver ends a call at the first packet of sound.
    assert text.count("dtmfmode=h245alphanumeric") == 2


def test_who_shows_the_name_of_a_section_is_not_taken_for_its_owner() -> None:
    """The driver compares names, too: nobody can know these, and each address has its own."""
    gateway = trunk(kind="h323", networks=("192.0.2.8/32", "192.0.2.9/32"))
    names = re.findall(r"\[(.*)\]\ntype=user", h323.conf([gateway], SECRET))
    assert len(set(names)) == 2
    assert not set(names) & set(re.findall(r"\[(.*)\]\ntype=user", h323.conf([gateway], "another")))
    assert [endpoint_of(f"OOH323/{name}-12") for name in names] == ["t33", "t33"]
    assert endpoint_of("IAX2/axis-1") == "axis"


def test_clients_have_none() -> None:
    """By naming an address a client would get the calls that come from there."""
    assert h323.conf([trunk(kind="h323", client_is_operator=False), port(kind="h323")], SECRET) == ""


def test_control_characters_are_refused() -> None:
    with pytest.raises(UnsafeValue):
        h323.conf([trunk(kind="h323", remote_host="192.0.2.7\ncontext=c1")], SECRET)
