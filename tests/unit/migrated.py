"""The migrated, empty database (SQLite) that tests begin with: made once and kept, until a migration changes.

As Zulip's template databases: named after all there is to migrate, so that an old one is never taken for a new one.
"""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import django

_OTHERS = 4  # of 1.4 MB each
_SOURCES = Path(__file__).resolve().parents[2] / "src"


def place() -> Path:
    """Where the one for the migrations of now is, or would be."""
    told = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for path in sorted(_SOURCES.glob("ats/*/migrations/*.py")):
        told.update(str(path.relative_to(_SOURCES)).encode() + path.read_bytes())
    return Path(os.environ["ATS_TOOLS"]) / "test-db" / f"{told.hexdigest()[:20]}.sqlite3"


def take(target: Path) -> bool:
    """Copy it to the target; False when there is none yet."""
    if not (kept := place()).exists():
        return False
    shutil.copyfile(kept, target)
    return True


def keep(source: Path) -> None:
    """Keep what was migrated just now beside a few others: checkouts of several branches may share the folder.

    Several processes may do so at once.
    """
    kept = place()
    kept.parent.mkdir(parents=True, exist_ok=True)
    others = sorted(kept.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_OTHERS:]:
        old.unlink(missing_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(half)) as to:
        from_.backup(to)
    half.replace(kept)
