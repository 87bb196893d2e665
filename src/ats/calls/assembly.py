"""Puts the events of the journal together into whole calls; no file, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ats.calls.lines import Boot, Event, Item

_SETTLED_US = 60_000_000


@dataclass(slots=True)
class OpenCall:
    """A call that is not over. `position`: a byte of the journal at or before its first line."""

    events: list[Event]
    position: int
    stored: int = 0  # events that stand in the table of pending events


@dataclass(slots=True)
class ClosedCall:
    """A call whose last event has come, or whose engine has died (`lost_at`)."""

    linkedid: str
    events: list[Event]
    lost_at: int | None = None
    spilled: bool = False


@dataclass(slots=True)
class Assembly:
    """Open calls by linkedid. `fresh` stand in the order of their first event; `spilled` are in the database."""

    fresh: dict[str, OpenCall] = field(default_factory=dict)
    spilled: dict[str, OpenCall] = field(default_factory=dict)
    alive_us: int = 0  # the last moment the engine is known to have lived

    @classmethod
    def resume(cls, pending: Mapping[str, list[Event]], alive_us: int) -> "Assembly":
        """As it was when these events were stored."""
        spilled = {key: OpenCall(events, 0, len(events)) for key, events in pending.items()}
        return cls(spilled=spilled, alive_us=alive_us)

    def feed(self, items: Iterable[Item], position: int, *, skip_spilled: bool = False) -> list[ClosedCall]:
        """Take items that begin at byte `position`; returns the calls they ended, in order.

        `skip_spilled`: the lines were read before, so those of spilled calls are already here.
        """
        fresh, spilled, closed = self.fresh, self.spilled, list[ClosedCall]()
        alive = self.alive_us
        for item in items:
            if type(item) is not Event:
                if type(item) is Boot:
                    self.alive_us = alive
                    if not skip_spilled or fresh:
                        closed += self._boot(skip_spilled)
                alive = max(alive, item.at)
                continue
            if item.at > alive:
                alive = item.at
            linkedid = item.linkedid
            call = fresh.get(linkedid)
            if call is not None:
                if item.type == "LINKEDID_END":
                    del fresh[linkedid]
                    closed.append(ClosedCall(linkedid, call.events))
                else:
                    call.events.append(item)
            elif (call := spilled.get(linkedid)) is not None:
                if skip_spilled:
                    continue
                if item.type == "LINKEDID_END":
                    del spilled[linkedid]
                    closed.append(ClosedCall(linkedid, call.events, spilled=True))
                else:
                    call.events.append(item)
            elif item.type != "LINKEDID_END":
                fresh[linkedid] = OpenCall([item], position)
        self.alive_us = alive
        return closed

    def sweep(self) -> list[ClosedCall]:
        """Calls whose channels have all hung up a minute ago: their end was lost in a bad line."""
        closed = []
        for table, spilled in ((self.fresh, False), (self.spilled, True)):
            for linkedid, call in list(table.items()):
                if self.alive_us - call.events[-1].at > _SETTLED_US and _all_hung_up(call.events):
                    del table[linkedid]
                    closed.append(ClosedCall(linkedid, call.events, spilled=spilled))
        return closed

    def spill(self, older_than_us: int | None = None) -> list[tuple[str, OpenCall]]:
        """Mark calls as spilled: those open for longer than that, or all (None). Returns the newly marked."""
        moved = []
        for linkedid, call in self.fresh.items():
            if older_than_us is not None and self.alive_us - call.events[0].at <= older_than_us:
                break  # the rest began later
            moved.append((linkedid, call))
        for linkedid, call in moved:
            del self.fresh[linkedid]
            self.spilled[linkedid] = call
        return moved

    def resume_position(self, otherwise: int) -> int:
        """Where reading must begin again after a restart."""
        for call in self.fresh.values():
            return call.position
        return otherwise

    def _boot(self, only_fresh: bool) -> list[ClosedCall]:
        """The engine starts anew: every open call died with the one before."""
        lost_at = self.alive_us
        closed = [ClosedCall(key, call.events, lost_at) for key, call in self.fresh.items()]
        self.fresh.clear()
        if not only_fresh:
            closed += [ClosedCall(key, call.events, lost_at, True) for key, call in self.spilled.items()]
            self.spilled.clear()
        return closed


def _all_hung_up(events: list[Event]) -> bool:
    open_channels = {event.uniqueid for event in events}
    open_channels.difference_update(event.uniqueid for event in events if event.type == "HANGUP")
    return not open_channels
