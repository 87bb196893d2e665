"""What rooms above call detail have the worker do now and then. Registered when the program starts."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError
from django_scopes import scopes_disabled

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Chore:
    """`run` is called every `every_s` seconds, outside any client's scope; it must not take long."""

    name: str
    every_s: float
    run: Callable[[], object]
    due_at: float = 0.0


_chores: list[Chore] = []


def register(name: str, every_s: float, run: Callable[[], object]) -> None:
    """Have the worker do this, too."""
    _chores.append(Chore(name, every_s, run))


def run_due() -> None:
    """Do what is due. A chore that fails is logged and tried again at its next turn: it must not stop the journal."""
    now = time.monotonic()
    for chore in _chores:
        if now < chore.due_at:
            continue
        chore.due_at = now + chore.every_s
        try:
            with scopes_disabled():
                chore.run()
        except DatabaseError:
            raise  # the worker waits for its database
        except Exception:
            log.exception("%s failed", chore.name)
