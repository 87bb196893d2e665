"""Recorded talks (S138, S139, S185): rows derived from the journal and the files the engine wrote."""

from typing import ClassVar, Self

from django.db import models

from ats.calls.models import Call
from ats.clients.models import Client
from ats.scoping import Scoped


class RecordingManager(Scoped["Recording"]):
    def owned(self, rows: models.QuerySet["Recording"], owner: int) -> models.QuerySet["Recording"]:
        """Who sees a call may hear it."""
        return rows.filter(call__in=Call.objects.values("pk"))


class Recording(models.Model):
    """One recording of one leg of a call: $ATS_HOME/recordings/<client>/<year-month>/<name>.wav.

    Stereo, 8 kHz, PCM16: left what the leg's own party said, right what it heard. `name` begins with the leg's
    unique id, by which the row finds its call; unique per client, so it is attached exactly once.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="recordings")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recordings")
    uniqueid = models.CharField(max_length=64)  # of the leg
    name = models.CharField(max_length=100)
    on_demand = models.BooleanField(default=False)  # «Запись по запросу», else «Автоматическая запись»
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    size_bytes = models.PositiveBigIntegerField()

    objects = RecordingManager()

    class Meta:
        ordering: ClassVar = ["started_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="recording_client_name_unique")
        ]
        indexes: ClassVar = [models.Index(fields=["client", "started_at"], name="recording_client_started")]

    def __str__(self) -> str:
        return self.name


class Keeping(models.Model):
    """How long and how much of a client's recordings is kept; 0: without limit."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="recordings_keeping")
    keep_days = models.PositiveIntegerField(default=0)
    quota_mb = models.PositiveIntegerField(default=0)

    objects: ClassVar[Scoped[Self]] = Scoped()

    def __str__(self) -> str:
        return f"{self.keep_days} d, {self.quota_mb} MB"
