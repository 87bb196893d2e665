"""A voice menu as the compiler and the simulator take it (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

KEY = re.compile(r"[0-9*#]\Z")


@dataclass(frozen=True, slots=True)
class MenuPlan:
    """One voice menu (S148-S159).

    `language`: of its prompts, empty for the call's own. `wait_s`: for the first key. `keys`: key → number id.
    `ring_only`: ring tones instead of the announcement (S155).
    """

    id: int
    language: str = ""
    wait_s: int = 5
    attempts: int = 3
    extension_dial: bool = False
    sound_id: int | None = None
    ring_only: bool = False
    keys: Mapping[str, int] = field(default_factory=dict)
