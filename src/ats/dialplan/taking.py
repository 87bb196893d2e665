"""Lines that calls take and give back (GROUP under a lock), and what a caller hears when there is none."""

from collections.abc import Sequence

from ats.dialplan.elements.base import Add
from ats.dialplan.model import Line

# A line to take: category of the group, how many there are, the word of the path when none is free.
Take = tuple[str, int, str]
LINES = "ats-lines"
LEFT, HOLD = "ats-left", "ats-hold"
TOLD = "ats-limit"
# What the caller hears, from the engine's sound packs (and engine/sounds) in his language, and the cause he gets.
_TOLD = {
    "lines": ("simul-call-limit-reached", 17),
    "closed": ("feature-not-avail-line", 21),
    "spent": ("im-sorry&pls-try-call-later", 21),
    "money": ("ats-own/no-money", 21),
    "unpaid": ("im-sorry&feature-not-avail-line", 21),
}


def static_lines() -> tuple[Line, ...]:
    """The contexts all clients share: taking a line, leaving it to the call, telling a caller why his call ends.

    `ats-lines,s,1(<category>,<lines>)` returns 1 with the line taken, 0 without. `ats-left` is a hang-up handler of
    callers whose lines stand in ${ATSHELD}; `ats-hold` sees to it that they are held when the city answers.
    """
    category, count = "${ARG1}", "${ARG2}"
    free = f"${{GROUP_COUNT(1@{category})}} < {count}"
    half = '"${CHANNEL(name):-2}"'
    take = [
        ("Set", f"ATSG=${{LOCK({category})}}"),
        ("GotoIf", f'$[${{ATSG}} & {free} & {half} != ";1"]?10'),
        # None is free. But this call may be in one already, or get that of the telephone that sends it on and goes.
        ("GotoIf", f'$[${{ATSG}} & "${{GROUP({category})}}" != ""]?11'),
        ("GotoIf", f'$[{half} != ";1"]?7'),
        # The second leg of a call that the exchange makes: the first one, on the other half, may have taken it.
        ("GotoIf", f'$[${{ATSG}} & "${{IMPORT(${{CHANNEL(name):0:-1}}2,GROUP({category}))}}" != ""]?11'),
        ("GotoIf", f"$[${{ATSG}} & {free}]?10"),
        ("GotoIf", '$["${BLINDTRANSFER}" = ""]?9'),
        ("GotoIf", f'$[${{ATSG}} & "${{IMPORT(${{BLINDTRANSFER}},GROUP({category}))}}" != ""]?10'),
        ("Goto", "13"),
        ("Set", f"GROUP({category})=1"),
        ("Set", f"ATSX=${{UNLOCK({category})}}"),
        ("Return", "1"),
        ("Set", f"ATSX=${{UNLOCK({category})}}"),
        ("Return", "0"),
    ]
    # Whoever leaves a call that he has put through leaves his lines to its leg outside, which costs until it ends.
    left = [
        ("Set", "ATSX=${DIALEDPEERNAME}"),
        ("GotoIf", '$["${ATSX}" =~ "^([A-Z0-9]+/t[0-9]+-|Local/)"]?4'),
        ("Return", ""),
        ("GotoIf", "$[${CHANNEL_EXISTS(${ATSX})} = 0]?3"),
        ("Set", "ATSG=${CUT(ATSHELD,-,1)}"),
        ("Set", "ATSHELD=${CUT(ATSHELD,-,2-)}"),
        ("ExecIf", '$["${GROUP(${ATSG})}" != ""]?Set(EXPORT(${ATSX},GROUP(${ATSG}))=1)'),
        ("GotoIf", '$["${ATSHELD}" != ""]?5'),
        ("Return", ""),
    ]
    found = [Line(LINES, "s", index, *line) for index, line in enumerate(take, 1)]
    found += [Line(LEFT, "s", index, *line) for index, line in enumerate(left, 1)]
    # On the leg that was answered: who has left while it rang took his lines with him (somebody else has his place).
    hold = [
        ("Set", "ATSG=${CUT(ARG2,-,1)}"),
        ("Set", "ARG2=${CUT(ARG2,-,2-)}"),
        ("ExecIf", '$["${IMPORT(${ARG1},GROUP(${ATSG}))}" = ""]?Set(GROUP(${ATSG})=1)'),
        ("GotoIf", '$["${ARG2}" != ""]?1'),
        ("Return", ""),
    ]
    found += [Line(HOLD, "s", index, *line) for index, line in enumerate(hold, 1)]
    for exten, (sounds, cause) in _TOLD.items():
        told = [
            ("GotoIf", '$["${ATSMUTE}"!=""]?4'),  # the step it comes from goes on by «По занято»
            ("Progress", ""),
            ("Playback", f"{sounds},noanswer"),
            ("Hangup", str(cause)),
        ]
        found += [Line(TOLD, exten, index, *line) for index, line in enumerate(told, 1)]
    return tuple(found)


class Block:
    """One extension whose refusals stand behind its last line: a caller's digits stay in EXTEN."""

    def __init__(self) -> None:
        self._main: list[tuple[str, str]] = []
        self._refusals: list[tuple[int, list[tuple[str, str]]]] = []
        self._taken: list[str] = []

    def add(self, app: str, data: str) -> None:
        self._main.append((app, data))

    def take(self, take: Take, refused: Sequence[tuple[str, str]]) -> None:
        """Take a line; without one, give back what was taken here before and do `refused`."""
        category, count, _ = take
        self.add("Gosub", f"{LINES},s,1({category},{count})")
        self.add("GotoIf", "")
        given_back = [("Set", f"GROUP({taken})=") for taken in reversed(self._taken)]
        self._refusals.append((len(self._main) - 1, [*given_back, *refused]))
        self._taken.append(category)

    def leave(self) -> None:
        """What was taken here stays with the call when the caller leaves it and it goes on (a consulted transfer)."""
        if self._taken:
            self.add("ExecIf", f'$["${{ATSHELD}}"=""]?Set(CHANNEL(hangup_handler_push)={LEFT},s,1)')
            self.add("Set", f"ATSHELD=${{ATSHELD}}{''.join(f'{taken}-' for taken in self._taken)}")
            self.add("Set", f"ATSHOLD=U({HOLD}^${{CHANNEL(name)}}^${{ATSHELD}})")

    def write(self, add: Add) -> None:
        at = len(self._main) + 1
        for index, lines in self._refusals:
            self._main[index] = ("GotoIf", f'$["${{GOSUB_RETVAL}}"="0"]?{at}')
            at += len(lines)
        for app, data in (*self._main, *(line for _, lines in self._refusals for line in lines)):
            add(app, data)
