"""Limits of a client as plain values: what the compiler writes natively, and what the authoriser is asked about.

Source: manual S6-S8, S16-S18, S39. Smallest wins: client, user, port and element are all kept to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ats.dialplan.directions import Direction, class_prefixes, longest


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """Limits of one client, user, port or element; None: no limit. Prefixes are E.164 digits."""

    lines_in: int | None = None
    lines_out: int | None = None
    lines_all: int | None = None
    duration_in_s: int | None = None
    duration_out_s: int | None = None
    closed: frozenset[Direction] = frozenset()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    locked: bool = False  # by the fraud guard: nothing goes out but emergency calls
    counted: bool = False  # minutes, money, calls a minute or destinations: only the authoriser can say

    @property
    def narrows(self) -> bool:
        """Whether some numbers may not be called."""
        return bool(self.closed or self.deny or self.locked)

    @property
    def limits_out(self) -> bool:
        """Whether a call out needs anything looked at."""
        return self.narrows or self.counted or self.lines_out is not None or self.duration_out_s is not None


@dataclass(frozen=True, slots=True)
class PortLimits:
    """A port with limits of its own or of the user it belongs to."""

    port_id: int
    endpoint: str
    own: OwnLimits = OwnLimits()
    user_id: int | None = None
    user: OwnLimits = OwnLimits()


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one dialplan element (S114); None: no limit. `lines`: calls in it at once.

    `out`: of the calls it leads outside, as a client has them.
    """

    lines: int | None = None
    duration_s: int | None = None
    out: OwnLimits = OwnLimits()


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """All limits of a client. `elements`: by kind (`queue`, `forwarding`, `menu`) and id; `users`: who has some."""

    client: OwnLimits = OwnLimits()
    ports: tuple[PortLimits, ...] = ()
    elements: Mapping[tuple[str, int], Limits] = field(default_factory=dict)
    users: Mapping[int, OwnLimits] = field(default_factory=dict)


Whose = str  # «c17», «u5», «p33»: the scope's letter and its id, as in the words of a path


def refusals(
    area_code: str, scopes: tuple[tuple[Whose, OwnLimits], ...]
) -> list[tuple[str, tuple[str, Whose] | None]]:
    """Which numbers may be called: (E.164 prefix, None or (reason, whose limit)); the longest prefix decides.

    The reasons: `dir` a closed direction, `pre` a forbidden prefix, `fr` locked by the fraud guard.
    Prefixes that say the same as the shorter one before them are left out.
    """
    classes = class_prefixes(area_code)
    prefixes = {*classes, *(prefix for _, limits in scopes for prefix in (*limits.allow, *limits.deny))}
    decided: dict[str, tuple[str, Whose] | None] = {}
    kept: list[tuple[str, tuple[str, Whose] | None]] = []
    for prefix in sorted(prefixes, key=lambda text: (len(text), text)):
        verdict = next((found for scope in scopes if (found := _refusal(prefix, classes, *scope))), None)
        above = longest(decided, prefix[:-1]) if prefix else None
        if above is None or decided[above] != verdict:
            decided[prefix] = verdict
            kept.append((prefix, verdict))
    return kept


def _refusal(
    prefix: str, classes: Mapping[str, Direction], whose: Whose, limits: OwnLimits
) -> tuple[str, Whose] | None:
    if limits.locked:
        return "fr", whose
    allowed, denied = longest(limits.allow, prefix), longest(limits.deny, prefix)
    if denied is not None and (allowed is None or len(denied) >= len(allowed)):
        return "pre", whose
    if allowed is None and classes[longest(classes, prefix) or ""] in limits.closed:
        return "dir", whose
    return None
