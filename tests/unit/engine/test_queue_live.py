"""What the engine says of a queue, as rows for people."""

from ats.engine.agent.queuelive import state


def member(agent: int, **said: str) -> dict[str, str]:
    free = {"Event": "QueueMember", "Name": f"a{agent}", "Status": "1", "Paused": "0", "InCall": "0"}
    return free | {"CallsTaken": "4"} | said


def test_who_waits_and_what_agents_do() -> None:
    events = [
        {"Event": "QueueParams", "Queue": "q5"},
        member(1),
        member(2, Paused="1"),
        member(3, Status="2", InCall="1", Paused="1"),
        member(4, Status="6"),
        member(5, Status="5"),
        member(6),  # logged out a moment ago
        {"Event": "QueueEntry", "Position": "2", "CallerIDNum": "102", "Wait": "7"},
        {"Event": "QueueEntry", "Position": "1", "CallerIDNum": "79161112233", "Wait": "31"},
    ]
    found = state(events, {1: True, 2: True, 3: True, 4: True, 5: True, 6: False, 7: False})
    assert [(one["position"], one["caller"], one["wait_s"]) for one in found["waiting"]] == [
        (1, "79161112233", 31),
        (2, "102", 7),
    ]
    assert {one["id"]: one["state"] for one in found["agents"]} == {
        1: "free", 2: "paused", 3: "talking", 4: "ringing", 5: "away", 6: "out", 7: "out",
    }  # fmt: skip
