"""Outside billings spoken to over RADIUS (S5): their servers, whom they rate, and what they are still to be told."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ats.clients.models import Client


class Profile(models.Model):
    """An outside billing: servers that stand in for each other, and how to speak to them.

    `failures`, `error`, `next_try_at`: of the accounting records, which are held back while no server answers.
    """

    name = models.CharField(max_length=80, unique=True)
    nas_id = models.CharField(max_length=64, default="canmos-ats")
    # User-Password of the questions; some billings want one for every account, most want none.
    password = models.CharField(max_length=64, blank=True)
    timeout_ms = models.PositiveIntegerField(default=2000)  # of one try
    tries = models.PositiveSmallIntegerField(default=2)  # with one server, before the next is asked
    silent_s = models.PositiveIntegerField(default=0)  # longest talk while no server answers; 0: refused
    interim_s = models.PositiveIntegerField(default=300)  # between two Interim-Updates; 0: none
    # Ask for more while the call goes on. Off: a billing that does not count talks in progress would grant the same
    # money over and over.
    renews = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)  # in a row
    error = models.CharField(max_length=200, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Server(models.Model):
    """A server of an outside billing; they are tried in the order of `place`."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="servers")
    place = models.PositiveSmallIntegerField()
    host = models.CharField(max_length=45)  # an address: a name server must not stand in the path of a call
    auth_port = models.PositiveIntegerField(default=1812)
    acct_port = models.PositiveIntegerField(default=1813)
    secret = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["profile", "host", "auth_port"], name="radius_server_unique")
        ]


class Binding(models.Model):
    """This client's calls are rated by an outside billing instead of our tariffs. The operator's matter."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="radius")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="bindings")


class Record(models.Model):
    """An accounting record that was not acknowledged yet; removed when it was. Those of a session go in order of ids.

    `attributes`: pairs of name and value as `packets.encode` takes them, without Acct-Delay-Time.
    """

    class Kind(models.TextChoices):
        START = "start"
        INTERIM = "interim"
        STOP = "stop"

    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="records", db_index=False)
    session = models.CharField(max_length=100)  # Acct-Session-Id
    kind = models.CharField(max_length=7, choices=Kind.choices)
    at_us = models.BigIntegerField()  # of the event, microseconds since 1970
    attributes = models.JSONField()
    tries = models.PositiveIntegerField(default=0)
    next_try_us = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["session", "id"], name="radius_record_session"),
            models.Index(fields=["profile", "next_try_us"], name="radius_record_due"),
        ]
