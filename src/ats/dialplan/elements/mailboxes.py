"""«Голосовая почта» (S163): greeting, tone, message. The file's name says all the worker needs to know of it."""

from ats.dialplan.elements.base import CAUSE, DIGITS, Finish, Site, check
from ats.dialplan.language import spoken
from ats.dialplan.mailboxplan import MailboxPlan
from ats.dialplan.model import ClientPlan, LeaveMessage, Outcome
from ats.dialplan.writing import Exten

GREETING = "vm-intro"  # «leave your message after the tone»
SILENCE_S = 10  # a caller who says nothing for this long has finished
_ERROR = '"${RECORD_STATUS}"="ERROR"'


def leave_message(site: Site, action: LeaveMessage) -> Finish:
    box = next((box for box in site.plan.mailboxes if box.id == action.mailbox_id), None)
    if box is None:
        return Finish({Outcome.NO_ROUTE: "1"}, str(CAUSE[Outcome.NO_ROUTE]))
    for app, data in spoken(box.language):
        site.add(app, data)
    site.add("Playback", f"ats/{site.plan.client_id}/{box.greeting_id}" if box.greeting_id else GREETING)
    # Relative to the engine's sounds, where `ats-in` is the folder of incoming files. k: kept when the caller
    # hangs up, which is how most messages end.
    name = f"vm~{box.id}~${{EPOCH}}~${{CHANNEL(linkedid)}}~${{FILTER(0-9+,${{CALLERID(num)}})}}"
    site.add("Record", f"ats-in/{name}.wav,{SILENCE_S},{box.max_s},k")
    return Finish(
        {Outcome.ANSWERED: f"!({_ERROR})", Outcome.NO_ROUTE: _ERROR},
        f"${{IF($[{_ERROR}]?{CAUSE[Outcome.NO_ROUTE]}:{CAUSE[Outcome.ANSWERED]})}}",
    )


def compile_mailboxes(plan: ClientPlan, exten: Exten) -> None:
    """`vb<box>`: which box that is and its PIN, for `ats-vm`. A box without a PIN is for no telephone."""
    for box in plan.mailboxes:
        if box.pin:
            _door(box, exten)


def _door(box: MailboxPlan, exten: Exten) -> None:
    check(DIGITS, box.box)
    check(DIGITS, box.pin)
    add = exten(f"vb{box.box}")
    add("Set", f"ATSVM={box.id}")
    add("Set", f"ATSVMPIN={box.pin}")
    add("Return", "")
