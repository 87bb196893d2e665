"""Numbers outside the exchange: «Заданный номер» (S146), several targets at once, the callback."""

from collections.abc import Iterable
from typing import TypeGuard

from ats.dialplan.elements.base import (
    CAUSE,
    DIAL_OPTIONS,
    DIALLED,
    DIGITS,
    PATH,
    RING_S,
    WORD,
    Finish,
    Site,
    check,
)
from ats.dialplan.elements.callers import CALLER_LINES, put_caller
from ats.dialplan.elements.ringing import before_ringing, through_trunk
from ats.dialplan.extras import Extras
from ats.dialplan.language import spoken
from ats.dialplan.model import AskPin, CallBack, DialForwarding, DialPort, Line, Outcome, RingAll
from ats.dialplan.talk import (
    WHO,
    WHO_KEYS,
    by_keys,
    common,
    dial_options,
    iax_label,
    mark_letters,
    outside_label,
    outside_letters,
    own_letters,
    sound_options,
    whoever_answers,
)
from ats.dialplan.technology import channel

# A number of this exchange may forward to another of it, and that one back: so often at most. Nor are there more calls
# at once in a step that come back from an operator with a number of this exchange: he sends on what was sent to him.
MAX_HOPS = 5
HOPS = "ats-hops"
CALLBACK_S = 60  # the caller's telephone rings this long
CALLBACK_CAUSE = 17  # he hears «busy» and hangs up: his call costs nothing


def dial_forwarding(site: Site, action: DialForwarding) -> Finish:
    for app, data in spoken(action.language):
        site.add(app, data)
    options = dial_options(site.plan.client_id, site.step.extras or action.extras, keys=True, outside=True)
    return _dial(site, [outside(site, action)], options, hops=True)


def ring_all(site: Site, action: RingAll) -> Finish:
    channels = []
    for member in action.members:
        if isinstance(member, DialForwarding):
            channels.append(outside(site, member))
        elif member.is_active:
            check(WORD, member.endpoint)
            channels.append(port_channel(member))
    if not channels:
        return Finish({Outcome.NO_ROUTE: "1"}, str(CAUSE[Outcome.NO_ROUTE]))
    options = _of_several(site, action)
    return _dial(site, channels, options, hops=any(isinstance(one, DialForwarding) for one in action.members))


def _of_several(site: Site, action: RingAll) -> str:
    """ДВО of a step hold whoever answers; without them each member keeps its own, as far as it concerns it alone."""
    client_id, own = site.plan.client_id, site.step.extras
    if own is not None:
        return dial_options(client_id, own, keys=True)
    known = [(one.extras, getattr(one, "keys", True)) for one in action.members]
    together = common(known)
    options = sound_options(client_id, together, keys=True)
    # Codes of some: known to the talk, and taken away from whoever answers without them.
    some = not together.transfer_keys and any(by_keys(extras, keys=keys) for extras, keys in known)
    outside = [one for one in action.members if isinstance(one, DialForwarding)]
    marks = [mark_letters(one.extras) for one in action.members] + [
        outside_letters(one.extras) for one in outside
    ]
    if some or any(marks) or any(map(is_mute, action.members)):
        mark_members(site, action.members)
        site.add(*whoever_answers(client_id, site.context, ""))
        options += f"tU({WHO_KEYS})" if some else f"U({WHO})"
    return options


def mark_members(site: Site, members: Iterable[DialPort | DialForwarding]) -> None:
    """Writes where `ats-who` finds what is to be done with a talk with these, as far as the engine does not know it
    by itself (once each)."""
    for one in members:
        lines: list[tuple[str, str]] = []
        if isinstance(one, DialForwarding):
            check(DIGITS, one.digits)
            label, letters = outside_label(one.digits), outside_letters(one.extras)
        elif is_mute(one):
            check(WORD, one.endpoint)
            label, letters = iax_label(one.endpoint), own_letters(one.extras, keys=one.keys)
            # A queue leaves its channel without an owner.
            lines.append(("Set", f"CHANNEL(accountcode)={site.plan.client_id}"))
            if one.number:
                check(WORD, one.number)
                lines.append(("Set", f"CALLERID(num)={one.number}"))
        else:
            continue
        if letters:
            lines.append(("Set", f"ATSL=${{ATSL}}{letters}"))
        add = site.once(label) if lines else None
        if add is not None:
            for app, data in [*lines, ("Return", "")]:
                add(app, data)


def is_mute(member: DialPort | DialForwarding) -> TypeGuard[DialPort]:
    """Whether it is a port whose channels know neither its number nor its ДВО."""
    return isinstance(member, DialPort) and member.kind != "sip" and member.is_active


def call_back(site: Site, action: CallBack) -> None:
    """The engine itself calls the number by the client's way out once this call is over, and leads who answers
    to the number's dialplan. A caller without a number is only hung up on."""
    put_caller(site)
    clip = "c(${ATSN})"
    passed = ["__ATSEL=${ATSEL}"] if site.ways.of_step(site.step) else []
    if site.plan.known_callers:
        # Users' telephones are called back at those users' cost; strangers and the rest hear «busy» only (S235).
        known = f"${{DIALPLAN_EXISTS({site.context},y${{ATSN}},1)}}"
        site.add("ExecIf", f"$[{known}=1 | ${{LEN(${{ATSN}})}} < 7]?NoOp():Set(ATSN=)")
        site.add("ExecIf", f"$[{known}=1]?Gosub({site.context},y${{ATSN}},1)")
        passed.append("__ATSU=${ATSU}")
    if passed:
        clip += f"v({'^'.join(passed)})"
    site.add(
        "ExecIf",
        f"$[${{LEN(${{ATSN}})}} > 0]?Originate(Local/b${{ATSN}}@{site.context}/n,exten,{site.context},"
        f"n{action.number_id},1,{CALLBACK_S},a{clip})",
    )
    site.add("Set", f"{PATH}=${{{PATH}}} h{CALLBACK_CAUSE}")
    site.add("Hangup", str(CALLBACK_CAUSE))


def ask_pin(site: Site, _: AskPin) -> Finish:
    """What he dials goes into the client's context behind a letter: its own numbers, and out at the user's account."""
    site.add("Gosub", f"ats-pin,s,1({site.plan.client_id})")
    site.add("Set", "__ATSU=${GOSUB_RETVAL}")
    wanted = f"Local/{site.ways.by_pin}${{FILTER(0-9+,${{ATSWANT}})}}@{site.context}/n"
    dial = f"{wanted},{site.step.timeout_s or RING_S},{DIAL_OPTIONS}{site.talk_limit}"
    site.add("ExecIf", f'$["${{ATSU}}" != ""]?Dial({dial}):Set(DIALSTATUS=CHANUNAVAIL)')
    return Finish(DIALLED, "${DIALSTATUS}")


def hop_lines() -> tuple[Line, ...]:
    """The static context `ats-hops`: counts in ATSHOPS how often a call was sent out; `s,1(<step>)`."""
    last = 8
    stays = '${ATSHOPS} > 1 | $["${CHANNEL(name)}" =~ "^[A-Z0-9]+/t[0-9]"] = 0'
    rows = (
        ("Set", "__ATSHOPS=$[0${ATSHOPS} + 1]"),
        ("GotoIf", f"$[{stays}]?{last}"),
        *CALLER_LINES,
        ("GotoIf", f"$[${{DIALPLAN_EXISTS(did,${{ATSN}},1)}} = 0]?{last}"),
        ("Set", "GROUP(h${ARG1})=1"),
        ("ExecIf", f"$[${{GROUP_COUNT(1@h${{ARG1}})}} > {MAX_HOPS}]?Set(__ATSHOPS={MAX_HOPS + 1})"),
        ("Return", ""),
    )
    return tuple(Line(HOPS, "s", index, app, data) for index, (app, data) in enumerate(rows, 1))


def outside(site: Site, one: DialForwarding) -> str:
    """A number outside as a channel: it takes the client's one way out, where rights, limits and money are looked at.

    /n: the channel stays to the end of the call, so what hangs on it (how long it may last) holds.
    """
    check(DIGITS, one.digits)
    return f"Local/{site.ways.way(site.step, one)}{one.digits}@{site.context}/n"


def port_channel(port: DialPort) -> str:
    return channel(port.kind, port.endpoint)


def _dial(site: Site, channels: list[str], more: str, *, hops: bool) -> Finish:
    ringing = before_ringing(site.step.extras or Extras(), through_trunk(site.plan))
    options = f"{DIAL_OPTIONS}{ringing}{more}{site.talk_limit}"
    dial = f"{'&'.join(channels)},{site.step.timeout_s or RING_S},{options}"
    if not hops:
        site.add("Dial", dial)
        return Finish(DIALLED, "${DIALSTATUS}")
    site.add("Gosub", f"{HOPS},s,1({site.step.id})")
    site.add("ExecIf", f"$[${{ATSHOPS}} <= {MAX_HOPS}]?Dial({dial}):Set(DIALSTATUS=CHANUNAVAIL)")
    return Finish(DIALLED, "${DIALSTATUS}")
