"""Forwarding numbers («Номера переадресации», S129-S147): a city or mobile number that a step or a queue rings."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Forwarding(models.Model):
    """A number outside the exchange that the client's dialplan may ring; the client pays for the call."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="forwardings")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    digits = models.CharField(max_length=15)  # E.164 digits; S130 accepts 8916… too
    language = models.CharField(max_length=5, blank=True)  # empty: the client's (S133)
    extras = models.JSONField(default=dict)  # ДВО, see dialplan.extras
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="forwarding_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
