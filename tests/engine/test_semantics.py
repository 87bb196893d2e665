"""What telephones say in odd ways and at odd moments: answers that cross, early sound, transfers with consultation,
faxes in mid-call, calls that come back from parking. Played message by message."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.harness.byhand import HandPhone, Talk, sdp
from tests.harness.company import PASSWORD, Company, Line, step
from tests.harness.instance import wait_for
from tests.harness.sounds import tone_bytes

New = Callable[[], Company]
MUSIC = 1200
SAYS = {"100": 500, "101": 660, "102": 880}
T38 = (
    "T38FaxVersion:0",
    "T38MaxBitRate:14400",
    "T38FaxRateManagement:transferredTCF",
    "T38FaxMaxDatagram:400",
    "T38FaxUdpEC:t38UDPRedundancy",
)


@contextmanager
def phones(client: Company, *lines: Line) -> Iterator[list[HandPhone]]:
    """Registered, each with a tone of its own, once the client is served."""
    client.wait_active()
    with ExitStack() as stack:
        found = []
        for line in lines:
            phone = HandPhone(client.instance.config.sip_port, line.phone.login, PASSWORD, SAYS[line.digits])
            stack.callback(phone.close)
            phone.register()
            found.append(phone)
        yield found


def talk(caller: HandPhone, number: str, called: HandPhone) -> tuple[Talk, Talk]:
    """A call that has been answered, heard on both sides."""
    ours = caller.call(number)
    theirs = called.called()
    theirs.pick_up()
    ours.talking()
    ours.hears(called.hertz)
    theirs.hears(caller.hertz)
    return ours, theirs


def music(client: Company) -> None:
    package = client.api.get(f"{client.path}/packages")["items"][0]["id"]  # the one marked *
    client.api.upload(f"{client.path}/packages/{package}/files", {}, "tone.wav", tone_bytes(float(MUSIC)))


def via(client: Company, row: dict[str, Any]) -> list[str]:
    return [item["via"] for item in client.card(row["id"])["path"] if item["via"]]


def queue(client: Company, line: Line) -> str:
    """Number 200 leads to a queue with this agent, and to an end after the talk; returns the queue's name."""
    made = client.api.post(
        f"{client.path}/queues",
        {"name": "Приём", "ring_s": 15, "retry_s": 1, "agents": [{"port_id": line.port_id}]},
    )
    action = {"kind": "queue", "queue_id": made["id"]}
    steps = [step(1, action, after_answer=2), step(2, {"kind": "hangup", "cause": 17})]
    client.dialplan(client.number("200"), steps)
    return f"q{made['id']}"


def test_every_answer_of_a_telephone_takes_its_arrow(company: New) -> None:
    """A forward by the telephone itself is not followed (S103); 486 of one, 600 of all and 603 are «По занято»."""
    client = company()
    lines = client.line("100"), client.line("101")
    action = {"kind": "port", "port_id": lines[1].port_id}
    ends = ((2, 16), (3, 1), (4, 17), (5, 21))
    steps = [step(1, action, 20, after_answer=2, no_answer=3, busy=4, no_route=5)]
    steps += [step(level, {"kind": "hangup", "cause": cause}) for level, cause in ends]
    client.dialplan(client.number("110"), steps)
    answers = {
        "302 Moved Temporarily": "busy",
        "403 Forbidden": "busy",
        "404 Not Found": "no_route",
        "480 Temporarily Unavailable": "no_answer",
        "486 Busy Here": "busy",
        "488 Not Acceptable Here": "no_route",
        "503 Service Unavailable": "no_route",
        "600 Busy Everywhere": "busy",
        "603 Decline": "busy",
    }
    seen = {"busy": 486, "no_route": 403, "no_answer": 404}
    with phones(client, *lines) as (caller, callee):
        for answer, condition in answers.items():
            call = caller.call("110")
            ringing = callee.called()
            if answer.startswith("302"):
                ringing.answer(answer, "", "Contact: <sip:79161112233@127.0.0.1>")
            else:
                ringing.answer(answer)
            assert call.refused() == seen[condition], answer
        rows = client.calls(len(answers))
    assert [via(client, row) for row in reversed(rows)] == [[one] for one in answers.values()]


def test_ring_tone_and_sound_before_the_answer(company: New) -> None:
    """183 without sound leaves the caller his ring tone; with sound he hears it, unless music replaces it (S143)."""
    client = company()
    music(client)
    first, second, third = client.line("100"), client.line("101"), client.line("102")
    client.api.patch(f"{client.path}/ports/{third.port_id}", {"extras": {"replace_ringing": True}})
    with phones(client, first, second, third) as (caller, callee, replaced):
        call = caller.call("101")
        ringing = callee.called()
        call.wait(180)
        ringing.answer("183 Session Progress")
        ringing.answer("180 Ringing")
        caller.settle()
        assert not call.has(183)
        ringing.answer("183 Session Progress", ringing.sdp())
        call.wait(183)
        call.hears(660)
        ringing.pick_up()
        call.talking()
        call.hang_up()
        ringing.ended()
        call = caller.call("102")
        ringing = replaced.called()
        call.hears(MUSIC)
        ringing.answer("183 Session Progress", ringing.sdp())
        call.still_hears(MUSIC)
        ringing.pick_up()
        call.talking()
        call.hears(880)
        call.hang_up()
        ringing.ended()


def test_answer_and_cancel_cross(company: New) -> None:
    """A telephone that answers just when the caller gives up is hung up on; a caller who gives up too late talks."""
    client = company()
    lines = client.line("100"), client.line("101")
    with phones(client, *lines) as (caller, callee):
        call = caller.call("101")
        ringing = callee.called()
        call.wait(180)
        call.request("CANCEL")
        cancel = ringing.wait("CANCEL")
        ringing.reply(cancel, "200 OK")
        ringing.answer("200 OK", ringing.sdp())
        ringing.wait("ACK")
        ringing.ended()
        assert call.refused() == 487
        [row] = client.calls(1)
        assert (row["result"], row["answered_by"]) == ("cancelled", "")
        call = caller.call("101")
        ringing = callee.called()
        call.wait(180)
        ringing.pick_up()
        call.wait(200)
        call.request("CANCEL")
        call.ack()
        call.hears(660)
        call.hang_up()
        ringing.ended()
        row = client.calls(2)[0]
        assert (row["result"], row["answered_by"]) == ("answered", "101")
    wait_for(lambda: lines[0].phone.login not in client.instance.engine("core show channels"), 10)


def test_session_timer_late_offer_and_hold(company: New) -> None:
    """RFC 4028 by UPDATE and re-INVITE, an interval that is too short, an INVITE without SDP, hold and end of it."""
    client = company()
    music(client)
    lines = client.line("100"), client.line("101")
    timer = ("Session-Expires: 90;refresher=uac", "Supported: timer")
    with phones(client, *lines) as (caller, callee):
        assert caller.call("101", None, "Session-Expires: 30", "Supported: timer").refused() == 422
        call = caller.call("101", None, *timer)
        talking = callee.called()
        talking.pick_up()
        assert call.wait(200).header("Session-Expires").startswith("90")
        call.ack()
        call.request("UPDATE", "", *timer)
        assert call.wait(200).header("Session-Expires").startswith("90")
        call.request("INVITE", call.sdp("sendonly"), *timer)
        call.wait(200)
        call.ack()
        talking.hears(MUSIC)
        call.request("INVITE", call.sdp(), *timer)
        assert call.wait(200).header("Session-Expires").startswith("90")
        call.ack()
        talking.hears(500)
        call.hang_up()
        talking.ended()
        call = caller.call("101", "")
        talking = callee.called()
        talking.pick_up()
        call.offered()
        call.ack(call.sdp())
        talking.hears(500)
        call.hears(660)
        call.hang_up()
        talking.ended()


def test_a_fax_begins_in_mid_call_or_is_refused(company: New) -> None:
    """Two telephones agree on T.38 end to end; where one refuses, the other is told and the talk goes on."""
    client = company()
    lines = client.line("100"), client.line("101")
    with phones(client, *lines) as (caller, callee):
        call, talking = talk(caller, "101", callee)
        call.request("INVITE", sdp("image 4444 udptl t38", *T38))
        asked = talking.wait("INVITE")
        assert "m=image" in asked.body
        talking.reply(asked, "488 Not Acceptable Here")
        assert call.refused() == 488
        talking.wait("ACK")
        call.still_hears(660)
        call.request("INVITE", sdp("image 4444 udptl t38", *T38))
        talking.reply(talking.wait("INVITE"), "200 OK", sdp("image 4446 udptl t38", *T38))
        assert "m=image" in call.wait(200).body
        call.ack()
        talking.wait("ACK")
        call.hang_up()
        talking.ended()
    [row] = client.calls(1)
    assert row["result"] == "answered"


def test_an_agent_asks_first_and_then_transfers(company: New) -> None:
    """By the telephone's own REFER with Replaces, out of a queue: both of his talks are recorded and no more than they,
    he is free at once, and after the talk the caller's dialplan goes on."""
    client = company()
    music(client)
    lines = client.line("100"), client.line("101", extras={"record": True}), client.line("102")
    name = queue(client, lines[1])
    with phones(client, *lines) as (caller, agent, expert):
        wait_for(lambda: "Not in use" in client.instance.engine(f"queue show {name}"), 20)
        call, first = talk(caller, "200", agent)
        first.request("INVITE", first.sdp("sendonly"))
        first.wait(200)
        first.ack()
        call.hears(MUSIC)
        second, asked = talk(agent, "102", expert)
        first.refer("102", second)
        assert first.referred().endswith("200 OK")
        first.hang_up()
        second.ended()
        call.hears(880)
        asked.hears(500)
        wait_for(lambda: "Not in use" in client.instance.engine(f"queue show {name}"), 20)
        call.still_hears(880, 2)
        asked.hang_up()
        call.ended()
    rows = {row["called"]: row for row in client.calls(2)}
    assert {one: (row["result"], row["answered_by"]) for one, row in rows.items()} == {
        "200": ("answered", "101"),
        "102": ("answered", "102"),
    }
    assert via(client, rows["200"]) == ["after_answer"]

    def recordings(row: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.card(row["id"])["recordings"]
        return found

    wait_for(lambda: all(len(recordings(row)) == 1 for row in rows.values()), 20)
    for row in rows.values():
        [recording] = recordings(row)
        legs = [leg for leg in client.card(row["id"])["legs"] if leg["number"] == "101"]
        assert recording["number"] == "101", recording
        assert legs, row
    whole = rows["200"]["talk_ms"]
    assert recordings(rows["200"])[0]["duration_ms"] < whole - 1500, (recordings(rows["200"]), whole)


def test_transfers_that_are_not_answered_yet_or_never(company: New) -> None:
    """Out of a queue without asking; asked, but sent on while the third still rings; and to one who is busy."""
    client = company()
    lines = client.line("100"), client.line("101"), client.line("102")
    name = queue(client, lines[1])
    with phones(client, *lines) as (caller, agent, third):
        wait_for(lambda: "Not in use" in client.instance.engine(f"queue show {name}"), 20)
        call, first = talk(caller, "200", agent)
        first.refer("102")
        ringing = third.called()
        ringing.pick_up()
        assert first.referred().endswith("200 OK")
        first.hang_up()
        call.hears(880)
        ringing.hang_up()
        call.ended()
        row = client.calls(1)[0]
        assert (row["result"], row["answered_by"]) == ("answered", "101")
        assert "after_answer" in via(client, row)

        call, first = talk(caller, "101", agent)
        second = agent.call("102")
        ringing = third.called()
        second.wait(180)
        first.refer("102", second)
        assert first.referred().endswith("200 OK")
        first.hang_up()
        ringing.pick_up()
        call.hears(880)
        ringing.hears(500)
        ringing.hang_up()
        call.ended()
        asked = next(row for row in client.calls(3) if row["caller"] == "101")
        assert (asked["result"], asked["answered_by"]) == ("no_answer", "")

        call, first = talk(caller, "101", agent)
        first.refer("102")
        third.called().answer("486 Busy Here")
        first.referred()  # 486, or 200 if the engine had begun to ring by then: its own way, not the dialplan's
        first.hang_up()
        call.ended()
        row = client.calls(4)[0]
        assert via(client, row)[-1] == "busy"


def test_a_parked_call_comes_back_three_times(company: New) -> None:
    """To the one who parked it, sent there at once or after he has asked for the place; in between it is in the
    client's own lot. (The lot's patience is made short; the rest is what the engine was given.)"""
    client = company()
    music(client)
    lines = client.line("100"), client.line("101"), client.line("102")
    engine = client.instance.engine
    shown = next(line for line in engine("dialplan show ats-park").splitlines() if "Park(" in line)
    place = shown.split(".")[0].split()[-1]
    change = "dialplan add extension _X!," + place + ",Park(c${ATSLOT},t(%d)) into ats-park replace"

    def parked() -> bool:
        return "Parker Dial String" in engine(f"parking show c{client.id}")

    engine(change % 2)
    try:
        with phones(client, *lines) as (caller, agent, third):
            call, first = talk(caller, "101", agent)
            first.refer("*75")
            assert first.referred().endswith("200 OK")
            first.hang_up()
            call.hears(MUSIC)
            for _ in range(3):
                back = agent.called()
                assert not caller.was_called()
                back.answer("486 Busy Here")
            call.ended()

            call, first = talk(caller, "101", agent)
            second = agent.call("*75").talking()
            wait_for(parked, 10)
            first.refer("*75", second)
            assert first.referred().endswith("200 OK")
            first.hang_up()
            second.ended()
            agent.called().answer("486 Busy Here")
            wait_for(parked, 10)
            taken = third.call("*761").talking()
            call.hears(880)
            taken.hears(500)
            taken.hang_up()
            call.ended()
    finally:
        engine(change % 45)


def test_hanging_up_in_a_menu_leaves_nothing_behind(company: New) -> None:
    client = company()
    line = client.line("100")
    menu = client.api.post(f"{client.path}/menus", {"name": "Меню", "wait_s": 9})
    client.dialplan(client.number("300"), [step(1, {"kind": "menu", "menu_id": menu["id"]}, no_answer=1)])
    with phones(client, line) as (caller,):
        call = caller.call("300").talking()
        call.hang_up()
        wait_for(lambda: line.phone.login not in client.instance.engine("core show channels"), 10)
    [row] = client.calls(1)
    assert (row["result"], via(client, row)) == ("answered", [])
