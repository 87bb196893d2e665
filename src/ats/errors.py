"""What an action may answer instead of doing its work; the API turns these into responses.

A problem carries codes, not texts: the words in both languages stand in `ats.api.messages`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one field (or the whole request) cannot be accepted: a code and the values for its text.

    A value may itself be a list of faults («used there and there»), put into words when the text is made.
    """

    code: str
    params: Mapping[str, "str | int | tuple[Fault, ...]"] = field(default_factory=dict)


class Problem(Exception):
    """Base of every refusal. `fields` maps a field path (`steps.2.action.port_id`) to its fault."""

    status = 400

    def __init__(
        self,
        code: str,
        fields: Mapping[str, Fault] | None = None,
        *,
        retry_after_s: int | None = None,
        **params: str | int | tuple[Fault, ...],
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.fields = dict(fields or {})
        self.retry_after_s = retry_after_s


class Invalid(Problem):
    """The values given cannot be accepted (422); nothing was changed."""

    status = 422

    def __init__(self, fields: Mapping[str, Fault]) -> None:
        super().__init__("invalid", fields)


class Conflict(Problem):
    """The state of things does not allow it now (409); nothing was changed."""

    status = 409


class Missing(Problem):
    """No such object for this caller: it does not exist, or it is another client's (404)."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not_found")


class Denied(Problem):
    """The caller has no right to do this (403)."""

    status = 403

    def __init__(self, code: str = "forbidden") -> None:
        super().__init__(code)


class NotLoggedIn(Problem):
    """Nobody is logged in (401)."""

    status = 401

    def __init__(self, code: str = "not_logged_in") -> None:
        super().__init__(code)


class Throttled(Problem):
    """Too many attempts (429); `retry_after_s` says when to come back."""

    status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("throttled", retry_after_s=retry_after_s, seconds=retry_after_s)


def invalid(path: str, code: str, **params: str | int) -> Invalid:
    """The usual case: one field is wrong."""
    return Invalid({path: Fault(code, params)})


PLACES_SHOWN = 5


def places(found: Sequence[Fault]) -> tuple[Fault, ...]:
    """Where something is used, for a Conflict: each place once, the first few and how many more."""
    unique: list[Fault] = []
    for place in found:
        if place not in unique:
            unique.append(place)
    if len(unique) <= PLACES_SHOWN:
        return tuple(unique)
    return (*unique[:PLACES_SHOWN], Fault("at_more", {"count": len(unique) - PLACES_SHOWN}))
