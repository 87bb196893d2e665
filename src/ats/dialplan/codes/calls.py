"""Codes that do something with a call: park it, take it."""

from ats.dialplan.codes.base import Site


def park(site: Site) -> None:
    """Called or sent to: parks on the first free place of the client, which is read out to who calls."""
    site.add("Goto", "ats-park,0,1")


def take(site: Site) -> None:
    """Takes the call parked on that place; a call sent here is parked on it."""
    site.add("Goto", f"ats-unpark,${{FILTER(0-9,${{EXTEN:{site.length}}})}},1")
