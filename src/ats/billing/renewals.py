"""Credit of an outside billing that runs out in mid-call: when to ask for more, and what its answer means. Pure.

Kept in what a reservation knows of its billing: `renew_to_s`, the longest talk it may be asked for (absent: it is not
asked again); `credit_s`, its last grant; `renewed`, how many there were; `end_code` and `end_reply`, why no more came.
"""

from typing import Any

from ats.billing.reservations import SECOND
from ats.radius.asking import MOST_S, Terms
from ats.radius.packets import Accepted, Answer, Rejected

BEFORE_S = int(MOST_S)  # every server may be asked in vain, and the call still ends no later than it must
AGAIN_S = 2  # after silence, as long as there is credit


def begun(terms: Terms, credit_s: int | None, longest_s: int) -> dict[str, int]:
    """What to keep of the first grant; nothing when the call will not be asked about again."""
    if not terms.renews or credit_s is None or credit_s >= longest_s:
        return {}
    return {"renew_to_s": longest_s, "credit_s": credit_s}


def due_us(told: dict[str, Any], granted_s: int, answered_us: int) -> int | None:
    """When to ask for more than `granted_s` seconds of talk; None: never."""
    if "renew_to_s" not in told:
        return None
    credit_s: int = told["credit_s"]
    return answered_us + (granted_s - min(BEFORE_S, credit_s // 2)) * SECOND


def note(told: dict[str, Any], answer: Answer | None, granted_s: int, talked_s: int) -> int:
    """Change `told` by an answer that was asked for after `talked_s` seconds; returns the seconds granted in all.

    A credit counts from the question, as Session-Timeout does. What was granted before is never taken back.
    """
    told.pop("end_code", None)
    if isinstance(answer, Accepted):
        longest: int = told.get("renew_to_s", granted_s)
        most = longest if answer.seconds is None else min(longest, talked_s + answer.seconds)
        if most > granted_s:
            told["renewed"] = told.get("renewed", 0) + 1
            told["credit_s"] = most - talked_s
        if most <= granted_s or most == longest:
            told.pop("renew_to_s", None)
        return max(most, granted_s)
    if isinstance(answer, Rejected):
        told.pop("renew_to_s", None)
        told |= {"end_code": answer.code, "end_reply": answer.text}
    else:
        told["end_code"] = "radius_silent"
    return granted_s
