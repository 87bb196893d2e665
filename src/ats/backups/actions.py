"""Ordering, deleting and taking away backups."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ats.audit.actions import record
from ats.backups import files
from ats.backups.models import BackupJob
from ats.clients.models import User
from ats.errors import Conflict, Missing

_OPEN = (BackupJob.State.NEW, BackupJob.State.MAKING)


@transaction.atomic
def order(actor: User, recordings: bool) -> BackupJob:
    """Have the worker make a backup. Raises Conflict while one is being made."""
    if BackupJob.objects.filter(state__in=_OPEN).exists():
        raise Conflict("backup_running")
    try:
        with transaction.atomic():
            job = BackupJob.objects.create(
                name=files.new_name(timezone.now()), recordings=recordings, author_login=actor.login
            )
    except IntegrityError as error:
        raise Conflict("backup_running") from error
    record(actor, actor.client_id, "create", job, after={"recordings": recordings})
    return job


@transaction.atomic
def delete(actor: User, name: str) -> None:
    """Delete a backup's file. Raises Missing."""
    path = files.path_of(settings.CONFIG, name)
    job = BackupJob.objects.filter(name=name).exclude(state__in=_OPEN).first()
    if path is None and job is None:
        raise Missing
    record(actor, actor.client_id, "delete", job or BackupJob(name=name))
    if job is not None:
        job.delete()
    if path is not None:
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def note_download(actor: User, name: str) -> None:
    """Write down who took a backup away: it holds every password there is."""
    record(actor, actor.client_id, "download", BackupJob(name=name))
