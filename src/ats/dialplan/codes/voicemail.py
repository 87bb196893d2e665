"""The code that leads to one's voicemail."""

from ats.dialplan.codes.base import Site


def listen(site: Site) -> None:
    """Asks for box and PIN, then plays the messages (static context `ats-vm`)."""
    site.add("Gosub", "ats-vm,s,1")
    site.add("Hangup", "16")
