"""The manual's worked examples 1 and 2 (S108, S109), each condition, and a jump to another number."""

import io
import wave
from collections.abc import Callable

import numpy as np

from tests.harness.company import Company, step

New = Callable[[], Company]


def upload_sound(client: Company, name: str, seconds: float) -> int:
    """A tone as WAV through the real multipart upload."""
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes((np.sin(np.arange(int(16000 * seconds)) * 0.2) * 9000).astype("<i2").tobytes())
    made = client.api.upload(f"{client.path}/sounds", {"name": name}, "tone.wav", data.getvalue())
    return int(made["id"])


def test_example_1_rings_line_1(company: New) -> None:
    client = company()
    caller, line = client.line("101"), client.line("100")
    client.wait_active()
    caller.phone.register()
    line.phone.register()
    waiting = line.phone.answer()
    caller.phone.call("100")
    waiting.wait()
    [row] = client.calls(1)
    assert row["result"] == "answered"


def test_example_2_no_answer_leads_to_the_sound_message(company: New) -> None:
    """Линия 1 rings for 2 s (5 in the manual), «Нет ответа» → sound message; then the call ends."""
    client = company()
    caller, line = client.line("101"), client.line("100")
    sound = upload_sound(client, "moh", 1.0)
    client.dialplan(
        line.number_id,
        [
            step(1, {"kind": "port", "port_id": line.port_id}, 2, no_answer=2),
            step(2, {"kind": "sound", "sound_id": sound}),
        ],
    )
    client.wait_active()
    caller.phone.register()
    line.phone.register()
    ringing = line.phone.let_ring()
    caller.phone.call("100", callee_ends=True)
    ringing.wait()
    [row] = client.calls(1)
    card = client.card(row["id"])
    steps = [(item["level"], item["via"]) for item in card["path"] if item["step_id"]]
    assert steps == [(1, None), (2, "no_answer")]
    assert row["result"] == "answered"  # the exchange itself answered, to play the message
    assert 700 <= row["talk_ms"] <= 2500


def test_each_condition_takes_its_own_arrow(company: New) -> None:
    client = company()
    caller, line, other = client.line("101"), client.line("100"), client.line("102")
    to_port = {"kind": "port", "port_id": line.port_id}
    hang_up = {"kind": "hangup", "cause": 21}
    levels = {"after_answer": 2, "no_answer": 3, "busy": 4, "no_route": 5}
    client.dialplan(
        line.number_id,
        [step(1, to_port, 1, **levels), *(step(level, hang_up) for level in levels.values())],
    )
    # «Переадресация» goes first whatever else is set (S100).
    client.dialplan(
        other.number_id,
        [step(1, to_port, 1, forward=3, busy=2), step(2, hang_up), step(3, {"kind": "hangup", "cause": 17})],
    )
    client.wait_active()
    caller.phone.register()
    caller.phone.call("100", status=403)  # not registered yet
    line.phone.register()
    for busy in (True, False):
        waiting = line.phone.refuse("486 Busy Here") if busy else line.phone.let_ring()
        caller.phone.call("100", status=403)
        waiting.wait()
    answered = line.phone.answer(talk_ms=200)
    caller.phone.call("100", callee_ends=True)
    answered.wait()
    caller.phone.call("102", status=486)
    rows = client.calls(5)
    taken = [[item["via"] for item in client.card(row["id"])["path"] if item["via"]] for row in rows]
    assert taken == [["forward"], ["after_answer"], ["no_answer"], ["busy"], ["no_route"]]


def test_a_step_may_hand_the_call_to_another_number(company: New) -> None:
    client = company()
    caller, line = client.line("101"), client.line("100")
    front = client.number("110")
    client.dialplan(
        front,
        [
            step(1, {"kind": "number", "number_id": line.number_id}, busy=2),
            step(2, {"kind": "hangup", "cause": 21}),
        ],
    )
    client.wait_active()
    caller.phone.register()
    line.phone.register()
    waiting = line.phone.refuse("486 Busy Here")
    caller.phone.call("110", status=403)
    waiting.wait()
    [row] = client.calls(1)
    card = client.card(row["id"])
    entered = [item["number_id"] for item in card["path"] if not item["step_id"] and not item["end"]]
    assert entered == [front, line.number_id]


def test_a_loop_with_a_long_path_ends_and_the_call_has_its_row(company: New) -> None:
    """Numbers that lead to each other write a long word at every step: more than a journal line holds by step 100."""
    client = company()
    caller = client.line("101")
    ids = [client.number(digits) for digits in ("200", "201")]
    for own, other in zip(ids, reversed(ids), strict=True):
        client.dialplan(own, [step(1, {"kind": "number", "number_id": other}, no_answer=1, no_route=1)])
    client.wait_active()
    caller.phone.register()
    caller.phone.call("200", status=480)
    (call,) = client.calls(1)
    path = client.card(call["id"])["path"]
    assert path[-1]["end"] == "loop"
    assert 40 < len(path) < 200
