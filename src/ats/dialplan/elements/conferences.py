"""«Конференция»: everybody in a room hears everybody."""

from ats.dialplan.elements.base import DIGITS, Finish, Site, check
from ats.dialplan.language import spoken
from ats.dialplan.model import JoinConference, Outcome
from ats.dialplan.talk import music_class

RECORDED = "ats-room"
PIN_TRIES = 3
PIN_S = 10


def join_conference(site: Site, action: JoinConference) -> Finish:
    """A subroutine: full is known before the call is answered; ATSROOM tells how it ended."""
    room = f"k{action.conference_id}"
    label = f"k{site.step.id}"
    site.add("Gosub", f"{label},1")
    lines: list[tuple[str, str]] = [("Set", "ATSROOM=full")]
    if action.max_members:
        lines.append(("GotoIf", f"$[${{CONFBRIDGE_INFO(parties,{room})}} >= {action.max_members}]?END"))
    lines += spoken(action.language)
    if action.pin:
        check(DIGITS, action.pin)
        lines += [("Answer", ""), ("Wait", "1"), ("Set", "ATSTRY=0"), ("Set", "ATSROOM=wrong")]
        ask = len(lines) + 1
        lines += [
            ("Set", "ATSTRY=$[${ATSTRY} + 1]"),
            ("Read", f"ATSPIN,${{IF($[${{ATSTRY}} = 1]?conf-getpin:conf-invalidpin)}},10,,1,{PIN_S}"),
            ("GotoIf", f'$["${{ATSPIN}}"="{action.pin}"]?{ask + 5}'),
            ("GotoIf", f"$[${{ATSTRY}} < {PIN_TRIES}]?{ask}"),
            ("Goto", "END"),
        ]
    if action.max_members:
        lines.append(("Set", f"CONFBRIDGE(bridge,max_members)={action.max_members}"))
    if action.record:
        lines.append(("Gosub", f"{RECORDED},s,1({site.plan.client_id},{action.conference_id})"))
    lines += [
        ("Set", "CONFBRIDGE(user,template)=default_user"),
        ("Set", f"CONFBRIDGE(user,music_on_hold_class)={music_class(site.plan.client_id)}"),
        ("ConfBridge", room),
        ("Set", 'ATSROOM=${IF($["${CONFBRIDGE_RESULT}"="FAILED"]?full:left)}'),
        ("Return", ""),
    ]
    add = site.exten(label)
    for app, data in lines:
        add(app, data.replace("END", str(len(lines))))
    return Finish(
        {
            Outcome.ANSWERED: '"${ATSROOM}"="left"',
            Outcome.BUSY: '"${ATSROOM}"="full"',
            Outcome.NO_ROUTE: '"${ATSROOM}"="wrong"',
        },
        "k${ATSROOM}",
    )
