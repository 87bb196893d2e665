"""«SIP → порт»: ring a port (S90)."""

from ats.dialplan.elements.base import CAUSE, DIAL_OPTIONS, DIALLED, RING_S, WORD, Finish, Site, check
from ats.dialplan.model import DialPort, Outcome


def dial_port(site: Site, action: DialPort) -> Finish:
    if not action.is_active:
        return Finish({Outcome.NO_ROUTE: "1"}, str(CAUSE[Outcome.NO_ROUTE]))
    check(WORD, action.endpoint)
    site.add(
        "Dial", f"PJSIP/{action.endpoint},{site.step.timeout_s or RING_S},{DIAL_OPTIONS}{site.talk_limit}"
    )
    return Finish(DIALLED, "${DIALSTATUS}")
