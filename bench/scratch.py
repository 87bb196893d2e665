"""A database of a bench's own, with Django of this process in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ats.config import Config, home_from_env, tools_from_env
from launcher import testdb
from launcher.process import ProcessGroup


@contextmanager
def scratch(name: str, kind: str) -> Iterator[Path]:
    """An empty home and a migrated, empty database (sqlite, postgres), gone afterwards; yields the home.

    Django is set up in it: import models only inside, and use it once in a process.
    """
    os.environ["ATS_TOOLS"] = str(tools_from_env(home_from_env()))
    home = Path(tempfile.mkdtemp(prefix=f"ats-bench-{name}-"))
    try:
        for folder in ("db", "run", "log"):
            (home / folder).mkdir()
        (home / "config.toml").write_text('secret_key = "bench"\nami_secret = "bench"\n')
        with _database(kind, home) as url:
            os.environ.update(ATS_HOME=str(home), ATS_DB_URL=url, DJANGO_SETTINGS_MODULE="ats.settings")
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{home}/db/ats.sqlite3"
        return
    with testdb.cluster(Config.load(home), ProcessGroup(home / "log" / "postgres.log")) as url:
        yield url
