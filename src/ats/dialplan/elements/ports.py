"""«SIP → порт»: ring a port (S90)."""

from ats.dialplan.elements.base import CAUSE, DIAL_OPTIONS, DIALLED, RING_S, WORD, Finish, Site, check
from ats.dialplan.elements.ringing import before_ringing, through_trunk
from ats.dialplan.extras import Extras
from ats.dialplan.model import DialPort, Outcome
from ats.dialplan.talk import dial_options


def dial_port(site: Site, action: DialPort) -> Finish:
    if not action.is_active:
        return Finish({Outcome.NO_ROUTE: "1"}, str(CAUSE[Outcome.NO_ROUTE]))
    check(WORD, action.endpoint)
    # The endpoint itself says whether its calls may be picked up; the step may only forbid it.
    options = DIAL_OPTIONS + before_ringing(site.step.extras or Extras(), through_trunk(site.plan))
    extras = site.step.extras or action.extras
    options += dial_options(site.plan.client_id, extras, keys=action.keys)
    site.add("Dial", f"PJSIP/{action.endpoint},{site.step.timeout_s or RING_S},{options}{site.talk_limit}")
    return Finish(DIALLED, "${DIALSTATUS}")
