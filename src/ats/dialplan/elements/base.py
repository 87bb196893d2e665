"""What the compilers of the single actions share: where they write, how they end, which values they accept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ats.dialplan.graph import MAX_PATH, MAX_STEPS
from ats.dialplan.model import ClientPlan, DialForwarding, NumberPlan, Outcome, Step
from ats.dialplan.writing import Add as Add
from ats.dialplan.writing import Exten

RING_S = 120  # a port without «Таймаут» rings this long
# g: go on after the callee hangs up. i: a phone that answers 302 may not send the call anywhere: not out
# at the client's cost, and not to a label of this context.
DIAL_OPTIONS = "gi"
PATH = "CHANNEL(userfield)"
# The Q.850 cause a caller gets when the walk ends after this outcome (DESIGN, semantics).
CAUSE = {
    Outcome.FORWARD: 20,
    Outcome.ANSWERED: 16,
    Outcome.NO_ANSWER: 19,
    Outcome.BUSY: 17,
    Outcome.NO_ROUTE: 20,
    Outcome.FOUND: 16,
    Outcome.NOT_FOUND: 16,
}
ENTRY_CAUSE = 20  # nothing applies at the number's first level

WORD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
DIGITS = re.compile(r"[0-9]{1,15}\Z")
ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}\Z")

UNREACHABLE = '"${DIALSTATUS}"="CHANUNAVAIL" | "${DIALSTATUS}"="CONGESTION"'
DECLINED = '"${HANGUPCAUSE}"="21"'
# What a finished Dial tells, per outcome, as Asterisk expressions.
# A phone that declines (cause 21) is «занято» to people, whatever DIALSTATUS calls it.
DIALLED = {
    Outcome.ANSWERED: '"${DIALSTATUS}"="ANSWER"',
    Outcome.NO_ANSWER: '"${DIALSTATUS}"="NOANSWER"',
    Outcome.BUSY: f'"${{DIALSTATUS}}"="BUSY" | ({DECLINED} & ({UNREACHABLE}))',
    Outcome.NO_ROUTE: UNREACHABLE,
}


def context_of(plan: ClientPlan) -> str:
    """Name of a client's own context."""
    return f"c{plan.client_id}.v{plan.version}"


class Ways(Protocol):
    """How a step leads calls outside, see `policies`."""

    def way(self, step: Step, one: DialForwarding) -> str:
        """What stands before the digits of a number that this step rings."""

    @property
    def by_pin(self) -> str:
        """What stands before the digits that are dialled by PIN."""

    def of_step(self, step: Step) -> str | None:
        """The policy of what it rings without naming it; None: nothing looks at it."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where an action is compiled: `add(app, data)` writes the step's next priority, `exten(name)` begins an
    extension of the client's own context and returns its `add` (names begin with a letter: nobody can dial them).
    """

    plan: ClientPlan
    number: NumberPlan
    step: Step
    add: Add
    exten: Exten
    ways: Ways
    talk_limit: str = ""  # option of Dial that ends a call in time; empty without such a limit
    written: set[str] = field(default_factory=set)  # extensions that several steps need and one writes

    def once(self, exten: str) -> Add | None:
        """`exten(name)` for what several steps need; None when it stands there already."""
        if exten in self.written:
            return None
        self.written.add(exten)
        return self.exten(exten)

    @property
    def context(self) -> str:
        """The client's own context at this version."""
        return context_of(self.plan)


@dataclass(frozen=True, slots=True)
class Finish:
    """How an action ended: an engine expression per outcome, and what `ats-end` is told without a target."""

    tests: Mapping[Outcome, str]
    status: str


@dataclass(frozen=True, slots=True)
class Fork:
    """An action with two outcomes, told by one expression: true is `yes`, anything else `no`."""

    test: str
    yes: Outcome
    no: Outcome


def count_step(add: Add) -> None:
    """The loop guard: one more step, and the end of the call when that is too far."""
    add("Set", "ATSSTEPS=$[0${ATSSTEPS} + 1]")
    too_far = f"${{ATSSTEPS}} > {MAX_STEPS} | ${{LEN(${{{PATH}}})}} > {MAX_PATH}"
    add("GotoIf", f"$[{too_far}]?ats-end,loop,1")


def returned() -> Finish:
    """The outcome is the Q.850 cause that a subroutine returned."""
    outcomes = (Outcome.ANSWERED, Outcome.NO_ANSWER, Outcome.BUSY, Outcome.NO_ROUTE)
    return Finish(
        {outcome: f'"${{GOSUB_RETVAL}}"="{CAUSE[outcome]}"' for outcome in outcomes}, "${GOSUB_RETVAL}"
    )


def check(pattern: re.Pattern[str], value: str) -> None:
    """Raises ValueError for a value that must not stand in a dialplan, whatever the database holds."""
    if not pattern.match(value):
        raise ValueError(f"value is not allowed in a dialplan: {value!r}")
