"""«Очередь»: wait until an agent answers (S115-S128)."""

from ats.dialplan.elements.base import Finish, Site
from ats.dialplan.elements.outside import is_mute, mark_members
from ats.dialplan.elements.ringing import ANSWERED, GIVEN_UP, before_ringing, group_name
from ats.dialplan.language import spoken
from ats.dialplan.model import EnterQueue, Outcome
from ats.dialplan.talk import WHO, WHO_KEYS, by_keys, mark_letters, whoever_answers

# What the engine says at the end of the wait.
_FINISH = {
    Outcome.ANSWERED: '"${QUEUESTATUS}"="CONTINUE"',
    Outcome.NO_ANSWER: '"${QUEUESTATUS}"="TIMEOUT"',
    Outcome.BUSY: '"${QUEUESTATUS}"="FULL"',
    Outcome.NO_ROUTE: '"${QUEUESTATUS:0:4}"="JOIN" | "${QUEUESTATUS:0:5}"="LEAVE" | "${QUEUESTATUS}"=""',
}


def enter_queue(site: Site, action: EnterQueue) -> Finish:
    """c: go on when the agent hangs up. No answer is given before an agent does: whoever gives up pays nothing."""
    extras = site.step.extras or action.extras
    name = f"q{action.queue_id}"
    for app, data in spoken(action.language):
        site.add(app, data)
    # An agent's own marks and codes hold as well, unless the step says what holds.
    known = action.marks or action.keys or any(map(is_mute, action.unknown))
    own_marks = known and site.step.extras is None
    keys = by_keys(extras, keys=True)
    own_keys = action.keys and own_marks and not keys
    options = "ci" + ("t" if keys or own_keys else "")
    if extras.ring_only:
        options += "r"
    else:
        site.add("Progress", "")
    groups = "" if action.pickup_group_id is None else group_name(site.plan.client_id, action.pickup_group_id)
    in_turn = action.strategy == "rrmemory" and action.agents > 0
    if in_turn:
        options += before_ringing(extras, groups, name, action.agents)
        site.add("Set", f"CHANNEL(hangup_handler_push)={GIVEN_UP},s,1({name},{action.agents})")
    elif action.strategy == "leastrecent":
        options += before_ringing(extras, groups, name, 1)
    else:
        options += before_ringing(extras, groups)
    marks = mark_letters(extras)
    answered = ANSWERED if in_turn else ""
    if marks or own_marks:
        if own_marks:
            mark_members(site, action.unknown)
        site.add(*whoever_answers(site.plan.client_id, site.context if own_marks else "", marks))
        answered = (WHO_KEYS if own_keys else WHO) + ("-turn" if in_turn else "")
    # name, options, URL, announcement to the agent, seconds, AGI, Gosub on the agent's channel
    data = f"{name},{options},,,{site.step.timeout_s or ''},,{answered}"
    site.add("Queue", data.rstrip(","))
    if in_turn:
        site.add("Gosub", f"{GIVEN_UP},s,1({name},{action.agents})")
    return Finish(_FINISH, "q${QUEUESTATUS}")
