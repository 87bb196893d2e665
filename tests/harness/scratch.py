"""Where telephones keep their files: one folder per process, gone when the process is."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="ats-phones-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def folder(name: str) -> Path:
    """A new empty folder; its own each time."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_root()))
