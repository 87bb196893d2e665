"""Work of the worker that must not hold up the journal.

Letters, accounting for outside billings, the operator's own certificate, and what the engine left in `spool/incoming`.
"""

import logging
import threading
from collections.abc import Callable

from django.db import connection

from ats.config import Config
from ats.faxes import incoming as faxes
from ats.mail import sender
from ats.mailboxes import incoming as voicemail
from ats.radius import delivering
from ats.system import certificate
from ats.system import queries as system

log = logging.getLogger("ats.worker")
_PATIENCE_S = 5.0  # after a failure


class Errand(threading.Thread):
    """Calls a function again and again until `stop()`; what it raises is logged and it goes on."""

    def __init__(self, name: str, every_s: float, work: Callable[[], object]) -> None:
        super().__init__(name=name, daemon=True)
        self._every_s = every_s
        self._work = work
        self._stopped = threading.Event()

    def run(self) -> None:
        pause = self._every_s
        while not self._stopped.wait(pause):
            pause = self._every_s
            try:
                self._work()
            except Exception:  # one bad file or a database that is down must not end the errand
                log.exception("%s: to be tried again", self.name)
                connection.close()
                pause = _PATIENCE_S
        connection.close()

    def stop(self) -> None:
        """Ends after what it is doing now."""
        self._stopped.set()
        self.join(30)


_others: list[tuple[str, float, Callable[[], object]]] = []


def register(name: str, every_s: float, work: Callable[[], object]) -> None:
    """Have the worker do this in a thread of its own, too: for rooms above call detail that wait for others."""
    _others.append((name, every_s, work))


def errands(config: Config) -> list[Errand]:
    """All of them, not started."""

    def take_in() -> None:
        voicemail.take(config)
        faxes.take(config)

    def letters() -> None:
        if sender.send_due(system.mail_config(config)):
            voicemail.drop_sent()

    own = [
        Errand("incoming", 0.3, take_in),
        Errand("mail", 1.0, letters),
        Errand("certificate", 30.0, certificate.follow),
        Errand("radius", delivering.POLL_S, delivering.deliver_due),
    ]
    return own + [Errand(*other) for other in _others]
