"""Fixtures of the unit tests. Imports of ours stand inside: this file is read before Django is set up."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client as Browser

    from ats.clients.models import User
    from tests.unit.world import World


@pytest.fixture
def world(db: None) -> "World":
    from tests.unit.world import build

    return build()


@pytest.fixture
def browser() -> "Callable[[User], Browser]":
    """A browser with a session of the user (CSRF is enforced only in the tests of the gate)."""
    from django.test import Client as Browser

    def logged_in(user: "User") -> Browser:
        made = Browser()
        made.force_login(user)
        return made

    return logged_in
