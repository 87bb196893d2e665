"""Fixtures of the unit tests. Imports of ours stand inside: this file is read before Django is set up."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client as Browser
    from pytest_django.plugin import DjangoDbBlocker

    from ats.clients.models import User
    from tests.unit.world import World


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether there is a migrated database to begin with. PostgreSQL always gets a new one.

    Asked once the database has its name, which is another one in each process of xdist.
    """
    from django.conf import settings
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    from tests.unit import migrated

    # Django's own rights and types of things, which nothing of ours uses, are made again whenever a test that commits
    # has emptied the tables: two thirds of what that costs.
    assert post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    assert post_migrate.disconnect(create_contenttypes)
    database = settings.DATABASES["default"]
    return "sqlite3" in database["ENGINE"] and migrated.take(Path(database["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_keepdb: bool, django_db_setup: None, django_db_blocker: "DjangoDbBlocker"
) -> None:
    from django.db import connection

    from tests.unit import migrated

    if connection.vendor == "sqlite" and not django_db_keepdb:
        migrated.keep(Path(connection.settings_dict["NAME"]))


@pytest.fixture
def world(db: None) -> "World":
    from django.conf import settings

    from ats.api import overview
    from tests.unit.world import build

    overview._drawn.clear()  # the client of the next test is the same one, down to the microsecond of its making
    # A test that is rolled back leaves its files, and the next one gets the same ids.
    # (A test with a home of its own may have no such folder yet.)
    media = settings.CONFIG.media_dir
    for left in media.iterdir() if media.is_dir() else ():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return build()


@pytest.fixture
def planner(db: None) -> None:
    """PostgreSQL prefers reading a small table whole; whether an index fits is asked, not whether it pays."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")


@pytest.fixture
def browser() -> "Callable[[User], Browser]":
    """A browser with a session of the user (CSRF is enforced only in the tests of the gate)."""
    from tests.unit.visitor import visitor

    def logged_in(user: "User") -> "Browser":
        made = visitor()
        made.force_login(user)
        return made

    return logged_in
