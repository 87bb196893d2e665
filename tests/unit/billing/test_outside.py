"""Calls rated by an outside billing: let out on its word, told of from the journal, whatever happens between."""

from typing import Any

import pytest
from django.db import transaction

from ats.billing import outside, settling
from ats.billing.authorise import Grant, Refusal, authorise
from ats.billing.books import Books
from ats.billing.models import Charge, Reservation
from ats.billing.outside import Outside
from ats.billing.reservations import held_where
from ats.billing.settling import EndedCall, OutLeg, Settler
from ats.clients.models import Client
from ats.limits.models import CountedCall, Limit
from ats.numbering.directions import Direction
from ats.radius import actions
from ats.radius.models import Profile, Record
from ats.radius.packets import Accepted, Answer, Rejected
from tests.unit.billing.money import CITY, NOON, ROUBLE, account, client, question, tariff
from tests.unit.world import World

SECOND = 1_000_000
pytestmark = pytest.mark.django_db


@pytest.fixture
def rated(world: World) -> Client:
    """A client whose calls an outside billing rates."""
    made = client(code="A-17", name="Лютик")
    actions.bind(None, made.pk, profile().pk)
    return made


def profile(**values: Any) -> Profile:
    server = {"host": "192.0.2.1", "secret": "x"}
    return actions.save_profile(None, None, {"name": "Биллинг", "servers": [server], **values})


def ask(owner: Client, key: str, answer: Answer | None, **values: Any) -> int | str:
    asked = question(owner.pk, key, caller="74957000001", **values)
    wanted = authorise(asked, Books(), NOON)
    assert isinstance(wanted, Outside)
    session = outside.session_of(
        asked.key, asked.node, asked.linkedid, wanted.user_name, asked.caller, asked.digits, asked.port, NOON
    )
    return outside.admit(
        session, wanted, answer, node=asked.node, linkedid=asked.linkedid, client_id=owner.pk
    )


def settle(owner: Client, linkedid: str, *legs: OutLeg, **values: Any) -> None:
    with transaction.atomic():
        call = EndedCall(linkedid, owner.pk, frozenset([CITY]), legs, NOON + 30 * SECOND, **values)
        assert Settler("node1").settle([call], NOON) == {}


def leg(name: str, talk_s: int | None = None, start: int = NOON + 1, **values: Any) -> OutLeg:
    answered = None if talk_s is None else start
    return OutLeg(name, CITY, start, answered, start + (talk_s or 0) * SECOND, cause=16, **values)


def records(session: str) -> list[tuple[str, dict[str, Any]]]:
    found = Record.objects.filter(session=session).order_by("pk")
    return [(one.kind, dict(one.attributes)) for one in found]


def test_the_word_of_the_billing_counts(rated: Client) -> None:
    assert ask(rated, "a", Accepted(125, ("00ff",))) == 125
    settle(rated, "a", leg("t5", 61))
    (start, said), (stop, told) = records("a")
    assert (start, stop) == ("start", "stop")
    assert said["User-Name"] == "A-17" and said["Class"] == "00ff" == told["Class"]
    assert (told["Acct-Session-Time"], told["Acct-Terminate-Cause"]) == (61, 1)
    assert not Charge.objects.exists()
    [part] = outside.parts("node1", "a", rated.pk)
    assert (part["allowed_s"], part["talk_s"], part["waiting"]) == (125, 61, 2)


def test_settled_twice_is_told_once(rated: Client) -> None:
    ask(rated, "a", Accepted(None))
    settle(rated, "a", leg("t5", 10))
    settle(rated, "a", leg("t5", 10))
    assert [kind for kind, _ in records("a")] == ["start", "stop"]


def test_cut_at_the_limit_nobody_answered_and_the_engine_died(rated: Client) -> None:
    for key in "abc":
        ask(rated, key, Accepted(60))
    settle(rated, "a", leg("t5", 61))
    settle(rated, "b", leg("t5"), cause=17)
    settle(rated, "c", leg("t5", 3), cause=0, lost=True)
    ends = [records(key)[1][1] for key in "abc"]
    assert [(end["Acct-Session-Time"], end["Acct-Terminate-Cause"]) for end in ends] == [
        (60, 5), (0, 15), (3, 3),
    ]  # fmt: skip
    assert "h323-connect-time" not in ends[1]


def test_a_refusal_is_noted_and_nothing_is_told(rated: Client) -> None:
    assert ask(rated, "a", Rejected("radius_money", "Пополните счёт")) == "radius_money"
    settle(rated, "a", cause=21)
    assert not Record.objects.exists()
    [part] = outside.parts("node1", "a", rated.pk)
    assert (part["code"], part["reply"], part["talk_s"]) == ("radius_money", "Пополните счёт", None)


def test_silence_refuses_unless_the_operator_allows_some_talk(rated: Client) -> None:
    assert ask(rated, "a", None) == "radius_silent"
    Profile.objects.update(silent_s=90)
    assert ask(rated, "b", None) == 90
    assert ask(rated, "c", None, limit_s=20) == 20


def test_our_own_rules_come_first(rated: Client) -> None:
    Limit._base_manager.create(client_id=rated.pk, minutes_day=2)
    assert ask(rated, "a", Accepted(600)) == 120
    # What the first call may talk is held: nothing is left to another, and nobody outside is asked.
    assert isinstance(authorise(question(rated.pk, "b"), Books(), NOON), Refusal)
    settle(rated, "a", leg("t5", 10))


def test_emergency_and_not_billed_ask_nobody(rated: Client) -> None:
    emergency = authorise(question(rated.pk, "a", digits="112"), Books(), NOON)
    assert emergency == Grant(Direction.EMERGENCY, 86400, reserved=False)
    rated.billing_account = ""
    rated.save()
    assert isinstance(authorise(question(rated.pk, "b"), Books(), NOON), Grant)


def test_a_transfer_is_told_when_the_talk_ends(rated: Client) -> None:
    ask(rated, "b", Accepted(None))
    settle(rated, "b", leg("t5", 10, over=False))
    assert [kind for kind, _ in records("b")] == ["start"]
    settle(rated, "a", leg("t5", 20, NOON + 15 * SECOND, begun=False))
    assert records("b")[1][1]["Acct-Session-Time"] == 35


def test_a_talk_nobody_asked_for_is_told_afterwards(rated: Client) -> None:
    for _ in range(2):
        settle(rated, "a", leg("t5", 90))
    with transaction.atomic():  # an emergency is free and nobody's matter
        emergency = OutLeg("t6", "112", NOON + 1, NOON + 1, NOON + SECOND)
        Settler("node1").settle([EndedCall("b", rated.pk, frozenset(["112"]), (emergency,))], NOON)
    assert Record.objects.count() == 2
    (start, _), (stop, told) = records("node1/t5/unasked")
    assert (start, stop, told["Acct-Session-Time"], told["User-Name"]) == ("start", "stop", 90, "A-17")


def test_a_call_whose_end_never_comes_is_told_as_lost(rated: Client) -> None:
    ask(rated, "a", Accepted(60))
    [lease] = Reservation.objects.values_list("lease_us", flat=True)
    assert settling.release_expired("node1", lease + 1) == 1
    settle(rated, "a", leg("t5", 10))
    assert [(kind, said.get("Acct-Terminate-Cause")) for kind, said in records("a")] == [
        ("start", None), ("stop", 3),
    ]  # fmt: skip


def test_interim_only_while_it_goes_on_and_nothing_of_it_waits(rated: Client) -> None:
    ask(rated, "a", Accepted(None))
    [held] = held_where("key=%s", ("a",))
    outside.goes_on(held, NOON, NOON + 60 * SECOND)
    assert len(records("a")) == 1  # its Start was not taken yet
    Record.objects.all().delete()
    outside.goes_on(held, NOON, NOON + 60 * SECOND)
    [(kind, said)] = records("a")
    assert (kind, said["Acct-Session-Time"]) == ("interim", 60)
    settle(rated, "a", leg("t5", 70))
    Record.objects.all().delete()
    outside.goes_on(held, NOON, NOON + 120 * SECOND)
    assert records("a") == []


def again(key: str, now_us: int) -> int:
    [held] = held_where("key=%s", (key,))
    return outside.goes_on(held, NOON, now_us)


def test_our_limits_go_on_with_the_call_as_far_as_the_billings_word(rated: Client) -> None:
    """100 minutes: half of them at first, then half of the rest; what the billing granted is never passed."""
    Limit._base_manager.create(client_id=rated.pk, minutes_day=100)
    assert ask(rated, "a", Accepted(4000)) == 3000
    assert again("a", NOON + 600 * SECOND) == 3000  # an Interim-Update; its share is not used up yet
    assert again("a", NOON + 2995 * SECOND) == 4000
    assert again("a", NOON + 3995 * SECOND) == 4000
    held = CountedCall._base_manager.get(linkedid="a")
    assert (held.is_open, held.seconds) == (True, 4000)
    assert ask(rated, "b", Accepted(None)) == 1000
    assert again("b", NOON + 995 * SECOND) == 1600
    assert again("b", NOON + 1595 * SECOND) == 2000
    assert again("b", NOON + 1995 * SECOND) == 2000  # all is held: cut there
    assert isinstance(authorise(question(rated.pk, "c"), Books(), NOON), Refusal)


def renew(key: str, answer: Answer | None, at_s: int) -> tuple[int, dict[str, Any]]:
    """The question in mid-call, at that second: the seconds allowed in all, and what is told of it."""
    [held] = held_where("key=%s", (key,))
    now = NOON + at_s * SECOND
    wanted = outside.to_renew(held.id, NOON, now)
    assert wanted is not None
    terms, attributes, talked = wanted
    said = dict(attributes)
    assert (terms.renews, said["Acct-Session-Id"], said["Acct-Session-Time"]) == (True, key, at_s)
    allowed = outside.renewed(held.id, answer, talked, NOON, now)
    [part] = outside.parts("node1", held.linkedid, held.client_id)
    return allowed, part


def test_credit_is_asked_for_again_before_it_runs_out(rated: Client) -> None:
    """A credit counts from the question; what was granted is not taken back; after a refusal nobody asks again."""
    Profile.objects.update(renews=True)
    assert ask(rated, "a", Accepted(60)) == 60
    [held] = held_where("key=%s", ("a",))
    assert outside.to_renew(held.id, NOON, NOON + 44 * SECOND) is None
    assert renew("a", None, 46)[0] == 60
    assert renew("a", Accepted(100), 50)[0] == 150
    assert again("a", NOON + 149 * SECOND) == 150
    allowed, part = renew("a", Rejected("radius_money", "Всё"), 140)
    assert (allowed, part["renewed"], part["end_code"], part["end_reply"]) == (150, 1, "radius_money", "Всё")
    [held] = held_where("key=%s", ("a",))
    assert outside.to_renew(held.id, NOON, NOON + 149 * SECOND) is None
    settle(rated, "a", leg("t5", 150))
    [stop] = [said for kind, said in records("a") if kind == "stop"]
    assert (stop["Acct-Session-Time"], stop["Acct-Terminate-Cause"]) == (150, 5)
    assert outside.renewed(held.id, Accepted(100), 149, NOON, NOON + 149 * SECOND) == 150  # it has ended


def test_more_credit_stays_within_our_own_limits(rated: Client) -> None:
    Profile.objects.update(renews=True)
    Limit._base_manager.create(client_id=rated.pk, minutes_day=2)
    assert ask(rated, "a", Accepted(100)) == 100
    assert renew("a", Accepted(100), 90)[0] == 120
    assert renew("a", Accepted(None), 180)[0] == 120


def test_a_billing_that_is_not_to_be_asked_again_is_not(rated: Client) -> None:
    ask(rated, "a", Accepted(60))
    [held] = held_where("key=%s", ("a",))
    assert outside.to_renew(held.id, NOON, NOON + 59 * SECOND) is None


def test_a_limit_of_money_that_nothing_counts_is_not_taken(rated: Client, world: World, browser: Any) -> None:
    """The form says so, whichever comes first: the limit, or the outside billing."""
    operator = browser(world.admin)
    limits, rating = (f"/api/clients/{rated.pk}/{name}" for name in (f"limits/client/{rated.pk}", "rating"))
    refused = operator.put(limits, {"money_day": ROUBLE}, content_type="application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["money_day"])
    assert operator.put(limits, {"minutes_day": 1}, content_type="application/json").status_code == 200
    bound = Profile.objects.values_list("pk", flat=True).get()
    assert operator.put(rating, {"radius_id": None}, content_type="application/json").status_code == 200
    assert operator.put(limits, {"money_day": ROUBLE}, content_type="application/json").status_code == 200
    refused = operator.put(rating, {"radius_id": bound}, content_type="application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["radius_id"])
    account(tariff(), code="A-17")
    assert operator.put(rating, {"radius_id": bound}, content_type="application/json").status_code == 200
    assert operator.put(limits, {"money_day": 2 * ROUBLE}, content_type="application/json").status_code == 200


def test_money_is_counted_by_the_tariff_of_the_account_of_that_name(rated: Client) -> None:
    """The billing's own price is not known: without an account of ours the limit could not hold, and refuses."""
    Limit._base_manager.create(client_id=rated.pk, money_day=60 * ROUBLE)
    asked = authorise(question(rated.pk, "unpriced"), Books(), NOON)
    assert isinstance(asked, Refusal) and asked.code == "no_price"
    account(tariff(), code="A-17")
    assert ask(rated, "a", Accepted(None)) == 600  # 6 a minute
    refused = authorise(question(rated.pk, "b"), Books(), NOON)
    assert isinstance(refused, Refusal) and refused.code.endswith(f"=sd@c{rated.pk}")
    settler = Settler("node1")
    with transaction.atomic():
        call = EndedCall("a", rated.pk, frozenset([CITY]), (leg("t5", 61),), NOON + 70 * SECOND)
        assert settler.settle([call], NOON) == {}
        assert settler.counted == {("a", rated.pk, CITY): 12 * ROUBLE}
    assert not Charge.objects.exists()
