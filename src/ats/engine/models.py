"""What each engine node runs now, as its agent reports it."""

from typing import ClassVar

from django.db import models


class Node(models.Model):
    """One engine node. `heartbeat_at` is the last time its engine answered its agent."""

    name = models.CharField(max_length=64, unique=True)
    boot_id = models.CharField(max_length=40, blank=True)
    engine_version = models.CharField(max_length=60, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    agent_started_at = models.DateTimeField(null=True)
    engine_started_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)  # in progress at the last heartbeat
    outbox_id = models.BigIntegerField(default=0)  # last outbox row taken


class ActiveVersion(models.Model):
    """Which version of a client's dialplan a node serves (client_id 0: the operator's routes)."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE)
    client_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField()
    active_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "client_id"], name="active_version_unique")
        ]


class Registration(models.Model):
    """A contact that is registered now, or the state of a trunk's own registration."""

    # No index: a few nodes hold all of them, so it leads nowhere: SQLite began the list with them, and sorted it all.
    node = models.ForeignKey(Node, on_delete=models.CASCADE, db_index=False)
    port_id = models.BigIntegerField(db_index=True)
    client_id = models.BigIntegerField()
    contact = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=80, blank=True)  # ip:port the device is seen at
    user_agent = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20)  # registered | rejected | unreachable | …
    rtt_ms = models.PositiveIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            # Which ports of a client are there now is asked of all of them: from the index alone. The list of them too.
            models.Index(fields=["client_id", "port_id", "status"], name="registration_client_port"),
            # The whole network, the newest first, all of it or in one state.
            models.Index(fields=["-updated_at", "-id"], name="registration_newest"),
            models.Index(fields=["status", "-updated_at", "-id"], name="registration_status_newest"),
        ]


class LiveWatch(models.Model):
    """Somebody looks at active calls until `until`: agents refresh LiveCall only while this holds.

    A per-call AMI event stream costs more CPU than the call itself (DESIGN 4), so nothing is
    asked of the engine while nobody watches.
    """

    client_id = models.BigIntegerField(unique=True)  # 0: every client
    until = models.DateTimeField()


class LiveCall(models.Model):
    """A channel in progress, refreshed about once a second while watched."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE)
    client_id = models.BigIntegerField(db_index=True)
    linkedid = models.CharField(max_length=64)
    uniqueid = models.CharField(max_length=64)
    channel = models.CharField(max_length=120)
    caller = models.CharField(max_length=64, blank=True)
    called = models.CharField(max_length=64, blank=True)
    connected = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16)  # dialing | ringing | up
    started_at = models.DateTimeField()
    answered = models.BooleanField(default=False)
    path = models.CharField(max_length=1000, blank=True)  # ats.dialplan.path; only of clients watched by name
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "uniqueid"], name="live_call_unique")
        ]


class LiveQueue(models.Model):
    """A queue of a watched client, refreshed about once a second; `state` as `agent.queuelive` has it."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE)
    client_id = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    state = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "queue_id"], name="live_queue_unique")
        ]


class CallCommand(models.Model):
    """What somebody wants done to a channel in progress («Управление вызовами», S218, S225, S232).

    Carried out by the node's agent within a second or so, and only while it is fresh. The channel's name is the
    engine's own word, and the target is the id of a number: nothing a person typed reaches the engine.
    """

    class Kind(models.TextChoices):
        HANGUP = "hangup"
        TRANSFER = "transfer"
        # Call `channel` (digits), then connect it with `target`, at the account of user `number_id` or the client's.
        CALLBACK = "callback"

    class State(models.TextChoices):
        NEW = "new"
        DONE = "done"
        FAILED = "failed"

    node = models.ForeignKey(Node, on_delete=models.CASCADE)
    client_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    channel = models.CharField(max_length=120)
    target = models.CharField(max_length=32, blank=True)
    number_id = models.BigIntegerField(null=True)  # transfer: the client's internal number that gets the call
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["node"], name="call_command_new", condition=models.Q(state="new"))
        ]

    @property
    def channel_ids(self) -> tuple[str, str]:
        """Ids of the two halves of the channel a callback makes, as the engine's own look: <node>-<second>.<number>.
        The first is the id of the whole call in the journal."""
        begun = f"{self.node.name}-{int(self.created_at.timestamp())}"
        return f"{begun}.c{self.pk}", f"{begun}.d{self.pk}"
