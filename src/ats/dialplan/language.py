"""The one rule for the language of prompts (S250): the element's, else the number's, else the client's, else the
exchange's. Pure; the engine's side of it is CHANNEL(language), set only where it differs."""

from collections.abc import Iterable


def resolve(*chosen: str, system: str = "ru") -> str:
    """The first language that was chosen, from the nearest to the farthest; empty ones were not."""
    return next((language for language in chosen if language), system)


def needs_set(wanted: str, present: Iterable[str]) -> bool:
    """Whether a channel that may come with any of the `present` languages must be told."""
    return any(language != wanted for language in present)
