"""`python -m ats.webserver`: the web process. Its address, and whether it speaks HTTPS, are read from config.toml.

A new certificate is served within seconds: the server's worker is replaced by one that reads it anew, while the port
stays open. Streams of the old one (active calls, the softphone's SIP) are ended, and browsers open them again by
themselves; a talk's sound goes past us.
"""

import os
import signal
import threading
import time
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels

from ats.config import Config

LOOK_S = 1.0
_END_STREAMS_S = 3


def serve(config: Config) -> None:
    """Serve until SIGTERM."""
    pem = config.certificate_path if config.https else None
    if pem is not None:
        threading.Thread(target=_renew, args=(pem,), daemon=True).start()
    Granian(
        "ats.asgi:application",
        address=config.listen,
        port=config.web_port,
        interface=Interfaces.ASGINL,
        workers=1,
        workers_kill_timeout=_END_STREAMS_S,
        # Over HTTP/2 browsers send each cookie as a header of its own, which Django 5.2 joins by commas.
        http=HTTPModes.http1,
        log_level=LogLevels.warning,
        ssl_cert=pem,
        ssl_key=pem,
        ssl_protocol_min=SSLProtocols.tls12,
    ).serve()


def _renew(pem: Path) -> None:
    """Have the worker replaced whenever the file is another one."""
    served = _mark(pem)
    while True:
        time.sleep(LOOK_S)
        try:
            now = _mark(pem)
        except OSError:
            continue  # whoever took it away will bring another; what was read is served meanwhile
        if now != served:
            served = now
            os.kill(os.getpid(), signal.SIGHUP)


def _mark(pem: Path) -> tuple[int, int]:
    found = pem.stat()
    return found.st_ino, found.st_mtime_ns


if __name__ == "__main__":
    serve(Config.load())
