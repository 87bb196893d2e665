"""Tells whether what stands in the engine was written by this very program."""

import hashlib
from pathlib import Path

import ats.dialplan.compiler
import ats.dialplan.conf
import ats.dialplan.routes
import ats.engine.endpoints
import ats.engine.enginedb
import ats.engine.trunks

# The modules whose text decides what a client looks like in the engine.
_WRITERS = (
    ats.dialplan.compiler,
    ats.dialplan.conf,
    ats.dialplan.routes,
    ats.engine.endpoints,
    ats.engine.enginedb,
    ats.engine.trunks,
)


def fingerprint() -> int:
    """A positive 31-bit number that changes with the code of those modules."""
    digest = hashlib.sha256()
    for module in _WRITERS:
        assert module.__file__ is not None
        digest.update(Path(module.__file__).read_bytes())
    return int.from_bytes(digest.digest()[:4], "big") % (2**31 - 1) + 1


FINGERPRINT = fingerprint()
