"""Browsers of the unit tests that share one set of middleware."""

from http.cookies import SimpleCookie

from django.test import Client as Browser
from django.test.client import ClientHandler

# WhiteNoise lists the cabinet's files whenever middleware is loaded: 20 ms that a test need not pay.
_HANDLER = ClientHandler(enforce_csrf_checks=False)


def visitor(cookies: SimpleCookie | None = None) -> Browser:
    """A browser, of the session in `cookies` when given; what happens to its own cookies stays with it."""
    made = Browser()
    made.handler = _HANDLER
    if cookies is not None:
        made.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    return made
