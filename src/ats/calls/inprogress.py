"""Calls out of clients' ports that are still going on, as the journal tells them: for the fraud guard. Pure.

Nothing is asked of the engine and nothing is stored: what the worker has read of a call stands in its memory anyway.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ats.calls.derive import endpoint_of, international, is_trunk
from ats.calls.lines import Event

OpenCalls = Iterable[tuple[str, Sequence[Event]]]  # linkedid, and its events so far


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call that another operator was asked for. `endpoint`: of the client's port.

    `digits`: E.164; while it rings, as far as what was dialled tells it (`sure` is False), else empty.
    """

    linkedid: str
    client_id: int
    endpoint: str
    digits: str
    sure: bool
    started_at: datetime


def outgoing(linkedid: str, events: Sequence[Event]) -> Outgoing | None:
    """The call as one that goes out, from the moment an operator's channel begins; None when it is none (yet)."""
    caller = events[0]
    endpoint = endpoint_of(caller.channel)
    if not _number(caller.account) or is_trunk(endpoint):
        return None
    theirs = [event for event in events if is_trunk(endpoint_of(event.channel))]
    if not theirs:
        return None
    # The operator's channel gets the number when it answers.
    digits = next((event.number for event in theirs if _number(event.number)), "")
    dialled = international(caller.exten)
    guess = dialled if dialled != caller.exten and _number(dialled) else ""
    started = datetime.fromtimestamp(caller.at / 1_000_000, UTC)
    return Outgoing(linkedid, int(caller.account), endpoint, digits or guess, bool(digits), started)


class InProgress:
    """Looks again only at calls that came on since the last time."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, Outgoing | None]] = {}

    def look(self, calls: OpenCalls) -> tuple[list[Outgoing], list[Outgoing]]:
        """All that go out now, and those of them that are new, or of which more is known."""
        seen: dict[str, tuple[int, Outgoing | None]] = {}
        fresh: list[Outgoing] = []
        for linkedid, events in calls:
            count, found = self._seen.get(linkedid, (0, None))
            if len(events) > count and (found is None or not found.sure):
                count, before = len(events), found
                found = outgoing(linkedid, events)
                if found is not None and found != before:
                    fresh.append(found)
            seen[linkedid] = count, found
        self._seen = seen
        return [found for _, found in seen.values() if found is not None], fresh


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
