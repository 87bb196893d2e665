"""Whose limit it is: the client itself, or one of its users, ports and dialplan elements (S39)."""

from enum import StrEnum


class Scope(StrEnum):
    """Names in addresses of the API, but for the step: its limits (S114) stand in the step and are saved with it."""

    CLIENT = "client"
    USER = "user"
    PORT = "port"
    QUEUE = "queue"
    FORWARDING = "forwarding"
    MENU = "menu"
    STEP = "step"


ELEMENTS = (Scope.QUEUE, Scope.FORWARDING, Scope.MENU)
# Those that a row of `Limit` has a column for besides its client's: all are empty in the limits of the client itself.
OF_THINGS = tuple(scope for scope in Scope if scope not in (Scope.CLIENT, Scope.STEP))
