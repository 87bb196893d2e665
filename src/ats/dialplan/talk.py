"""What the ДВО of a port or a step make of a call, natively: options of Dial and, only where something differs from
the usual, priorities around it (docs/extras.md). Pure.

A phone's own transfer (REFER) costs nothing and needs nothing here. Codes keyed in a talk make the engine look into
every packet of it, so only «Перевод кодами» compiles to them; they are heard only where sound goes through the server.
Callers get them in their port's own context: a caller from outside can never transfer. `ats-none` is a context where
nothing can be dialled.
"""

from dataclasses import dataclass

from ats.dialplan.extras import Extras

NOWHERE = "ats-none"
MARK = "ats-mark"
BACK = "ats-back"


@dataclass(frozen=True, slots=True)
class PortPlan:
    """A subscriber's port whose own calls need more than the client's common context."""

    port_id: int
    endpoint: str
    extras: Extras
    keys: bool = True  # sound goes through the server, so codes keyed in a talk are heard


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


def caller_letters(extras: Extras) -> str:
    """Tag of a subscriber's caller id: K may park."""
    return "K" if extras.parking else ""


def dial_options(client_id: int, extras: Extras, *, keys: bool) -> str:
    """Options of Dial beyond the usual ones. `keys`: the called party is a subscriber whose codes are heard."""
    letters = "t" if by_keys(extras, keys=keys) else ""
    if extras.ring_only:
        letters += "r"
    elif extras.replace_ringing:
        letters += f"m({music_class(client_id)})"
    if marks := mark_letters(extras):
        letters += f"U({MARK}^{client_id}^{marks})"
    return letters


def mark_letters(extras: Extras) -> str:
    """What `ats-mark` does to a channel: r records it, d lets it record on demand."""
    return ("r" if extras.record else "") + ("d" if extras.record_on_demand else "")


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
