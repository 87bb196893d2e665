"""Limits (S6-S8, S16-S18, S39), what was used of them, and the fraud guard's cases and thresholds."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client, User
from ats.limits.scopes import OF_THINGS, Scope
from ats.scoping import Scoped


class LimitManager(Scoped["Limit"]):
    def owned(self, rows: models.QuerySet["Limit"], owner: int) -> models.QuerySet["Limit"]:
        """A user sees the limits of himself and of what is his."""
        return rows.filter(models.Q(user=owner) | models.Q(port__owner=owner))


class FraudCaseManager(Scoped["FraudCase"]):
    owner_path = "port__owner_id"


class Limit(models.Model):
    """Limits of one thing of a client; of the client itself when no other is named. None: no limit.

    Lines are calls at the same moment; durations are seconds of one call; money is in 1/10,000 of the
    currency unit; days and months are the client's. The smallest of client, user, port and element wins.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="limits")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="limits")
    # Rooms above this one are named by label: the database keeps them in order, no code here knows them.
    port = models.ForeignKey(
        "ports.Port", null=True, blank=True, on_delete=models.CASCADE, related_name="limits"
    )
    queue = models.ForeignKey(
        "queues.Queue", null=True, blank=True, on_delete=models.CASCADE, related_name="limits"
    )
    forwarding = models.ForeignKey(
        "forwarding.Forwarding", null=True, blank=True, on_delete=models.CASCADE, related_name="limits"
    )
    menu = models.ForeignKey(
        "menus.VoiceMenu", null=True, blank=True, on_delete=models.CASCADE, related_name="limits"
    )
    lines_in = models.PositiveIntegerField(null=True)  # S145, S158
    lines_out = models.PositiveIntegerField(null=True)
    lines_all = models.PositiveIntegerField(null=True)  # S6
    duration_in_s = models.PositiveIntegerField(null=True)  # S144, S157
    duration_out_s = models.PositiveIntegerField(null=True)  # S7
    minutes_day = models.PositiveIntegerField(null=True)
    minutes_month = models.PositiveIntegerField(null=True)
    money_day = models.PositiveBigIntegerField(null=True)  # S8
    money_month = models.PositiveBigIntegerField(null=True)
    calls_minute = models.PositiveIntegerField(null=True)
    destinations_day = models.PositiveIntegerField(null=True)
    closed = models.JSONField(default=list)  # directions not allowed (S16-S18): dialplan.directions.Direction
    allow_prefixes = models.JSONField(default=list)  # E.164 prefixes allowed though their direction is closed
    deny_prefixes = models.JSONField(default=list)  # E.164 prefixes never allowed

    objects = LimitManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"],
                name="limit_client_unique",
                condition=models.Q(
                    user__isnull=True,
                    port__isnull=True,
                    queue__isnull=True,
                    forwarding__isnull=True,
                    menu__isnull=True,
                ),
            ),
            *(
                models.UniqueConstraint(fields=[name], name=f"limit_{name}_unique")
                for name in ("user", "port", "queue", "forwarding", "menu")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.object_id}"

    @property
    def scope(self) -> Scope:
        """Whose limits these are."""
        return next((one for one in OF_THINGS if getattr(self, f"{one}_id") is not None), Scope.CLIENT)

    @property
    def object_id(self) -> int:
        """Id of the thing in its own table."""
        return int(getattr(self, f"{self.scope}_id"))


class CountedCall(models.Model):
    """A paid or counted call to one number outside: held from the moment it was let through, settled when the journal
    tells its length.

    `seconds` and `money` are what is held while it is open, and what it really took afterwards.
    """

    key = models.CharField(max_length=100, default="")  # of the question whether it may go out
    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="counted_calls")
    user_id = models.BigIntegerField(null=True)
    port_id = models.BigIntegerField(null=True)
    # Elements of the dialplan that led it out.
    step_id = models.BigIntegerField(null=True)
    forwarding_id = models.BigIntegerField(null=True)
    digits = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    day = models.DateField()  # of its start, in the client's zone
    seconds = models.PositiveBigIntegerField(default=0)
    money = models.PositiveBigIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    expires_at = models.DateTimeField()  # a hold whose end was never told is given back then
    # Of a call that is not billed, in microseconds since 1970: when it was answered, when to look whether it needs more
    # (a billed one's reservation knows), and the longest it may last in all.
    answered_us = models.BigIntegerField(null=True)
    extend_us = models.BigIntegerField(null=True)
    limit_s = models.PositiveIntegerField(default=0)
    # The channel, when it goes on in another call (a transfer).
    leg = models.CharField(max_length=64, blank=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "day"], name="counted_client_day"),
            models.Index(fields=["client", "started_at"], name="counted_client_time"),
            models.Index(fields=["client"], name="counted_client_open", condition=models.Q(is_open=True)),
            models.Index(fields=["node", "linkedid"], name="counted_linkedid"),
            models.Index(fields=["key"], name="counted_key", condition=models.Q(is_open=True)),
            models.Index(fields=["leg"], name="counted_leg", condition=~models.Q(leg="")),
            models.Index(fields=["expires_at"], name="counted_open", condition=models.Q(is_open=True)),
            models.Index(
                fields=["node", "extend_us"], name="counted_extend", condition=models.Q(is_open=True)
            ),
        ]


class UsageDay(models.Model):
    """What a client, a user, a port or an element has used on one day of the client: settled calls only."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="usage")
    scope = models.CharField(max_length=12)  # client | user | port | step | forwarding
    object_id = models.BigIntegerField()
    day = models.DateField()
    seconds = models.PositiveBigIntegerField(default=0)
    money = models.PositiveBigIntegerField(default=0)
    calls = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "object_id", "day"], name="usage_day_unique")
        ]
        indexes: ClassVar = [models.Index(fields=["client", "day"], name="usage_client_day")]


class FraudSettings(models.Model):
    """Thresholds of the guard, tuned by the operator; one row, only what differs from `fraud.DEFAULTS`."""

    values = models.JSONField(default=dict)


class FraudCase(models.Model):
    """A port the guard locked for paid calls, with the signals that added up. Open until somebody unlocks it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="fraud_cases")
    port = models.ForeignKey("ports.Port", on_delete=models.CASCADE, related_name="fraud_cases")
    at = models.DateTimeField()
    score = models.PositiveIntegerField()
    signals = models.JSONField(default=list)  # [{"code", "points", "count", "limit", …}]
    unlocked_at = models.DateTimeField(null=True)
    unlocked_by = models.CharField(max_length=64, blank=True)

    objects = FraudCaseManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["port"], name="fraud_open_unique", condition=models.Q(unlocked_at__isnull=True)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["client", "-at"], name="fraud_client_at")]
