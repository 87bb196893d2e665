"""Money is reserved before it is spent: reserve → extend → settle → release, each in the caller's transaction.

Every change happens while the account's row is locked, so whatever runs in parallel, reserved + spent never pass
the account's limit. Plain SQL: this stands in the path of a call. Times are microseconds since 1970 UTC.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from ats import hotsql
from ats.billing import rating
from ats.billing.rating import LONGEST_S, Rate

SECOND = 1_000_000
CHUNK_S = 60  # talk that is reserved at first, and added each time
SMALL_CHUNK_S = 20  # near the limit: many calls share what is left
NEAR_LIMIT = 20  # «near»: fewer chunks than this are left
EXTEND_BEFORE_S = 8  # look this long before the time allowed runs out
LEASE_S = 15 * 60  # beyond the time allowed: ringing at several operators, and a journal that is read late


@dataclass(slots=True)
class AccountState:
    """An account's row, locked until the transaction ends. `spent` is of `today`."""

    id: int
    kind: str
    is_active: bool
    credit: int
    daily_cap: int
    balance: int
    reserved: int
    today: int
    spent: int

    @property
    def left(self) -> int:
        """What may still be reserved."""
        limit = self.balance + self.credit if self.kind == "prepaid" else self.daily_cap - self.spent
        return limit - self.reserved

    def charge(self, amount: int, day: int) -> None:
        """Take money for a call of that day. What yesterday's calls held by midnight was of yesterday's cap."""
        self.balance -= amount
        if day == self.today:
            self.spent += amount

    def store(self) -> None:
        """Write the row back."""
        hotsql.execute(_STORE, (self.balance, self.reserved, self.today, self.spent, self.id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that wants to go out. `key` is unique per question; `limit_s`: it may never last longer."""

    key: str
    node: str
    linkedid: str
    client_id: int
    digits: str
    direction: str
    currency: str
    limit_s: int = LONGEST_S


@dataclass(frozen=True, slots=True)
class Held:
    """A reservation as it stands."""

    id: int
    key: str
    account_id: int | None
    node: str
    linkedid: str
    client_id: int
    digits: str
    direction: str
    rate: str
    currency: str
    day: int
    amount: int
    allowed_s: int
    limit_s: int
    state: str
    asked_us: int
    answered_us: int | None
    extend_us: int | None
    leg: str
    radius_id: int | None  # an outside billing rates it: billing/outside.py
    outside: str


_ACCOUNT_COLUMNS = (
    "id", "kind", "is_active", "credit", "daily_cap", "balance", "reserved", "day", "spent", "time_zone",
)  # fmt: skip
HELD_COLUMNS = (
    "id, key, account_id, node, linkedid, client_id, digits, direction, rate, currency, day, amount, allowed_s,"
    " limit_s, state, asked_us, answered_us, extend_us, leg, radius_id, outside"
)


def lock_account(account_id: int, now_us: int) -> AccountState | None:
    """The account, its row locked; a new day has begun in it if it has."""
    row = hotsql.fetch_one(
        f"SELECT {account_columns('b')} FROM billing_account b WHERE b.id=%s{for_update()}",  # noqa: S608
        (account_id,),
    )
    return None if row is None else account_state(row, now_us)


def account_columns(alias: str) -> str:
    """What `account_state` takes, in a query that names the account's table so."""
    return ", ".join(f"{alias}.{name}" for name in _ACCOUNT_COLUMNS)


def account_state(row: Sequence[Any], now_us: int) -> AccountState:
    """The account of a row of `account_columns`, which is locked; a new day has begun in it if it has."""
    number, kind, is_active, credit, daily_cap, balance, reserved, day, spent, zone = row
    today = day_of(now_us, zone)
    return AccountState(
        id=number,
        kind=kind,
        is_active=bool(is_active),
        credit=credit,
        daily_cap=daily_cap,
        balance=balance,
        reserved=reserved,
        today=max(today, day),  # a clock that goes back does not give yesterday's money again
        spent=spent if day >= today else 0,
    )


def reserve(
    account: AccountState, wanted: Wanted, rate: Rate, now_us: int, most_s: int = LONGEST_S
) -> int | None:
    """Set money aside; returns the seconds of talk it is for, None when not enough is left.

    `most_s`: not more than this at first. The same key again gives the same answer, and nothing when that call is over.
    """
    allowed = _affordable(rate, account.left, 0, min(wanted.limit_s, most_s))
    if allowed is None:
        return _answered_before(wanted.key)
    amount = rating.cost(rate, allowed).total
    stored = hotsql.execute(
        _RESERVE,
        (
            wanted.key,
            account.id,
            wanted.node,
            wanted.linkedid,
            wanted.client_id,
            wanted.digits,
            wanted.direction,
            rate_text(rate),
            wanted.currency,
            account.today,
            amount,
            allowed,
            wanted.limit_s,
            now_us,
            extend_at(now_us, allowed, wanted.limit_s),
            now_us + (allowed + LEASE_S) * SECOND,
        ),
    )
    if not stored:
        return _answered_before(wanted.key)
    account.reserved += amount
    account.store()
    return allowed


_RESERVE = (
    "INSERT INTO billing_reservation (key, account_id, node, linkedid, client_id, digits, direction, rate,"
    " currency, day, amount, allowed_s, limit_s, state, asked_us, answered_us, extend_us, lease_us, leg)"
    " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,'open',%s,NULL,%s,%s,'') ON CONFLICT (key) DO NOTHING"
)
_STORE = "UPDATE billing_account SET balance=%s, reserved=%s, day=%s, spent=%s WHERE id=%s"


def _answered_before(key: str) -> int | None:
    known = hotsql.fetch_one("SELECT allowed_s, state FROM billing_reservation WHERE key=%s", (key,))
    return int(known[0]) if known is not None and known[1] == "open" else None


def extend(account: AccountState, held: Held, answered_us: int, most_s: int = LONGEST_S) -> int:
    """Set aside more for a call that goes on; returns the seconds of talk it may last in all.

    `most_s`: what counted limits leave to it now. `held` was read under the account's lock. When nothing is left it
    stays as it was, and is not asked again.
    """
    rate = load_rate(held.rate)
    allowed = held.allowed_s
    if held.state == "open":
        left = account.left if account.is_active else 0
        more = _affordable(rate, left + held.amount, allowed, min(held.limit_s, most_s))
        if more is not None and more > allowed:
            amount = rating.cost(rate, more).total
            account.reserved += amount - held.amount
            account.store()
            # Over midnight: what takes money of the new day's cap counts in it, or two days would spend three caps.
            hotsql.execute(
                "UPDATE billing_reservation SET amount=%s, allowed_s=%s, day=%s WHERE id=%s",
                (amount, more, account.today, held.id),
            )
            allowed = more
    later = extend_at(answered_us, allowed, held.limit_s) if allowed > held.allowed_s else None
    hotsql.execute(
        "UPDATE billing_reservation SET answered_us=%s, extend_us=%s, lease_us=%s WHERE id=%s",
        (answered_us, later, answered_us + (allowed + LEASE_S) * SECOND, held.id),
    )
    return allowed


def shorten(account: AccountState, held: Held, answered_us: int, most_s: int, now_us: int) -> int:
    """Give back what is no longer there for a talk, of its account or of counted limits (`most_s`), down to what it
    has come to by now; returns its seconds in all. `held` was read under the account's lock."""
    rate = load_rate(held.rate)
    allowed, amount = held.allowed_s, held.amount
    if held.state == "open":
        begun = rate.free_s + rating.billed_seconds(rate, talk_seconds(answered_us, now_us))
        left = rating.longest_talk(rate, min(account.left, 0) + held.amount) or 0
        least = min(max(min(left, most_s), begun, 1), allowed)
        if (less := rating.cost(rate, least).total) < amount:
            allowed, amount = least, less
            account.reserved -= held.amount - amount
            account.store()
    later = extend_at(answered_us, allowed, held.limit_s)
    hotsql.execute(
        "UPDATE billing_reservation SET amount=%s, allowed_s=%s, answered_us=%s, extend_us=%s WHERE id=%s",
        (amount, allowed, answered_us, later if later is None or later > now_us else None, held.id),
    )
    return allowed


def look_at_all(account_id: int) -> None:
    """Have the talks on this account looked at: less is left than they hold. Under its lock."""
    hotsql.execute(
        "UPDATE billing_reservation SET extend_us=0 WHERE account_id=%s AND state='open' AND limit_s>0",
        (account_id,),
    )


def postpone(held_id: int, until_us: int) -> None:
    """Look again later: nobody has answered yet."""
    hotsql.execute(
        "UPDATE billing_reservation SET extend_us=%s WHERE id=%s AND state='open'", (until_us, held_id)
    )


def settle(account: AccountState, held: Held, talk_s: int | None) -> tuple[int, int]:
    """End a reservation by what the call came to; returns (charged, uncovered). Does not store the account.

    An open one is charged within what it holds: the engine cut the call at its time, and what it was late is ours.
    One whose lease had run out holds nothing any more; it is charged as far as the limit goes.
    """
    cost = rating.cost(load_rate(held.rate), talk_s).total
    if held.state == "open":
        account.reserved -= held.amount
        charged = min(cost, held.amount)
        account.charge(charged, held.day)
    else:
        charged = max(min(cost, account.left), 0)
        account.charge(charged, account.today)
    hotsql.execute("UPDATE billing_reservation SET state='settled', extend_us=NULL WHERE id=%s", (held.id,))
    return charged, cost - charged


def release(account: AccountState, held: Held) -> None:
    """Give back what an open reservation holds. Does not store the account."""
    if held.state != "open":
        return
    account.reserved -= held.amount
    hotsql.execute("UPDATE billing_reservation SET state='released', extend_us=NULL WHERE id=%s", (held.id,))


def held_where(condition: str, params: tuple[Any, ...]) -> list[Held]:
    """Reservations by a condition written here in the code, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {HELD_COLUMNS} FROM billing_reservation WHERE {condition} ORDER BY id",  # noqa: S608
            params,
        )
        return [Held(*row) for row in cursor.fetchall()]


def held_columns(alias: str) -> str:
    """What `Held` takes, in a query that names the reservations' table so."""
    return ", ".join(f"{alias}.{name.strip()}" for name in HELD_COLUMNS.split(","))


def end_at(held: Held, answered_us: int, allowed_s: int) -> None:
    """An open reservation gets no more, and is charged for no more than so many seconds. Under the account's lock."""
    hotsql.execute(
        "UPDATE billing_reservation SET answered_us=%s, allowed_s=%s, limit_s=0, extend_us=NULL WHERE id=%s",
        (answered_us, allowed_s, held.id),
    )


def talk_seconds(answered_us: int, ended_us: int, allowed_s: int | None = None) -> int:
    """Whole seconds of talk, a begun one counted; never more than was allowed."""
    talk = max(-(-(ended_us - answered_us) // SECOND), 0)
    return talk if allowed_s is None else min(talk, allowed_s)


def day_of(us: int, zone: str) -> int:
    """The calendar day in a zone, as date.toordinal()."""
    return moment(us).astimezone(ZoneInfo(zone)).toordinal()


def moment(us: int) -> datetime:
    """Microseconds since 1970 as a moment."""
    return datetime.fromtimestamp(us / SECOND, UTC)


def for_update(alias: str = "b") -> str:
    """SQLite takes its one write lock at BEGIN, other databases lock the row of the table that is named so."""
    return "" if connection.vendor == "sqlite" else f" FOR UPDATE OF {alias}"


@lru_cache(maxsize=5000)
def rate_text(rate: Rate) -> str:
    """A rate as a reservation keeps it."""
    return json.dumps(rating.dump(rate), ensure_ascii=False)


@lru_cache(maxsize=5000)
def load_rate(text: str) -> Rate:
    """The rate a reservation keeps."""
    return rating.load(json.loads(text))


def _affordable(rate: Rate, money: int, already_s: int, limit_s: int) -> int | None:
    """Seconds to allow in all: what stands already and one chunk more, as far as money and limit go."""
    longest = rating.longest_talk(rate, money)
    if longest is None:
        return None
    if rate.price == 0:
        return min(longest, limit_s)
    full = rating.whole_increments(rate, already_s + CHUNK_S)
    near = money < NEAR_LIMIT * rating.cost(rate, full).total
    wanted = rating.whole_increments(rate, already_s + SMALL_CHUNK_S) if near else full
    return min(wanted, longest, limit_s)


def extend_at(answered_us: int, allowed_s: int, limit_s: int) -> int | None:
    """When to look whether a call needs more than it was allowed; None: it may have no more."""
    if allowed_s >= limit_s:
        return None
    return answered_us + max(allowed_s - EXTEND_BEFORE_S, allowed_s // 2) * SECOND
