"""What the feature codes share. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ats.dialplan.elements.base import Add


class Place(StrEnum):
    """Where a code is keyed in."""

    DIALLED = "dialled"  # instead of a number
    TALK = "talk"  # during a call


@dataclass(frozen=True, slots=True)
class Site:
    """Where a dialled code is compiled: `add(app, data)` writes its next priority. The extension is the code itself,
    with its argument behind it; `length` digits of it are the code (`${EXTEN:length}` is the argument)."""

    add: Add
    length: int


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its default code and name (Russian, English). `compile` writes what dialling it does (None for one
    that is keyed during a call); `argument`: digits follow the code."""

    key: str
    default: str
    words: tuple[str, str]
    compile: Callable[[Site], None] | None
    argument: bool = False

    @property
    def place(self) -> Place:
        return Place.DIALLED if self.compile else Place.TALK
