"""Pickup groups («Группы перехвата», S176-S182): who may take a ringing call with 888#."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class PickupGroup(models.Model):
    """Its members are the ports and queues that name it."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pickup_groups")
    group = models.PositiveIntegerField()  # «Группа», its number (S177)
    name = models.CharField(max_length=80)  # «Описание» is its name (S178)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "group"], name="pickup_client_group_unique")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.name}"
