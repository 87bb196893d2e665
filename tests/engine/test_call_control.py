"""«Управление вызовами» on real calls: hanging up and transferring, through the API, the agent and the engine."""

from collections.abc import Callable
from typing import Any

from tests.harness.company import Company
from tests.harness.instance import wait_for

New = Callable[[], Company]


def talking(client: Company) -> list[dict[str, Any]]:
    """The channels of the client's one call, once both sides talk."""
    seen: list[dict[str, Any]] = []

    def both() -> bool:
        seen[:] = client.api.get(f"{client.path}/calls/active")["items"]
        return len(seen) == 2 and all(item["answered"] for item in seen)

    wait_for(both, 10, lambda: str(seen))
    return sorted(seen, key=lambda item: bool(item["id"] != item["linkedid"]))


def done(client: Company, command: dict[str, Any]) -> None:
    state: dict[str, Any] = {}

    def over() -> bool:
        state.update(client.api.get(f"{client.path}/calls/commands/{command['id']}"))
        return bool(state["state"] != "new")

    wait_for(over, 10, lambda: str(state))
    assert (state["state"], state["error"]) == ("done", "")


def test_a_call_is_hung_up_for_both(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    callee = second.phone.answer()
    caller = first.phone.start_call("101", callee_ends=True)
    channel = talking(client)[0]
    done(client, client.api.post(f"{client.path}/calls/active/hangup", {"id": channel["id"]}))
    caller.wait()
    callee.wait()
    [row] = client.calls(1)
    assert (row["result"], row["cause"]) == ("answered", 16)
    wait_for(lambda: client.api.get(f"{client.path}/calls/active")["items"] == [], 5)


def test_the_caller_is_sent_to_a_third_number(company: New) -> None:
    client = company()
    first, second, third = (client.line(digits) for digits in ("100", "101", "102"))
    client.wait_active()
    for line in (first, second, third):
        line.phone.register()
    callee = second.phone.answer()
    caller = first.phone.start_call("101", callee_ends=True)
    channel = talking(client)[0]
    takes_over = third.phone.answer(talk_ms=700)
    order = {"id": channel["id"], "number_id": third.number_id}
    done(client, client.api.post(f"{client.path}/calls/active/transfer", order))
    callee.wait()  # let go at once
    takes_over.wait()
    caller.wait()
    [row] = client.calls(1)
    card = client.card(row["id"])
    assert {leg["number"] for leg in card["legs"]} >= {"101", "102"}
    assert [item["number"] for item in card["path"] if item["step_id"]] == ["101", "102"]
