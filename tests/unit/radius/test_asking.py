"""Questions to an outside billing: what answers mean, and which server is asked."""

import asyncio
from typing import Any

import pytest
from pyrad import packet

from ats.radius import packets, records
from ats.radius.asking import Address, Asker, Terms
from ats.radius.packets import Accepted, Answer, Rejected
from ats.radius.records import Session
from tests.unit.radius.responder import SECRET, Responder

SESSION = Session("node1/1.2/ab", records.conference("node1", "1.2"), "100", "74957000001", "74951112233",
                  "17001", 1_772_442_000_250_000)  # fmt: skip


def terms(*servers: Responder, **values: Any) -> Terms:
    addresses = tuple(
        Address(place, "127.0.0.1", server.port, server.port, SECRET) for place, server in enumerate(servers)
    )
    settings = {
        "password": "",
        "timeout_s": 0.3,
        "tries": 2,
        "silent_s": 0,
        "interim_s": 0,
        "renews": False,
        **values,
    }
    return Terms(id=1, nas_id="ats", servers=addresses, **settings)


def ask(told: Terms, asker: Asker | None = None) -> Answer | None:
    return asyncio.run((asker or Asker()).ask(told, records.question(SESSION, "ats")))


@pytest.mark.parametrize(
    ("code", "attributes", "answer"),
    [
        (packet.AccessAccept, {}, Accepted(None)),
        (packet.AccessAccept, {"h323-credit-time": "125"}, Accepted(125)),
        (packet.AccessAccept, {"h323-credit-time": "h323-credit-time=125"}, Accepted(125)),
        (packet.AccessAccept, {"h323-credit-time": "125", "Session-Timeout": 60}, Accepted(60)),
        (packet.AccessAccept, {"Class": b"\x00gold"}, Accepted(None, ("00676f6c64",))),
        (packet.AccessAccept, {"h323-credit-time": "0"}, Rejected("radius_money", "")),
        (packet.AccessAccept, {"h323-return-code": "h323-return-code=9"}, Rejected("radius_blocked", "")),
        (packet.AccessReject, {}, Rejected("radius_refused", "")),
        (packet.AccessReject, {"h323-return-code": "4"}, Rejected("radius_money", "")),
        (packet.AccessReject, {"Reply-Message": "Нет\nсчёта", "h323-return-code": "1"},
         Rejected("radius_account", "Нет счёта")),
    ],
)  # fmt: skip
def test_what_an_answer_means(code: int, attributes: dict[str, Any], answer: Answer) -> None:
    with Responder(lambda _: {"code": code, **attributes}) as server:
        assert ask(terms(server)) == answer
    [asked] = server.got
    assert asked["User-Name"] == "100"
    assert (asked["Calling-Station-Id"], asked["Called-Station-Id"]) == ("74957000001", "74951112233")
    assert asked["h323-conf-id"].startswith("h323-conf-id=")
    assert "Message-Authenticator" in asked


def test_the_next_server_is_asked_and_the_silent_one_is_left_alone_for_a_while() -> None:
    accept = {"code": packet.AccessAccept}
    with Responder(lambda _: None) as silent, Responder(lambda _: dict(accept)) as second:
        asker = Asker()
        told = terms(silent, second)
        assert ask(told, asker) == Accepted(None)
        assert len(silent.got) == 2
        assert silent.raw[0] == silent.raw[1]  # the same bytes again: the server knows them
        assert ask(told, asker) == Accepted(None)
        assert len(silent.got) == 2 and len(second.got) == 2


def test_nobody_answers() -> None:
    with Responder(lambda _: None) as silent:
        assert ask(terms(silent, tries=1, timeout_s=0.05)) is None


def test_an_answer_made_with_another_secret_is_none() -> None:
    with Responder(lambda _: {"code": packet.AccessAccept}, secret="something-else") as forger:
        assert ask(terms(forger, tries=1, timeout_s=0.1)) is None


def test_the_password_is_hidden_and_comes_through() -> None:
    seen: list[str] = []

    def say(asked: packet.AuthPacket) -> dict[str, Any]:
        seen.append(asked.PwDecrypt(asked["User-Password"][0]))
        return {"code": packet.AccessAccept}

    with Responder(say) as server:
        ask(terms(server, password="cisco"))
    assert seen == ["cisco"]
    assert b"cisco" not in server.raw[0]


def test_times_and_ids_as_cisco_writes_them() -> None:
    assert records.moment(1_772_442_000_250_000) == "09:00:00.250 UTC Mon Mar 2 2026"
    groups = records.conference("node1", "1.2").split(" ")
    assert [len(group) for group in groups] == [8, 8, 8, 8]


def test_a_long_name_is_cut_to_what_an_attribute_holds() -> None:
    request = packets.accounting(SECRET, [("User-Name", "ж" * 200)], 0)
    assert len(request.data) < 300
