"""Whose limit it is: the client itself, or one of its users, ports and dialplan elements (S39)."""

from enum import StrEnum


class Scope(StrEnum):
    """Names in addresses of the API. A step's own limits (S114) stand in the step."""

    CLIENT = "client"
    USER = "user"
    PORT = "port"
    QUEUE = "queue"
    FORWARDING = "forwarding"
    MENU = "menu"


ELEMENTS = (Scope.QUEUE, Scope.FORWARDING, Scope.MENU)
