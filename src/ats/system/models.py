"""Settings of the whole exchange, by topic, and the addresses that are shut out of it."""

from typing import ClassVar

from django.db import models


class Setting(models.Model):
    """What the operator set in one topic; only what differs from the defaults (`topics`)."""

    topic = models.CharField(max_length=20, unique=True)
    values = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.topic


class Ban(models.Model):
    """An address that may neither log in nor be heard over SIP until `until` (null: until somebody lifts it)."""

    class Source(models.TextChoices):
        SIP = "sip"  # guessed at passwords of telephones
        WEB = "web"  # guessed at passwords of the cabinet
        MANUAL = "manual"

    address = models.CharField(max_length=45, unique=True)  # IPv4 or IPv6, as `ipaddress` writes it
    source = models.CharField(max_length=8, choices=Source.choices)
    failures = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    author_login = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="ban_until")]

    def __str__(self) -> str:
        return self.address
