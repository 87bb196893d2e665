"""Compiles one client's dialplan into native Asterisk priorities (a pure function: same plan, same text).

Shape, for client 17 at version 5 (docs/architecture/dialplan.md):

    c17     pointer: what a subscriber dials        -> c17.v5,<digits>
    c17.in  pointer: calls from outside, by number id -> c17.v5,n<number id>
    c17.v5  101 / n43: entry of number 43 · g43: its steps as a subroutine that returns a Q.850 cause
            l43-2: choice among the steps of level 2 · s9: step 9 · s9n: its target for «Нет ответа»

A subscriber can reach only extensions of digits, `*`, `#` and `+` through the pointer, so labels that start
with a letter cannot be dialled.
"""

import re
from collections.abc import Sequence

from ats.dialplan import codes, language, talk
from ats.dialplan.calendar import is_always, outside_dates, parts, time_spec, wrong_day
from ats.dialplan.directions import EMERGENCY_NUMBERS
from ats.dialplan.elements import compile_action
from ats.dialplan.elements.base import (
    CAUSE,
    DIGITS,
    ENTRY_CAUSE,
    PATH,
    WORD,
    ZONE,
    Add,
    Finish,
    Fork,
    Site,
    check,
    context_of,
    count_step,
)
from ats.dialplan.elements.mailboxes import compile_mailboxes
from ats.dialplan.elements.menus import compile_menus
from ats.dialplan.extras import Extras
from ats.dialplan.graph import Levels, guarded_numbers
from ats.dialplan.limits import LimitCompiler
from ats.dialplan.model import (
    AskPin,
    CallBack,
    ClientPlan,
    Compiled,
    DialPort,
    EnterMenu,
    GoNumber,
    Holidays,
    JoinConference,
    Line,
    NumberPlan,
    Outcome,
    Step,
)
from ats.dialplan.technology import channel

_DOWN = re.compile(r"[0-9]{0,15}[X0-9]{0,11}!?\Z")


def compile_client(plan: ClientPlan) -> Compiled:
    """All lines of a client. Raises ValueError for a value that must not stand in a dialplan."""
    writer = _Writer(context_of(plan))
    guarded = guarded_numbers(plan)
    limits = LimitCompiler(plan, writer.context)
    dids: list[str] = []
    rung = "q" if limits.policies.guards_agents else ""
    pointers = [
        *_dialled(f"c{plan.client_id}", writer.context, limits.dialled),
        Line(f"c{plan.client_id}.in", "_X!", 1, "Goto", f"{writer.context},{limits.entered}${{EXTEN}},1"),
        # Agents of queues outside: what a queue rings is called the same in every version.
        Line(f"c{plan.client_id}.out", "_oX!", 1, "Goto", f"{writer.context},{rung}${{EXTEN}},1"),
    ]
    for number in plan.numbers:
        check(DIGITS, number.digits)
        check(ZONE, number.time_zone)
        _NumberCompiler(plan, number, writer, limits, number.id in guarded).compile()
        if number.external:
            dids.append(number.digits)
            pointers.append(Line("did", number.digits, 1, "Goto", f"c{plan.client_id}.in,{number.id},1"))
    pointers += _own_contexts(plan, writer)
    compile_menus(plan, writer.context, writer.exten)
    compile_mailboxes(plan, writer.exten)
    if plan.mailboxes:
        check(ZONE, plan.time_zone)
        # Shared contexts ask here for the present version (`ats-vm`); only the exchange itself gets into c<id>.in.
        pointers += [
            Line(f"c{plan.client_id}.in", "ver", 1, "Set", f"ATSCTX={writer.context}"),
            Line(f"c{plan.client_id}.in", "ver", 2, "Set", f"ATSZONE={plan.time_zone}"),
            Line(f"c{plan.client_id}.in", "ver", 3, "Return", ""),
        ]
    _outgoing(plan, writer, limits)
    limits.write(writer.exten)
    steps = [step for number in plan.numbers for step in number.steps]
    if any(isinstance(step.action, CallBack) for step in steps):
        _callbacks(plan, writer, limits)
    if plan.remote or any(isinstance(step.action, AskPin) for step in steps):
        _remote(plan, writer, limits)
    if any(step.calendar.holidays is not Holidays.ANY for step in steps):
        for day in plan.holidays:
            writer.exten(f"h{day:%Y%m%d}")("NoOp", "")
    return Compiled(plan.version, tuple(writer.lines), tuple(pointers), dids=tuple(dids))


class _Writer:
    """Collects lines of one context, numbering priorities per extension."""

    def __init__(self, context: str) -> None:
        self.context = context
        self.lines: list[Line] = []
        self.shared: set[str] = set()

    def exten(self, exten: str) -> Add:
        """Returns add(app, data) for the next priorities of `exten`."""
        priority = 0

        def add(app: str, data: str) -> None:
            nonlocal priority
            priority += 1
            self.lines.append(Line(self.context, exten, priority, app, data))

        return add


class _NumberCompiler:
    def __init__(
        self, plan: ClientPlan, number: NumberPlan, writer: _Writer, limits: LimitCompiler, guarded: bool
    ) -> None:
        self._plan = plan
        self._number = number
        self._writer = writer
        self._limits = limits
        self._guarded = guarded
        self._levels = Levels(number)
        self._targets = {level for step in number.steps for level in step.targets.values()}

    def compile(self) -> None:
        self._entry()
        inlined = self._subroutine()
        for level, steps in self._levels.items():
            if self._needs_block(level):
                self._level_block(level, steps)
            for step in steps:
                if step is not inlined:
                    self._step(step)
                self._step_targets(step)

    def _entry(self) -> None:
        number = self._number
        entry = self._writer.exten(f"n{number.id}" if number.external else number.digits)
        # An operator's call comes with the exchange's language; a subscriber's with his own or his client's.
        if number.external and language.needs_set(self._plan.language, (self._plan.system_language,)):
            for app, data in language.spoken(self._plan.language):
                entry(app, data)
        entry("Gosub", f"g{number.id},1")
        entry("Hangup", "${GOSUB_RETVAL}")
        if not number.external:
            self._writer.exten(f"n{number.id}")("Goto", f"{number.digits},1")

    def _subroutine(self) -> Step | None:
        """`g<id>`: the number as a subroutine. Returns the first step if its body stands right here."""
        add = self._writer.exten(f"g{self._number.id}")
        token = f" {self._plan.client_id}/{self._plan.version}/{self._number.id} "
        first = self._levels.first
        if first is None:
            add("Set", f"{PATH}=${{{PATH}}}{token}!")
            add("Return", str(ENTRY_CAUSE))
            return None
        step = self._levels.steps(first)[0]
        if not is_always(step.calendar) or self._guarded:
            add("Set", f"{PATH}=${{{PATH}}}{token}")
            add("Goto", f"{self._level_label(first)},1")
            return None
        add("Set", f"{PATH}=${{{PATH}}}{token}{step.id}")
        if first in self._targets:
            add("Goto", f"s{step.id},2")  # the step's own first priority only writes the token
            return None
        self._body(step, add)
        return step

    def _needs_block(self, level: int) -> bool:
        return self._level_label(level).startswith("l") and (
            level in self._targets or level == self._levels.first
        )

    def _level_label(self, level: int) -> str:
        """Where a call that goes to `level` continues; the choice is left out when it is no choice."""
        step = self._levels.steps(level)[0]
        return f"s{step.id}" if is_always(step.calendar) else f"l{self._number.id}-{level}"

    def _level_block(self, level: int, steps: Sequence[Step]) -> None:
        label = f"l{self._number.id}-{level}"
        add = self._writer.exten(label)
        zone = self._number.time_zone
        priority = 1
        for step in steps:
            if is_always(step.calendar):
                add("Goto", f"s{step.id},1")
                return
            for part in parts(step.calendar):
                unfit = [outside_dates(part, zone), wrong_day(part, zone, self._writer.context)]
                tests = [test for test in unfit if test is not None]
                for index, test in enumerate(tests):
                    add("GotoIf", f"{test}?{label},{priority + len(tests) - index + 1}")
                    priority += 1
                add("GotoIfTime", f"{time_spec(part, zone)}?s{step.id},1")
                priority += 1
        # Nothing applies now: the cause follows from the condition that led here, the last letter of the path.
        add("Set", f"ATSVIA=${{{PATH}:-1}}")
        add("Set", f"{PATH}=${{{PATH}}}?{level}")
        add("Goto", "ats-end,via${FILTER(a-z,${ATSVIA})},1")

    def _step(self, step: Step) -> None:
        add = self._writer.exten(f"s{step.id}")
        if self._guarded:
            count_step(add)
        add("Set", f"{PATH}=${{{PATH}}}{step.id}")
        self._body(step, add)

    def _body(self, step: Step, add: Add) -> None:
        if Outcome.FORWARD in step.targets:
            add("Goto", f"s{step.id}f,1")
            return
        limited = self._limits.begin_step(step, add, self._writer.exten)
        writer = self._writer
        policies = self._limits.policies
        site = Site(
            self._plan, self._number, step, add, writer.exten, policies, limited.talk_limit, writer.shared
        )
        if (policy := policies.of_step(step)) is not None:
            add("Set", f"__ATSEL={policy}")
        muted = policies.mutes(step)
        if muted:
            add("Set", "__ATSMUTE=1")
        before, after = _around(self._plan, step)
        for app, data in before:
            add(app, data)
        finish = compile_action(site, step.action)
        if finish is not None:
            if muted:
                add("Set", "__ATSMUTE=")
            limited.end(add)
            for app, data in after:
                add(app, data)
        if isinstance(finish, Fork):
            self._fork(step, add, finish)
        elif finish is not None:
            self._finish(step, add, finish)

    @staticmethod
    def _fork(step: Step, add: Add, fork: Fork) -> None:
        ways = [
            f"s{step.id}{outcome},1" if outcome in step.targets else f"ats-end,{outcome.name},1"
            for outcome in (fork.yes, fork.no)
        ]
        add("GotoIf", f"{fork.test}?{ways[0]}:{ways[1]}")

    @staticmethod
    def _finish(step: Step, add: Add, finish: Finish) -> None:
        """Go to the target of the outcome; `ats-end` ends the walk for outcomes without target."""
        for outcome, test in finish.tests.items():
            if outcome in step.targets:
                add("GotoIf", f"$[{test}]?s{step.id}{outcome},1")
        end = talk.BACK if _extras(step).call_return else "ats-end"
        add("Goto", f"{end},{finish.status},1")

    def _step_targets(self, step: Step) -> None:
        for outcome, level in step.targets.items():
            add = self._writer.exten(f"s{step.id}{outcome}")
            if level in self._levels:
                add("Set", f"{PATH}=${{{PATH}}} {outcome}")
                add("Goto", f"{self._level_label(level)},1")
            else:
                add("Set", f"{PATH}=${{{PATH}}} {outcome}!{level}")
                add("Return", str(CAUSE[outcome]))


def _remote(plan: ClientPlan, writer: _Writer, limits: LimitCompiler) -> None:
    """`a<what is dialled>`: the way in for those who call from elsewhere; numbers only, no feature codes.
    `j<the same>`: for the first leg of calls that the exchange makes, which take a line of the client.

    `y<E.164>`: whose telephone that is.
    """

    def way(pattern: str, e164: str) -> None:
        writer.exten(pattern)("Goto", f"o{e164},1")

    way("_a8XXXXXXXXXX", "7${EXTEN:2}")
    way("_a810X.", "${FILTER(0-9,${EXTEN:4})}")
    way("_a+X.", "${FILTER(0-9,${EXTEN})}")
    inside = writer.exten("_aX!")
    own = f"${{DIALPLAN_EXISTS({writer.context},${{EXTEN:1}},1)}}"
    inside("GotoIf", f"$[${{LEN(${{EXTEN}})}} < 8 & {own}]?${{EXTEN:1}},1")
    inside("Hangup", "1")
    limits.made(writer.exten("_j!"), "a${EXTEN:1},1")
    for digits, user_id in plan.known_callers:
        check(DIGITS, digits)
        known = writer.exten(f"y{digits}")
        known("Set", f"__ATSU={user_id}")
        known("Return", "")


def _callbacks(plan: ClientPlan, writer: _Writer, limits: LimitCompiler) -> None:
    """`b<caller>`: calls a caller back once he has had time to hang up; inside the client, or out at its cost."""
    back = writer.exten("_bX!")
    back("Wait", "3")
    # Inside, the line is taken as whenever somebody dials.
    back("GotoIf", f"$[${{LEN(${{EXTEN}})}} > 7]?bo${{EXTEN:1}},1:c{plan.client_id},${{EXTEN:1}},1")
    limits.made(writer.exten("_boX!"), "o${EXTEN:2},1")


def _extras(step: Step) -> Extras:
    """ДВО of a step: its own, else those of what it leads to, else the usual ones."""
    return step.extras or getattr(step.action, "extras", None) or Extras()


def _around(plan: ClientPlan, step: Step) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Priorities before and after a step's action that its ДВО ask for."""
    forbidding = _forbidding(step)
    before, after = talk.before(forbidding), talk.after(forbidding)
    own_room = (
        isinstance(step.action, JoinConference) and step.action.record
    )  # recorded as one, with this caller
    through = isinstance(step.action, EnterMenu | JoinConference | GoNumber) and not own_room
    if through and _extras(step).record:
        begin, end = talk.through(plan.client_id)
        before, after = before + begin, end + after
    return before, after


def _forbidding(step: Step) -> Extras:
    """What a step forbids to both sides. A port's own switches are its endpoint's matter: the other side keeps its."""
    return Extras() if step.extras is None and isinstance(step.action, DialPort) else _extras(step)


def _dialled(pointer: str, context: str, label: str = "") -> list[Line]:
    """What a subscriber dials → the present version. Two patterns, because one that takes any length at once (`!`)
    would end a number that is keyed in a talk after its first digit."""
    target = f"{context},{label}${{FILTER(0-9*#+,${{EXTEN}})}},1"
    return [Line(pointer, exten, 1, "Goto", target) for exten in ("_[0-9*#+]", "_[0-9*#+].")]


def _own_contexts(plan: ClientPlan, writer: _Writer) -> list[Line]:
    """Ports with recording, return or codes in a talk: `p33*<dialled>` for their own calls and those they transfer."""
    pointers = []
    for port in plan.ports:
        check(WORD, port.endpoint)
        telephone = channel(port.kind, port.endpoint)
        label, own = f"p{port.port_id}*", f"{telephone}-"
        context = talk.port_context(plan.client_id, port.port_id)
        pointers += _dialled(context, writer.context, label)
        add = writer.exten(f"_{label}.")
        leave = ("Goto", f"c{plan.client_id},${{EXTEN:{len(label)}}},1")
        returns = port.extras.call_return
        add("GotoIf", f'$["${{CHANNEL:0:{len(own)}}}" = "{own}"]?{4 if returns else 3}')
        if returns:
            add("Set", f"ATSBACK={telephone}")
        add(*leave)
        if returns:
            add("Set", f"TRANSFER_CONTEXT={context}")
        if talk.by_keys(port.extras, keys=port.keys):
            add("Set", "BRIDGE_FEATURES=T")
        if marks := talk.mark_letters(port.extras):
            add("Gosub", f"{talk.MARK},s,1({plan.client_id},{marks})")
        add(*leave)
    return pointers


def _outgoing(plan: ClientPlan, writer: _Writer, limits: LimitCompiler) -> None:
    """What a subscriber may dial besides internal numbers: all leads out with E.164 digits.

    A client whose calls cost money goes through `o<E.164>`, the way out that forwards, transfers and
    callbacks of any client take as well (`Local/o79161234567@<this context>`): it says who pays. Others' own
    calls go straight to `ats-out` and cost nothing more. Where calls out are limited, all of them are looked at first.
    """

    own_call = f'$["${{CHANNEL(accountcode)}}" = "{plan.client_id}" & "${{CLIP}}" != ""]'

    def out(pattern: str, e164: str) -> None:
        way = limits.out(e164)
        if not way.startswith("ats-out,"):
            writer.exten(pattern)("Goto", way)
            return
        # Somebody else's call that a phone of ours has sent on: it goes at our cost and under our number.
        writer.exten(pattern)("GotoIf", f"{own_call}?{way}:o{e164},1")

    out("_8XXXXXXXXXX", "7${EXTEN:1}")
    out("_7XXXXXXXXXX", "${EXTEN}")  # as operators show their callers, and telephones call back
    out("_810X.", "${FILTER(0-9,${EXTEN:3})}")
    out("_+X.", "${FILTER(0-9,${EXTEN})}")
    if plan.area_code:
        check(DIGITS, plan.area_code)
        out("_" + "X" * (10 - len(plan.area_code)), f"7{plan.area_code}${{EXTEN}}")
    own = {number.digits for number in plan.numbers if not number.external}
    for short in sorted(EMERGENCY_NUMBERS):
        if short not in own:
            writer.exten(short)("Goto", f"ats-sos,{short},1")
    if limits.guards_out:
        limits.policies.unnamed(writer.exten("_oX!"))  # not by a subscriber's port
    leave = writer.exten("_vX!" if limits.guards_out else "_oX!")
    clip = next((number.digits for number in plan.numbers if number.external), "")
    asks = f",ATSASK={writer.context}" if plan.asks else ""
    leave("MSet", f"ATSC={plan.client_id},ATSCLIP={clip}{asks}")
    leave("Goto", "ats-leave,${EXTEN:1},1")
    for pattern in plan.when_down if plan.asks else ():
        check(_DOWN, pattern)
        writer.exten(f"_d{pattern}")("Goto", "route,${EXTEN:1},1")
    unknown = writer.exten("i")
    if any(port.extras.call_return for port in plan.ports):
        unknown("GotoIf", f'$["${{ATSBACK}}" != ""]?{talk.BACK},20,1')
    # What is no number may be a feature code; those are shared by all clients.
    unknown("Goto", f"{codes.CONTEXT},${{FILTER(0-9*#,${{INVALID_EXTEN}})}},1")
