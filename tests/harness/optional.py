"""Programs only some tests need, which this machine may not have (launcher/counterparts.py)."""

import json
import os
import shutil
from pathlib import Path

import pytest

from launcher.counterparts import ABSENT


def program(name: str) -> str:
    """Where the program stands; skips the test, saying why, when it is not there."""
    absent = json.loads(os.environ.get(ABSENT, "{}"))
    if name in absent:
        pytest.skip(f"{name}: {absent[name]}")
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name}: not on this machine; ./ats test unpacks it")
    return found


def unpacked() -> Path:
    """The folder the packages of optional programs are unpacked into."""
    return Path(os.environ["ATS_TEST_ROOT"])
