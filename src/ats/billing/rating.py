"""What a call costs: pure functions over one tariff's rates (no database, no clock).

Money is integers of 1/10,000 of the currency unit. The rules, in the order they are applied:

- The rate is chosen at the moment the call asks to go out, and holds to its end, whatever midnight, change of
  clocks or new price comes meanwhile: what was reserved is what may be charged.
- Among the rates that are valid then and whose window is open, the longest prefix wins; of several the one that
  became valid last; of those one with a window before one without.
- Every attempt costs the attempt fee. An answered one also costs the connection fee and its talk.
- Talk is counted in whole seconds, begun ones too. The first free seconds are taken off; the rest is rounded up to the
  first increment, then to further ones. Its price is rounded up to 1/10,000 once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ats.dialplan.calendar import matches
from ats.dialplan.model import Calendar

UNIT = 10_000  # parts of a currency unit
LONGEST_S = 24 * 3600  # no call is longer: the engine cuts it then
MAX_MONEY = 10**15


@dataclass(frozen=True, slots=True)
class Rate:
    """A price for the numbers that begin with `prefix`. `price` is per minute; `valid_until` is exclusive.

    `days`, `time_from`, `time_to`: as in a dialplan's calendar, in the tariff's zone.
    """

    id: int
    prefix: str
    title: str
    price: int
    connection_fee: int = 0
    attempt_fee: int = 0
    free_s: int = 0
    first_s: int = 60
    next_s: int = 60
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    days: int = 127
    time_from: int = 0
    time_to: int = 1440

    @property
    def has_window(self) -> bool:
        return self.days & 127 != 127 or self.time_from != 0 or self.time_to != 1440


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the explanation: a code and its figures. The words are made where people read them."""

    code: str
    amount: int
    params: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cost:
    """`billed_s`: talk as charged. The amounts of `lines` add up to `total`."""

    total: int
    billed_s: int
    lines: tuple[Line, ...]


class RateBook:
    """One tariff's rates by prefix, for looking up many numbers."""

    def __init__(self, time_zone: str, rates: Iterable[Rate]) -> None:
        self._zone = ZoneInfo(time_zone)
        self._rates: dict[str, list[Rate]] = {}
        for rate in rates:
            self._rates.setdefault(rate.prefix, []).append(rate)
        for same in self._rates.values():
            same.sort(key=_precedence, reverse=True)
        self._longest = max(map(len, self._rates), default=0)

    def find(self, digits: str, at: datetime) -> Rate | None:
        """The rate for a call to these E.164 digits that asks at this moment, or None: not sold."""
        local = at.astimezone(self._zone)
        for length in range(min(self._longest, len(digits)), -1, -1):
            for rate in self._rates.get(digits[:length], ()):
                if _applies(rate, at, local):
                    return rate
        return None


def cost(rate: Rate, talk_s: int | None) -> Cost:
    """What a call costs. `talk_s`: whole seconds of talk, None when nobody answered."""
    lines: list[Line] = []
    if rate.attempt_fee:
        lines.append(Line("attempt", rate.attempt_fee))
    billed = 0
    if talk_s is not None:
        if rate.connection_fee:
            lines.append(Line("connection", rate.connection_fee))
        if rate.free_s:
            lines.append(Line("free", 0, {"seconds": min(rate.free_s, talk_s)}))
        billed = billed_seconds(rate, talk_s)
        if billed:
            amount = -(-billed * rate.price // 60)
            lines.append(
                Line(
                    "talk",
                    amount,
                    {
                        "talk": talk_s,
                        "billed": billed,
                        "first": rate.first_s,
                        "next": rate.next_s,
                        "price": rate.price,
                    },
                )
            )
    return Cost(sum(line.amount for line in lines), billed, tuple(lines))


def billed_seconds(rate: Rate, talk_s: int) -> int:
    """Talk as charged: without the free seconds, rounded up to increments."""
    rest = talk_s - rate.free_s
    if rest <= 0:
        return 0
    if rest <= rate.first_s:
        return rate.first_s
    steps = -(-(rest - rate.first_s) // rate.next_s)
    return rate.first_s + steps * rate.next_s


def longest_talk(rate: Rate, money: int) -> int | None:
    """The most whole seconds an answered call may last on this money (LONGEST_S at most).

    None: not even the fees and the first increment fit. Exact: one second more would cost more than `money`.
    """
    fees = rate.attempt_fee + rate.connection_fee
    if money < fees:
        return None
    if rate.price == 0:
        return LONGEST_S
    payable = (money - fees) * 60 // rate.price  # seconds whose price, rounded up, still fits
    if payable < rate.first_s:
        return min(rate.free_s, LONGEST_S) if rate.free_s else None
    whole = rate.first_s + (payable - rate.first_s) // rate.next_s * rate.next_s
    return min(rate.free_s + whole, LONGEST_S)


def whole_increments(rate: Rate, wanted_s: int) -> int:
    """The least talk of `wanted_s` seconds or more that uses up its last increment."""
    return rate.free_s + (billed_seconds(rate, wanted_s) or rate.first_s)


def dump(rate: Rate) -> dict[str, Any]:
    """What of a rate must be kept with a call, so that its price can be explained for ever."""
    kept = asdict(rate)
    for name in ("valid_from", "valid_until"):
        kept[name] = kept[name].isoformat() if kept[name] else None
    return kept


def load(kept: Mapping[str, Any]) -> Rate:
    """The opposite of `dump`."""
    values = dict(kept)
    for name in ("valid_from", "valid_until"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Rate(**values)


def money_text(amount: int, currency: str = "") -> str:
    """12.40, or 12.4025 where the hundredths do not tell all."""
    sign, whole = ("-" if amount < 0 else ""), abs(amount)
    fraction = f"{whole % UNIT:04d}"
    fraction = fraction[:2] if fraction.endswith("00") else fraction
    return f"{sign}{whole // UNIT}.{fraction} {currency}".strip()


def _precedence(rate: Rate) -> tuple[float, bool, int]:
    return (rate.valid_from.timestamp() if rate.valid_from else 0.0, rate.has_window, rate.id)


def _applies(rate: Rate, at: datetime, local: datetime) -> bool:
    if rate.valid_from is not None and at < rate.valid_from:
        return False
    if rate.valid_until is not None and at >= rate.valid_until:
        return False
    return not rate.has_window or matches(Calendar(rate.days, rate.time_from, rate.time_to), local)
