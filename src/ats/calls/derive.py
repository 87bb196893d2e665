"""From the journal's events of one call to its rows in call detail: a pure function (docs/architecture/journal.md).

A call may concern several clients (one calls the other's city number inside the exchange): each gets
a row of its own, with its own part of the path and nothing of the other's extensions and devices.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ats.calls.lines import Event
from ats.dialplan.path import split_by_client

ANSWERED, NO_ANSWER, BUSY, CANCELLED = "answered", "no_answer", "busy", "cancelled"
NO_ROUTE, FAILED, LOST = "no_route", "failed", "lost"
INTERNAL, IN, OUT = "internal", "in", "out"

# Q.850 cause given to a caller nobody answered → what it was to people.
_RESULT_OF_CAUSE = {
    16: NO_ANSWER,
    17: BUSY,
    18: NO_ANSWER,
    19: NO_ANSWER,
    **dict.fromkeys((1, 2, 3, 20, 22, 25, 27, 28, 38), NO_ROUTE),
}
_BIG = 2**63 - 1
_FROM_TRUNKS = ("ats-did-in", "ats-line")
# Given by the engine to a telephone that has talked and of which no sound packet came any more (`rtp_timeout`).
_DEAD = 44
# After these a channel of another call may talk in this one.
_JOINS = ("BLINDTRANSFER", "ATTENDEDTRANSFER", "PICKUP")


@dataclass(slots=True)
class LegRow:
    """One channel. Times in microseconds since 1970 UTC."""

    uniqueid: str
    channel: str
    endpoint: str
    number: str
    started: int
    answered: int | None
    ended: int
    cause: int
    begun: bool = True  # its beginning is in this call, not in one that was merged into it
    over: bool = True  # and so is its end


@dataclass(slots=True)
class CallRow:
    """One call as one client saw it; fields as in `models.Call`, times in microseconds since 1970 UTC."""

    linkedid: str
    client_id: int
    direction: str
    started: int
    answered: int | None
    ended: int
    ring_ms: int
    talk_ms: int
    caller: str
    caller_name: str
    called: str
    via: str
    answered_by: str
    caller_endpoint: str  # of this client, else empty
    answered_endpoint: str
    result: str
    cause: int
    path: str
    legs: list[LegRow] = field(default_factory=list)


_MADE = re.compile(r"Local/[abj][0-9+]+@c([0-9]{1,18})\.", re.ASCII)
_DIALPLAN = "dialplan/builtin"  # as the engine names itself as the one who hung up


class _Leg:
    """What is gathered about a channel while its events are read."""

    __slots__ = (
        "account", "answered", "begun", "cause", "channel", "dialled", "dialstatus", "ended", "endpoint", "first_name",
        "first_number", "last_name", "last_number", "over", "path", "source", "started", "trunk", "uniqueid",
    )  # fmt: skip

    def __init__(self, event: Event) -> None:
        self.uniqueid = event.uniqueid
        self.channel = event.channel
        self.endpoint = endpoint = endpoint_of(event.channel)
        # Over IAX2 an operator may name our account there; then only where its call begins tells it.
        self.trunk = is_trunk(endpoint) or event.context in _FROM_TRUNKS
        self.account = _integer(event.account)
        self.dialled = event.exten if event.type == "CHAN_START" else ""
        self.started = event.at
        self.answered: int | None = None
        self.ended = 0
        self.cause = 0
        self.source = self.dialstatus = ""
        self.begun = event.type == "CHAN_START"
        self.over = False
        self.first_number = self.last_number = _shown(event)
        self.first_name = self.last_name = event.name
        self.path = event.path

    def add(self, event: Event) -> None:
        kind = event.type
        # What the other side was shown is what stands there last, even if that is nothing.
        self.last_number, self.last_name = _shown(event), event.name
        self.first_number = self.first_number or self.last_number
        self.first_name = self.first_name or event.name
        if event.path:
            self.path = event.path
        if self.account is None:
            self.account = _integer(event.account)
        if kind == "ANSWER":
            if self.answered is None:
                self.answered = event.at
        elif kind == "HANGUP":
            self.ended = event.at
            self.over = True
            self._hung_up(event.extra)

    def _hung_up(self, extra: str) -> None:
        try:
            told = json.loads(extra) if extra else {}
        except ValueError:
            return
        if not isinstance(told, dict):
            return
        cause = told.get("hangupcause")
        self.cause = cause if isinstance(cause, int) and 0 <= cause < 1000 else 0
        if not self.cause and self.answered is not None:
            self.cause = 16  # the engine keeps none when somebody hangs up while an announcement plays
        self.source = str(told.get("hangupsource", ""))
        self.dialstatus = str(told.get("dialstatus", ""))


def derive(linkedid: str, events: Sequence[Event], lost_at: int | None = None) -> list[CallRow]:
    """The rows of a call, one per client that took part, ordered by client.

    `events`: in the order of the journal, at least one. `lost_at` (microseconds): the engine died
    during the call, and this is the last moment it is known to have lived. A call in which no client
    took part (a stranger knocked, and nothing was reached) gives no row.
    """
    legs = _legs(events, lost_at)
    caller = legs.get(linkedid) or next(iter(legs.values()))
    # A way out is written on both halves of the channel that leads there: the same words once.
    paths = split_by_client(" ".join(dict.fromkeys(leg.path for leg in legs.values() if leg.path)))
    clients = set(paths)
    if caller.account is not None and (not caller.trunk or not clients):
        clients.add(caller.account)
    return [
        _row(linkedid, client, caller, list(legs.values()), paths, lost_at is not None)
        for client in sorted(clients)
    ]


def _shown(event: Event) -> str:
    """The number a channel shows. One rung over IAX2 has none of its own, the engine then puts the label there from
    which it was rung: a letter and digits."""
    number = event.number
    is_label = event.channel[:5] == "IAX2/" and number[:1].islower() and number[1:2].isdigit()
    return "" if is_label else number


def endpoint_of(channel: str) -> str:
    """`PJSIP/17001-0000002a` → `17001`; over H.323 a trunk's calls in have names of their own, `t33x0f…`."""
    start = channel.find("/") + 1
    end = channel.rfind("-")
    name = channel[start:end] if end > start else channel[start:]
    return name.partition("x")[0] if start == 7 and channel[:6] == "OOH323" else name


def is_trunk(endpoint: str) -> bool:
    """Whether it is a trunk's, as `t17`."""
    return endpoint[:1] == "t" and endpoint[1:].isdigit()


def _legs(events: Sequence[Event], lost_at: int | None) -> dict[str, _Leg]:
    legs: dict[str, _Leg] = {}
    transfer_at = 0
    for event in events:
        leg = legs.get(event.uniqueid)
        if leg is None:
            leg = legs[event.uniqueid] = _Leg(event)
            if event.type != "CHAN_START" and transfer_at:
                # It came with another call that was merged into this one, and it was talking by then.
                leg.started = leg.answered = transfer_at
        if event.type in _JOINS:
            transfer_at = event.at
        leg.add(event)
    last = events[-1].at
    for leg in legs.values():
        if not leg.ended:
            leg.ended = max(leg.started, last if lost_at is None else lost_at)
            leg.over = lost_at is not None
    return legs


def _row(
    linkedid: str, client: int, caller: _Leg, legs: list[_Leg], paths: dict[int, str], lost: bool
) -> CallRow:
    path = paths.get(client, "")
    outside = _dialled_outside(path)
    ordered = _ordered(caller, legs, client)
    own_caller = ordered is not None or (caller.account == client and not caller.trunk)
    entered_by = _dialled_by_others(paths, client) or international(caller.dialled)
    if own_caller:
        direction = OUT if outside else INTERNAL
        shown, dialled = (ordered, caller.dialled[1:]) if ordered else (caller, caller.dialled)
        number, name, called = shown.first_number, shown.first_name, dialled or outside
        if ordered:
            via = number if outside else ""
        else:
            via = caller.last_number if outside and caller.last_number != number else ""
    else:
        direction = IN
        number, name, called, via = caller.last_number, caller.last_name, entered_by, entered_by
    started = caller.started
    ended = max(leg.ended for leg in legs)
    answered = caller.answered
    result = LOST if lost else _result(caller)
    answered_by, answered_endpoint = _who_answered(client, caller, legs, outside)
    return CallRow(
        linkedid=linkedid,
        client_id=client,
        direction=direction,
        started=started,
        answered=answered,
        ended=max(ended, started),
        ring_ms=_ms((answered or ended) - started),
        talk_ms=_ms(ended - answered) if answered else 0,
        caller=_clean(number, 64),
        caller_name=_clean(name, 80),
        called=_clean(called, 64),
        via=_clean(via, 64),
        answered_by=_clean(answered_by, 64),
        caller_endpoint=caller.endpoint if caller.account == client else "",
        answered_endpoint=answered_endpoint,
        result=result,
        cause=0 if lost else 16 if result == CANCELLED else _cause(caller, legs),
        path=_clean(path, 4000),
        legs=[
            _leg_row(leg, client, leg is caller, number)
            for leg in legs
            if leg is caller or leg.account == client or (leg.trunk and outside)
        ],
    )


def _ordered(caller: _Leg, legs: list[_Leg], client: int) -> _Leg | None:
    """The leg that shows who calls when the exchange makes a call of this client (S202, S235, S236), else None.

    Such a call begins with two halves of one local channel. The second calls, behind the label `a`, `b` or `j`: inside
    in the name of the number that will talk, to the city with the client's own. The first shows who was called.
    """
    made = _MADE.match(caller.channel)
    if made is None or int(made[1]) != client or caller.dialled[:1] not in ("a", "b", "j"):
        return None
    other = f"{caller.channel[:-1]}2"
    return next((leg for leg in legs if leg.channel == other), caller)


def _leg_row(leg: _Leg, client: int, is_caller: bool, number: str) -> LegRow:
    own = leg.account == client and (not leg.trunk or is_caller)
    return LegRow(
        uniqueid=leg.uniqueid,
        # Another client's device names are its logins: not for this client's eyes. Trunks are the operator's.
        channel=_clean(leg.channel, 120) if own else "",
        endpoint=_clean(leg.endpoint, 80) if own or leg.trunk else "",
        number=_clean(number if is_caller else leg.first_number, 64),
        started=leg.started,
        answered=leg.answered,
        ended=leg.ended,
        cause=leg.cause,
        begun=leg.begun,
        over=leg.over,
    )


def _who_answered(client: int, caller: _Leg, legs: list[_Leg], outside: str) -> tuple[str, str]:
    """Number and endpoint of the leg that answered first, as this client may know it."""
    first: _Leg | None = None
    for leg in legs:
        if leg is caller or leg.answered is None or not (leg.account == client or outside):
            continue
        if caller.answered is None and leg.answered > caller.ended:
            continue  # the caller has sent on somebody else, whom he had left to ask, and is gone
        if first is None or first.answered is None or leg.answered < first.answered:
            first = leg
    if first is None:
        return "", ""
    if first.account == client and not first.trunk:
        return first.first_number or first.endpoint, first.endpoint
    return outside, ""


def _result(caller: _Leg) -> str:
    if caller.answered is not None:
        return ANSWERED
    # When the dialplan itself hung up, the caller did not: the engine keeps CANCEL of a dialling that
    # was cut short for another reason, such as a 302 that is not followed.
    gave_up = caller.dialstatus == "CANCEL" and caller.source != _DIALPLAN
    if gave_up or (caller.source and caller.source == caller.channel):
        return CANCELLED
    return _RESULT_OF_CAUSE.get(caller.cause, FAILED)


def _cause(caller: _Leg, legs: list[_Leg]) -> int:
    """What the caller was given; of a talk that a dead telephone ended, whoever's it was, that it did."""
    dead = any(leg.cause == _DEAD and leg.answered is not None for leg in legs)
    return _DEAD if dead and caller.answered is not None else caller.cause


def _dialled_outside(path: str) -> str:
    """The last E.164 number this client's part of the path called out to, or nothing."""
    if ">" not in path:
        return ""
    return [word.partition(">")[2] for word in path.split(" ") if ">" in word][-1]


def _dialled_by_others(paths: dict[int, str], client: int) -> str:
    """The city number by which another client of this exchange reached `client`."""
    for other, path in paths.items():
        if other != client and (digits := _dialled_outside(path)):
            return digits
    return ""


def international(dialled: str) -> str:
    """A number as a trunk sent it, as E.164 digits: the same rules as context `ats-did-in`."""
    if dialled[:1] == "+":
        return dialled[1:]
    if dialled.isdigit() and dialled[:1] == "8":
        if dialled[:3] == "810":
            return dialled[3:]
        if len(dialled) == 11:
            return "7" + dialled[1:]
    if dialled.isdigit() and len(dialled) == 10 and dialled[0] in "3489":
        return "7" + dialled
    return dialled


def _integer(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 19:
        value = int(text)
        return value if 0 < value < _BIG else None
    return None


def _ms(us: int) -> int:
    return min(max(us // 1000, 0), 2**31 - 1)


def _clean(text: str, size: int) -> str:
    """Fit for a column and for a screen: no control characters, not longer than the column."""
    if not text.isprintable():
        text = "".join([char if char.isprintable() else " " for char in text]).strip()
    return text[:size]
