"""What the ДВО of a port or a step make of a call, natively: options of Dial and, only where something differs from
the usual, priorities around it (docs/extras.md). Pure.

A phone's own transfer (REFER) costs nothing and needs nothing here. Codes keyed in a talk make the engine look into
every packet of it, so only «Перевод кодами» compiles to them; they are heard only where sound goes through the server.
Callers get them in their port's own context: a caller from outside can never transfer. `ats-none` is a context where
nothing can be dialled.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ats.dialplan.extras import Extras

NOWHERE = "ats-none"
MARK = "ats-mark"
WHO = "ats-who"  # one of several answered: his own marks and the common ones
WHO_KEYS = "ats-who-keys"  # the same, and codes work only where they are his own
THROUGH = "ats-through"
BACK = "ats-back"


@dataclass(frozen=True, slots=True)
class PortPlan:
    """A subscriber's port whose own calls need more than the client's common context."""

    port_id: int
    endpoint: str
    extras: Extras
    keys: bool = True  # sound goes through the server, so codes keyed in a talk are heard
    kind: str = "sip"


def music_class(client_id: int) -> str:
    """The client's music on hold (its default media package, S188); the exchange's own where it has none."""
    return f"c{client_id}"


def by_keys(extras: Extras, *, keys: bool) -> bool:
    """Whether talks are transferred by codes. `keys`: codes in a talk are heard."""
    return keys and extras.transfer and extras.transfer_keys


def needs_context(extras: Extras, *, keys: bool) -> bool:
    """Whether calls of such a port begin in a context of its own."""
    return extras.record or extras.record_on_demand or extras.call_return or by_keys(extras, keys=keys)


def port_context(client_id: int, port_id: int) -> str:
    """The pointer that such a port dials into, and that calls it transfers go to."""
    return f"c{client_id}.p{port_id}"


def caller_letters(extras: Extras, *, keys: bool) -> str:
    """Tag of a subscriber's caller id: K may park; and its `own_letters`, for when it is rung among others."""
    return ("K" if extras.parking else "") + own_letters(extras, keys=keys)


def outside_letters(extras: Extras) -> str:
    """`mark_letters` of a forwarding number; t: who answers there transfers by codes to what the client may dial."""
    return mark_letters(extras) + ("t" if by_keys(extras, keys=True) else "")


def dial_options(client_id: int, extras: Extras, *, keys: bool, outside: bool = False) -> str:
    """Options of Dial beyond the usual ones. `keys`: codes of the called party are heard; `outside`: it is a
    forwarding number, whose codes lead to what the client may dial."""
    marks = outside_letters(extras) if outside and keys else mark_letters(extras)
    return sound_options(client_id, extras, keys=keys) + (f"U({MARK}^{client_id}^{marks})" if marks else "")


def sound_options(client_id: int, extras: Extras, *, keys: bool) -> str:
    """The part of them that concerns the call as a whole: codes, and what the caller hears while it rings."""
    letters = "t" if by_keys(extras, keys=keys) else ""
    if extras.ring_only:
        return letters + "r"
    return letters + (f"m({music_class(client_id)})" if extras.replace_ringing else "")


def common(members: Iterable[tuple[Extras, bool]]) -> Extras:
    """What concerns the call as a whole, of several rung at once (ДВО, keys): what all of them have."""
    known = list(members)
    return Extras(
        transfer_keys=all(by_keys(extras, keys=keys) for extras, keys in known),
        ring_only=all(extras.ring_only for extras, _ in known),
        replace_ringing=all(extras.replace_ringing for extras, _ in known),
    )


def whoever_answers(client_id: int, context: str, letters: str) -> tuple[str, str]:
    """The priority before several are rung of whom one answers: what `ats-who` needs to know on his channel. `letters`:
    marks that hold whoever it is; `context`: where the marks stand that the engine does not know (`mark_members`)."""
    return ("Set", f"_ATSWHO={client_id}-{letters}-{context}")


def outside_label(digits: str) -> str:
    """Where the marks of a forwarding number stand, for `ats-who`."""
    return f"z{digits}"


def iax_label(endpoint: str) -> str:
    """Where the marks of an IAX2 port stand: its driver cannot be asked for them."""
    return f"x{endpoint}"


def own_letters(extras: Extras, *, keys: bool) -> str:
    """Marks of a port that is rung among others; T: he transfers by codes."""
    return mark_letters(extras) + ("T" if by_keys(extras, keys=keys) else "")


def mark_letters(extras: Extras) -> str:
    """What `ats-mark` does to a channel: r records it, d lets it record on demand, t: where its transfers go."""
    return ("r" if extras.record else "") + ("d" if extras.record_on_demand else "")


def through(client_id: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Priorities around an element that itself rings nobody: what the caller talks there is recorded."""
    return [("Gosub", f"{THROUGH},s,1({client_id})")], [("Gosub", f"{THROUGH},end,1")]


def before(extras: Extras) -> list[tuple[str, str]]:
    """Priorities before an element or step that forbids something to both sides of its calls."""
    lines: list[tuple[str, str]] = []
    if not extras.transfer:
        lines.append(("Set", f"__TRANSFER_CONTEXT={NOWHERE}"))
    if not extras.parking:
        lines.append(("Set", "__ATSNOPARK=1"))
    return lines


def after(extras: Extras) -> list[tuple[str, str]]:
    """Priorities that take `before` back for the steps that follow."""
    lines: list[tuple[str, str]] = []
    if not extras.transfer:
        lines.append(("Set", "__TRANSFER_CONTEXT="))
    if not extras.parking:
        lines.append(("Set", "__ATSNOPARK="))
    return lines
