"""A voicemail box as the compiler takes it (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailboxPlan:
    """One box (S163-S165). `box`: what its owner dials; `pin` empty: no telephone may listen to it.
    `greeting_id`: a sound of the client, None for the standard prompt; `max_s`: longest message."""

    id: int
    box: str
    pin: str = ""
    language: str = ""
    greeting_id: int | None = None
    max_s: int = 180
