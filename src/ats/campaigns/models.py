"""Telemarketing («Телемаркетинг», S197-S208): campaigns that call the contacts of classifiers one after another."""

from typing import ClassVar, Self

from django.db import models

from ats.classifiers.models import Classifier
from ats.clients.models import Client, User
from ats.numbering.models import Number
from ats.scoping import Scoped


class Campaign(models.Model):
    """Who is to be called, and the internal number whose dialplan goes on when somebody answers (S199)."""

    class Status(models.TextChoices):
        BLOCKED = "blocked"  # not started yet, or stopped (S204)
        ACTIVE = "active"  # (S205)
        FINISHED = "finished"  # everybody was called (S206)

    class Stopped(models.TextChoices):
        """Why the exchange itself stopped it: calls in the name of somebody who may not make them any more."""

        STARTER_GONE = "starter_gone"
        STARTER_OFF = "starter_off"
        STARTER_RIGHT = "starter_right"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    number = models.ForeignKey(Number, on_delete=models.PROTECT, related_name="campaigns")
    classifiers = models.ManyToManyField(Classifier, related_name="campaigns")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.BLOCKED)
    reason = models.CharField(
        max_length=13, choices=Stopped.choices, blank=True
    )  # empty: stopped by somebody
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="campaign_client_name_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["status"], name="campaign_active", condition=models.Q(status="active"))
        ]

    def __str__(self) -> str:
        return self.name


class CalledManager(Scoped["Called"]):
    path = "campaign__client_id"


class Called(models.Model):
    """One telephone of a campaign: a contact as its classifier had it when the campaign reached it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLING = "calling"
        ANSWERED = "answered"
        BUSY = "busy"
        NO_ANSWER = "no_answer"
        FAILED = "failed"  # the network or a limit let no call through

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="called")
    clip = models.CharField(max_length=15)  # E.164 digits
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    error = models.CharField(max_length=200, blank=True)  # the engine's words
    order_id = models.BigIntegerField(null=True)  # engine.CallCommand of the last attempt
    node = models.CharField(max_length=64, blank=True)
    linkedid = models.CharField(max_length=64, blank=True)  # with `node`: its row in call detail
    called_at = models.DateTimeField(null=True)
    talk_ms = models.PositiveBigIntegerField(default=0)

    objects = CalledManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "clip"], name="called_campaign_clip_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state", "id"], name="called_campaign_state"),
            models.Index(fields=["campaign"], name="called_calling", condition=models.Q(state="calling")),
        ]

    def __str__(self) -> str:
        return self.name or self.clip
