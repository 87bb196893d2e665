"""Webhooks (S5): finished calls and movements of money, told to somebody else's program."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Webhook(models.Model):
    """An address that is told of events, in order, until it says it has them.

    The cursors are the last row of each kind it has taken: nothing is queued, so nothing can be lost, and a receiver
    that was down for a day gets the day afterwards. One of the operator's own client is told about all clients.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=64)  # signs what is sent; shown once
    events = models.JSONField(default=list)  # sorted list of events.KINDS
    is_active = models.BooleanField(default=True)
    # Set up by the operator: only then may the address be one of a private network.
    trusted = models.BooleanField(default=False)
    call_cursor = models.BigIntegerField(default=0)
    charge_cursor = models.BigIntegerField(default=0)
    ledger_cursor = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row
    error = models.CharField(max_length=300, blank=True)
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="webhook_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
