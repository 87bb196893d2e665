"""A queue as the cabinet sees it while calls wait in it."""

from collections.abc import Callable
from typing import Any

from tests.engine.test_queues import Desk
from tests.harness.company import Company
from tests.harness.instance import wait_for

New = Callable[[], Company]


def test_how_a_queue_is_now(company: New) -> None:
    """Who waits and what each agent does; the call stands on its step in the picture."""
    desk = Desk(company(), agents=4)
    desk.come(*desk.agents[:3])
    desk.order(1, "pause")
    desk.order(2, "logout")
    ringing = desk.agents[0].phone.let_ring()
    calling = desk.caller.phone.start_call("200", cancel_ms=8000, early=183)
    path = f"{desk.client.path}/queues/{desk.queue['id']}/live"
    seen: dict[str, Any] = {}

    def known() -> bool:
        seen.update(desk.client.api.get(path))
        states = [agent["state"] for agent in seen["agents"]]
        return len(seen["waiting"]) == 1 and states == ["ringing", "paused", "out", "away"]

    wait_for(known, 7, lambda: str(seen))
    assert seen["waiting"][0]["caller"] == "100"
    now = desk.client.api.get(f"{desk.client.path}/numbers/{desk.number}/overlay")["now"]
    assert now["calls"] == 1
    assert [row["calls"] for row in now["steps"]] == [1]
    calling.wait()
    ringing.wait()
    wait_for(lambda: desk.client.api.get(path)["waiting"] == [], 5)
