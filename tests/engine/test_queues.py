"""Queues on the real engine: who rings in which order, how a wait ends, agents by code and from the cabinet."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.company import Company, Line, step
from tests.harness.instance import wait_for
from tests.harness.phones import PICKED_MS, Running, SipPhone

New = Callable[[], Company]


class Desk:
    """A client with a caller (100), agents (101 …) and a queue at number 200; it tells who rang, in order."""

    def __init__(self, client: Company, agents: int = 3, timeout_s: int | None = None, **queue: Any) -> None:
        self.client = client
        self.caller = client.line("100")
        self.agents = [client.line(str(101 + index)) for index in range(agents)]
        values = {"name": "Приём", "ring_s": 3, "retry_s": 1, **queue}
        values["agents"] = [{"port_id": line.port_id} for line in self.agents]
        self.queue = client.api.post(f"{client.path}/queues", values)
        self.number = client.number("200")
        action = {"kind": "queue", "queue_id": self.queue["id"]}
        client.dialplan(self.number, [step(1, action, timeout_s)])
        client.wait_active()
        self.caller.phone.register()

    @property
    def name(self) -> str:
        return f"q{self.queue['id']}"

    def come(self, *lines: Line) -> None:
        """These agents' telephones register, and the engine's queue knows it."""
        for line in lines:
            line.phone.register()

        def known() -> bool:
            shown = self.state()
            return all("Not in use" in self.row(shown, line) for line in lines)

        wait_for(known, 10, self.state)

    def row(self, shown: str, line: Line) -> str:
        return next((row for row in shown.splitlines() if f"(PJSIP/{line.phone.login} " in row), "")

    def state(self) -> str:
        return self.client.instance.engine(f"queue show {self.name}")

    def order(self, agent: int, order: str) -> None:
        path = f"{self.client.path}/queues/{self.queue['id']}/agents/{self.queue['agents'][agent]['id']}"
        self.client.api.post(path, {"order": order})
        self.client.wait_active()

    def rang(self, row: dict[str, Any]) -> list[str]:
        """Internal numbers of the agents in the order in which they were rung in this call."""
        by_login = {line.phone.login: line.digits for line in self.agents}
        legs = sorted(self.client.card(row["id"])["legs"], key=lambda leg: leg["started_at"])
        return [by_login[leg["endpoint"]] for leg in legs if leg["endpoint"] in by_login]

    def newest(self, count: int) -> dict[str, Any]:
        return self.client.calls(count)[0]


def test_all_ring_at_once_and_the_first_to_answer_talks(company: New) -> None:
    """S121 ringall, the default."""
    desk = Desk(company())
    desk.come(*desk.agents)
    waiting = [desk.agents[0].phone.let_ring(), desk.agents[1].phone.answer(ring_ms=800)]
    waiting.append(desk.agents[2].phone.let_ring())
    desk.caller.phone.call("200", talk_ms=800)
    for one in waiting:
        one.wait()
    row = desk.newest(1)
    assert sorted(desk.rang(row)) == ["101", "102", "103"]
    assert (row["result"], row["answered_by"], row["direction"]) == ("answered", "102", "internal")


def _answers(desk: Desk, calls: int, first: int = 0) -> list[str]:
    """Makes calls that whoever rings answers; who it was, call by call."""
    found = []
    for number in range(first + 1, first + calls + 1):
        waiting = [line.phone.answer() for line in desk.agents]
        try:
            desk.caller.phone.call("200", talk_ms=300)
            found += desk.rang(desk.newest(number))
        finally:
            for one in waiting:
                one.stop()
    return found


def test_in_turn_goes_round(company: New) -> None:
    """S125 rrmemory: each call begins after the agent who answered last."""
    desk = Desk(company(), strategy="rrmemory")
    desk.come(*desk.agents)
    found = _answers(desk, 4)
    assert found[:3] == ["101", "102", "103"]
    assert found[3] == "101"


def test_in_turn_remembers_who_answered_not_who_rang(company: New) -> None:
    """S125: a call that nobody took moves nothing; the engine's own rrmemory would go on from there."""
    desk = Desk(company(), strategy="rrmemory")
    desk.come(*desk.agents)
    assert _answers(desk, 1) == ["101"]
    ringing = desk.agents[1].phone.let_ring()
    desk.caller.phone.call("200", cancel_ms=1500, early=183)
    ringing.wait()
    assert desk.rang(desk.newest(2)) == ["102"]
    assert _answers(desk, 1, 2) == ["102"]


def test_in_turn_goes_on_to_the_next_when_nobody_answers(company: New) -> None:
    desk = Desk(company(), strategy="rrmemory")
    desk.come(*desk.agents)
    waiting = [desk.agents[0].phone.let_ring(), desk.agents[1].phone.answer(), desk.agents[2].phone.answer()]
    desk.caller.phone.call("200", talk_ms=300)
    assert desk.rang(desk.newest(1)) == ["101", "102"]
    for one in waiting:
        one.stop()
    assert _answers(desk, 1, 1) == ["103"]


def test_least_called_agent_first(company: New) -> None:
    """S122: «меньше всего вызывался»: rings in vain count, too; the engine's leastrecent looks at the time."""
    desk = Desk(company(), agents=2, strategy="leastrecent")
    first, second = desk.agents
    desk.come(first)
    _answers(desk, 2)  # 101 was called twice, 102 not at all
    desk.come(second)
    found = _answers(desk, 3, 2)
    assert found[:2] == ["102", "102"]


def test_fewest_answered_calls_first(company: New) -> None:
    """S123: calls that were answered count, rings in vain do not."""
    desk = Desk(company(), agents=2, strategy="fewestcalls")
    first, second = desk.agents
    desk.come(first)
    assert _answers(desk, 2) == ["101", "101"]
    desk.come(second)
    assert _answers(desk, 2, 2) == ["102", "102"]


def test_random_rings_one_at_a_time(company: New) -> None:
    """S124."""
    desk = Desk(company(), strategy="random")
    desk.come(*desk.agents)
    found = _answers(desk, 4)
    assert len(found) == 4
    assert set(found) <= {"101", "102", "103"}


@pytest.mark.parametrize("registered", [False, True])
def test_nobody_is_there(company: New, registered: bool) -> None:
    """«Нет маршрута»: no agent's telephone is registered, or all have logged out."""
    desk = Desk(company(), agents=2)
    if registered:
        desk.come(*desk.agents)
        desk.order(0, "logout")
        desk.order(1, "logout")
    desk.caller.phone.call("200", status=480)
    row = desk.newest(1)
    assert (row["result"], row["cause"]) == ("no_route", 20)


def test_the_wait_is_limited(company: New) -> None:
    """«Нет ответа» after «Таймаут» of the step; a paused agent is logged in, so callers wait."""
    desk = Desk(company(), agents=1, timeout_s=3)
    desk.come(*desk.agents)
    desk.order(0, "pause")
    desk.caller.phone.call("200", status=480)
    row = desk.newest(1)
    assert (row["result"], row["cause"]) == ("no_answer", 19)
    assert desk.rang(row) == []


def test_a_full_queue_is_busy(company: New) -> None:
    """«По занято»: one may wait here, and somebody does."""
    desk = Desk(company(), agents=1, timeout_s=6, max_waiting=1)
    desk.come(*desk.agents)
    desk.order(0, "pause")
    second = desk.client.line("110")
    desk.client.wait_active()
    second.phone.register()
    waiting = desk.caller.phone.start_call("200", status=480)
    wait_for(lambda: "has 1 calls" in desk.state(), 5, desk.state)
    second.phone.call("200", status=486)
    waiting.wait()
    assert {row["result"] for row in desk.client.calls(2)} == {"busy", "no_answer"}


def test_after_the_talk_the_dialplan_goes_on(company: New) -> None:
    """«После ответа» when the agent hangs up."""
    desk = Desk(company(), agents=1)
    action = {"kind": "queue", "queue_id": desk.queue["id"]}
    desk.client.dialplan(
        desk.number, [step(1, action, after_answer=2), step(2, {"kind": "hangup", "cause": 16})]
    )
    desk.client.wait_active()
    desk.come(*desk.agents)
    waiting = desk.agents[0].phone.answer(talk_ms=400)
    desk.caller.phone.call("200", callee_ends=True)
    waiting.wait()
    path = desk.client.card(desk.newest(1)["id"])["path"]
    assert [item["via"] for item in path if item["via"]] == ["after_answer"]


def test_codes_on_the_telephone(company: New) -> None:
    """*32 *31 *33 *34: out, in, pause, end of it; at once, without any reload."""
    desk = Desk(company(), agents=2)
    desk.come(*desk.agents)
    agent = desk.agents[0]

    def shown() -> str:
        return desk.row(desk.state(), agent)

    for code, holds in (
        ("*32", lambda: shown() == ""),
        ("*31", lambda: "Not in use" in shown()),
        ("*33", lambda: "paused" in shown()),
        ("*34", lambda: "paused" not in shown()),
    ):
        agent.phone.call(code, callee_ends=True)
        wait_for(holds, 5, desk.state)
    assert desk.row(desk.state(), desk.agents[1]), "another agent is not touched"


def test_an_agent_added_while_somebody_waits_is_rung(company: New) -> None:
    desk = Desk(company(), agents=2)
    first, second = desk.agents
    desk.come(first, second)
    path = f"{desk.client.path}/queues/{desk.queue['id']}"
    desk.client.api.patch(path, {"agents": [{"port_id": first.port_id}]})
    desk.client.wait_active()
    first_rings: Running = first.phone.let_ring()
    call = desk.caller.phone.start_call("200", talk_ms=300)
    time.sleep(1)
    answering = second.phone.answer()
    agents = [{"port_id": first.port_id}, {"port_id": second.port_id}]
    desk.client.api.patch(path, {"agents": agents})
    call.wait()
    answering.wait()
    first_rings.stop()
    assert desk.newest(1)["answered_by"] == "102"


def _playing(client: Company) -> list[str]:
    """Sound prompts the engine reads at this moment, e.g. `ru_RU_f_IvrvoiceRU/queue-youarenext`."""
    files = client.instance.engines_files()
    return [f"{file.parent.name}/{file.stem}" for file in files if file.name.startswith("queue-")]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_who_waits_is_told_his_place(company: New, language: str) -> None:
    """S118: place in the queue, in the queue's language and without the call being answered."""
    desk = Desk(
        company(), agents=1, timeout_s=10, language=language, announce_place=True, announce_every_s=15
    )
    desk.come(*desk.agents)
    desk.order(0, "pause")
    call = desk.caller.phone.start_call("200", status=480, early=183)
    spoken: set[str] = set()

    def told() -> bool:
        spoken.update(_playing(desk.client))
        return bool(spoken)

    wait_for(told, 20, lambda: str(spoken))
    call.wait()
    assert {prompt[:2] for prompt in spoken} == {language}


def test_an_agent_rests_after_a_talk(company: New) -> None:
    """During the rest he is not rung, the caller waits."""
    desk = Desk(company(), agents=1, timeout_s=3, wrapup_s=60)
    desk.come(*desk.agents)
    assert _answers(desk, 1) == ["101"]
    desk.caller.phone.call("200", status=480)
    row = desk.newest(2)
    assert (row["result"], desk.rang(row)) == ("no_answer", [])


def _member(client: Company, digits: str, group: int | None) -> Line:
    line = client.line(digits)
    client.api.patch(f"{client.path}/ports/{line.port_id}", {"pickup_group_id": group})
    return line


def test_pickup_inside_the_group_only(company: New) -> None:
    """S180, S182: 888# takes a ringing call of one's own group and of no other."""
    client = company()
    group, other = (
        client.api.post(f"{client.path}/pickup-groups", {"group": number, "name": f"Группа {number}"})["id"]
        for number in (1, 2)
    )
    caller = client.line("100")
    rung, near, far = (
        _member(client, "101", group),
        _member(client, "102", group),
        _member(client, "103", other),
    )
    client.wait_active()
    for line in (caller, rung, near, far):
        line.phone.register()
    ringing = rung.phone.let_ring()
    call = caller.phone.start_call("101", callee_ends=True)
    wait_for(lambda: "Ringing" in client.instance.engine("core show channels"), 5)
    far.phone.call("888#", status=404)
    near.phone.call("888#", talk_ms=PICKED_MS)
    call.wait()
    ringing.wait()
    rows = client.calls(3)
    taken = [row for row in rows if row["called"] == "101"]
    assert [(row["result"], row["answered_by"]) for row in taken] == [("answered", "102")]


def test_pickup_of_a_queues_call_and_of_one_that_forbids_it(company: New) -> None:
    """S181: the queue's group may take its calls; with ДВО «Перехват» off nobody may."""
    client = company()
    group = client.api.post(f"{client.path}/pickup-groups", {"group": 1, "name": "Смена"})["id"]
    desk = Desk(client, agents=1, pickup_group_id=group)
    near = _member(client, "150", group)
    client.wait_active()
    near.phone.register()
    desk.come(*desk.agents)

    def ring_and_pick(status: int, **call: Any) -> None:
        ringing = desk.agents[0].phone.let_ring()
        waiting = desk.caller.phone.start_call("200", **call)
        wait_for(lambda: "Ringing" in client.instance.engine("core show channels"), 5)
        near.phone.call("888#", status=status, talk_ms=PICKED_MS)
        waiting.wait()
        ringing.wait()

    ring_and_pick(200, callee_ends=True)
    assert [row["answered_by"] for row in client.calls(2) if row["called"] == "200"] == ["150"]
    path = f"{client.path}/queues/{desk.queue['id']}"
    client.api.patch(path, {"extras": {"pickup": False}})
    client.wait_active()
    ring_and_pick(404, cancel_ms=2000, early=183)


def test_no_pickup_from_another_client(company: New) -> None:
    one, two = company(), company()
    groups = [
        client.api.post(f"{client.path}/pickup-groups", {"group": 1, "name": "Г"})["id"]
        for client in (one, two)
    ]
    caller, rung = one.line("100"), _member(one, "101", groups[0])
    stranger = _member(two, "101", groups[1])
    for client in (one, two):
        client.wait_active()
    for line in (caller, rung, stranger):
        line.phone.register()
    ringing = rung.phone.let_ring()
    call = caller.phone.start_call("101", status=487, cancel_ms=2500)
    wait_for(lambda: "Ringing" in one.instance.engine("core show channels"), 5)
    stranger.phone.call("888#", status=404)
    ringing.wait()
    call.stop()


def test_codes_are_changed_for_everybody_at_once(company: New) -> None:
    client = company()
    line = client.line("100")
    client.wait_active()
    line.phone.register()
    line.phone.call("*43")
    client.api.put("/codes", {"codes": {"echo": "*44"}})
    try:

        def moved() -> bool:
            return "*44" in client.instance.engine("dialplan show codes") or _answers_at(line.phone, "*44")

        wait_for(moved, 10)
        line.phone.call("*43", status=404)
    finally:
        client.api.put("/codes", {"codes": {"echo": "*43"}})


def _answers_at(phone: SipPhone, code: str) -> bool:
    try:
        phone.call(code, talk_ms=100)
    except AssertionError:
        return False
    return True
