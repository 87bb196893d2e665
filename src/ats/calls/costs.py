"""What derived calls cost, and what kind of call each was: settles them in the transaction that stores them."""

import time
from collections.abc import Mapping, Sequence

from django.db import connection

from ats.billing.reservations import talk_seconds
from ats.billing.settling import EndedCall, OutLeg, Settler
from ats.calls.derive import INTERNAL, LOST, OUT, CallRow
from ats.limits import usage
from ats.numbering.directions import Direction, classify

_FRESH_S = 60.0  # a client can move to another region
_PART = 400


class Costs:
    """Costs of one node's calls. Not for several threads."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._settler = Settler(node)
        self._homes: dict[int, str] = {}
        self._until = 0.0

    def of(self, rows: Sequence[CallRow]) -> dict[tuple[str, int], tuple[int | None, str, str]]:
        """(linkedid, client) → cost, currency and direction class. Settling twice charges once."""
        asked = {(row.linkedid, row.client_id): _asked(row.path) for row in rows if ">" in row.path}
        ended = [
            EndedCall(
                row.linkedid,
                row.client_id,
                frozenset(numbers),
                _out_legs(row),
                row.ended,
                row.cause,
                row.result == LOST,
            )  # fmt: skip
            for row in rows
            if (numbers := asked.get((row.linkedid, row.client_id)))
        ]
        money = self._settler.settle(ended, time.time_ns() // 1000)
        if asked:
            self._learn({row.client_id for row in rows})
        usage.settle(self._node, [_counted(call, self._settler.counted) for call in ended])
        found: dict[tuple[str, int], tuple[int | None, str, str]] = {}
        for row in rows:
            key = (row.linkedid, row.client_id)
            cost = money.get(key)
            kind = self._kind(row, asked.get(key, []))
            found[key] = (cost.cost, cost.currency, kind) if cost else (None, "", kind)
        return found

    def _kind(self, row: CallRow, asked: Sequence[str]) -> str:
        if row.direction == INTERNAL:
            return Direction.INTERNAL
        if row.direction != OUT or not asked:
            return ""
        if not _went_out(row.path):
            return Direction.INTERNAL  # a city number of this exchange
        return classify(asked[-1], self._homes.get(row.client_id, "")).direction

    def _learn(self, clients: set[int]) -> None:
        now = time.monotonic()
        if now > self._until:
            self._homes.clear()
            self._until = now + _FRESH_S
        missing = sorted(clients - self._homes.keys())
        for start in range(0, len(missing), _PART):
            part = missing[start : start + _PART]
            marks = ",".join(["%s"] * len(part))
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id, area_code FROM clients_client WHERE id IN ({marks})", part)  # noqa: S608
                self._homes |= dict(cursor.fetchall())


def _asked(path: str) -> list[str]:
    """E.164 numbers a client's part of the path called out to, in order."""
    return [word.partition(">")[2] for word in path.split(" ") if ">" in word]


def _counted(call: EndedCall, money: Mapping[tuple[str, int, str], int]) -> usage.EndedCall:
    """What limits count of it: seconds of talk through other operators, a begun one counted, and money."""
    seconds: dict[str, int] = {}
    for leg in call.legs:
        if leg.answered_us is not None:
            seconds[leg.digits] = seconds.get(leg.digits, 0) + talk_seconds(leg.answered_us, leg.ended_us)
    return usage.EndedCall(
        call.linkedid,
        call.client_id,
        numbers={
            digits: (seconds.get(digits, 0), money.get((call.linkedid, call.client_id, digits), 0))
            for digits in call.asked
        },
        goes_on={
            leg.digits: (leg.uniqueid, leg.answered_us)
            for leg in call.legs
            if leg.answered_us is not None and not leg.over
        },
        legs={leg.uniqueid: leg.ended_us for leg in call.legs if not leg.begun and leg.over},
    )


def _went_out(path: str) -> bool:
    """Whether another operator was tried, or the call was not let out."""
    return any(
        (word[:1] == "t" and word[1:].isdigit()) or (word[:1] == "!" and word[1:].replace("_", "").isalpha())
        for word in path.split(" ")
    )


def _out_legs(row: CallRow) -> tuple[OutLeg, ...]:
    return tuple(
        OutLeg(leg.uniqueid, leg.number, leg.started, leg.answered, leg.ended, leg.begun, leg.over, leg.cause)
        for place, leg in enumerate(row.legs)
        if place and leg.uniqueid != row.linkedid and leg.endpoint[:1] == "t" and leg.endpoint[1:].isdigit()
    )
