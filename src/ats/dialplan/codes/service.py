"""Codes that help to set a telephone up."""

from ats.dialplan.codes.base import Site


def echo(site: Site) -> None:
    """The caller hears himself."""
    site.add("Answer", "")
    site.add("Echo", "")
    site.add("Hangup", "16")


def own_number(site: Site) -> None:
    """The caller's own internal number is read out."""
    site.add("Answer", "")
    site.add("Wait", "1")
    site.add("SayDigits", "${FILTER(0-9,${CALLERID(num)})}")
    site.add("Hangup", "16")
