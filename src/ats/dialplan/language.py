"""The one rule for the language of prompts (S250). Pure.

The nearest choice wins: of the element a call is in (queue, voice menu, conference, mailbox, forwarding number), else
of the user whose port calls, else of the client, else of the exchange. On the engine a channel carries it: a port's
endpoint comes with `resolve` of its owner's and its client's, an operator's call with the exchange's (numbers set their
client's on it), and an element that has chosen one sets it (`spoken`). It stays with the call from there on.
"""

import re
from collections.abc import Iterable

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([_-][A-Za-z]{2,8})?\Z")


def resolve(*chosen: str, system: str = "ru") -> str:
    """The first language that was chosen, from the nearest to the farthest; empty ones were not."""
    return next((language for language in chosen if language), system)


def spoken(language: str) -> list[tuple[str, str]]:
    """Priorities of an element that has chosen a language; none for one that leaves it as it is. Raises ValueError."""
    if not language:
        return []
    if not _LANGUAGE.match(language):
        raise ValueError(f"language is not allowed in a dialplan: {language!r}")
    return [("Set", f"CHANNEL(language)={language}")]


def needs_set(wanted: str, present: Iterable[str]) -> bool:
    """Whether a channel that may come with any of the `present` languages must be told."""
    return any(language != wanted for language in present)
