"""What the worker tidies up on its slow timer: expired rows, old journal files."""

import logging
import time
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.billing.settling import release_expired
from ats.calls import journalfiles
from ats.calls.models import JournalFile
from ats.limits import usage

log = logging.getLogger(__name__)

# Rows of other rooms that only mean something for a while: model, field with their last sign of life, age.
# Named by label, because call detail must not know the engine's room (pyproject, import rules).
_SHORT_LIVED = (
    ("engine.LiveWatch", "until", timedelta(minutes=5)),
    ("engine.LiveCall", "updated_at", timedelta(minutes=5)),
)


def drop_expired() -> int:
    """Remove what nobody refreshed for long; returns how many rows."""
    removed = 0
    with scopes_disabled():
        for label, field, age in _SHORT_LIVED:
            model = apps.get_model(label)
            removed += model._default_manager.filter(**{f"{field}__lt": timezone.now() - age}).delete()[0]
    return removed


def release_money(node: str) -> int:
    """Give back what calls that never ended in the journal hold of money and limits; returns how many paid ones.

    To be called when this node's journal is read to its end.
    """
    usage.tidy(node, timezone.now())
    released = release_expired(node, time.time_ns() // 1000)
    if released:
        log.warning("%s reservations were released: their lease had run out", released)
    return released


def drop_sessions() -> None:
    """Remove log-in sessions that have run out (daily)."""
    call_command("clearsessions")


def tidy_journal(node: str, journal: Path, keep_days: int) -> None:
    """Pack rotated files that are read to their end; remove those older than `keep_days` (0: keep all).

    Without its journal a call can no longer be derived again; its row in call detail stays.
    """
    done = set(JournalFile.objects.filter(node=node, done=True).values_list("head", flat=True))
    for part in journalfiles.parts(journal):
        if part.number is not None and part.head in done:
            log.info("journal: %s is packed", part.path.name)
            journalfiles.compress(part.path)
    if keep_days > 0:
        for path in journalfiles.rotated_before(journal, time.time() - keep_days * 86400):
            if path.suffix == ".gz":
                log.info("journal: %s is older than %s days and is removed", path.name, keep_days)
                path.unlink()
