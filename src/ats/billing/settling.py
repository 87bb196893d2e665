"""Settles reservations by what the journal says, inside the transaction that stores the calls.

Exactly once: a reservation is settled under its account's lock, a charge is unique by (node, leg, client), and
deriving a call again finds both. Which leg belongs to which reservation: the same number, tried after the money was
set aside and before the next question for that number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection, transaction

from ats.billing import outside, rating, reservations
from ats.billing.books import Books
from ats.billing.reservations import (
    SECOND,
    AccountState,
    Held,
    held_where,
    lock_account,
    moment,
    talk_seconds,
)
from ats.numbering.directions import Direction, classify

T = TypeVar("T")

_PART = 400
OTHER_NODES_S = 3600
_SLACK_US = 2 * SECOND  # clocks of the database's and the engine's machine


@dataclass(frozen=True, slots=True)
class OutLeg:
    """A channel to another operator. `begun`/`over`: the call has its beginning / its hang-up, not another one."""

    uniqueid: str
    digits: str
    started_us: int
    answered_us: int | None
    ended_us: int
    begun: bool = True
    over: bool = True
    cause: int = 0  # Q.850


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call as one client saw it. `asked`: E.164 numbers it called out to; `cause`: Q.850 given to the caller.

    `lost`: the engine died during it.
    """

    linkedid: str
    client_id: int
    asked: frozenset[str]
    legs: tuple[OutLeg, ...]
    ended_us: int = 0
    cause: int = 16
    lost: bool = False


@dataclass(slots=True)
class Money:
    """What a call came to for one client."""

    cost: int
    currency: str


@dataclass(slots=True)
class _Work:
    """One thing to settle: a reservation, or a leg that nothing was reserved for.

    `account_id` 0: an outside billing rates it, `rated_by` when nothing was asked: its profile and the user's name.
    """

    call: EndedCall
    account_id: int
    held: Held | None
    leg: OutLeg | None
    talked: OutLeg | None
    goes_on: bool = False  # in another call it was merged into (a transfer): settled when that one ends
    rated_by: tuple[int, str] | None = None

    @property
    def digits(self) -> str:
        """The number called."""
        return self.held.digits if self.held else (self.leg.digits if self.leg else "")


@dataclass(slots=True)
class _Batch:
    charges: list[tuple[Any, ...]] = field(default_factory=list)
    money: dict[tuple[str, int], Money] = field(default_factory=dict)
    counted: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def add(self, item: "_Work", cost: int, currency: str) -> None:
        call = item.call
        known = self.money.setdefault((call.linkedid, call.client_id), Money(0, currency))
        known.cost += cost
        self.count(item, cost)

    def count(self, item: "_Work", cost: int) -> None:
        """What limits of money are to count."""
        key = (item.call.linkedid, item.call.client_id, item.digits)
        self.counted[key] = self.counted.get(key, 0) + cost


class Settler:
    """Settles the calls of one node. Not for several threads.

    `counted`: what limits of money are to count, by (linkedid, client, number called), of the last `settle`; also for
    calls that an outside billing rates.
    """

    def __init__(self, node: str) -> None:
        self._node = node
        self._books = Books()
        self.counted: dict[tuple[str, int, str], int] = {}

    def settle(self, calls: Sequence[EndedCall], now_us: int) -> Mapping[tuple[str, int], Money]:
        """Settle what these calls reserved; returns what each cost by (linkedid, client)."""
        self.counted = {}
        calls = [call for call in calls if call.asked]
        if not calls:
            return {}
        work = self._work(calls)
        batch = _Batch()
        known = self._charged(work)
        accounts: dict[int, AccountState] = {}
        # In one order everywhere, so that two settling transactions cannot wait for each other.
        for account_id in sorted({item.account_id for item in work if item.account_id}):
            if (account := lock_account(account_id, now_us)) is not None:
                accounts[account_id] = account
        states = self._states(work)
        for item in work:
            if not item.account_id:
                self._settle_outside(batch, item, states)
                continue
            account = accounts.get(item.account_id)
            key = (_leg_name(item), item.call.client_id)
            if key in known:
                batch.add(item, *known[key])
            elif account is not None:
                self._settle_one(batch, account, item, states)
                if not item.goes_on:
                    known[key] = (0, item.held.currency if item.held else "")
        for account in accounts.values():
            account.store()
        self._write(batch.charges)
        self.counted = batch.counted
        return batch.money

    # -- what there is to do -------------------------------------------------------------

    def _work(self, calls: Sequence[EndedCall]) -> list[_Work]:
        by_call: dict[tuple[str, int], list[Held]] = {}
        for part in _parts(sorted({call.linkedid for call in calls})):
            for held in held_where(
                f"node=%s AND linkedid IN ({_marks(part)}) AND state<>'refused'", (self._node, *part)
            ):
                by_call.setdefault((held.linkedid, held.client_id), []).append(held)
        by_leg: dict[tuple[str, int], Held] = {}
        strays = sorted({leg.uniqueid for call in calls for leg in call.legs if not leg.begun})
        for part in _parts(strays):
            for held in held_where(f"node=%s AND leg IN ({_marks(part)})", (self._node, *part)):
                by_leg[held.leg, held.client_id] = held
        work: list[_Work] = []
        bare: list[tuple[EndedCall, OutLeg]] = []
        for call in calls:
            taken: set[str] = set()
            work += self._of_reservations(call, by_call.get((call.linkedid, call.client_id), ()), taken)
            for leg in call.legs:
                if leg.uniqueid in taken or leg.digits not in call.asked:
                    continue
                merged = by_leg.get((leg.uniqueid, call.client_id))
                if merged is not None:
                    if leg.over:
                        work.append(_Work(call, merged.account_id or 0, merged, leg, leg))
                elif leg.answered_us is not None and leg.over:
                    bare.append((call, leg))
        return work + self._unreserved(bare)

    def _of_reservations(self, call: EndedCall, held: Sequence[Held], taken: set[str]) -> Iterable[_Work]:
        for place, one in enumerate(held):
            until = next((other.asked_us for other in held[place + 1 :] if other.digits == one.digits), None)
            legs = [
                leg
                for leg in call.legs
                if leg.digits == one.digits
                and leg.uniqueid not in taken
                and (place == 0 or leg.started_us > one.asked_us - _SLACK_US)
                and (until is None or leg.started_us < until)
            ]
            taken |= {leg.uniqueid for leg in legs}
            talked = next((leg for leg in legs if leg.answered_us is not None), None)
            if one.leg and talked is None:
                continue
            goes_on = talked is not None and not talked.over
            yield _Work(call, one.account_id or 0, one, talked or next(iter(legs), None), talked, goes_on)

    @staticmethod
    def _merge(held: Held, leg: OutLeg) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE billing_reservation SET leg=%s, answered_us=%s WHERE id=%s",
                (leg.uniqueid, leg.answered_us, held.id),
            )

    def _unreserved(self, bare: Sequence[tuple[EndedCall, OutLeg]]) -> list[_Work]:
        """Talks of billed clients that went out unasked, by the policy for when the authoriser is down."""
        if not bare:
            return []
        payers: dict[int, tuple[int, tuple[int, str] | None]] = {}
        for part in _parts(sorted({call.client_id for call, _ in bare})):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT c.id, b.id, r.profile_id, c.billing_account FROM clients_client c"  # noqa: S608
                    " LEFT JOIN billing_account b ON b.code = c.billing_account"
                    " LEFT JOIN radius_binding r ON r.client_id = c.id"
                    f" WHERE c.billing_account<>'' AND c.id IN ({_marks(part)})",
                    part,
                )
                for client_id, account_id, profile_id, code in cursor.fetchall():
                    if profile_id is not None:
                        payers[client_id] = (0, (profile_id, code))
                    elif account_id is not None:
                        payers[client_id] = (account_id, None)
        return [
            _Work(call, account_id, None, leg, leg, rated_by=rated_by)
            for call, leg in bare
            if call.client_id in payers
            for account_id, rated_by in (payers[call.client_id],)
        ]

    # -- doing it ------------------------------------------------------------------------

    def _charged(self, work: Sequence[_Work]) -> dict[tuple[str, int], tuple[int, str]]:
        """(leg, client) → cost and currency of what was settled before."""
        known: dict[tuple[str, int], tuple[int, str]] = {}
        for part in _parts([_leg_name(item) for item in work]):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT leg, client_id, cost, currency FROM billing_charge"  # noqa: S608
                    f" WHERE node=%s AND leg IN ({_marks(part)})",
                    (self._node, *part),
                )
                known |= {
                    (leg, client): (cost, currency) for leg, client, cost, currency in cursor.fetchall()
                }
        return known

    @staticmethod
    def _states(work: Sequence[_Work]) -> dict[int, Held]:
        """The reservations again, now that their accounts are locked."""
        found: dict[int, Held] = {}
        for part in _parts(sorted({item.held.id for item in work if item.held})):
            found |= {held.id: held for held in held_where(f"id IN ({_marks(part)})", tuple(part))}
        return found

    def _settle_one(
        self, batch: _Batch, account: AccountState, item: _Work, states: Mapping[int, Held]
    ) -> None:
        if item.held is None:
            self._charge_unreserved(batch, account, item)
            return
        held = states[item.held.id]
        if held.state == "settled":
            return
        if item.goes_on and item.talked is not None:
            self._merge(held, item.talked)
            return
        talk = None
        if item.talked is not None and item.talked.answered_us is not None:
            began = held.answered_us if held.leg and held.answered_us else item.talked.answered_us
            talk = talk_seconds(began, item.talked.ended_us, held.allowed_s)
        charged, uncovered = reservations.settle(account, held, talk)
        self._note(
            batch, item, held.direction, held.asked_us, talk, (charged, uncovered), held.currency, held.rate
        )

    def _settle_outside(self, batch: _Batch, item: _Work, states: Mapping[int, Held]) -> None:
        call, leg = item.call, item.talked
        held = states[item.held.id] if item.held else None
        if held is not None and item.goes_on and leg is not None:
            if held.state == "open":
                self._merge(held, leg)
            return
        if leg is None:
            last = item.leg
            ending = outside.Ending(None, last.ended_us if last else call.ended_us, call.cause, call.lost)
        else:
            merged = held is not None and held.leg
            began = held.answered_us if held is not None and merged and held.answered_us else leg.answered_us
            ending = outside.Ending(began, leg.ended_us, leg.cause or call.cause, call.lost)
        if held is not None:
            batch.count(item, outside.end(held, ending))
        elif item.rated_by is not None and leg is not None:
            direction = classify(leg.digits).direction
            if direction is Direction.EMERGENCY:
                return  # it is free, and asked nobody
            outside.end_unasked(
                *item.rated_by, direction, (self._node, call.linkedid, call.client_id),
                (leg.uniqueid, leg.digits, leg.started_us), ending,
            )  # fmt: skip

    def _charge_unreserved(self, batch: _Batch, account: AccountState, item: _Work) -> None:
        leg = item.talked
        if leg is None or leg.answered_us is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT t.id, t.version, t.currency, c.area_code FROM billing_account b"
                " JOIN billing_tariff t ON t.id = b.tariff_id JOIN clients_client c ON c.id=%s WHERE b.id=%s",
                (item.call.client_id, account.id),
            )
            tariff_id, version, currency, area_code = cursor.fetchone()
        rate = self._books.book(tariff_id, version).find(leg.digits, moment(leg.started_us))
        if rate is None:
            return
        talk = talk_seconds(leg.answered_us, leg.ended_us)
        cost = rating.cost(rate, talk).total
        charged = max(min(cost, account.left), 0)
        account.charge(charged, account.today)
        self._note(
            batch,
            item,
            classify(leg.digits, area_code).direction,
            leg.started_us,
            talk,
            (charged, cost - charged),
            currency,
            reservations.rate_text(rate),
        )

    def _note(
        self,
        batch: _Batch,
        item: _Work,
        direction: str,
        asked_us: int,
        talk: int | None,
        costs: tuple[int, int],
        currency: str,
        rate: str,
    ) -> None:
        batch.add(item, costs[0], currency)
        if not costs[0] and not costs[1] and talk is None:
            return  # nobody answered and the attempt is free: nothing to tell
        batch.charges.append(
            (
                item.account_id,
                self._node,
                item.call.linkedid,
                _leg_name(item),
                item.call.client_id,
                item.digits,
                str(direction),
                asked_us,
                talk,
                *costs,
                currency,
                rate,
            )
        )

    @staticmethod
    def _write(charges: Sequence[tuple[Any, ...]]) -> None:
        if not charges:
            return
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO billing_charge (account_id, node, linkedid, leg, client_id, digits, direction,"
                " asked_us, talk_s, cost, uncovered, currency, rate)"
                " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)",
                charges,
            )


@transaction.atomic
def release_expired(node: str, now_us: int) -> int:
    """Give back what calls hold whose lease has run out; returns how many.

    Call it when this node's journal is read to its end. Calls of other nodes are given up OTHER_NODES_S later:
    such a node is dead, or its journal would have settled them.
    """
    due = held_where(
        "state='open' AND ((node=%s AND lease_us<%s) OR lease_us<%s)",
        (node, now_us, now_us - OTHER_NODES_S * SECOND),
    )
    outside.give_up([held for held in due if held.radius_id is not None], now_us)
    for account_id in sorted({held.account_id for held in due if held.account_id is not None}):
        account = lock_account(account_id, now_us)
        if account is None:
            continue
        ids = tuple(held.id for held in due if held.account_id == account_id)
        for part in _parts(ids):
            for held in held_where(f"id IN ({_marks(part)})", tuple(part)):
                reservations.release(account, held)
        account.store()
    return len(due)


def _leg_name(item: _Work) -> str:
    """What makes a charge unique: the leg that talked, else the question itself."""
    if item.talked is not None:
        return item.talked.uniqueid
    return item.held.key if item.held else ""


def _marks(values: Sequence[Any]) -> str:
    return ",".join(["%s"] * len(values))


def _parts(values: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(values), _PART):
        yield values[start : start + _PART]
