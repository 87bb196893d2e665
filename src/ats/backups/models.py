"""Backups that somebody ordered or the clock did: the files themselves are the truth of what there is."""

from typing import ClassVar

from django.db import models


class BackupJob(models.Model):
    """An order for a backup, carried out by the worker."""

    class State(models.TextChoices):
        NEW = "new"
        MAKING = "making"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=60, unique=True)  # file name in the home's `backups`
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    recordings = models.BooleanField(default=False)
    author_login = models.CharField(max_length=64, blank=True)  # empty: the clock
    at = models.DateTimeField(auto_now_add=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state"], name="backup_state")]

    def __str__(self) -> str:
        return self.name
