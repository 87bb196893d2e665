"""Calling from elsewhere under one's own rights: by PIN (S234), by CLIP (S235), by a web service (S236)."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client, User
from ats.scoping import Scoped


class RemotePin(models.Model):
    """A user's PIN. It alone tells who calls, so it is unique at the client; only a keyed digest is stored."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="remote_pin")
    digest = models.CharField(max_length=64)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "digest"], name="remote_pin_unique")
        ]


class RemoteCaller(models.Model):
    """A telephone outside that is a user's: known by its CLIP (E.164 digits), it is called back."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="remote_callers")
    clip = models.CharField(max_length=15)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "clip"], name="remote_caller_unique")
        ]


class PinAttempt(models.Model):
    """A wrong PIN; a few of them from one number, or many at one client, lock the entrance for a while."""

    client_id = models.BigIntegerField()
    caller = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client_id", "at"], name="pin_attempt_recent")]
