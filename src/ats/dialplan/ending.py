"""Context `ats-end`: how a walk ends when the outcome of a step has no target (static, shared by all clients).

Compiled steps jump here with what the last application said as the extension: DIALSTATUS, PLAYBACKSTATUS
or the cause a nested number returned. Each writes the last token of the path and returns the Q.850 cause
to the number's entry (or to the step that called this number).
"""

from ats.dialplan.elements.base import CAUSE, DECLINED, ENTRY_CAUSE, PATH
from ats.dialplan.model import Line, Outcome
from ats.dialplan.talk import BACK

_STATUSES = {
    Outcome.ANSWERED: ("ANSWER", "SUCCESS", "16", "qCONTINUE", "kleft"),
    Outcome.NO_ANSWER: ("NOANSWER", "19", "qTIMEOUT"),
    Outcome.BUSY: ("BUSY", "17", "qFULL", "kfull"),
    Outcome.FOUND: ("FOUND",),
    Outcome.NOT_FOUND: ("NOT_FOUND",),
    Outcome.NO_ROUTE: (
        "DONTCALL",
        "TORTURE",
        "INVALIDARGS",
        "FAILED",
        "20",
        "kwrong",
        "q",
        "qJOINEMPTY",
        "qJOINUNAVAIL",
        "qLEAVEEMPTY",
        "qLEAVEUNAVAIL",
    ),
}
CONTEXT = "ats-end"


def ending_lines() -> tuple[Line, ...]:
    """Lines of `ats-end`, in the form the compiler uses."""
    lines: list[Line] = []
    for outcome, statuses in _STATUSES.items():
        for status in statuses:
            own = []
            if outcome is not Outcome.ANSWERED:
                # Sent here by a port with «Возврат вызова» (S140): back to it.
                own.append(("GotoIf", f'$["${{ATSBACK}}" != ""]?{BACK},{status},1'))
            own.append(("Set", f"{PATH}=${{{PATH}}} {outcome}-"))
            own.append(("Return", str(CAUSE[outcome])))
            lines += [Line(CONTEXT, status, at, *line) for at, line in enumerate(own, 1)]
    for status in ("CHANUNAVAIL", "CONGESTION"):
        # A phone that declined is busy to people, as in the steps' own conditions.
        lines.append(Line(CONTEXT, status, 1, "Goto", f"${{IF($[{DECLINED}]?17:20)}},1"))
    lines.append(Line(CONTEXT, "via", 1, "Return", str(ENTRY_CAUSE)))
    lines += [Line(CONTEXT, f"via{outcome}", 1, "Return", str(cause)) for outcome, cause in CAUSE.items()]
    lines.append(Line(CONTEXT, "loop", 1, "Set", f"{PATH}=${{{PATH}}} !loop"))
    lines.append(Line(CONTEXT, "loop", 2, "Hangup", str(ENTRY_CAUSE)))
    return tuple(lines)
