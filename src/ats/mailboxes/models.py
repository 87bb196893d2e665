"""Voicemail boxes («Ящики голосовой почты», S163-S165)."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Mailbox(models.Model):
    """A box that takes messages; `box` is what its owner dials to be told apart, digits, unique at the client."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="mailboxes")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    box = models.CharField(max_length=6)
    pin = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)  # S165; empty: nothing is sent
    language = models.CharField(max_length=5, blank=True)  # empty: the client's
    greeting = models.ForeignKey(
        "media.Sound", null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes"
    )
    keep_after_email = models.BooleanField(default=True)
    max_s = models.PositiveIntegerField(default=180)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="mailbox_client_name_unique"),
            models.UniqueConstraint(fields=["client", "box"], name="mailbox_client_box_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class VoiceMessageManager(Scoped["VoiceMessage"]):
    path = "mailbox__client_id"


class VoiceMessage(models.Model):
    """A message left in a box. Its file is $ATS_HOME/voicemail/<client id>/<mailbox id>/<id>.wav.

    `spool` is the name under which the engine wrote it: the same file never becomes two messages.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="messages")
    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)  # the call it was left in
    spool = models.CharField(max_length=200, unique=True)
    caller = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    is_read = models.BooleanField(default=False)
    letter = models.ForeignKey("mail.Letter", null=True, blank=True, on_delete=models.SET_NULL)

    objects = VoiceMessageManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["mailbox", "-received_at"], name="message_mailbox_received")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}/{self.pk}"
