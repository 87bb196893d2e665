"""The way a call took through dialplans, as the words the compiled dialplan leaves in CHANNEL(userfield).

Words are separated by spaces (docs/architecture/journal.md):

    17/5/43   enter number 43 of client 17 at version 5
    9  n12    step 9 is the number's first; step 12 follows because of «Нет ответа»
    n-        ended: the target of that condition is not set
    n!20      ended: level 20 does not exist (S105)
    n?2  ?1   ended: no step of that level applies now
    !         ended: the number has no steps      n!loop  ended: loop guard
    k3  k101  the caller pressed that in a voice menu
    h21       the step hung up with Q.850 cause 21
    17>7495…  client 17 called out to that E.164 number      t5  trunk 5 was tried
    !no_money it was not let out, and why
    17=lo@p33 client 17: a limit was reached, here the outgoing lines of port 33 (LIMIT_REASONS, LIMIT_OWNERS)

The words come back from a log file: parsing never fails, what is not understood stays as UNKNOWN.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ats.dialplan.model import Outcome


class Kind(StrEnum):
    """What a word of the path tells."""

    ENTER = "enter"
    STEP = "step"
    NOT_SET = "not_set"
    LEVEL_MISSING = "level_missing"
    NO_STEP_NOW = "no_step_now"
    NO_STEPS = "no_steps"
    LOOP = "loop"
    HANG_UP = "hang_up"
    KEYS = "keys"
    OUT = "out"
    TRUNK = "trunk"
    REFUSED = "refused"
    LIMIT = "limit"
    UNKNOWN = "unknown"


# What was reached …
LIMIT_REASONS = {
    "li": "lines_in",
    "lo": "lines_out",
    "la": "lines_all",
    "dir": "closed",
    "pre": "deny_prefixes",
    "md": "minutes_day",
    "mm": "minutes_month",
    "sd": "money_day",
    "sm": "money_month",
    "cm": "calls_minute",
    "dd": "destinations_day",
    "fr": "fraud",
}
# … and of whom.
LIMIT_OWNERS = {
    "c": "client",
    "u": "user",
    "p": "port",
    "q": "queue",
    "f": "forwarding",
    "m": "menu",
    "s": "step",
}

ENDS = frozenset({Kind.NOT_SET, Kind.LEVEL_MISSING, Kind.NO_STEP_NOW, Kind.NO_STEPS})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a path; fields that the kind does not use are None.

    `number_id` is filled for every word by `parse`: the number in whose dialplan it happened.
    """

    kind: Kind
    text: str
    client_id: int | None = None
    version: int | None = None
    number_id: int | None = None
    step_id: int | None = None
    level: int | None = None
    via: Outcome | None = None
    cause: int | None = None
    trunk_id: int | None = None
    digits: str | None = None
    code: str | None = None
    limit: str | None = None  # a value of LIMIT_REASONS
    owner: str | None = None  # a value of LIMIT_OWNERS
    owner_id: int | None = None


# Lengths are bounded: the text may be anything, and int() of a million digits is slow.
_ENTER = re.compile(r"(\d{1,18})/(\d{1,18})/(\d{1,18})\Z", re.ASCII)
_STEP = re.compile(r"([fanbryx]?)(\d{1,18})\Z", re.ASCII)
_LEVEL_END = re.compile(r"([fanbryx]?)([!?])(\d{1,9})\Z", re.ASCII)
_BARE_END = re.compile(r"([fanbryx]?)(-|!loop|!)\Z", re.ASCII)
_LETTER = re.compile(r"([ht])(\d{1,18})\Z", re.ASCII)
_OUT = re.compile(r"(\d{1,18})>(\d{1,20})\Z", re.ASCII)
_REFUSED = re.compile(r"!([a-z_]{2,32})\Z", re.ASCII)
_KEYS = re.compile(r"k([0-9*#]{1,20})\Z", re.ASCII)
_LIMIT = re.compile(r"!?(\d{1,18})=([a-z]{2,3})@([a-z])(\d{1,18})\Z", re.ASCII)
_BARE_KINDS = {"-": Kind.NOT_SET, "!loop": Kind.LOOP, "!": Kind.NO_STEPS}


def parse(text: str) -> list[Word]:
    """Every word of a path, each told which number it belongs to.

    A number that handed the call to another number gets it back when that one's walk ends,
    so what follows an end belongs to the number before.
    """
    words: list[Word] = []
    inside: list[int] = []
    for raw in text.split():
        word = _word(raw, inside[-1] if inside else None)
        words.append(word)
        if word.kind is Kind.ENTER and word.number_id is not None:
            inside.append(word.number_id)
        elif word.kind in ENDS and len(inside) > 1:
            inside.pop()
    return words


def text_of(words: Iterable[Word]) -> str:
    """The path text again: `text_of(parse(text))` is `text` with its spaces evened out."""
    return " ".join(word.text for word in words)


def split_by_client(text: str) -> dict[int, str]:
    """What each client may see of a path: its own numbers, steps and calls out, in order of appearance."""
    parts: dict[int, list[str]] = {}
    own: list[str] | None = None
    for raw in text.split():
        head, slash, _ = raw.partition("/")
        if not slash:
            head, slash, _ = raw.partition(">")
        if not slash:
            head, slash, _ = raw.partition("=")
        if slash and head.isascii() and head.isdigit() and len(head) <= 18:
            own = parts.setdefault(int(head), [])
        if own is not None:
            own.append(raw)
    return {client: " ".join(words) for client, words in parts.items()}


def _word(raw: str, number_id: int | None) -> Word:
    if match := _STEP.match(raw):
        return Word(Kind.STEP, raw, number_id=number_id, via=_outcome(match[1]), step_id=int(match[2]))
    if match := _ENTER.match(raw):
        return Word(Kind.ENTER, raw, client_id=int(match[1]), version=int(match[2]), number_id=int(match[3]))
    if match := _LEVEL_END.match(raw):
        kind = Kind.LEVEL_MISSING if match[2] == "!" else Kind.NO_STEP_NOW
        return Word(kind, raw, number_id=number_id, via=_outcome(match[1]), level=int(match[3]))
    if match := _BARE_END.match(raw):
        return Word(_BARE_KINDS[match[2]], raw, number_id=number_id, via=_outcome(match[1]))
    if match := _OUT.match(raw):
        return Word(Kind.OUT, raw, client_id=int(match[1]), digits=match[2])
    if match := _KEYS.match(raw):
        return Word(Kind.KEYS, raw, number_id=number_id, digits=match[1])
    if (match := _LIMIT.match(raw)) and match[2] in LIMIT_REASONS and match[3] in LIMIT_OWNERS:
        return Word(
            Kind.LIMIT, raw, client_id=int(match[1]), number_id=number_id, limit=LIMIT_REASONS[match[2]],
            owner=LIMIT_OWNERS[match[3]], owner_id=int(match[4]),
        )  # fmt: skip
    if match := _LETTER.match(raw):
        if match[1] == "h":
            return Word(Kind.HANG_UP, raw, number_id=number_id, cause=int(match[2]))
        return Word(Kind.TRUNK, raw, trunk_id=int(match[2]))
    if match := _REFUSED.match(raw):
        return Word(Kind.REFUSED, raw, number_id=number_id, code=match[1])
    return Word(Kind.UNKNOWN, raw, number_id=number_id)


def _outcome(letter: str) -> Outcome | None:
    return Outcome(letter) if letter else None
