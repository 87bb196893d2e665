"""«Звуковые сообщения»: answer and play (S90, S166)."""

from ats.dialplan.elements.base import Finish, Site
from ats.dialplan.model import Outcome, PlaySound


def play_sound(site: Site, action: PlaySound) -> Finish:
    site.add("Playback", f"ats/{site.plan.client_id}/{action.sound_id}")
    return Finish(
        {
            Outcome.ANSWERED: '"${PLAYBACKSTATUS}"!="FAILED"',
            Outcome.NO_ROUTE: '"${PLAYBACKSTATUS}"="FAILED"',
        },
        "${PLAYBACKSTATUS}",
    )
