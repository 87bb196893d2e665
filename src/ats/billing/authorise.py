"""May this call go out, and how long: direction → rights and limits → rate → reservation, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from ats.billing import rating, reservations
from ats.billing.books import Books
from ats.billing.counted import counted
from ats.billing.rating import LONGEST_S
from ats.billing.reservations import Wanted, moment
from ats.numbering.directions import Destination, Direction, classify


@dataclass(frozen=True, slots=True)
class Question:
    """A call that client `client_id` pays for wants to go to `digits` (E.164, or a short number).

    `key` names this question: asked again, it is answered the same and reserves nothing more. `node`, `linkedid`:
    how the journal will call it. `port`: endpoint of the device that calls (empty: none does). `user_id`: on whose
    behalf, when that is known (callback, PIN). `limit_s`: the engine knows a limit on its talk.
    """

    key: str
    node: str
    linkedid: str
    client_id: int
    digits: str
    port: str = ""
    user_id: int | None = None
    limit_s: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """It may go out and talk for `allowed_s` seconds from the answer; `reserved`: money was set aside."""

    direction: Direction
    allowed_s: int
    reserved: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """It may not; `code` is one of refusals.WORDS, or the word of a counted limit (dialplan/path.py)."""

    direction: Direction
    code: str


# A rule of another room, asked inside the transaction before any money is touched: a refusal's code, the longest
# talk it allows in seconds, or None when it has nothing to say. It may write counters of its own.
Rule = Callable[[Question, Destination, int], str | int | None]
RULES: tuple[Rule, ...] = ()


def authorise(
    question: Question, books: Books, now_us: int, rules: tuple[Rule, ...] | None = None
) -> Grant | Refusal:
    """Decide, and set the money aside. `rules`: instead of RULES."""
    with transaction.atomic():
        return _authorise(question, books, now_us, RULES if rules is None else rules)


def _authorise(question: Question, books: Books, now_us: int, rules: tuple[Rule, ...]) -> Grant | Refusal:
    row = _payer(question)
    if row is None:
        return Refusal(classify(question.digits).direction, "client_off")
    area_code, code, account_id, tariff_id, tariff_version, currency = row
    destination = classify(question.digits, area_code)
    direction = destination.direction
    if direction is Direction.EMERGENCY:
        return Grant(direction, LONGEST_S, reserved=False)
    limit_s = min(question.limit_s or LONGEST_S, LONGEST_S)
    for rule in rules:
        verdict = rule(question, destination, now_us)
        if isinstance(verdict, str):
            return Refusal(direction, verdict)
        if verdict is not None:
            limit_s = min(limit_s, verdict)
    limited = counted(
        question.node, question.linkedid, question.client_id, question.digits, question.port,
        question.user_id, now_us,
    )  # fmt: skip
    if isinstance(limited, str):
        return Refusal(direction, limited)
    if limited is not None:
        limit_s = limited.seconds(limit_s)
    if not code:
        if limited is not None:
            limited.hold(limit_s, 0)
        return Grant(direction, limit_s, reserved=False)
    if account_id is None:
        return Refusal(direction, "no_account")
    rate = books.book(tariff_id, tariff_version).find(question.digits, moment(now_us))
    if rate is None:
        return Refusal(direction, "no_rate")
    if limited is not None:
        affordable = limited.affordable(rate, limit_s)
        if isinstance(affordable, str):
            return Refusal(direction, affordable)
        limit_s = affordable
    account = reservations.lock_account(account_id, now_us)
    if account is None or not account.is_active:
        return Refusal(direction, "account_off")
    wanted = Wanted(
        key=question.key,
        node=question.node,
        linkedid=question.linkedid,
        client_id=question.client_id,
        digits=question.digits,
        direction=direction,
        currency=currency,
        limit_s=limit_s,
    )
    allowed = reservations.reserve(account, wanted, rate, now_us)
    if allowed is None:
        return Refusal(direction, "no_money")
    if limited is not None:
        limited.hold(limit_s, rating.cost(rate, limit_s).total)
    return Grant(direction, allowed, reserved=True)


_HEAD = """
SELECT c.area_code, a.code, b.id, b.tariff_id, t.version, t.currency
FROM (SELECT c.id, {code} AS code FROM clients_client c {users} WHERE c.id=%s AND c.is_active) a
JOIN clients_client c ON c.id = a.id
LEFT JOIN billing_account b ON b.code = a.code
LEFT JOIN billing_tariff t ON t.id = b.tariff_id
"""
_CLIENT_PAYS = _HEAD.format(code="c.billing_account", users="")
# The account of a user comes before that of his client (S48): of the named one, or of the port's owner.
_USER_PAYS = _HEAD.format(
    code="COALESCE(NULLIF(u.billing_account, ''), c.billing_account)",
    users="LEFT JOIN ports_port p ON p.login=%s AND p.login<>'' AND p.client_id = c.id"
    " LEFT JOIN clients_user u ON u.id = COALESCE(%s, p.owner_id) AND u.client_id = c.id",
)


def _payer(question: Question) -> tuple[str, str, int | None, int, int, str] | None:
    """Home area code, and whose account with which tariff pays; None when the client is not active."""
    with connection.cursor() as cursor:
        if question.user_id is None and not question.port:
            cursor.execute(_CLIENT_PAYS, (question.client_id,))
        else:
            cursor.execute(_USER_PAYS, (question.port, question.user_id, question.client_id))
        row: tuple[str, str, int | None, int, int, str] | None = cursor.fetchone()
        return row
