"""Counted limits: minutes, money, calls a minute, numbers a day; held, settled once, anew at the client's midnight."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django_scopes import scope, scopes_disabled

from ats.billing import counted, rating
from ats.billing.authorise import Grant, Refusal, authorise
from ats.billing.books import Books
from ats.forwarding import actions as forwarding
from ats.limits import usage
from ats.limits.actions import set_limits
from ats.limits.models import CountedCall
from ats.limits.scopes import Scope
from ats.numbering import actions as numbers
from ats.numbering import dialplan_actions
from ats.numbering.models import Step
from ats.ports import actions as ports
from tests.unit.billing.money import CITY, DAY, NOON, ROUBLE, account, client, question, tariff

SECOND = 1_000_000
ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}


class Clock:
    """Asks and ends calls of one client at chosen moments."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self.now = NOON
        self._books = Books()
        self._count = 0

    def ask(self, digits: str = CITY, **values: Any) -> tuple[str, Grant | Refusal]:
        self._count += 1
        key = f"{self.client_id}.{self._count}"
        with scopes_disabled():
            return key, authorise(question(self.client_id, key, digits, **values), self._books, self.now)

    def seconds(self, digits: str = CITY, **values: Any) -> tuple[str, int]:
        key, verdict = self.ask(digits, **values)
        assert isinstance(verdict, Grant), verdict
        return key, verdict.allowed_s

    def code(self, digits: str = CITY, **values: Any) -> str:
        _, verdict = self.ask(digits, **values)
        assert isinstance(verdict, Refusal), verdict
        return verdict.code

    def end(self, key: str, seconds: int, money: int = 0) -> int:
        """The numbers called that were held; the first has all that the call took."""
        with scopes_disabled():
            held = CountedCall.objects.filter(linkedid=key, is_open=True).order_by("pk")
            numbers = list(held.values_list("digits", flat=True)) or [CITY]
        took = dict.fromkeys(numbers, (0, 0)) | {numbers[0]: (seconds, money)}
        return usage.settle("node1", [usage.EndedCall(key, self.client_id, took)])


def limited(client_id: int, scope_: Scope = Scope.CLIENT, object_id: int = 0, **values: Any) -> None:
    with scope(client=client_id):
        set_limits(None, client_id, scope_, object_id or client_id, values)


@pytest.fixture
def clock(db: None) -> Clock:
    """A client that is not billed."""
    return Clock(client("", "Вега").pk)


def test_nothing_is_counted_without_a_limit(clock: Clock) -> None:
    clock.seconds()
    with scopes_disabled():
        assert not CountedCall.objects.exists()


def test_minutes_are_held_settled_and_never_passed(clock: Clock) -> None:
    limited(clock.client_id, minutes_day=10)
    key, allowed = clock.seconds()
    assert allowed == 600
    assert clock.code() == f"{clock.client_id}=md@c{clock.client_id}"  # all of it is held by the first
    assert clock.end(key, 400) == 1
    assert clock.end(key, 400) == 0  # twice is once
    key, allowed = clock.seconds()
    assert allowed == 200
    clock.end(key, 201)  # cut there, some milliseconds late: the begun second is nobody's
    assert clock.code().endswith(f"=md@c{clock.client_id}")
    now = datetime.fromtimestamp(clock.now / SECOND, UTC)
    day = usage.local_day(now, "Europe/Moscow")
    assert usage.used(clock.client_id, Scope.CLIENT, clock.client_id, day, now).seconds_day == 600


def test_many_calls_at_once_share_the_rest(clock: Clock) -> None:
    """Half of what is left, ten minutes at least: all together never more than the limit."""
    limited(clock.client_id, minutes_month=100)
    held = []
    while True:
        _, verdict = clock.ask()
        if isinstance(verdict, Refusal):
            break
        held.append(verdict.allowed_s)
    assert sum(held) == 6000
    assert held == [3000, 1500, 750, 600, 150]


def test_counters_begin_anew_at_the_clients_midnight(clock: Clock) -> None:
    """Moscow: 21:00 UTC. A day before that is full, a second later there is a new one; the month goes on."""
    limited(clock.client_id, minutes_day=1, minutes_month=2)
    clock.now = NOON + (12 * 3600 - 1) * SECOND
    clock.end(clock.seconds()[0], 60)
    assert "=md@" in clock.code()
    clock.now += SECOND
    clock.end(clock.seconds()[0], 60)
    clock.now += 24 * 3600 * SECOND
    assert "=mm@" in clock.code()


def test_a_month_ends_at_the_clients_midnight_and_a_call_over_it_counts_before(clock: Clock) -> None:
    """Moscow: the last second of a month; talk that began then takes nothing of the next one."""
    limited(clock.client_id, minutes_month=1)
    begins = datetime.fromtimestamp(NOON / SECOND, UTC)
    end = usage.midnight((begins.replace(day=28) + timedelta(days=4)).date().replace(day=1), "Europe/Moscow")
    clock.now = int(end.timestamp() - 1) * SECOND
    over, allowed = clock.seconds()
    assert allowed == 60
    assert "=mm@" in clock.code()
    clock.now += SECOND
    key, allowed = clock.seconds()
    assert allowed == 60
    clock.end(over, 60)
    clock.end(key, 20)
    assert clock.seconds()[1] == 40


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_day_of_changing_clocks_is_one_day(day: date, hours: int) -> None:
    zone = "Europe/Berlin"
    start = usage.midnight(day, zone).astimezone(UTC)
    assert usage.midnight(day + timedelta(days=1), zone).astimezone(UTC) - start == timedelta(hours=hours)
    assert usage.local_day(start, zone) == day
    assert usage.local_day(start - timedelta(seconds=1), zone) == day - timedelta(days=1)


def test_calls_a_minute(clock: Clock) -> None:
    limited(clock.client_id, calls_minute=2)
    clock.seconds()
    clock.seconds()
    assert "=cm@" in clock.code()
    clock.now += 61 * SECOND
    clock.seconds()


def test_different_numbers_a_day(clock: Clock) -> None:
    limited(clock.client_id, destinations_day=2)
    clock.seconds("74951112233")
    clock.seconds("74951112234")
    assert "=dd@" in clock.code("74951112235")
    clock.now += 120 * SECOND
    clock.seconds("74951112234")  # once more is no new number


def test_the_smallest_of_port_user_and_client_wins(world: Any) -> None:
    client_id = world.romashka.pk
    with scope(client=client_id):
        values = {"name": "Линия", "login": "170001", "owner_id": world.plain.pk}
        port = ports.create_port(None, client_id, values)
    limited(client_id, minutes_day=100)
    limited(client_id, Scope.USER, world.plain.pk, minutes_day=10)
    clock = Clock(client_id)
    key, allowed = clock.seconds(port="170001")
    assert allowed == 600
    assert clock.code(port="170001") == f"{client_id}=md@u{world.plain.pk}"
    assert clock.seconds()[1] == 2700  # half of the client's rest
    clock.end(key, 30)
    limited(client_id, Scope.PORT, port.pk, minutes_day=1)
    assert clock.seconds(port="170001")[1] == 30


def test_elements_count_what_they_lead_out(world: Any) -> None:
    """A step and the forwarding number it rings, and each number called in one call: two at once are two."""
    client_id = world.romashka.pk
    with scope(client=client_id):
        number = numbers.create_internal(None, client_id, {"digits": "100"})
        mobile = forwarding.create_forwarding(None, client_id, {"name": "Мобильный", "digits": "89161112233"})
        way = {"kind": "callback", "number_id": number.pk}
        limits = {"minutes_day": 20, "destinations_day": 2}
        step = {"level": 1, "action": way, "calendar": ALWAYS, "limits": limits}
        dialplan_actions.save_dialplan(None, number.pk, number.revision, [step])
        step_id = Step.objects.get(number=number).pk
    limited(client_id, Scope.FORWARDING, mobile.pk, calls_minute=1)
    clock = Clock(client_id)
    key, allowed = clock.seconds(step_id=step_id, forwarding_id=mobile.pk)
    assert allowed == 600
    assert clock.code(forwarding_id=mobile.pk) == f"{client_id}=cm@f{mobile.pk}"
    other = "74951112299"
    assert (
        clock.seconds(other, linkedid=key, step_id=step_id)[1] == 600
    )  # of the same call, and not for nothing
    assert clock.code("74951112200", linkedid=key, step_id=step_id) == f"{client_id}=md@s{step_id}"
    clock.end(key, 600)
    assert clock.code("74951112200", step_id=step_id) == f"{client_id}=dd@s{step_id}"
    assert clock.seconds(other, step_id=step_id)[1] == 600
    clock.seconds(other)  # the step's own matter


def test_talk_that_goes_on_in_another_call_still_counts(clock: Clock) -> None:
    """An attended transfer: the call that asked is over before the talk is."""
    limited(clock.client_id, minutes_day=10)
    key, allowed = clock.seconds()
    answered = clock.now + 5 * SECOND
    began = usage.EndedCall(key, clock.client_id, {CITY: (20, 0)}, goes_on={CITY: ("leg.1", answered)})
    assert usage.settle("node1", [began]) == 0
    assert usage.settle("node1", [began]) == 0
    assert clock.code().endswith(f"=md@c{clock.client_id}")  # still held
    with scopes_disabled():
        [due] = counted.due("node1", clock.now + DAY)
    assert due.leg == "leg.1"
    ended = usage.EndedCall("other", clock.client_id, legs={"leg.1": answered + 400 * SECOND})
    assert usage.settle("node1", [ended]) == 1
    assert usage.settle("node1", [ended]) == 0
    assert clock.seconds()[1] == allowed - 400


def test_money_of_a_day(db: None) -> None:
    """6 a minute: ten minutes cost 60, and a limit of 60 lets no more be spent than that."""
    account(tariff(), balance=1000 * ROUBLE)
    clock = Clock(client().pk)
    limited(clock.client_id, money_day=60 * ROUBLE)
    key, _ = clock.seconds()
    assert "=sd@" in clock.code()
    clock.end(key, 300, 30 * ROUBLE)
    key, verdict = clock.ask()
    assert isinstance(verdict, Grant)
    with scopes_disabled():
        held = CountedCall.objects.get(linkedid=key)
    assert held.money == 30 * ROUBLE
    assert held.seconds == 300
    clock.end(key, 300, 30 * ROUBLE)
    assert "=sd@" in clock.code()


def test_a_hold_whose_end_is_never_told_comes_back(clock: Clock) -> None:
    limited(clock.client_id, minutes_day=10)
    clock.seconds()
    late = datetime.fromtimestamp(NOON / SECOND, UTC) + timedelta(seconds=600, minutes=11)
    usage.tidy("node1", late)
    clock.now = int(late.timestamp()) * SECOND
    assert clock.seconds()[1] == 600


def test_a_long_call_gets_another_share_while_there_is_one(clock: Clock) -> None:
    """100 minutes: half of them, then half of the rest, and so on; another call meanwhile takes from the same rest."""
    limited(clock.client_id, minutes_day=100)
    key, allowed = clock.seconds()
    assert allowed == 3000
    with scopes_disabled():
        [due] = counted.due("node1", clock.now + 3000 * SECOND)
        assert (due.linkedid, due.digits, due.allowed_s) == (key, CITY, 3000)
        assert counted.due("node1", clock.now + 2900 * SECOND) == []
        assert counted.extend(due.id, clock.now, clock.now + 2990 * SECOND) == 4500
        assert counted.due("node1", clock.now + 3000 * SECOND) == []
        assert clock.seconds()[1] == 750
        assert counted.extend(due.id, clock.now, clock.now + 4490 * SECOND) == 5100
        assert counted.extend(due.id, clock.now, clock.now + 5090 * SECOND) == 5250
        assert (
            counted.extend(due.id, clock.now, clock.now + 5240 * SECOND) == 5250
        )  # nothing is left: cut there
        assert due.id not in {call.id for call in counted.due("node1", clock.now + DAY)}
    assert clock.end(key, 5250) == 1


def test_a_billed_call_gets_more_as_far_as_money_of_the_day_goes(db: None) -> None:
    """The reservation asks for more when the share of its counted limits is nearly used up."""
    account(tariff(), balance=1000 * ROUBLE)
    clock = Clock(client().pk)
    limited(clock.client_id, money_day=200 * ROUBLE)
    key, verdict = clock.ask()
    assert isinstance(verdict, Grant)
    rate = rating.Rate(1, "7", "", 6 * ROUBLE)
    with scopes_disabled():
        held = CountedCall.objects.get(linkedid=key)
        assert (held.seconds, held.money, held.extend_us) == (1000 // 60 * 60, 96 * ROUBLE, None)
        args = (key, clock.client_id, rate)
        assert counted.more(*args, 600, clock.now) == 960
        assert counted.more(*args, 1020, clock.now) == 1020
        assert counted.more(*args, 10**5, clock.now) == 1620
        assert counted.more(*args, 10**5, clock.now) == 1980
        assert counted.more(*args, 10**5, clock.now) == 1980  # 198 of 200: not enough for a minute more
        assert counted.more("other", clock.client_id, rate, 60, clock.now) is None


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_used_and_held_never_pass_the_limits(db: None, seed: int) -> None:
    dice = random.Random(seed)
    account(tariff(first_s=1, next_s=1), balance=10**6 * ROUBLE)
    clocks = [Clock(client("", "Вега").pk), Clock(client().pk)]
    limited(clocks[0].client_id, minutes_day=90, minutes_month=150)
    limited(clocks[1].client_id, minutes_day=90, money_day=300 * ROUBLE)
    rate = rating.Rate(1, "7", "", 6 * ROUBLE, first_s=1, next_s=1)
    done: Counter[str] = Counter()
    for _ in range(200):
        clock = dice.choice(clocks)
        clock.now += dice.choice([0, SECOND, 60 * SECOND, 900 * SECOND])
        with scopes_disabled():
            open_calls = list(CountedCall.objects.filter(client_id=clock.client_id, is_open=True))
            call = dice.choice(open_calls) if open_calls else None
            act = dice.choice(["ask", "ask", "more", "end", "tidy"])
            if act == "ask":
                done["granted"] += isinstance(clock.ask()[1], Grant)
            elif act == "tidy":
                usage.tidy("node1", datetime.fromtimestamp(clock.now / SECOND, UTC))
            elif call is not None and act == "more":
                known = call.seconds
                if clock is clocks[0]:
                    got = counted.extend(call.pk, int(call.started_at.timestamp()) * SECOND, clock.now)
                else:
                    more = counted.more(call.key, clock.client_id, rate, known + 600, clock.now)
                    got = more or 0
                assert got >= known
                done["more"] += got > known
            elif call is not None:
                talked = dice.randint(0, call.seconds)
                money = rating.cost(rate, talked).total if clock is clocks[1] else 0
                assert clock.end(call.linkedid, talked, money) == 1
                assert clock.end(call.linkedid, talked, money) == 0
                done["end"] += 1
        now = datetime.fromtimestamp(clock.now / SECOND, UTC)
        used = usage.used(
            clock.client_id, Scope.CLIENT, clock.client_id, usage.local_day(now, "Europe/Moscow"), now
        )
        assert used.seconds_day <= 90 * 60
        assert used.seconds_month <= (150 if clock is clocks[0] else 31 * 90) * 60
        assert used.money_day <= (10**12 if clock is clocks[0] else 300 * ROUBLE)
    assert all(done[what] >= 3 for what in ("granted", "more", "end")), done
