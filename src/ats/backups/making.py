"""What the worker does about backups: those that were ordered, the daily one, and removing old ones."""

import logging
import sqlite3
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django_scopes import scopes_disabled

from ats.backups import archive, files
from ats.backups.models import BackupJob
from ats.config import Config
from ats.system import queries as system
from ats.system.topics import Backups

log = logging.getLogger(__name__)
POLL_S = 2.0


def make_due() -> int:
    """Make what is ordered or due now; returns how many were made. Raises DatabaseError."""
    config: Config = settings.CONFIG
    rules = system.backups()
    now = timezone.now()
    # Also those that failed: one try a day, or a full disk would be tried every two seconds.
    tried = BackupJob.objects.filter(name__startswith=files.DAILY).values_list("name", flat=True)
    if is_due(rules, now, [*files.names(config), *tried]):
        name = files.new_name(now, daily=True)
        BackupJob.objects.get_or_create(name=name, defaults={"recordings": rules.recordings})
    # One that was being made when the worker died begins anew.
    waiting = BackupJob.objects.filter(state__in=(BackupJob.State.NEW, BackupJob.State.MAKING)).order_by("pk")
    made = 0
    for job in waiting:
        made += _make(config, job)
    if made:
        prune(config, rules)
    return made


def is_due(rules: Backups, now: datetime, names: list[str]) -> bool:
    """Whether the daily backup is to be made: its hour has come, and there is none of today."""
    today = now.astimezone(UTC)
    mark = f"{files.DAILY}{today:%Y%m%d}"
    return rules.daily and today.hour == rules.hour and not any(name.startswith(mark) for name in names)


def prune(config: Config, rules: Backups) -> list[str]:
    """Remove the oldest daily backups beyond those to be kept; ordered ones stay until somebody deletes them."""
    old = [name for name in files.names(config) if name.startswith(files.DAILY)][rules.keep :]
    for name in old:
        (files.folder(config) / name).unlink(missing_ok=True)
    BackupJob.objects.filter(name__in=old).delete()
    return old


def _make(config: Config, job: BackupJob) -> int:
    BackupJob.objects.filter(pk=job.pk).update(state=BackupJob.State.MAKING)
    try:
        with scopes_disabled():
            archive.make(config, files.folder(config) / job.name, recordings=job.recordings)
    except (OSError, DatabaseError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        log.error("backup %s: %s", job.name, error)
        BackupJob.objects.filter(pk=job.pk).update(state=BackupJob.State.FAILED, error=str(reason)[:200])
        return 0
    BackupJob.objects.filter(pk=job.pk).update(state=BackupJob.State.DONE, error="")
    log.info("backup %s is made", job.name)
    return 1
