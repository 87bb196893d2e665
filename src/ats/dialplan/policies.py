"""Who has a say about a call that leaves the exchange, as extensions of the client's own context.

    u<policy>*<E.164 digits>   may this number be called; `w…` then takes the outgoing lines, and `v<digits>` leaves

A policy is what has limits together: `33` a port (and the user it belongs to), `s9u7f4` step 9 in the dialplan of
user 7's number, which rings forwarding number 4. The client's own limits are part of each, and a policy without a name
is only those. Calls that a step leads outside take its policy, whichever way they go:

    a port, several targets   the channel that is rung names the policy
    a queue, PIN, callback    ${ATSEL} of the caller's channel names the step's; by PIN or callback `u<id>` comes after
                              it, for the user on whose behalf it is, where he has limits
    a queue's agent outside   `qo<digits>` adds the forwarding number's own limits
"""

from collections.abc import Iterable

from ats.dialplan.elements.base import DIGITS, PATH, Add, check
from ats.dialplan.limitplan import Limits, OwnLimits, PortLimits, Whose, refusals
from ats.dialplan.model import (
    AskPin,
    CallBack,
    ClientPlan,
    DialForwarding,
    EnterQueue,
    Outcome,
    RingAll,
    Step,
)
from ats.dialplan.taking import LINES, TOLD, Block, Take
from ats.dialplan.writing import Exten

Scopes = tuple[tuple[Whose, OwnLimits], ...]
_NAMED_LATER = (EnterQueue, AskPin, CallBack)  # what they ring is not named by the step itself


class Policies:
    """The policies of one client."""

    def __init__(self, plan: ClientPlan, context: str) -> None:
        self._client = plan.client_id
        self._area_code = plan.area_code
        self._asks = plan.asks
        self._limits = plan.limits
        self._context = context
        self._owners = {step.id: number.owner_id for number in plan.numbers for step in number.steps}
        steps = [step for number in plan.numbers for step in number.steps if leads_outside(step)]
        # Two forwarding numbers with the same digits: the first one's limits hold for both, where a queue rings them.
        self._agents = {
            one.digits: one
            for step in reversed(steps)
            if isinstance(step.action, EnterQueue)
            for one in reversed(list(forwardings(step)))
            if self._own(one)
        }
        # Ports with the same right to call share one policy; elements have theirs by name.
        self._ports: dict[Scopes, str] = {}
        self._elements: dict[str, Scopes] = {}
        for step in steps:
            self._note(self._of(step))
            for one in forwardings(step):
                self._note(self._of(step, one))
        for one in self._agents.values():
            self._note(self._of(None, one))
        self._users = (
            {key: own for key, own in plan.limits.users.items() if own.limits_out} if _remote(plan) else {}
        )
        self._lines = {
            key: own.lines_all
            for key, own in plan.limits.users.items()
            if own.lines_all is not None and _remote(plan)
        }
        for user in self._users.items():
            self._note(self._of_user(user))
            for step in steps:
                if isinstance(step.action, AskPin | CallBack):
                    self._note((*self._of(step), *self._of_user(user)))
        for port in self._limits.ports:
            if port.own.limits_out or port.user.limits_out:
                self._ports.setdefault(_of_port(port), str(port.port_id))

    @property
    def guards_out(self) -> bool:
        """Whether calls out are looked at before they go."""
        return bool(self._ports or self._elements or self._limits.client.limits_out)

    @property
    def by_pin(self) -> str:
        """What stands before the digits that are dialled by PIN; on his own telephone he has a line already."""
        return '${IF($["${GROUP(u${ATSU}a)}"=""]?t:a)}' if self._lines else "a"

    @property
    def counts_made(self) -> bool:
        """Whether a user's lines are taken by calls that the exchange makes on his behalf."""
        return bool(self._lines)

    def users_line(self, add: Add) -> None:
        """Take a line of the user on whose behalf (${ATSU}) a call is made; ${GOSUB_RETVAL} is 0 when none is free."""
        if self._lines:
            add("GosubIf", f"${{DIALPLAN_EXISTS({self._context},m${{ATSU}},1)}}?m${{ATSU}},1")

    def of_port(self, port: PortLimits) -> str:
        """The policy of calls from a port; empty: the client's."""
        return self._ports.get(_of_port(port), "")

    def way(self, step: Step, one: DialForwarding) -> str:
        """What stands before the digits of a number that this step rings."""
        return f"u{_name(self._of(step, one))}*" if self._elements else "o"

    def of_step(self, step: Step) -> str | None:
        """What ${ATSEL} must be before the step's action; None: nothing looks at it."""
        if not self._elements or not isinstance(step.action, _NAMED_LATER):
            return None
        return _name(self._of(step)) if leads_outside(step) else ""

    def mutes(self, step: Step) -> bool:
        """Whether a refusal is not told: the caller goes on by the step's «По занято» at once."""
        return bool(self._elements) and leads_outside(step) and Outcome.BUSY in step.targets

    def unnamed(self, add: Add) -> None:
        """`o<digits>`, a call that takes the client's way out without naming a policy: that of the step it comes from,
        and of the user on whose behalf (${ATSU}: by PIN or by his telephone's number)."""
        plain = f"u{'${ATSEL}' if self._elements else ''}*${{EXTEN:1}},1"
        if self._users:
            his = "u${ATSEL}u${ATSU}*${EXTEN:1},1"
            add("GotoIf", f"${{DIALPLAN_EXISTS({self._context},{his})}}?{his}:{plain}")
        else:
            add("Goto", plain)

    @property
    def guards_agents(self) -> bool:
        """Whether what a queue rings outside has limits of its own: then it enters by `q<what it rings>`."""
        return bool(self._agents)

    def write(self, exten: Exten) -> None:
        """All extensions of the policies."""
        if self._agents:
            exten("_qoX!")("Goto", "u${ATSEL}*${EXTEN:2},1")
            for digits, one in sorted(self._agents.items()):
                check(DIGITS, digits)
                name = f"f{one.forwarding_id}"
                exten(f"qo{digits}")("Goto", f"u${{ATSEL}}{name}*{digits},1")
        self._users_lines(exten)
        known: dict[str, Scopes] = {"": ()} if self.guards_out else {}
        known |= {policy: scopes for scopes, policy in self._ports.items()}
        for policy, scopes in (known | self._elements).items():
            self._policy(policy, (*scopes, (f"c{self._client}", self._limits.client)), exten)

    # -- who has a say -------------------------------------------------------------------

    def _note(self, scopes: Scopes) -> None:
        if scopes:
            self._elements[_name(scopes)] = scopes

    def _of(self, step: Step | None, one: DialForwarding | None = None) -> Scopes:
        """The step, the user whose number it stands in, the forwarding number: in the order of names."""
        found: list[tuple[Whose, OwnLimits]] = []
        if step is not None and step.limits.out.limits_out:
            found.append((f"s{step.id}", step.limits.out))
        owner = self._owners.get(step.id) if step is not None else None
        if owner is not None:
            user = self._limits.users.get(owner, OwnLimits())
            if user.limits_out or self._asks:  # a user may have an account of his own
                found.append((f"u{owner}", user))
        if one is not None:
            if step is not None and isinstance(step.action, EnterQueue):
                one = self._agents.get(one.digits, one)
            if own := self._own(one):
                found.append((f"f{one.forwarding_id}", own))
        return tuple(found)

    def _of_user(self, user: tuple[int, OwnLimits]) -> Scopes:
        return ((f"u{user[0]}", user[1]),)

    def _own(self, one: DialForwarding) -> OwnLimits | None:
        own = self._limits.elements.get(("forwarding", one.forwarding_id), Limits()).out
        return own if own.limits_out else None

    # -- what is written -----------------------------------------------------------------

    def _users_lines(self, exten: Exten) -> None:
        for user_id, lines in sorted(self._lines.items()):
            add = exten(f"m{user_id}")
            add("Gosub", f"{LINES},s,1(u{user_id}a,{lines})")
            word = f"{PATH}=${{{PATH}}} {self._client}=la@u{user_id}"
            add("ExecIf", f'$["${{GOSUB_RETVAL}}"="0"]?Set({word})')
            add("Return", "${GOSUB_RETVAL}")
        if self._lines:
            add = exten("_t!")
            self.users_line(add)
            add("GotoIf", f'$["${{GOSUB_RETVAL}}"="0"]?{TOLD},lines,1')
            add("Goto", "a${EXTEN:1},1")

    def _policy(self, policy: str, scopes: Scopes, exten: Exten) -> None:
        start = f"{policy}*"
        skip = len(start) + 1
        verdicts = refusals(self._area_code, scopes)
        direct = len(verdicts) == 1 and verdicts[0][1] is None
        for prefix, verdict in verdicts:
            if prefix:
                check(DIGITS, prefix)
            add = exten(f"_u{start}{prefix}!" if prefix else f"_u{start}X!")
            if verdict is not None:
                reason, whose = verdict
                called = f"{self._client}>${{EXTEN:{skip}}}"
                add("Set", f"{PATH}=${{{PATH}}} {called} {self._client}={reason}@{whose}")
                add("Goto", f"{TOLD},closed,1")
            elif direct:
                self._chain(policy, scopes, add)
            else:
                add("Goto", f"w{start}${{EXTEN:{skip}}},1")
        if not direct and any(verdict is None for _, verdict in verdicts):
            self._chain(policy, scopes, exten(f"_w{start}X!"))

    def _chain(self, policy: str, scopes: Scopes, add: Add) -> None:
        """An allowed call: its outgoing lines, its longest duration, whom the authoriser is to count, and out."""
        skip = len(policy) + 2
        # What a step leads out has a channel that stays to the end; a subscriber may leave his call.
        stays = not policy or policy.isdigit()
        digits = f"${{EXTEN:{skip}}}"
        block = Block()
        for whose, own in reversed(scopes):  # the client's first: it is the one most calls share
            if own.lines_out is not None:
                take = (f"{whose}o", own.lines_out, f"lo@{whose}")
                block.take(take, refused(self._client, take, f" {self._client}>{digits}"))
        if stays:
            block.leave()
        durations = [own.duration_out_s for _, own in scopes if own.duration_out_s is not None]
        if durations:
            longest = min(durations)
            # Through a trunk the talk is measured; inside the exchange there is only the channel's own clock.
            block.add("Set", f"ATSO={longest}")
            inside = f"${{DIALPLAN_EXISTS(did,{digits},1)}}"
            block.add("ExecIf", f"{inside}?Set(TIMEOUT(absolute)={longest})")
        counted = any(own.counted for _, own in scopes)
        if counted:
            block.add("Set", f"ATSASK={self._context}")
        if (counted or self._asks) and (elements := _told(scopes)):
            block.add("Set", f"ATSEC={elements}")
        block.add("Goto", f"v{digits},1")
        block.write(add)


def refused(client_id: int, take: Take, called: str = "") -> list[tuple[str, str]]:
    """What a caller outside is told when there is no such line."""
    return [("Set", f"{PATH}=${{{PATH}}}{called} {client_id}={take[2]}"), ("Goto", f"{TOLD},lines,1")]


def leads_outside(step: Step) -> bool:
    """Whether calls leave the exchange because of this step itself."""
    return isinstance(step.action, AskPin | CallBack) or any(True for _ in forwardings(step))


def forwardings(step: Step) -> Iterable[DialForwarding]:
    """The numbers outside that a step rings."""
    match step.action:
        case DialForwarding() as one:
            yield one
        case RingAll(members=members):
            yield from (one for one in members if isinstance(one, DialForwarding))
        case EnterQueue(unknown=agents):
            yield from (one for one in agents if isinstance(one, DialForwarding))


def _remote(plan: ClientPlan) -> bool:
    """Whether users call by the exchange from telephones that are no ports of it."""
    steps = (step for number in plan.numbers for step in number.steps)
    return plan.remote or any(isinstance(step.action, AskPin | CallBack) for step in steps)


def _of_port(port: PortLimits) -> Scopes:
    found: list[tuple[Whose, OwnLimits]] = []
    if port.own.limits_out:
        found.append((f"p{port.port_id}", port.own))
    if port.user.limits_out:
        found.append((f"u{port.user_id}", port.user))
    return tuple(found)


def _told(scopes: Scopes) -> str:
    """Elements and the owner of a number, `s9u7f4`: the authoriser cannot know them. Ports and their users it sees."""
    if any(whose[0] == "p" for whose, _ in scopes):
        return ""
    return "".join(whose for whose, _ in scopes if whose[0] in "sfu")


def _name(scopes: Scopes) -> str:
    return "".join(whose for whose, _ in scopes)
