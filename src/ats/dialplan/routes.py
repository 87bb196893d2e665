"""Compiles the operator's outbound routes: E.164 prefix → trunks in order, next one when a trunk fails."""

import re
from collections.abc import Sequence

from ats.dialplan.elements.base import DIAL_OPTIONS, PATH, RING_S
from ats.dialplan.model import Compiled, Line, RoutePlan
from ats.dialplan.technology import through

# ${ATSS}: how long a paid call may last, `S(60)`; empty for one that costs nothing (see engine/contexts.py).
# ${ATSHOLD}: of a caller with limits on lines, what keeps his line with the call (see taking.py).
_PREFIX = re.compile(r"[0-9]{0,15}\Z")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
# The called number itself is at fault or answered «no»: another trunk would say the same (Q.850).
_FINAL_CAUSES = ("1", "17", "19", "21", "22", "28")
_NATIONAL = (
    '${IF($["${EXTEN:0:1}"="7" & ${LEN(${EXTEN})}=11]?8${EXTEN:1}'
    ":${IF($[${LEN(${EXTEN})}<6]?${EXTEN}:810${EXTEN})})}"
)
_FORMATS = {"e164": "${EXTEN}", "plus": "+${EXTEN}", "national": _NATIONAL}


def compile_routes(routes: Sequence[RoutePlan], version: int) -> Compiled:
    """Context `route.v<version>`, entered with E.164 digits as extension; the longest prefix wins.

    Raises ValueError for a prefix, endpoint or format that must not stand in a dialplan.
    """
    context = f"route.v{version}"
    lines: list[Line] = []
    for route in routes:
        if not _PREFIX.match(route.prefix):
            raise ValueError(f"route prefix is not digits: {route.prefix!r}")
        exten = f"_{route.prefix}!" if route.prefix else "_X!"
        lines += _route(context, exten, route)
    lines.append(Line(context, "i", 1, "Hangup", "3"))
    pointers = (Line("route", "_X!", 1, "Goto", f"{context},${{EXTEN}},1"),)
    return Compiled(version, tuple(lines), pointers)


def _route(context: str, exten: str, route: RoutePlan) -> list[Line]:
    lines: list[Line] = []

    def add(app: str, data: str) -> None:
        lines.append(Line(context, exten, len(lines) + 1, app, data))

    final = " | ".join(f'"${{HANGUPCAUSE}}"="{cause}"' for cause in _FINAL_CAUSES)
    for index, trunk in enumerate(route.trunks):
        if not _WORD.match(trunk.endpoint):
            raise ValueError(f"endpoint is not allowed in a dialplan: {trunk.endpoint!r}")
        add("Set", f"{PATH}=${{{PATH}}} t{trunk.port_id}")
        called = through(trunk.kind, trunk.endpoint, _FORMATS[trunk.number_format])
        add("Dial", f"{called},{RING_S},{DIAL_OPTIONS}${{ATSS}}${{ATSHOLD}}")
        if index + 1 < len(route.trunks):
            done = len(route.trunks) * 3  # priority of the last line, where the call ends
            add(
                "GotoIf",
                f'$["${{DIALSTATUS}}"="ANSWER" | "${{DIALSTATUS}}"="NOANSWER" | {final}]?{done}',
            )
    add("Hangup", '${IF($["${DIALSTATUS}"="ANSWER"]?16:${HANGUPCAUSE})}' if route.trunks else "3")
    return lines
