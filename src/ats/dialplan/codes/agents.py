"""Codes of queue agents: an agent works in all queues his telephone belongs to. The engine reads these rows with every
caller and every round of ringing."""

from ats.dialplan.codes.base import Site


def log_in(site: Site) -> None:
    _set(site, "logged", "1", "agent-loginok")


def log_out(site: Site) -> None:
    _set(site, "logged", "0", "agent-loggedoff")


def pause(site: Site) -> None:
    _set(site, "paused", "1", "beep")


def go_on(site: Site) -> None:
    _set(site, "paused", "0", "beep")


def _set(site: Site, column: str, value: str, prompt: str) -> None:
    """A telephone that is in no queue hears the engine's «wrong»."""
    telephone = "${CUT(CHANNEL(name),-,1)}"  # as it stands in the row: PJSIP/170001
    site.add("Answer", "")
    site.add("Wait", "1")
    site.add("Set", f"ATSA=${{REALTIME_FIELD(queue_members,interface,{telephone},login)}}")
    site.add(
        "ExecIf", f'$["${{ATSA}}"!=""]?Set(REALTIME(queue_members,interface,{telephone},{column})={value})'
    )
    site.add("Playback", f'${{IF($["${{ATSA}}"!=""]?{prompt}:agent-incorrect)}}')
    site.add("Hangup", "16")
