"""«SIP → порт», «IAX2 → порт»: ring a port (S90)."""

from ats.dialplan.elements.base import CAUSE, DIAL_OPTIONS, DIALLED, RING_S, WORD, Finish, Site, check
from ats.dialplan.elements.ringing import before_ringing, group_name, through_trunk
from ats.dialplan.extras import Extras
from ats.dialplan.model import DialPort, Outcome
from ats.dialplan.talk import dial_options
from ats.dialplan.technology import channel


def dial_port(site: Site, action: DialPort) -> Finish:
    if not action.is_active:
        return Finish({Outcome.NO_ROUTE: "1"}, str(CAUSE[Outcome.NO_ROUTE]))
    check(WORD, action.endpoint)
    # The endpoint itself says whether its calls may be picked up; the step may only forbid it.
    groups = own_group(site, action) or through_trunk(site.plan)
    number = "" if action.kind == "sip" else action.number
    options = DIAL_OPTIONS + before_ringing(site.step.extras or Extras(), groups, number=number)
    extras = site.step.extras or action.extras
    options += dial_options(site.plan.client_id, extras, keys=action.keys)
    rung = channel(action.kind, action.endpoint)
    site.add("Dial", f"{rung},{site.step.timeout_s or RING_S},{options}{site.talk_limit}")
    return Finish(DIALLED, "${DIALSTATUS}")


def own_group(site: Site, action: DialPort) -> str:
    """Pickup group to put on the ringing channel: a SIP endpoint brings its own, other drivers know of none."""
    if action.kind == "sip" or action.pickup_group_id is None or not action.extras.pickup:
        return ""
    return group_name(site.plan.client_id, action.pickup_group_id)
