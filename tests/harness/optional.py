"""Programs only some tests need, which an ordinary user may not be able to run (launcher/counterparts.py)."""

import json
import os
import shutil
from pathlib import Path

import pytest

from launcher.counterparts import ABSENT


def program(name: str) -> str:
    """Where the program stands. Skips the test when only root can have it; else a missing one is a failure."""
    absent = json.loads(os.environ.get(ABSENT, "{}"))
    if name in absent:
        pytest.skip(f"{name}: {absent[name]}")
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name}: not on this machine; ./ats test unpacks it, or says why it could not")
    return found


def unpacked() -> Path:
    """The folder the packages of optional programs are unpacked into."""
    return Path(os.environ["ATS_TEST_ROOT"])
