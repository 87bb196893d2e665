"""Call queues («Очереди обработки вызовов», S115-S128) and their agents."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Queue(models.Model):
    """Callers wait in it until an agent answers."""

    class Strategy(models.TextChoices):
        """S121-S125; where the engine's meaning differs, the manual's is implemented."""

        RINGALL = "ringall"
        LEASTRECENT = "leastrecent"
        FEWESTCALLS = "fewestcalls"
        RANDOM = "random"
        RRMEMORY = "rrmemory"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    strategy = models.CharField(max_length=12, choices=Strategy.choices, default=Strategy.RINGALL)
    language = models.CharField(max_length=5, blank=True)  # empty: the client's (S118)
    pickup_group = models.ForeignKey(
        "pickup.PickupGroup", null=True, blank=True, on_delete=models.PROTECT, related_name="queues"
    )
    extras = models.JSONField(default=dict)  # ДВО (S127), see dialplan.extras
    max_waiting = models.PositiveIntegerField(
        default=0
    )  # callers who may wait; 0: no limit. Full → «По занято»
    ring_s = models.PositiveIntegerField(default=15)  # how long one agent is rung
    retry_s = models.PositiveIntegerField(default=2)
    wrapup_s = models.PositiveIntegerField(default=0)
    announce_place = models.BooleanField(default=False)
    announce_every_s = models.PositiveIntegerField(default=30)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="queue_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class AgentManager(Scoped["Agent"]):
    path = "queue__client_id"


class Agent(models.Model):
    """A VoIP port or a forwarding number that takes calls of a queue (S120): exactly one of the two."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="agents")
    port = models.ForeignKey(
        "ports.Port", null=True, blank=True, on_delete=models.PROTECT, related_name="queue_agents"
    )
    forwarding = models.ForeignKey(
        "forwarding.Forwarding", null=True, blank=True, on_delete=models.PROTECT, related_name="queue_agents"
    )
    position = models.PositiveIntegerField()
    # What the cabinet asked last (login | logout | pause | unpause) and a number that grows with each asking. The state
    # itself lives in the engine, where codes dialled on telephones change it as well.
    order = models.CharField(max_length=8, blank=True)
    order_no = models.PositiveBigIntegerField(default=0)

    objects = AgentManager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["queue", "port"], name="agent_queue_port_unique"),
            models.UniqueConstraint(fields=["queue", "forwarding"], name="agent_queue_forwarding_unique"),
            models.CheckConstraint(
                condition=models.Q(port__isnull=False, forwarding__isnull=True)
                | models.Q(port__isnull=True, forwarding__isnull=False),
                name="agent_port_or_forwarding",
            ),
        ]
