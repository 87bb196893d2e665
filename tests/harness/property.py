"""Random dialplans walked by the real engine and by the simulator: both must take the same path.

The compiled text is the real one but for one thing: a port is a Local channel that answers, is busy, rings or is gone,
as its name says, so that thousands of calls need no telephones.
"""

import random
import re
import socket
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from ats.calls.lines import Event, read_chunk
from ats.dialplan.compiler import compile_client
from ats.dialplan.conf import to_conf
from ats.dialplan.model import (
    Action,
    Calendar,
    Classify,
    ClientPlan,
    DialPort,
    GoNumber,
    HangUp,
    Holidays,
    NumberPlan,
    Outcome,
    PlaySound,
    RingAll,
    Step,
)
from ats.dialplan.simulator import simulate
from ats.engine.certificate import client_context
from tests.harness.instance import Instance
from tests.harness.sounds import tone_bytes

FIRST_CLIENT = 5_000_000
NUMBERS = 3
KNOWN, STRANGER = "79161112233", "79165556677"
ZONES = ("Europe/Moscow", "Asia/Vladivostok", "America/New_York", "UTC", "Asia/Kathmandu")
BEHAVIOURS = {
    "answers": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "rings": Outcome.NO_ANSWER,
    "gone": Outcome.NO_ROUTE,
}
_CALLED = """[property]
exten => answers,1,Answer()
 same => n,Hangup(16)
exten => busy,1,Hangup(17)
exten => rings,1,Ringing()
 same => n,Wait(30)
exten => gone,1,Hangup(20)
"""
_PORT = re.compile(r"PJSIP/(answers|busy|rings|gone)\b")
_PATIENCE_S = 80.0  # without another call that ended
_MOST_RINGING = 3  # a second each


# Client → its dialplans and the number that calls it.
_Plans = dict[int, tuple[ClientPlan, str]]
_DOUBTFUL, _SLOWLY = 100, 4.0


@dataclass
class Report:
    """`skipped`: calls that a calendar's edge passed while they were going on."""

    checked: int = 0
    skipped: int = 0
    differences: list[str] = field(default_factory=list)


def random_plan(client_id: int, chance: random.Random, now: datetime) -> ClientPlan:
    """Numbers of one client that may lead to each other, with every kind of arrow and calendar."""
    numbers = []
    step_id = chance.choice([0, 10**9])  # long ids reach the guard of the path's length
    for index in range(NUMBERS):
        levels = sorted(chance.sample(range(1, 12), chance.randint(1, 5)))
        steps = []
        for _ in range(chance.randint(0 if index else 1, 9)):
            step_id += 1
            action = _action(chance)
            outcomes = (
                [Outcome.FOUND, Outcome.NOT_FOUND] if isinstance(action, Classify) else list(Outcome)[1:5]
            )
            targets = {one: chance.choice([*levels, 20]) for one in outcomes if chance.random() < 0.7}
            if chance.random() < 0.06:
                targets[Outcome.FORWARD] = chance.choice(levels)
            calendar = _calendar(chance, now)
            steps.append(Step(step_id, chance.choice(levels), action, calendar, 1, targets))
        zone = chance.choice(ZONES)
        numbers.append(NumberPlan(index + 1, str(100 + index), False, zone, tuple(steps)))
    holidays = tuple(sorted({(now + timedelta(days=chance.randint(-2, 2))).date() for _ in range(2)}))
    return ClientPlan(client_id, 1, "", tuple(numbers), holidays=holidays)


def _action(chance: random.Random) -> Action:
    kind = chance.random()
    port = DialPort(1, chance.choice(list(BEHAVIOURS)), is_active=chance.random() > 0.1)
    if kind < 0.45:
        return port
    if kind < 0.55:
        return RingAll((DialPort(1, "gone"), port))
    if kind < 0.65:
        return PlaySound(chance.choice([1, 2]))  # the second file does not exist
    if kind < 0.8:
        return Classify(chance.choice([1, 2, 3]), (4,))
    if kind < 0.95:
        return GoNumber(chance.randint(1, NUMBERS))
    return HangUp(chance.choice([16, 17, 21]))


def _calendar(chance: random.Random, now: datetime) -> Calendar:
    if chance.random() < 0.4:
        return Calendar()
    start, end = chance.randrange(0, 1440, 15), chance.randrange(15, 1441, 15)
    start = start if start != end else (start + 15) % 1440
    dates: list[date | None] = [None, None]
    if chance.random() < 0.3:
        first = (now + timedelta(days=chance.randint(-3, 1))).date()
        dates = [first, first + timedelta(days=chance.randint(0, 4))]
    holidays = chance.choice(list(Holidays)) if chance.random() < 0.3 else Holidays.ANY
    whole = chance.random() < 0.3
    return Calendar(
        chance.randint(1, 127), 0 if whole else start, 1440 if whole else end, dates[0], dates[1], holidays
    )


def check(
    instance: Instance, graphs: int, seed: int, *, rate: float = 40.0, first: int = FIRST_CLIENT
) -> Report:
    """Walk `graphs` random plans on both. The engine is told of them by a file of its own and one reload.

    `first`: below the number of the first client; up to three times as many are drawn as are walked.
    """
    chance = random.Random(seed)
    report = Report()
    now = datetime.now(UTC)
    plans: _Plans = {}
    client_id = first
    while len(plans) < graphs:
        client_id += 1
        plan = random_plan(client_id, chance, now)
        caller = chance.choice([KNOWN, STRANGER, "8" + KNOWN[1:]])
        if _path(plan, now, caller).count(" n") <= _MOST_RINGING:
            plans[client_id] = (plan, caller)
    _load(instance, [plan for plan, _ in plans.values()])
    found = _compared(instance, plans, rate)
    # A «Таймаут» of a second also runs out when the machine has better to do: what differs is walked once more,
    # slowly. A real difference is there again.
    doubtful = {key: plans[key] for key, walk in found.items() if walk.differs}
    if 0 < len(doubtful) <= _DOUBTFUL:
        found |= _compared(instance, doubtful, _SLOWLY)
    for key, walk in found.items():
        report.skipped += walk.skipped
        report.checked += not walk.skipped
        if walk.differs:
            told = f"client {key}: engine {walk.engine!r}, simulator {walk.simulator!r}"
            report.differences.append(f"{told}\n{plans[key][0]}")
    return report


@dataclass(frozen=True)
class _Walk:
    """`skipped`: an edge of a calendar passed meanwhile."""

    engine: str | None
    simulator: str
    skipped: bool

    @property
    def differs(self) -> bool:
        return not self.skipped and self.engine != self.simulator


def _compared(instance: Instance, plans: _Plans, rate: float) -> dict[int, _Walk]:
    """Calls all of them, `rate` a second, and tells how both walked."""
    begun = {key: _path(plan, datetime.now(UTC), caller) for key, (plan, caller) in plans.items()}
    since = instance.config.journal_path.stat().st_size
    with closing(_Ami(instance)) as ami:
        for key, (_, caller) in plans.items():
            ami.call(key, caller)
            time.sleep(1 / rate)
        walked = _walked(instance, set(plans), since)
    ended = datetime.now(UTC)
    return {
        key: _Walk(walked.get(key), begun[key], begun[key] != _path(plan, ended, caller))
        for key, (plan, caller) in plans.items()
    }


def _path(plan: ClientPlan, when: datetime, caller: str) -> str:
    def decide(step: Step) -> Outcome:
        match step.action:
            case DialPort(endpoint=endpoint):
                return BEHAVIOURS[endpoint]
            case RingAll(members=members):
                active = [one.endpoint for one in members if isinstance(one, DialPort) and one.is_active]
                return BEHAVIOURS[active[-1]]
            case PlaySound(sound_id=sound_id):
                return Outcome.ANSWERED if sound_id == 1 else Outcome.NO_ROUTE
            case Classify(classifier_id=classifier_id):
                known = (classifier_id == 1 and not caller.endswith(STRANGER[1:])) or classifier_id == 2
                return Outcome.FOUND if known else Outcome.NOT_FOUND
        raise AssertionError(step)

    return simulate(plan, plan.numbers[0].id, when, decide).path


def _load(instance: Instance, plans: list[ClientPlan]) -> None:
    """Text, a sound for each client, and two classifiers: one knows the caller, one everybody by a mask."""
    config = instance.config
    text = "".join(to_conf(compile_client(plan)) for plan in plans)
    (config.engine_etc / "clients" / "zz-property.conf").write_text(
        _CALLED + _PORT.sub(r"Local/\1@property/n", text)
    )
    sound = tone_bytes(400, 0.05, 8000)
    for plan in plans:
        folder = config.media_dir / str(plan.client_id)
        folder.mkdir(exist_ok=True)
        (folder / "1.wav").write_bytes(sound)
    with closing(sqlite3.connect(config.engine_db, timeout=10)) as connection:
        rows = [(f"1:{KNOWN}",), (f"2:{KNOWN[:4]}*",)]
        connection.executemany("INSERT OR IGNORE INTO ats_contacts (id) VALUES (?)", rows)
        connection.commit()
    instance.engine("dialplan reload")
    last = plans[-1].client_id
    deadline = time.monotonic() + 60
    while f"c{last}.v1" not in instance.engine(f"dialplan show {100}@c{last}.v1"):
        assert time.monotonic() < deadline, "the dialplan was not read"
        time.sleep(0.2)


class _Ami:
    """Just enough of the manager's protocol to place calls."""

    def __init__(self, instance: Instance) -> None:
        config = instance.config
        bare = socket.create_connection(("127.0.0.1", config.ami_port), 10)
        self._socket = client_context(config.ami_certificate).wrap_socket(bare)
        self._send("Login", Username=config.ami_user, Secret=config.ami_secret, Events="off")

    def call(self, client_id: int, caller: str) -> None:
        self._send(
            "Originate",
            Channel=f"Local/100@c{client_id}/n",
            Application="Wait",
            Data="90",
            CallerID=f"<{caller}>",
            Timeout="90000",
            Async="true",
        )

    def close(self) -> None:
        self._socket.close()

    def _send(self, action: str, **fields: str) -> None:
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in fields.items())]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())


def _walked(instance: Instance, wanted: set[int], since: int) -> dict[int, str]:
    """Client id → path, as the engine wrote it when the walking channel ended; waits while more and more come.

    `since`: what stands in the journal before this byte is of earlier calls (unless a new file was begun).
    """
    found: dict[int, str] = {}
    patience = time.monotonic() + _PATIENCE_S
    known = 0
    while time.monotonic() < patience and len(found) < len(wanted):
        time.sleep(1)
        if len(found) > known:
            known, patience = len(found), time.monotonic() + _PATIENCE_S
        text = instance.config.journal_path.read_bytes()
        chunk = read_chunk(text[since:] if len(text) >= since else text)
        for item in chunk.items:
            if isinstance(item, Event) and item.type == "HANGUP" and item.path:
                head = item.path.split("/", 1)[0].strip()
                if head.isdigit() and int(head) in wanted:
                    found[int(head)] = " ".join(item.path.split())
    return found
