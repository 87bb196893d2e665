"""Addresses that are shut out: by hand, for guessing in the cabinet, for guessing over SIP; and who never is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ats.clients.models import LoginFailure, User
from ats.engine.acl import acl_conf
from ats.engine.agent.guesses import Guesses, _judge, failures
from ats.engine.models import Node, Registration
from ats.system import bans, queries
from ats.system.models import Ban
from tests.unit.world import PASSWORD, World

LINE = (
    '[2026-11-25 03:28:24.229] SECURITY[15799] res_security_log.c: SecurityEvent="{event}",EventTV="x",'
    'Severity="Error",Service="PJSIP",EventVersion="1",AccountID="{account}",SessionID="{call}",'
    'LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="IPV4/UDP/{address}/35945",Challenge="1/2",'
    'Response="{response}",ExpectedResponse=""\n'
)


def line(address: str, event: str = "ChallengeResponseFailed", **given: str) -> str:
    return LINE.format(
        **{"event": event, "account": "1", "call": "c1", "response": "f", "address": address, **given}
    )


def log_in(address: str, password: str) -> int:
    answer = Browser(REMOTE_ADDR=address).post(
        "/api/auth/login", {"login": "keeper", "password": password}, content_type="application/json"
    )
    return answer.status_code


def test_a_banned_address_cannot_log_in_until_it_is_let_in(
    world: World, browser: Callable[[User], Browser]
) -> None:
    operator = browser(world.admin)
    body = {"address": " 203.0.113.7 ", "minutes": 5, "note": "сканер"}
    made = operator.post("/api/system/bans", body, content_type="application/json")
    assert made.status_code == 201
    assert log_in("203.0.113.7", PASSWORD) == 403
    assert log_in("203.0.113.8", PASSWORD) == 200
    assert operator.get("/api/system/bans").json()["items"][0]["note"] == "сканер"
    Ban.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert log_in("203.0.113.7", PASSWORD) == 200  # it is over by itself
    again = operator.post(
        "/api/system/bans", body | {"minutes": None}, content_type="application/json"
    ).json()
    assert again["until"] is None
    assert operator.delete(f"/api/system/bans/{again['id']}").status_code == 204
    assert log_in("203.0.113.7", PASSWORD) == 200
    for own in ("127.0.0.1", "::1", "not an address"):
        refused = operator.post("/api/system/bans", {"address": own}, content_type="application/json")
        assert refused.status_code == 422


def test_guessing_in_the_cabinet_shuts_the_address_out(world: World) -> None:
    rules = queries.bans()
    for address in ("203.0.113.9", "127.0.0.1"):
        LoginFailure.objects.bulk_create(
            LoginFailure(login="x", address=address) for _ in range(rules.web_failures)
        )
        LoginFailure.objects.filter(address=address).update(at=timezone.now() - timedelta(minutes=5))
        assert log_in(address, "wrong") == 401  # this one is one too many
    assert log_in("203.0.113.9", PASSWORD) == 403
    assert log_in("127.0.0.1", PASSWORD) == 200  # a proxy in front of the cabinet, for example


def test_only_real_failures_of_sip_are_read() -> None:
    text = (
        line("203.0.113.7")
        + line("203.0.113.7", event="InvalidAccountID")
        + line("198.51.100.1", event="SuccessfulAuth")
        + line("198.51.100.2", account='1",RemoteAddress="IPV4/UDP/8.8.8.8/1')
        + line("198.51.100.3", response='x",RemoteAddress="IPV4/UDP/8.8.4.4/1')
        + line("198.51.100.4", call='x",LocalAddress="a",RemoteAddress="IPV4/UDP/1.1.1.1/1",Challenge="')
    )
    assert failures(text) == ["203.0.113.7", "203.0.113.7"]


@pytest.mark.django_db
def test_who_guesses_is_shut_out_and_an_office_is_not() -> None:
    enough = queries.bans().sip_failures
    node = Node.objects.create(name="node1")
    Registration.objects.create(
        node=node,
        port_id=1,
        client_id=1,
        address="198.51.100.5:5060",
        status="registered",
        updated_at=timezone.now(),
    )
    judged = _judge(
        {"203.0.113.7": enough, "203.0.113.8": enough - 1, "198.51.100.5": enough, "127.0.0.1": enough}
    )
    assert (judged.newly, judged.all) == (["203.0.113.7"], ["203.0.113.7"])
    assert "deny=203.0.113.7/255.255.255.255" in acl_conf(judged.all)
    assert _judge({"203.0.113.7": enough}).newly == []
    Ban.objects.all().delete()
    assert (
        acl_conf(_judge({}).all).count("deny=") == 1
    )  # never an empty list: the engine would refuse everybody


@pytest.mark.django_db
def test_what_the_operator_named_is_spared() -> None:
    from ats.system.models import Setting

    Setting.objects.create(topic="bans", values={"never": ["203.0.113.0/24"]})
    assert _judge({"203.0.113.7": 1000}).newly == []
    assert bans.is_spared("203.0.113.200", queries.bans())


def test_the_log_is_read_once_and_by_whole_lines(tmp_path: Path) -> None:
    from dataclasses import replace

    from django.conf import settings

    config = replace(settings.CONFIG, home=tmp_path)
    log = config.engine_dir / "log" / "security"
    log.parent.mkdir(parents=True)
    log.write_text(line("203.0.113.1"))
    guesses = Guesses(config, None, None)  # type: ignore[arg-type] # neither is asked while reading
    assert guesses._read() == ""  # what stood there before is old
    with log.open("a") as handle:
        handle.write(line("203.0.113.2") + line("203.0.113.3")[:50])
    assert failures(guesses._read()) == ["203.0.113.2"]
    with log.open("a") as handle:
        handle.write(line("203.0.113.3")[50:])
    assert failures(guesses._read()) == ["203.0.113.3"]
    log.write_text(line("203.0.113.4"))
    assert failures(guesses._read()) == ["203.0.113.4"]
