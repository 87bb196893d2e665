"""What the index of words holds: of which things, which of their texts, and in what writing.

The words of a thing are one text: its fields one after another, `\\x1f` between them, and two of it before each word.
So any piece is found as it was typed, and a piece too short for trigrams, with as many of these marks before it as
three letters need, where a word begins with it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model

MARK = "\x1f"  # nobody types it
TRIGRAM = 3  # letters: what is shorter no index of trigrams finds

# A thing in the index is told by one number: its group, what kind of thing it is, its key. Room for 4 million groups.
_KIND_BITS, KEY_BITS = 5, 36
KIND_MASK = (1 << _KIND_BITS) - 1
KEY_MASK = (1 << KEY_BITS) - 1


def words_of(columns: Sequence[str]) -> str:
    """The text in the index of columns, as SQL."""
    joined = f" || '{MARK} ' || ".join(columns)
    return f"replace(' ' || {joined}, ' ', ' {MARK}{MARK}')"


class Source(NamedTuple):
    """`kind`: its number in the index, never given to another one; `group`: the column whose things are searched
    together, empty: all are one group; `fields`: the columns searched.
    """

    kind: int
    label: str
    group: str
    fields: tuple[str, ...]

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def words(self, row: str = "") -> str:
        """The words of a row, as SQL; `row`: what stands before its columns, as `NEW.`."""
        return words_of([f'{row}"{field}"' for field in self.fields])

    def place(self, row: str = "") -> str:
        """The number of a row in the index, as SQL."""
        first = f'(COALESCE({row}"{self.group}", 0) << {_KIND_BITS + KEY_BITS}) + ' if self.group else ""
        return f'{first}{self.kind << KEY_BITS} + {row}"id"'

    def places(self, group: int) -> tuple[int, int]:
        """The first and the last number a row of a group can have."""
        group = group if self.group else 0
        first = (group << (_KIND_BITS + KEY_BITS)) + (self.kind << KEY_BITS)
        return first, first + KEY_MASK


SOURCES = (
    Source(1, "clients.Client", "", ("name", "description", "billing_account")),
    Source(2, "numbering.Number", "client_id", ("digits", "name", "description")),
    Source(3, "ports.Port", "client_id", ("name", "login", "description")),
    Source(4, "clients.User", "client_id", ("login", "name", "email")),
    Source(5, "queues.Queue", "client_id", ("name", "description")),
    Source(6, "menus.VoiceMenu", "client_id", ("name", "description")),
    Source(7, "forwarding.Forwarding", "client_id", ("name", "digits", "description")),
    Source(8, "classifiers.Classifier", "client_id", ("name", "description")),
    Source(9, "mailboxes.Mailbox", "client_id", ("name", "box", "email", "description")),
    Source(10, "classifiers.Contact", "classifier_id", ("name", "clip", "description")),
    Source(11, "campaigns.Campaign", "client_id", ("name", "description")),
    Source(12, "conferences.Conference", "client_id", ("name", "description")),
    Source(13, "media.Sound", "client_id", ("name", "description")),
    Source(14, "media.Package", "client_id", ("name", "description")),
)


def source_of(model: type[Any]) -> Source | None:
    """What the index holds of a model; None: nothing."""
    return next((one for one in SOURCES if one.label == model._meta.label), None)


def sought(text: str) -> str:
    """A text in the writing of the index; a short one must be at the beginning of a word."""
    if len(text) < TRIGRAM and " " not in text:
        return MARK * (TRIGRAM - len(text)) + text
    return text.replace(" ", f" {MARK}{MARK}")
