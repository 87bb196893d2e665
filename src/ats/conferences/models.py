"""Conference rooms: everybody who is sent there hears everybody."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Conference(models.Model):
    """A room; with a PIN the caller is asked for it."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="conferences")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    pin = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=5, blank=True)  # empty: the client's
    max_members = models.PositiveIntegerField(default=0)  # 0: no limit
    record = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="conference_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
