"""What happens to a telephone's channel just before it rings (context `ats-ring`): pickup groups, order of a queue."""

from ats.dialplan.elements.base import WORD, check
from ats.dialplan.extras import Extras
from ats.dialplan.model import ClientPlan, Line

CONTEXT = "ats-ring"
ANSWERED = "ats-turn"  # on the channel of an agent who answered, for queues in turn
GIVEN_UP = "ats-unturn"  # on the caller's channel, when nobody answered
MAX_TURN = 1000  # penalties are kept below, the engine multiplies them by a million


def group_name(client_id: int, group_id: int) -> str:
    """Name of a pickup group in the engine: no other client can name it."""
    return f"c{client_id}g{group_id}"


def before_ringing(extras: Extras, groups: str = "", queue: str = "", step: int = 0, number: str = "") -> str:
    """Option of Dial and Queue: `groups` may take the call as well as the telephone's own group; ДВО «Перехват» off:
    nobody may; in a `queue` that counts, the agent goes back by `step`; `number`: the telephone's own, where the
    engine does not know it. Empty when there is nothing to do."""
    word = groups if extras.pickup else "none"
    if not word and not queue and not number:
        return ""
    for value in (word, queue, number):
        if value:
            check(WORD, value)
    if number:
        return f"b({CONTEXT}^n^1({word}^{queue}^{step}^{number}))"
    return f"b({CONTEXT}^s^1({word}^{queue}^{step}))"


def through_trunk(plan: ClientPlan) -> str:
    """`line` when calls through a line of the client may be picked up by that line's group (S181)."""
    return "line" if plan.trunk_groups else ""


def ringing_lines() -> tuple[Line, ...]:
    """The static contexts. ATSQ, ATSM, ATSN: queue, agent and length of a round, on the agent's channel."""
    lines: list[Line] = []

    def add(context: str, *rows: tuple[str, str]) -> None:
        lines.extend(Line(context, "s", index, app, data) for index, (app, data) in enumerate(rows, 1))

    member = "QUEUE_MEMBER(${ATSQ},penalty,${ATSM})"
    other = "QUEUE_MEMBER(${ATSQ},penalty,${ATSI})"
    groups = "CHANNEL(namedcallgroup)"
    add(
        CONTEXT,
        ("Set", 'ATSG=${IF($["${ARG1}"="line"]?${ATSLINE}:${ARG1})}'),
        ("ExecIf", f'$["${{ATSG}}"="none"]?Set({groups}=)'),
        ("ExecIf", f'$["${{ATSG:0:1}}"="c"]?Set({groups}=${{ATSG}},${{{groups}}})'),
        ("GotoIf", '$["${ARG2}"=""]?14'),
        ("Set", "ATSQ=${ARG2}"),
        ("Set", "ATSN=${ARG3}"),
        ("Set", 'ATSM=${CUT(CHANNEL(name),-,1)}${IF($["${CHANNEL(name):0:6}"="Local/"]?/n)}'),
        ("Set", f"{member}=$[${{{member}}} + ${{ATSN}}]"),
        ("GotoIf", f"$[${{{member}}} < {MAX_TURN} + ${{ATSN}} * 3]?14"),
        # Everybody goes down together: who is before whom stays.
        ("Set", "ATSL=${QUEUE_MEMBER_LIST(${ATSQ})}"),
        ("Set", "ATSI=${SHIFT(ATSL)}"),
        ("ExecIf", f'$["${{ATSI}}"!=""]?Set({other}=${{MAX(0,$[${{{other}}} - {MAX_TURN}])}})'),
        ("GotoIf", '$["${ATSL}"!=""]?11'),
        ("Return", ""),
    )
    lines += [
        Line(CONTEXT, "n", 1, "Set", "CALLERID(num)=${ARG4}"),
        Line(CONTEXT, "n", 2, "Goto", "s,1"),
    ]
    # The next call begins after the one who answered: who stood between the last and him (busy, resting) has had his
    # turn. What is noted is the answering agent's place, to which an unanswered call goes back.
    add(
        ANSWERED,
        ("Set", f"ATST=${{{member}}}"),
        ("Set", "DB(ats-turn/${ATSQ})=${ATST}"),
        ("Set", "ATSL=${QUEUE_MEMBER_LIST(${ATSQ})}"),
        ("Set", "ATSI=${SHIFT(ATSL)}"),
        ("ExecIf", f"$[${{{other}}} < ${{ATST}} - ${{ATSN}}]?Set({other}=$[${{{other}}} + ${{ATSN}}])"),
        ("GotoIf", '$["${ATSL}"!=""]?4'),
        ("Return", ""),
    )
    add(
        GIVEN_UP,
        ("Set", "ATSQ=${ARG1}"),
        ("Set", "ATSN=${ARG2}"),
        # Answered, or others wait and are just being rung: nothing goes back.
        ("GotoIf", '$["${QUEUESTATUS}"="CONTINUE" | ${QUEUE_WAITING_COUNT(${ATSQ})} > 0]?11'),
        ("GotoIf", '$["${ABANDONED}"!="TRUE" & "${QUEUESTATUS}"=""]?11'),
        ("Set", 'ATST=${IF($["${DB(ats-turn/${ATSQ})}"=""]?$[${ATSN} - 1]:${DB(ats-turn/${ATSQ})})}'),
        ("Set", "ATSL=${QUEUE_MEMBER_LIST(${ATSQ})}"),
        ("Set", "ATSI=${SHIFT(ATSL)}"),
        ("ExecIf", f"$[${{{other}}} > ${{ATST}}]?Set({other}=$[${{{other}}} - ${{ATSN}}])"),
        ("GotoIf", f"$[${{{other}}} > ${{ATST}}]?8"),
        ("GotoIf", '$["${ATSL}"!=""]?7'),
        ("Return", ""),
    )
    return tuple(lines)
