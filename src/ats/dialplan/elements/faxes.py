"""`Service/FAXRECEIVER` (S161): receive a fax, over T.38 when the other side can, else as sound."""

from ats.dialplan.elements.base import CAUSE, Finish, Site
from ats.dialplan.model import Outcome, ReceiveFax

RESULT = "ats-fax"  # context that writes down how it went (engine.contexts)
_GOOD = '"${FAXOPT(status)}"="SUCCESS"'


def receive_fax(site: Site, _action: ReceiveFax) -> Finish:
    name = f"fax~{site.plan.client_id}~${{EPOCH}}~${{CHANNEL(linkedid)}}~${{FILTER(0-9+,${{CALLERID(num)}})}}"
    site.add("Answer", "")
    site.add("Set", f"ATSFAX=${{ASTSPOOLDIR}}/incoming/{name}")
    # A machine hangs up when it has sent its last page: then only the handler tells how it went.
    site.add("Set", f"CHANNEL(hangup_handler_push)={RESULT},s,1")
    site.add("ReceiveFAX", "${ATSFAX}.tif,f")
    site.add("Set", "CHANNEL(hangup_handler_pop)=")
    site.add("Gosub", f"{RESULT},s,1")
    return Finish(
        {Outcome.ANSWERED: _GOOD, Outcome.NO_ROUTE: f"!({_GOOD})"},
        f"${{IF($[{_GOOD}]?{CAUSE[Outcome.ANSWERED]}:{CAUSE[Outcome.NO_ROUTE]})}}",
    )
