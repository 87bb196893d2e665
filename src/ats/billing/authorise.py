"""May this call go out, and how long: direction → rights and limits → rate → reservation, in one transaction."""

from dataclasses import dataclass, replace
from functools import cache

from django.db import connection, transaction

from ats import hotsql
from ats.billing import rating, reservations
from ats.billing.books import Books
from ats.billing.counted import Counted, counted
from ats.billing.outside import Outside
from ats.billing.rating import LONGEST_S, Rate
from ats.billing.reservations import AccountState, Wanted, moment
from ats.limits.queries import COUNTED
from ats.numbering.directions import Direction, classify


@dataclass(frozen=True, slots=True)
class Question:
    """A call that client `client_id` pays for wants to go to `digits` (E.164, or a short number).

    `key` names this question: asked again, it is answered the same and reserves nothing more. `node`, `linkedid`:
    how the journal will call it. `port`: endpoint of the device that calls (empty: none does). `user_id`: on whose
    behalf, when that is known (callback, PIN). `limit_s`: the engine knows a limit on its talk. `caller`: the number
    shown to the other operator. `step_id`, `forwarding_id`: the elements of the dialplan that lead it out.
    """

    key: str
    node: str
    linkedid: str
    client_id: int
    digits: str
    port: str = ""
    user_id: int | None = None
    limit_s: int | None = None
    caller: str = ""
    step_id: int | None = None
    forwarding_id: int | None = None


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


def authorise(question: Question, books: Books, now_us: int) -> Grant | Refusal | Outside:
    """Decide, and set the money aside. Outside: as far as we are concerned it may; now ask the outside billing."""
    verdict = None
    if question.step_id is None:  # a step's limits stand in the step
        with hotsql.short_transaction():
            verdict = _at_once(question, books, now_us)
    if verdict is not None:
        return verdict
    with transaction.atomic():
        return _step_by_step(question, books, now_us)


def _at_once(question: Question, books: Books, now_us: int) -> Grant | Refusal | None:
    """The usual paid call, nothing of which is counted: all there is to know in one query that locks the account.

    None when it is another call; nothing is changed then.
    """
    row = hotsql.fetch_one(_billed(), _whose(question))
    if row is None:
        return None
    area_code, tariff_id, tariff_version, currency, *account = row
    direction = classify(question.digits, area_code).direction
    if direction is Direction.EMERGENCY:
        return Grant(direction, LONGEST_S, reserved=False)
    rate = books.book(tariff_id, tariff_version).find(question.digits, moment(now_us))
    if rate is None:
        return Refusal(direction, "no_rate")
    state = reservations.account_state(account, now_us)
    longest_s = min(question.limit_s or LONGEST_S, LONGEST_S)
    return _reserve(question, direction, currency, state, rate, now_us, longest_s, longest_s)


def _step_by_step(question: Question, books: Books, now_us: int) -> Grant | Refusal | Outside:
    """Every other call: not billed, counted, rated by an outside billing, or not to be let out, with the reason why."""
    row = _payer(question)
    if row is None:
        return Refusal(classify(question.digits).direction, "client_off")
    area_code, code, account_id, tariff_id, tariff_version, currency, profile_id = row
    direction = classify(question.digits, area_code).direction
    if direction is Direction.EMERGENCY:
        return Grant(direction, LONGEST_S, reserved=False)
    longest_s = limit_s = min(question.limit_s or LONGEST_S, LONGEST_S)
    limited = counted(
        question.key, question.node, question.linkedid, question.client_id, question.digits, question.port,
        question.user_id, now_us, step_id=question.step_id, forwarding_id=question.forwarding_id,
    )  # fmt: skip
    if isinstance(limited, str):
        return Refusal(direction, limited)
    if limited is not None:
        limit_s = limited.seconds(limit_s)
    if not code:
        if limited is not None:
            limited.hold_unbilled(limit_s, longest_s, now_us)
        return Grant(direction, limit_s, reserved=False)
    if profile_id is None and account_id is None:
        return Refusal(direction, "no_account")
    rate = None
    if account_id is not None:
        rate = books.book(tariff_id, tariff_version).find(question.digits, moment(now_us))
    if profile_id is not None:
        return _rated_outside(Outside(direction, profile_id, code, limit_s, longest_s), limited, rate)
    if rate is None or account_id is None:
        return Refusal(direction, "no_rate")
    if limited is not None:
        affordable = limited.affordable(rate, limit_s)
        if isinstance(affordable, str):
            return Refusal(direction, affordable)
        limit_s = affordable
    account = reservations.lock_account(account_id, now_us)
    if account is None:
        return Refusal(direction, "account_off")
    verdict = _reserve(question, direction, currency, account, rate, now_us, limit_s, longest_s)
    if limited is not None and isinstance(verdict, Grant):
        limited.hold(limit_s, rating.cost(rate, limit_s).total)
    return verdict


def _rated_outside(outside: Outside, limited: Counted | None, rate: Rate | None) -> Refusal | Outside:
    """Limits of money need a price: that of our tariff, where the account named to the billing is one here, too.

    Without one such a call is refused: a limit that does not hold would be worse than none.
    """
    if limited is None:
        return outside
    if rate is None and limited.granted.money is not None:
        return Refusal(outside.direction, "no_price")
    if rate is None or limited.granted.money is None:
        limited.hold(outside.limit_s, 0)
        return outside
    affordable = limited.affordable(rate, outside.limit_s)
    if isinstance(affordable, str):
        return Refusal(outside.direction, affordable)
    limited.hold(affordable, rating.cost(rate, affordable).total)
    return replace(outside, limit_s=affordable, rate=reservations.rate_text(rate))


def _reserve(
    question: Question, direction: Direction, currency: str, account: AccountState, rate: Rate, now_us: int,
    limit_s: int, longest_s: int,
) -> Grant | Refusal:  # fmt: skip
    """`limit_s`: what counted limits leave to it now; `longest_s`: it may never be extended beyond this."""
    if not account.is_active:
        return Refusal(direction, "account_off")
    wanted = Wanted(
        key=question.key,
        node=question.node,
        linkedid=question.linkedid,
        client_id=question.client_id,
        digits=question.digits,
        direction=direction,
        currency=currency,
        limit_s=longest_s,
    )
    allowed = reservations.reserve(account, wanted, rate, now_us, limit_s)
    return Refusal(direction, "no_money") if allowed is None else Grant(direction, allowed, reserved=True)


# The account of a user comes before that of his client (S48): of the named one, or of the port's owner.
_OWNER = """
LEFT JOIN ports_port p ON p.login=%s AND p.client_id = c.id
LEFT JOIN clients_user u ON u.id = COALESCE(%s, p.owner_id) AND u.client_id = c.id
"""
_CODE = "COALESCE(NULLIF(u.billing_account, ''), c.billing_account)"
_COUNTED = " OR ".join(f"l.{name} IS NOT NULL" for name in COUNTED)
_BILLED = f"""
SELECT c.area_code, t.id, t.version, t.currency, {reservations.account_columns("b")}
FROM clients_client c {_OWNER}
JOIN billing_account b ON b.code = {_CODE}
JOIN billing_tariff t ON t.id = b.tariff_id
WHERE c.id=%s AND c.is_active AND NOT EXISTS
 (SELECT 1 FROM limits_limit l WHERE l.client_id = c.id AND ({_COUNTED}))
 AND NOT EXISTS (SELECT 1 FROM radius_binding r WHERE r.client_id = c.id)
"""  # noqa: S608
_PAYER = f"""
SELECT c.area_code, {_CODE}, b.id, b.tariff_id, t.version, t.currency, r.profile_id
FROM clients_client c {_OWNER}
LEFT JOIN billing_account b ON b.code = {_CODE}
LEFT JOIN billing_tariff t ON t.id = b.tariff_id
LEFT JOIN radius_binding r ON r.client_id = c.id
WHERE c.id=%s AND c.is_active
"""  # noqa: S608


@cache
def _billed() -> str:
    return _BILLED + reservations.for_update("b")


def _whose(question: Question) -> tuple[str | None, int | None, int]:
    return question.port or None, question.user_id, question.client_id


def _payer(question: Question) -> tuple[str, str, int | None, int, int, str, int | None] | None:
    """Home area code, whose account with which tariff pays, the outside billing if one rates the client's calls.

    None when the client is not active.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAYER, _whose(question))
        row: tuple[str, str, int | None, int, int, str, int | None] | None = cursor.fetchone()
        return row
