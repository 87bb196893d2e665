"""Accounting records: each until it is acknowledged, those of a call in order, nothing lost while nobody answers."""

from typing import Any

import pytest
from django.utils import timezone
from pyrad import packet

from ats.radius import actions, delivering, records
from ats.radius.models import Profile, Record
from ats.radius.records import Session
from tests.unit.radius.responder import SECRET, Responder
from tests.unit.world import World

pytestmark = pytest.mark.django_db(transaction=True)
NOON = 1_772_442_000_000_000
TAKEN = {"code": packet.AccountingResponse}


def profile(*ports: int, timeout_ms: int = 200) -> Profile:
    servers = [
        {"host": "127.0.0.1", "auth_port": port, "acct_port": port, "secret": SECRET} for port in ports
    ]
    return actions.save_profile(
        None, None, {"name": "Биллинг", "timeout_ms": timeout_ms, "tries": 1, "servers": servers}
    )


def tell(one: Profile, name: str) -> None:
    """Start and Stop of a call."""
    session = Session(name, records.conference("n", name), "100", "", "74951112233", "", NOON)
    records.queue(one.pk, name, Record.Kind.START, NOON, records.start(session, one.nas_id))
    stop = records.stop(
        session, one.nas_id, answered_us=NOON, ended_us=NOON + 1, talk_s=1, cause=16, terminate=1
    )
    records.queue(one.pk, name, Record.Kind.STOP, NOON + 1, stop)


def again(one: Profile) -> int:
    """As if the time to wait were over."""
    Profile.objects.filter(pk=one.pk).update(next_try_at=timezone.now())
    return delivering.deliver_due()


def test_in_order_and_once(world: World) -> None:
    with Responder(lambda _: dict(TAKEN)) as server:
        one = profile(server.port, timeout_ms=5000)
        for number in range(100):
            tell(one, f"call{number}")
        assert delivering.deliver_due() == 200
        assert delivering.deliver_due() == 0
    assert not Record.objects.exists()
    order: dict[str, list[Any]] = {}
    for got in server.got:
        order.setdefault(got["Acct-Session-Id"], []).append(got["Acct-Status-Type"])
    assert len(order) == 100
    assert set(map(tuple, order.values())) == {(1, 2)}
    assert server.got[0]["Acct-Delay-Time"] > 0
    assert server.got[0]["Event-Timestamp"] == NOON // 1_000_000


def test_while_nobody_answers_one_record_is_tried_and_all_wait(world: World) -> None:
    up = False

    def say(_: packet.Packet) -> dict[str, Any] | None:
        return dict(TAKEN) if up else None

    with Responder(say) as server:
        one = profile(server.port)
        for number in range(5):
            tell(one, f"call{number}")
        assert delivering.deliver_due() == 0
        assert len(server.got) == 5  # the first attempt found out
        assert delivering.deliver_due() == 0  # it is not time yet
        assert again(one) == 0
        assert len(server.got) == 6
        one.refresh_from_db()
        assert one.failures == 2 and "no answer" in one.error
        assert one.next_try_at > timezone.now()
        up = True
        Profile.objects.update(timeout_ms=5000)
        assert again(one) == 10
    one.refresh_from_db()
    assert (one.failures, one.error) == (0, "")
    assert one.delivered_at is not None


def test_what_the_first_server_does_not_take_the_second_gets(world: World) -> None:
    with Responder(lambda _: None) as first, Responder(lambda _: dict(TAKEN)) as second:
        one = profile(first.port, second.port)
        tell(one, "a")
        assert delivering.deliver_due() == 2
    assert [got["Acct-Status-Type"] for got in second.got] == [1, 2]


def test_a_record_that_is_not_taken_holds_up_only_its_own_call(world: World) -> None:
    def say(asked: packet.Packet) -> dict[str, Any] | None:
        return None if asked["Acct-Session-Id"] == ["odd"] else dict(TAKEN)

    with Responder(say) as server:
        one = profile(server.port)
        tell(one, "odd")
        tell(one, "a")
        assert delivering.deliver_due() == 2
    assert list(Record.objects.order_by("pk").values_list("session", "kind", "tries")) == [
        ("odd", "start", 1), ("odd", "stop", 0),
    ]  # fmt: skip
