"""Another number of the client as a subroutine, and «Отбой»."""

from ats.dialplan.elements.base import PATH, Finish, Site
from ats.dialplan.model import GoNumber, HangUp, Outcome


def go_number(site: Site, action: GoNumber) -> Finish:
    site.add("Gosub", f"g{action.number_id},1")
    return Finish(
        {
            Outcome.ANSWERED: '"${GOSUB_RETVAL}"="16"',
            Outcome.NO_ANSWER: '"${GOSUB_RETVAL}"="19"',
            Outcome.BUSY: '"${GOSUB_RETVAL}"="17"',
            Outcome.NO_ROUTE: '"${GOSUB_RETVAL}"="20"',
        },
        "${GOSUB_RETVAL}",
    )


def hang_up(site: Site, action: HangUp) -> None:
    site.add("Set", f"{PATH}=${{{PATH}}} h{action.cause}")
    site.add("Hangup", str(action.cause))
