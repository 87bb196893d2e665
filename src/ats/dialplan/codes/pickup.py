"""888#: take a ringing call of one's own pickup group (S180)."""

from ats.dialplan.codes.base import Site


def pick_up(site: Site) -> None:
    """Groups carry the client's id in their names, so a call of another client is never taken. Nothing rings: the
    caller hears «no such number»."""
    site.add("Pickup", "")
    site.add("Hangup", "1")
