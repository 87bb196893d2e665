"""All tests run in a home folder of their own: never in the installation of whoever starts them."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

gc.disable()  # until everything is loaded, see pytest_collection_finish
_FIXED_DB = os.environ.get("ATS_DB_URL")


def _make_home() -> Path:
    """A fresh ATS_HOME, made before Django's settings are imported."""
    home = Path(tempfile.mkdtemp(prefix="ats-test-"))
    tools = os.environ.get("ATS_TOOLS") or str(Path(__file__).resolve().parents[1] / "var" / "tools")
    os.environ["ATS_HOME"] = str(home)
    os.environ["ATS_TOOLS"] = tools
    # Named here, not in pyproject.toml: pytest-django would import the settings before this home is there.
    os.environ["DJANGO_SETTINGS_MODULE"] = "ats.settings"
    (home / "config.toml").write_text('secret_key = "tests"\nami_secret = "tests"\n', encoding="utf-8")
    for folder in ("db", "log", "run", "media"):
        (home / folder).mkdir()
    return home


HOME = _make_home()


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # PBKDF2 costs a quarter of a second on purpose; tests hash hundreds of times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not _FIXED_DB:
        # A file, not memory: concurrency tests need what production has, WAL and real locks.
        # Django may have filled TEST in already (in an xdist worker it has): only the name is ours to set.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(HOME / "db" / "test.sqlite3")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.pluginmanager.hasplugin("dsession"):
        # This process only hands tests out. Its workers must not find the name of the settings: they would load
        # them with this process's home, before they have made their own.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_finish() -> None:
    # What is loaded now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_leftover_scope() -> Iterator[None]:
    """A scope left open by one test would hide a missing one in the next."""
    from django_scopes.state import state

    token = state.set(None)
    yield
    state.reset(token)
