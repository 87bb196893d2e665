"""Sound messages («Звуковые сообщения», S166): files converted for the engine at upload."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Sound(models.Model):
    """A playable message. Its file is $ATS_HOME/media/<client id>/<id>.wav, 8 kHz mono PCM16."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sounds")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=5, default="ru")
    duration_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="sound_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
