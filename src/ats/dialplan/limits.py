"""Limits as native priorities: lines by GROUP(), durations by L(), directions by patterns (DESIGN 6).

What has no limit is not compiled. With limits, two more extensions stand before the client's own ones
(their letters cannot be dialled):

    k<dialled>   a subscriber's call: the port's and the client's lines, then what it dialled
    e<number id> a call from outside: the client's lines and how long it may last, then the number
    p<login>     the limits of one port as a subroutine; leaves its policy in ATSPOL
    r<step>-<n>  no free line for a step: «По занято»
    m<user id>   a line of the user on whose behalf the exchange makes a call; t<dialled>: by PIN

Calls out have their own (`policies.py`). A line is taken under a lock (`ats-lines`): of any number of calls at the
same moment exactly as many get one as there are free. A refusal writes into the path who limits what:
`17=lo@c17` (dialplan/path.py).
"""

from dataclasses import dataclass

from ats.dialplan.directions import EMERGENCY_NUMBERS
from ats.dialplan.elements.base import PATH, WORD, Add, check
from ats.dialplan.limitplan import Limits, PortLimits
from ats.dialplan.model import (
    ClientPlan,
    DialForwarding,
    DialPort,
    EnterMenu,
    EnterQueue,
    JoinConference,
    Outcome,
    RingAll,
    Step,
)
from ats.dialplan.policies import Policies, refused
from ats.dialplan.taking import LINES, Block, Take
from ats.dialplan.writing import Exten


@dataclass(frozen=True, slots=True)
class StepLimit:
    """What a step's limits have begun: groups to leave after its action, an option for its Dial."""

    groups: tuple[str, ...] = ()
    talk_limit: str = ""
    timed: bool = False  # by the channel's own clock, for actions that are no Dial

    def end(self, add: Add) -> None:
        """After the action: the call goes on without them."""
        for group in self.groups:
            add("Set", f"GROUP({group})=")
        if self.timed:
            add("Set", "TIMEOUT(absolute)=0")


class LimitCompiler:
    """Writes the limits of one client into its context."""

    def __init__(self, plan: ClientPlan, context: str) -> None:
        limits = plan.limits
        self._client = plan.client_id
        self._asks = plan.asks
        self._limits = limits
        self._context = context
        internal = {number.digits for number in plan.numbers if not number.external}
        self._emergency = [number for number in sorted(EMERGENCY_NUMBERS) if number not in internal]
        self._ports = {port.port_id: port for port in limits.ports}
        self.policies = Policies(plan, context)

    @property
    def guards_out(self) -> bool:
        """Whether calls out are looked at before they go."""
        return self.policies.guards_out

    @property
    def dialled(self) -> str:
        """What stands before the digits a subscriber dials: `k`, or nothing without limits."""
        return "k" if self._limits.client.lines_all is not None or self._limits.ports else ""

    @property
    def entered(self) -> str:
        """The letter before a number's id when a call comes from outside: `e`, or `n` without limits."""
        own = self._limits.client
        limited = (own.lines_in, own.lines_all, own.duration_in_s)
        return "e" if any(limit is not None for limit in limited) else "n"

    def out(self, e164: str) -> str:
        """Where a call to these E.164 digits goes to."""
        if self.guards_out:
            return f"u${{ATSPOL}}*{e164},1"
        return f"o{e164},1" if self._asks else f"ats-out,{e164},1"

    def write(self, exten: Exten) -> None:
        """All extensions of the limits."""
        if self.dialled:
            for number in self._emergency:
                exten(f"k{number}")("Goto", f"{number},1")
            self._dialled(exten("_k!"))
            for port in self._limits.ports:
                self._port(port, exten)
        if self.policies.counts_made:
            for number in self._emergency:
                exten(f"t{number}")("Goto", f"a{number},1")
        if self.entered == "e":
            self._entered(exten("_eX!"))
        self.policies.write(exten)

    def made(self, add: Add, goes_to: str) -> None:
        """A call that the exchange itself makes is one of the client's like any other; nobody is there to be told."""
        block = Block()
        if (lines := self._limits.client.lines_all) is not None:
            word = _word(self._client, f"la@c{self._client}")
            block.take((f"c{self._client}a", lines, ""), [("Set", word), ("Hangup", "17")])
        if self.policies.counts_made:
            self.policies.users_line(block.add)
            block.add("ExecIf", '$["${GOSUB_RETVAL}"="0"]?Hangup(17)')
        block.add("Goto", goes_to)
        block.write(add)

    def begin_step(self, step: Step, add: Add, exten: Exten) -> StepLimit:
        """Take the lines of the step and of what it leads to (none free: «По занято»), and start its clock."""
        takes = self._step_takes(step)
        for index, (category, count, word) in enumerate(takes):
            full = f"r{step.id}-{index}"
            add("Gosub", f"{LINES},s,1({category},{count})")
            add("GotoIf", f'$["${{GOSUB_RETVAL}}"="0"]?{full},1')
            busy = exten(full)
            busy("Set", _word(self._client, word))
            for taken, *_ in reversed(takes[:index]):
                busy("Set", f"GROUP({taken})=")
            busy("Goto", f"s{step.id}{Outcome.BUSY},1" if Outcome.BUSY in step.targets else "ats-end,17,1")
        groups = tuple(category for category, *_ in takes)
        seconds = self._step_seconds(step)
        from_outside = self._limits.client.duration_in_s is not None
        if isinstance(step.action, DialPort | DialForwarding | RingAll):
            return StepLimit(groups, _talk_limit(seconds, from_outside))
        if seconds is None and not (from_outside and isinstance(step.action, _LASTING)):
            return StepLimit(groups)
        add("Set", f"TIMEOUT(absolute)={seconds or '0${ATSD}'}")
        return StepLimit(groups, timed=True)

    def _step_takes(self, step: Step) -> list[Take]:
        found: list[Take] = []
        if step.limits.lines is not None:
            found.append((f"s{step.id}", step.limits.lines, f"la@s{step.id}"))
        kind, key = _element(step)
        if (lines := self._limits.elements.get((kind, key), Limits()).lines) is not None:
            whose = f"{kind[0]}{key}"
            found.append((f"{whose}i", lines, f"li@{whose}"))
        if isinstance(step.action, DialPort) and (port := self._ports.get(step.action.port_id)):
            found += [*_takes(port, "in"), *_takes(port, "all")]
        return found

    def _step_seconds(self, step: Step) -> int | None:
        durations = [step.limits.duration_s, self._limits.elements.get(_element(step), Limits()).duration_s]
        if isinstance(step.action, DialPort) and (port := self._ports.get(step.action.port_id)):
            durations += [port.own.duration_in_s, port.user.duration_in_s]
        return min((seconds for seconds in durations if seconds is not None), default=None)

    # -- the extensions ------------------------------------------------------------------

    def _dialled(self, add: Add) -> None:
        block = Block()
        if self._limits.ports:
            # The engine names a channel after its endpoint: PJSIP/170001-0000002a.
            # Who sends a call on causes it, not whoever is sent (transfers by code and by the telephone's own button).
            # TRANSFERERNAME: he asks first, by code; the engine calls for him.
            block.add("Set", 'ATSP=${IF($["${TRANSFERERNAME}"=""]?${CHANNEL(name)}:${TRANSFERERNAME})}')
            block.add("MSet", 'ATSPOL=,ATSP=${IF($["${BLINDTRANSFER}"=""]?${ATSP}:${BLINDTRANSFER})}')
            block.add("Set", "ATSP=${CUT(ATSP,/,2)}")
            block.add("Set", "ATSP=p${FILTER(a-z0-9,${CUT(ATSP,-,1)})}")
            block.add("GosubIf", f"${{DIALPLAN_EXISTS({self._context},${{ATSP}},1)}}?${{ATSP}},1")
        if (lines := self._limits.client.lines_all) is not None:
            self._take(block, (f"c{self._client}a", lines, f"la@c{self._client}"))
        block.leave()
        block.add("Goto", "${EXTEN:1},1")
        block.write(add)

    def _port(self, port: PortLimits, exten: Exten) -> None:
        check(WORD, port.endpoint)
        block = Block()
        for take in _takes(port, "all"):
            self._take(block, take)
        block.leave()
        if policy := self.policies.of_port(port):
            block.add("Set", f"ATSPOL={policy}")
        block.add("Return", "")
        block.write(exten(f"p{port.endpoint}"))

    def _entered(self, add: Add) -> None:
        own, client = self._limits.client, self._client
        block = Block()
        for letter, lines in (("i", own.lines_in), ("a", own.lines_all)):
            if lines is not None:
                word = _word(client, f"l{letter}@c{client}")
                block.take((f"c{client}{letter}", lines, ""), [("Set", word), ("Hangup", "17")])
        if own.duration_in_s is not None:
            block.add("Set", f"ATSD={own.duration_in_s}")
        block.add("Goto", "n${EXTEN:1},1")
        block.write(add)

    def _take(self, block: Block, take: Take) -> None:
        block.take(take, refused(self._client, take))


def _takes(port: PortLimits, kind: str) -> list[Take]:
    """Lines of a port and its user: `kind` is in or all."""
    letter = kind[0]
    found = []
    for whose, own in ((f"p{port.port_id}", port.own), (f"u{port.user_id}", port.user)):
        lines = own.lines_in if kind == "in" else own.lines_all
        if lines is not None:
            found.append((f"{whose}{letter}", lines, f"l{letter}@{whose}"))
    return found


# So many seconds before the end the caller hears a signal; unset or 0: none.
_WARN = ":${ATSWARN}000"
_LASTING = (EnterQueue, EnterMenu, JoinConference)


def _element(step: Step) -> tuple[str, int]:
    """Kind and id of what the step leads to, as in `PlanLimits.elements`."""
    match step.action:
        case EnterQueue(queue_id=key):
            return "queue", key
        case EnterMenu(menu_id=key):
            return "menu", key
        case DialForwarding(forwarding_id=key):
            return "forwarding", key
        case _:
            return "", 0


def _talk_limit(seconds: int | None, from_outside: bool) -> str:
    """Option of Dial: the step's own limit, and that of calls from outside (ATSD), whichever is smaller."""
    if not from_outside:
        return f"L({seconds * 1000}{_WARN})" if seconds is not None else ""
    if seconds is None:
        return f'${{IF($["${{ATSD}}"=""]?:L(${{ATSD}}000{_WARN}))}}'
    return f'L(${{IF($["${{ATSD}}"=""]?{seconds}:${{MIN(${{ATSD}},{seconds})}})}}000{_WARN})'


def _word(client_id: int, reason: str) -> str:
    return f"{PATH}=${{{PATH}}} {client_id}={reason}"
