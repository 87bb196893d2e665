"""The key with which the engine's command port is recognised: made once per installation, never leaves it.

Why the port speaks TLS although it is on the loopback: only that way it can be open while the engine's manager
counts as off. Switched on, the manager lets itself be told every change of every channel, puts it into words and
throws them away again because nobody reads events: 0.9 ms of CPU per call (docs/benchmarks.md).
"""

import datetime
import ssl
from pathlib import Path

_NAME = "engine.canmos-ats"
_FROM = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)  # clocks may be wrong at the first start
_TO = datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC)


def ensure(path: Path) -> None:
    """Make a self-signed certificate with its key in one PEM file, readable by the owner only, unless it is there."""
    if path.exists():
        return
    # Imported here: the launcher reads this module with the machine's own Python, which has no packages.
    from ats import certificates

    certificates.write(path, certificates.signed_by_itself([_NAME], _FROM, _TO))


def client_context(path: Path) -> ssl.SSLContext:
    """For those who give commands: trusts this one certificate and no other.

    Raises OSError when it cannot be read, ssl.SSLError (an OSError too) when it is none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # it is this very key that is asked for, whatever it calls itself
    context.load_verify_locations(path)
    return context
