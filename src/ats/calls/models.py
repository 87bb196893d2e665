"""Call detail («Детализация», S183): rows derived from the engines' journals, never written by hand."""

import functools
import operator
from typing import ClassVar

from django.db import models

from ats.numbering.models import Number
from ats.ports.models import Port
from ats.scoping import Scoped, belonging


class JournalFile(models.Model):
    """How far a node's journal has been read; moved in the transaction that stores what was read.

    A file is known by its first line, which holds a microsecond and an id: names change when a file
    is rotated, and inode numbers come back when one is deleted.
    """

    node = models.CharField(max_length=64)
    head = models.CharField(max_length=64)  # SHA-256 of the first line
    name = models.CharField(max_length=120)
    offset = models.BigIntegerField(default=0)  # bytes read
    resume_offset = models.BigIntegerField(default=0)  # oldest byte an unfinished call still needs
    alive_us = models.BigIntegerField(default=0)  # last moment the engine lived, as read so far
    done = models.BooleanField(default=False)  # rotated away and read to its end

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "head"], name="journal_file_unique")]


class PendingEvent(models.Model):
    """Events of calls that are still open after a while, so a restart need not re-read hours.

    Order of ids is order of events.
    """

    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)
    line = models.TextField()  # lines.dump_event

    class Meta:
        indexes: ClassVar = [models.Index(fields=["node", "linkedid"], name="pending_node_linkedid")]


def filled(column: str) -> models.Q:
    """That a column is not empty, in the words of its index: SQLite does not see that a value says so as well."""
    return ~models.Q(**{column: ""})


def owned_by(owner: int) -> list[models.Q]:
    """What makes a call of the client in scope a user's own; any one of it is enough, each has an index.

    His ports and numbers are read first, for they are few: asked for within the question they would make the database
    look at every call of the client.
    """
    ports = list(belonging(Port).filter(owner=owner).values_list("pk", flat=True))
    digits = list(belonging(Number).filter(owner=owner).values_list("digits", flat=True))
    return [
        models.Q(caller_port_id__in=ports),
        models.Q(answered_port_id__in=ports),
        models.Q(called__in=digits),
        filled("via") & models.Q(via__in=digits),
    ]


class CallManager(Scoped["Call"]):
    def owned(self, rows: models.QuerySet["Call"], owner: int) -> models.QuerySet["Call"]:
        """Calls a user's own ports made or answered, and those for his own numbers (S231)."""
        return rows.filter(functools.reduce(operator.or_, owned_by(owner)))


class Call(models.Model):
    """One call as one client saw it. Unique by (node, linkedid, client): re-deriving it changes nothing."""

    class Direction(models.TextChoices):
        INTERNAL = "internal"
        IN = "in"
        OUT = "out"

    class Result(models.TextChoices):
        ANSWERED = "answered"
        NO_ANSWER = "no_answer"
        BUSY = "busy"
        CANCELLED = "cancelled"  # the caller hung up before an answer
        NO_ROUTE = "no_route"
        FAILED = "failed"
        LOST = "lost"  # the engine died during the call; closed at its last heartbeat

    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)
    client_id = models.BigIntegerField()
    direction = models.CharField(max_length=8, choices=Direction.choices)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    ring_ms = models.PositiveIntegerField(default=0)
    talk_ms = models.PositiveBigIntegerField(default=0)
    caller = models.CharField(max_length=64, blank=True)
    caller_name = models.CharField(max_length=80, blank=True)
    called = models.CharField(max_length=64, blank=True)  # as dialled / DID
    via = models.CharField(max_length=64, blank=True)  # number of the client it came by or went out with
    answered_by = models.CharField(max_length=64, blank=True)  # number or endpoint that talked
    caller_port_id = models.BigIntegerField(null=True)
    answered_port_id = models.BigIntegerField(null=True)
    result = models.CharField(max_length=12, choices=Result.choices)
    cause = models.PositiveSmallIntegerField(default=0)  # Q.850 given to the caller
    path = models.TextField(blank=True)  # words, see dialplan/path.py
    cost = models.BigIntegerField(null=True)  # 1/10,000 of the currency unit; null: not billed
    currency = models.CharField(max_length=3, blank=True)
    destination = models.CharField(
        max_length=16, blank=True
    )  # numbering.directions.Direction; empty: came in

    objects = CallManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "linkedid", "client_id"], name="call_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["client_id", "-started_at", "-id"], name="call_client_started"),
            models.Index(fields=["client_id", "caller", "-started_at"], name="call_client_caller"),
            models.Index(fields=["client_id", "called", "-started_at"], name="call_client_called"),
            models.Index(
                fields=["client_id", "via", "-started_at"],
                name="call_client_via",
                condition=filled("via"),
            ),
            models.Index(
                fields=["client_id", "answered_by", "-started_at"],
                name="call_client_answered_by",
                condition=filled("answered_by"),
            ),
            models.Index(
                fields=["client_id", "caller_port_id", "-started_at"],
                name="call_client_caller_port",
                condition=models.Q(caller_port_id__isnull=False),
            ),
            models.Index(
                fields=["client_id", "answered_port_id", "-started_at"],
                name="call_client_answered_port",
                condition=models.Q(answered_port_id__isnull=False),
            ),
            # Which cost or lasted so much: few of them are found by it, many are counted, from the index alone.
            models.Index(
                fields=["client_id", "cost", "id"],
                name="call_client_cost",
                condition=models.Q(cost__isnull=False),
            ),
            models.Index(
                fields=["client_id", "talk_ms", "id"],
                name="call_client_talk",
                condition=models.Q(talk_ms__gt=0),
            ),
            # Rare results and directions, which would otherwise be looked for through all of a client's calls.
            models.Index(fields=["client_id", "result", "-started_at", "-id"], name="call_client_result"),
            models.Index(
                fields=["client_id", "direction", "-started_at", "-id"], name="call_client_direction"
            ),
        ]


class LegManager(Scoped["Leg"]):
    path = "call__client_id"

    def owned(self, rows: models.QuerySet["Leg"], owner: int) -> models.QuerySet["Leg"]:
        return rows.filter(call__in=Call.objects.values("pk"))


class Leg(models.Model):
    """One channel of a call."""

    # No index of its own: the unique one below begins with the same column.
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs", db_index=False)
    seq = models.PositiveSmallIntegerField()
    uniqueid = models.CharField(max_length=64)
    channel = models.CharField(max_length=120)
    endpoint = models.CharField(max_length=80)
    number = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    cause = models.PositiveSmallIntegerField(default=0)

    objects = LegManager()

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "seq"], name="leg_seq_unique")]
