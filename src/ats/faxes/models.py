"""Received faxes (S160-S162), each attached to the call it came in."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Fax(models.Model):
    """One fax; its pages are $ATS_HOME/faxes/<client id>/<id>.tif and .pdf (absent when `pages` is 0).

    Belongs to the call with the same (node, linkedid, client). `spool` is the name under which the engine wrote it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="faxes")
    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)
    spool = models.CharField(max_length=200, unique=True)
    caller = models.CharField(max_length=64, blank=True)
    station = models.CharField(max_length=40, blank=True)  # what the other machine calls itself
    received_at = models.DateTimeField()
    pages = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=False)  # the whole of it came
    error = models.CharField(max_length=120, blank=True)  # the engine's word for what went wrong
    mode = models.CharField(max_length=8, blank=True)  # audio | T38
    letter = models.ForeignKey("mail.Letter", null=True, blank=True, on_delete=models.SET_NULL)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-received_at"], name="fax_client_received"),
            models.Index(fields=["client", "linkedid"], name="fax_client_linkedid"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.received_at:%Y-%m-%d %H:%M}"


class FaxSettings(models.Model):
    """Where a client wants its faxes sent; empty: nowhere."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="fax_settings")
    email = models.EmailField(blank=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    def __str__(self) -> str:
        return self.email
