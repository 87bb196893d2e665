"""From events to rows: who, whom, how long, with what result; and what a client must not see of another."""

import pytest

from ats.calls.derive import CallRow, derive, endpoint_of
from ats.calls.lines import Event, read_chunk
from tests.unit.calls.journals import Channel, Journal, quoted, stamp


def rows_of(journal: Journal, linkedid: str, lost_at: int | None = None) -> list[CallRow]:
    chunk = read_chunk(journal.data)
    assert not chunk.rejects
    events = [
        item
        for item in chunk.items
        if isinstance(item, Event) and item.linkedid == linkedid and item.type != "LINKEDID_END"
    ]
    return derive(linkedid, events, lost_at)


def only_row(journal: Journal, linkedid: str) -> CallRow:
    (row,) = rows_of(journal, linkedid)
    return row


def test_an_answered_internal_call() -> None:
    journal = Journal()
    row = only_row(journal, journal.answered(ring_ms=3000, talk_ms=60_000, name="Анна"))
    assert (row.client_id, row.direction, row.result, row.cause) == (17, "internal", "answered", 16)
    assert (row.caller, row.caller_name, row.called, row.answered_by) == ("100", "Анна", "101", "101")
    assert (row.caller_endpoint, row.answered_endpoint) == ("100", "101")
    assert (row.ring_ms, row.talk_ms) == (3003, 60_002)
    assert row.path == "17/5/43 9"
    assert [leg.endpoint for leg in row.legs] == ["100", "101"]
    assert row.started < (row.answered or 0) < row.ended


@pytest.mark.parametrize("whose", [0, 1])
def test_a_dead_telephone_is_the_cause_whoevers_it_was(whose: int) -> None:
    journal = Journal()
    talking = [journal.channel("100", exten="101"), journal.channel("101")]
    linkedid = talking[0].uniqueid
    for kind in ("CHAN_START", "ANSWER"):
        for channel in talking:
            journal.event(kind, channel, linkedid)
    for at, channel in enumerate(talking):
        journal.hang_up(channel, linkedid, 44 if at == whose else 16)
    row = only_row(journal, linkedid)
    assert (row.result, row.cause) == ("answered", 44)
    assert [leg.cause for leg in row.legs] == [44 if at == whose else 16 for at in range(2)]


@pytest.mark.parametrize(
    ("cause", "status", "source", "result"),
    [
        (19, "NOANSWER", "dialplan/builtin", "no_answer"),
        (16, "NOANSWER", "dialplan/builtin", "no_answer"),
        (17, "BUSY", "dialplan/builtin", "busy"),
        (20, "CHANUNAVAIL", "dialplan/builtin", "no_route"),
        (3, "", "dialplan/builtin", "no_route"),
        (1, "", "dialplan/builtin", "no_route"),
        (21, "", "dialplan/builtin", "failed"),
        (0, "CANCEL", "", "cancelled"),
        (17, "CANCEL", "dialplan/builtin", "busy"),  # a 302 that is not followed
        (127, "", "caller", "cancelled"),
    ],
)
def test_results_of_calls_nobody_answers(cause: int, status: str, source: str, result: str) -> None:
    journal = Journal()
    row = only_row(journal, journal.refused(cause, status, source=source))
    cause = 16 if result == "cancelled" else cause  # the engine writes 127 or 0 there
    assert (row.result, row.cause, row.talk_ms, row.answered, row.answered_by) == (result, cause, 0, None, "")
    assert row.ring_ms == 503


def _city_call(journal: Journal) -> tuple[Channel, str]:
    """Client 17's phone dials 8 499 000-00-01: its caller id becomes the city number."""
    one = journal.channel("17001", "17", number="100", name="Анна", exten="84990000001")
    journal.event("CHAN_START", one, one.uniqueid)
    one.path, one.number, one.name = " 17>74990000001", "74950000001", ""
    return one, one.uniqueid


def test_a_call_to_the_city_through_a_trunk() -> None:
    journal = Journal()
    one, linkedid = _city_call(journal)
    one.path += " t5"
    trunk = journal.channel("t5", "1", number="84990000001")
    journal.event("CHAN_START", trunk, linkedid)
    journal.event("ANSWER", trunk, linkedid)
    journal.event("ANSWER", one, linkedid)
    journal.finish(one, trunk)
    row = only_row(journal, linkedid)
    assert (row.client_id, row.direction, row.caller, row.called) == (17, "out", "100", "84990000001")
    assert (row.via, row.answered_by, row.answered_endpoint) == ("74950000001", "74990000001", "")
    assert row.path == "17>74990000001 t5"
    assert [leg.endpoint for leg in row.legs] == ["17001", "t5"]


def test_a_call_between_two_clients_is_two_rows_that_keep_their_secrets() -> None:
    journal = Journal()
    one, linkedid = _city_call(journal)
    one.path += " 18/2/77 3"
    two = journal.channel("18005", "18", number="205")
    journal.event("CHAN_START", two, linkedid)
    journal.event("ANSWER", two, linkedid)
    journal.event("ANSWER", one, linkedid)
    journal.finish(one, two)
    caller, called = rows_of(journal, linkedid)
    assert (caller.client_id, caller.direction, caller.path) == (17, "out", "17>74990000001")
    assert (caller.caller, caller.via, caller.answered_by) == ("100", "74950000001", "74990000001")
    assert (called.client_id, called.direction, called.path) == (18, "in", "18/2/77 3")
    assert (called.caller, called.called, called.via) == ("74950000001", "74990000001", "74990000001")
    assert (called.answered_by, called.answered_endpoint, called.caller_endpoint) == ("205", "18005", "")
    assert "18005" not in repr(caller) and "205" not in repr(caller)
    assert "17001" not in repr(called) and "Анна" not in repr(called)
    assert caller.talk_ms == called.talk_ms > 0


@pytest.mark.parametrize("sent", ["+74990000001", "84990000001", "74990000001"])
def test_a_call_from_the_city(sent: str) -> None:
    journal = Journal()
    trunk = journal.channel("t5", "1", number="79160000000", exten=sent)
    journal.event("CHAN_START", trunk, trunk.uniqueid)
    trunk.path = " 18/2/77 3 n4"
    two = journal.channel("18005", "18", number="205")
    journal.event("CHAN_START", two, trunk.uniqueid)
    journal.event("ANSWER", two, trunk.uniqueid)
    journal.event("ANSWER", trunk, trunk.uniqueid)
    journal.finish(trunk, two)
    row = only_row(journal, trunk.uniqueid)
    assert (row.client_id, row.direction, row.caller, row.called) == (18, "in", "79160000000", "74990000001")
    assert (row.via, row.answered_by, row.path) == ("74990000001", "205", "18/2/77 3 n4")


def test_a_number_nobody_has_is_the_operators_call() -> None:
    journal = Journal()
    trunk = journal.channel("t5", "1", number="79160000000", exten="74990000009")
    journal.event("CHAN_START", trunk, trunk.uniqueid)
    journal.hang_up(trunk, trunk.uniqueid, 1)
    row = only_row(journal, trunk.uniqueid)
    assert (row.client_id, row.direction, row.result, row.called) == (1, "in", "no_route", "74990000009")


def test_a_call_of_nobody_gives_no_row() -> None:
    journal = Journal()
    stranger = journal.channel("anonymous", "", exten="100")
    journal.event("CHAN_START", stranger, stranger.uniqueid)
    journal.hang_up(stranger, stranger.uniqueid, 21)
    assert rows_of(journal, stranger.uniqueid) == []


def test_a_sound_message_answers_without_a_second_leg() -> None:
    journal = Journal()
    one = journal.channel("100", exten="102")
    journal.event("CHAN_START", one, one.uniqueid)
    one.path = " 17/5/43 9"
    journal.event("ANSWER", one, one.uniqueid)
    journal.wait(5000)
    one.path += " a-"
    journal.hang_up(one, one.uniqueid)
    row = only_row(journal, one.uniqueid)
    assert (row.result, row.answered_by, row.talk_ms, row.path) == ("answered", "", 5001, "17/5/43 9 a-")


def test_a_blind_transfer_keeps_its_legs_and_both_ways() -> None:
    journal = Journal()
    one, two = journal.channel("100", exten="101"), journal.channel("101")
    linkedid = one.uniqueid
    for channel in (one, two):
        journal.event("CHAN_START", channel, linkedid)
    one.path = " 17/5/43 9"
    journal.event("ANSWER", two, linkedid)
    journal.event("ANSWER", one, linkedid)
    journal.wait(4000)
    journal.event("BLINDTRANSFER", two, linkedid, '{"extension":"102","context":"c17"}')
    journal.hang_up(two, linkedid)
    one.path += " 17/5/44 11"
    three = journal.channel("102")
    journal.event("CHAN_START", three, linkedid)
    journal.wait(2000)
    journal.event("ANSWER", three, linkedid)
    journal.wait(10_000)
    journal.finish(one, three)
    row = only_row(journal, linkedid)
    assert [leg.number for leg in row.legs] == ["100", "101", "102"]
    assert (row.answered_by, row.path, row.result) == ("101", "17/5/43 9 17/5/44 11", "answered")
    assert row.talk_ms > 16_000


def test_an_attended_transfer_merges_the_second_call_into_the_first() -> None:
    journal = Journal()
    first = journal.answered(end=False)  # 100 talks to 101
    two = Channel(f"{first[:-1]}2", "101", "17", "101", "", "s")
    one = Channel(first, "100", "17", "100", "", "101", " 17/5/43 9")
    asks = journal.channel("101", exten="102")  # 101 calls 102 to ask
    second = asks.uniqueid
    journal.event("CHAN_START", asks, second)
    three = journal.channel("102")
    journal.event("CHAN_START", three, second)
    journal.event("ANSWER", three, second)
    asks.path = " 17/5/44 11"
    journal.event("ANSWER", asks, second)
    journal.wait(3000)
    journal.event("ATTENDEDTRANSFER", two, first, "{}")
    journal.event("LINKEDID_END", asks, second)
    journal.hang_up(asks, first)
    journal.hang_up(two, first)
    journal.wait(7000)
    journal.hang_up(three, first)
    journal.hang_up(one, first, status="ANSWER")
    merged = only_row(journal, first)
    assert {leg.number for leg in merged.legs} == {"100", "101", "102"}
    assert merged.talk_ms > 10_000
    asked = only_row(journal, second)
    assert (asked.caller, asked.answered_by, asked.result) == ("101", "102", "answered")


def test_a_call_cut_by_the_death_of_the_engine_keeps_its_talk_time() -> None:
    journal = Journal()
    linkedid = journal.answered(talk_ms=0, end=False)
    (row,) = rows_of(journal, linkedid, lost_at=journal.at_us + 5_000_000)
    assert (row.result, row.cause, row.talk_ms) == ("lost", 0, 5000)
    assert all(leg.ended == journal.at_us + 5_000_000 for leg in row.legs)


def test_a_call_without_its_first_line_still_counts() -> None:
    journal = Journal()
    linkedid = journal.answered()
    del journal.lines[0]
    row = only_row(journal, linkedid)
    assert (row.result, row.caller, row.answered_by) == ("answered", "100", "101")


def test_texts_fit_their_columns_and_hold_no_control_characters() -> None:
    journal = Journal()
    row = only_row(journal, journal.answered(name="a\r\n\x1b[2J\u202e" + "я" * 300))
    assert row.caller_name.isprintable() and len(row.caller_name) == 80


@pytest.mark.parametrize("extra", ["{", "[]", '{"hangupcause":"x"}', '{"hangupcause":99999999999999999999}'])
def test_odd_extras_do_no_harm(extra: str) -> None:
    journal = Journal()
    one = journal.channel("100", exten="101")
    journal.event("CHAN_START", one, one.uniqueid)
    journal.event("HANGUP", one, one.uniqueid, extra)
    assert only_row(journal, one.uniqueid).cause == 0


def test_endpoints() -> None:
    assert endpoint_of("PJSIP/17001-0000002a") == "17001"
    assert endpoint_of("PJSIP/a-b-0000002a") == "a-b"
    assert endpoint_of("odd") == "odd"


def test_a_call_the_exchange_makes_is_shown_with_the_numbers_people_know() -> None:
    """As the engine wrote it: 101 is to talk with 100, who answers, and then with 100, who is busy (S236)."""
    journal = Journal()
    both = ("Local/a100@c2.v8-00000000;1", "Local/a100@c2.v8-00000000;2")

    def write(
        kind: str, own: str, channel: str, account: str, exten: str, number: str, extra: str = ""
    ) -> None:
        journal.at_us += 1000
        fields = [
            kind,
            stamp(journal.at_us),
            "n-1.c7",
            own,
            channel,
            account,
            "",
            extra,
            "c2.v8",
            exten,
            number,
            "",
        ]
        journal.lines.append("\t".join(map(quoted, fields)))

    write("CHAN_START", "n-1.c7", both[0], "", "a100", "")
    write("CHAN_START", "n-1.d7", both[1], "", "a100", "")
    write("CHAN_START", "n-1.2", "PJSIP/102001-00000000", "2", "s", "100")
    write("ANSWER", "n-1.2", "PJSIP/102001-00000000", "2", "g1", "100")
    write("ANSWER", "n-1.c7", both[0], "2", "a100", "100")
    write("ANSWER", "n-1.d7", both[1], "2", "g1", "101")
    write("LINKEDID_END", "n-1.2", "PJSIP/102001-00000000", "2", "", "100")
    row = only_row(journal, "n-1.c7")
    assert (row.caller, row.called, row.direction, row.via, row.result) == (
        "101",
        "100",
        "internal",
        "",
        "answered",
    )
