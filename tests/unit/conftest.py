"""Fixtures of the unit tests. Imports of ours stand inside: this file is read before Django is set up."""

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client as Browser

    from ats.clients.models import User
    from tests.unit.world import World


@pytest.fixture
def world(db: None) -> "World":
    from django.conf import settings

    from tests.unit.world import build

    # A test that is rolled back leaves its files, and the next one gets the same ids.
    # (A test with a home of its own may have no such folder yet.)
    media = settings.CONFIG.media_dir
    for left in media.iterdir() if media.is_dir() else ():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return build()


@pytest.fixture
def browser() -> "Callable[[User], Browser]":
    """A browser with a session of the user (CSRF is enforced only in the tests of the gate)."""
    from tests.unit.visitor import visitor

    def logged_in(user: "User") -> "Browser":
        made = visitor()
        made.force_login(user)
        return made

    return logged_in
