"""One function per action: writes its priorities and says how its outcome is known (None: the call has ended)."""

from collections.abc import Callable, Mapping
from typing import Any

from ats.dialplan.elements import (
    classifiers,
    conferences,
    faxes,
    mailboxes,
    menus,
    numbers,
    outside,
    ports,
    queues,
    sounds,
)
from ats.dialplan.elements.base import Finish, Fork, Site
from ats.dialplan.model import (
    Action,
    AskPin,
    CallBack,
    Classify,
    DialForwarding,
    DialPort,
    EnterMenu,
    EnterQueue,
    GoNumber,
    HangUp,
    JoinConference,
    LeaveMessage,
    PlaySound,
    ReceiveFax,
    RingAll,
)

_COMPILERS: Mapping[type[Any], Callable[[Site, Any], Finish | Fork | None]] = {
    DialPort: ports.dial_port,
    DialForwarding: outside.dial_forwarding,
    RingAll: outside.ring_all,
    Classify: classifiers.classify,
    AskPin: outside.ask_pin,
    CallBack: outside.call_back,
    EnterQueue: queues.enter_queue,
    JoinConference: conferences.join_conference,
    PlaySound: sounds.play_sound,
    GoNumber: numbers.go_number,
    EnterMenu: menus.enter_menu,
    LeaveMessage: mailboxes.leave_message,
    ReceiveFax: faxes.receive_fax,
    HangUp: numbers.hang_up,
}


def compile_action(site: Site, action: Action) -> Finish | Fork | None:
    """Writes the action of a step. Raises ValueError for an action that this engine cannot do."""
    compiler = _COMPILERS.get(type(action))
    if compiler is None:
        raise ValueError(f"no compiler for {type(action).__name__}")
    return compiler(site, action)
