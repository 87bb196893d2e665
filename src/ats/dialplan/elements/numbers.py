"""Another number of the client as a subroutine, and «Отбой»."""

from ats.dialplan.elements.base import PATH, Finish, Site, returned
from ats.dialplan.model import GoNumber, HangUp


def go_number(site: Site, action: GoNumber) -> Finish:
    site.add("Gosub", f"g{action.number_id},1")
    return returned()


def hang_up(site: Site, action: HangUp) -> None:
    site.add("Set", f"{PATH}=${{{PATH}}} h{action.cause}")
    site.add("Hangup", str(action.cause))
