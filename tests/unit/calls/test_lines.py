"""Reading the journal's text: whatever strangers put into it, records stay whole and nothing is forged."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ats.calls.lines import LONGEST_RECORD, Boot, Event, Heartbeat, dump_event, load_event, micros, read_chunk
from tests.unit.calls.journals import Journal

SAMPLE = Path(__file__).with_name("sample.csv")


def test_a_real_journal_is_read_whole() -> None:
    data = SAMPLE.read_bytes()
    chunk = read_chunk(data)
    assert (chunk.used, chunk.rejects) == (len(data), [])
    assert isinstance(chunk.items[0], Boot)
    events = [item for item in chunk.items if isinstance(item, Event)]
    assert len(chunk.items) == data.count(b"\n") - data.count(b"\n\n")
    assert events[0].channel == "PJSIP/100-00000000"
    assert events[0].at == 1795423719904843
    assert events[4].extra.startswith('{"hangupcause":16')


def test_a_line_without_its_end_is_left_for_the_next_time() -> None:
    journal = Journal()
    journal.beat()
    journal.answered()
    data = journal.data
    for cut in range(1, len(data)):
        first = read_chunk(data[:cut])
        second = read_chunk(data[first.used :])
        assert first.items + second.items == read_chunk(data).items
        assert not first.rejects and not second.rejects


@pytest.mark.parametrize(
    "name",
    [
        'Bobby "Tables"',
        "tab\there",
        "line\nbreak",
        "\r\n\r\n",
        'quote at the end"',
        '"',
        '"\n"',
        "x\nBOOT,forged,1795423799.000000\ny",
        '\nHANGUP\t1795423719.914839\tnode1-1.1\tnode1-1.1\tPJSIP/1-1\t17\t\t""\tc\te\tn\tn\n',
        "\n" * 79,
    ],
)
def test_hostile_names_stay_inside_their_field(name: str) -> None:
    journal = Journal()
    journal.answered(name=name)
    journal.answered()
    chunk = read_chunk(journal.data)
    assert chunk.rejects == []
    assert len(chunk.items) == 14
    assert not any(isinstance(item, Boot) for item in chunk.items)
    assert isinstance(chunk.items[0], Event) and chunk.items[0].name == name.replace("\0", "")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet='"\t\r\nBOT,H1.a"', max_size=12), min_size=1, max_size=4))
def test_any_names_come_back_as_written(names: list[str]) -> None:
    journal = Journal()
    for name in names:
        journal.answered(name=name)
    chunk = read_chunk(journal.data)
    starts = [item for item in chunk.items if isinstance(item, Event) and item.exten == "101"]
    assert [item.name for item in starts if item.type == "CHAN_START"] == names
    assert chunk.rejects == []


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_noise_never_raises(noise: bytes) -> None:
    for at_end in (False, True):
        chunk = read_chunk(noise, at_end=at_end)
        assert 0 <= chunk.used <= len(noise)


def test_a_torn_record_costs_only_itself() -> None:
    journal = Journal()
    journal.answered()
    whole = journal.lines.copy()
    torn = whole[4][: whole[4].index("hangup")]  # ends inside a quoted value
    chunk = read_chunk("".join(line + "\n" for line in [torn, *whole]).encode(), at_end=True)
    assert len(chunk.items) == 7 and chunk.rejects == [torn]


def test_a_quote_left_open_for_longer_than_any_record_is_given_up() -> None:
    journal = Journal()
    journal.raw('ANSWER\t"open')
    while len(journal.data) <= LONGEST_RECORD + 100:
        journal.beat()
    chunk = read_chunk(journal.data)
    assert chunk.rejects == ['ANSWER\t"open']
    assert all(isinstance(item, Heartbeat) for item in chunk.items) and len(chunk.items) > 1000


def test_bad_bytes_and_zero_bytes_do_no_harm() -> None:
    journal = Journal()
    journal.answered(name="NAME")
    chunk = read_chunk(journal.data.replace(b"NAME", b"\xff\x00\xfe"))
    assert isinstance(chunk.items[0], Event) and chunk.items[0].name == "\ufffd\ufffd"


def test_records_with_absurd_times_or_ids_are_set_aside() -> None:
    journal = Journal()
    journal.answered()
    good = journal.lines[0]
    bad = [
        good.replace("1795423719.001000", value, 1) for value in ("0.0", "99999999999.0", "١٧٩", "-5.1", "")
    ]
    bad.append(good.replace("node1-1795423719.1", "x" * 65, 1))
    chunk = read_chunk("".join(line + "\n" for line in bad).encode())
    assert (chunk.items, chunk.rejects) == ([], bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1795423719.5", 1795423719500000),
        ("1795423719", 1795423719000000),
        ("1e9", 0),
        ("", 0),
        ("17954237190", 0),
    ],
)
def test_times(text: str, expected: int) -> None:
    assert micros(text) == expected


def test_events_survive_the_table_of_pending_events() -> None:
    journal = Journal()
    journal.answered(name='Имя "x"\n\t\\')
    event = read_chunk(journal.data).items[0]
    assert isinstance(event, Event)
    assert load_event(dump_event(event)) == event


@pytest.mark.parametrize(
    "behind", [b"", b'\t"{""hangupcause"":16,""hangu', b'\t"{""hangupcause"":16}"\tc17.v5\t10']
)
def test_a_record_the_engine_cut_still_tells_which_call_ended(behind: bytes) -> None:
    head = b"HANGUP\t1795423719.904843\tc-1\tc-2\tPJSIP/170001-00000001\t17\t"
    path = b" 17/5/43" + b" a123456789" * 90
    record = (head + path)[: 1023 - len(behind)] + behind
    chunk = read_chunk(record + b"\nHB,1795423720\n")
    event, beat = chunk.items
    assert not chunk.rejects
    assert isinstance(event, Event)
    assert (event.type, event.linkedid, event.extra) == ("HANGUP", "c-1", "")
    assert event.path.startswith(" 17/5/43 a123456789 a")
    assert isinstance(beat, Heartbeat)
