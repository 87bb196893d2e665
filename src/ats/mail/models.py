"""Letters to be sent by e-mail: a queue that survives restarts and a mail server that is down."""

from typing import ClassVar

from django.db import models


class Letter(models.Model):
    """One letter to one address.

    `key` names what it is about («voicemail:12»): asking twice for the same letter makes one. `attachment` is a path
    under $ATS_HOME. Not scoped: rooms write it in their own transactions, only the sender reads it.
    """

    key = models.CharField(max_length=120, unique=True)
    client_id = models.BigIntegerField(null=True, blank=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachment = models.CharField(max_length=255, blank=True)
    attachment_name = models.CharField(max_length=120, blank=True)
    attachment_type = models.CharField(max_length=60, blank=True)  # audio/wav, application/pdf
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)  # why the last attempt failed

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="letter_due",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.subject
