"""Zones, tariffs, accounts (S47, S48) and what calls did to them. Money: integers of 1/10,000 of the unit."""

from typing import ClassVar

from django.db import models

from ats.radius.models import Profile


class Zone(models.Model):
    """A named group of E.164 prefixes («Зона»): one rate prices all of them."""

    name = models.CharField(max_length=80, unique=True)
    prefixes = models.JSONField(default=list)  # sorted strings of digits


class Tariff(models.Model):
    """A price list. `version` grows with every change of it or of a zone it names, so copies of it are known stale."""

    name = models.CharField(max_length=80, unique=True)
    currency = models.CharField(max_length=3, default="RUB")
    time_zone = models.CharField(max_length=64, default="Europe/Moscow")  # of days and windows
    description = models.CharField(max_length=500, blank=True)
    version = models.PositiveBigIntegerField(default=1)


class TariffRate(models.Model):
    """A rate for a prefix, or for every prefix of a zone; fields as in `rating.Rate`."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rates")
    prefix = models.CharField(max_length=15, blank=True)
    zone = models.ForeignKey(Zone, null=True, on_delete=models.PROTECT, related_name="rates")
    title = models.CharField(max_length=80, blank=True)
    price = models.BigIntegerField()  # per minute
    connection_fee = models.BigIntegerField(default=0)
    attempt_fee = models.BigIntegerField(default=0)
    free_s = models.PositiveIntegerField(default=0)
    first_s = models.PositiveIntegerField(default=60)
    next_s = models.PositiveIntegerField(default=60)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    days = models.PositiveSmallIntegerField(default=127)
    time_from = models.PositiveSmallIntegerField(default=0)
    time_to = models.PositiveSmallIntegerField(default=1440)


class Account(models.Model):
    """A billing account. Clients and users name it in their «Расчётный счёт» by its `code`.

    Whatever runs in parallel: prepaid — reserved ≤ balance + credit; daily cap — reserved + spent today ≤ cap.
    Changed only by `account_actions` and `reservations`, in one transaction with the row that tells why.
    """

    class Kind(models.TextChoices):
        PREPAID = "prepaid"
        DAILY_CAP = "daily_cap"

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PREPAID)
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="accounts")
    time_zone = models.CharField(max_length=64, default="Europe/Moscow")  # whose midnight begins a new day
    is_active = models.BooleanField(default=True)
    credit = models.BigIntegerField(default=0)  # prepaid: how far below zero it may go
    daily_cap = models.BigIntegerField(default=0)
    balance = models.BigIntegerField(default=0)  # payments and adjustments less charges
    reserved = models.BigIntegerField(default=0)  # of all open reservations
    day = models.PositiveIntegerField(default=0)  # the day `spent` belongs to, as date.toordinal()
    spent = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="account_reserved_positive", condition=models.Q(reserved__gte=0)),
        ]

    def __str__(self) -> str:
        return self.code


class LedgerEntry(models.Model):
    """A payment or an adjustment. Never changed, never deleted; charges of calls have rows of their own."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        ADJUSTMENT = "adjustment"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ledger")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()  # after it
    note = models.CharField(max_length=200, blank=True)
    actor_login = models.CharField(max_length=64, blank=True)


class Reservation(models.Model):
    """Money set aside for one call before it is spent. Times are microseconds since 1970 UTC, as in the journal.

    `key` makes a repeated question the same reservation. `amount` is what the account holds for it while it is open.
    Everything in it changes only while its account's row is locked.

    One with `radius` has no account: an outside billing rates the call (billing/outside.py), `outside` is JSON of what
    was asked and answered.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"  # from the journal
        REFUSED = "refused"  # by an outside billing: noted for its words
        RELEASED = "released"  # its lease ran out: the call's node died, or its call never came to be

    key = models.CharField(max_length=100, unique=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="reservations")
    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)
    client_id = models.BigIntegerField()
    digits = models.CharField(max_length=20)
    direction = models.CharField(max_length=16)
    rate = models.TextField()  # JSON of rating.dump
    currency = models.CharField(max_length=3)
    day = models.PositiveIntegerField()  # of the account, when it was made
    amount = models.BigIntegerField()
    allowed_s = models.PositiveIntegerField()
    limit_s = models.PositiveIntegerField()  # it may never be extended beyond this
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    asked_us = models.BigIntegerField()
    answered_us = models.BigIntegerField(null=True)
    extend_us = models.BigIntegerField(null=True)  # when to look whether it needs more
    lease_us = models.BigIntegerField()
    leg = models.CharField(
        max_length=64, blank=True
    )  # channel that talks, once the call was merged into another
    radius = models.ForeignKey(
        Profile, null=True, on_delete=models.PROTECT, related_name="calls", db_index=False
    )
    outside = models.TextField(blank=True, db_default="", default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["node", "linkedid"], name="reservation_call"),
            models.Index(fields=["node", "leg"], name="reservation_leg", condition=~models.Q(leg="")),
            models.Index(
                fields=["node", "extend_us"], name="reservation_extend", condition=models.Q(state="open")
            ),
            models.Index(fields=["lease_us"], name="reservation_lease", condition=models.Q(state="open")),
        ]


class Charge(models.Model):
    """What one call outside cost. Unique by (node, leg, client): settling twice changes nothing.

    `leg`: unique id of the channel to the other operator; of nobody answered, the reservation's key.
    `uncovered`: what it would have cost beyond the account's limit, which is never charged.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="charges", db_index=False)
    node = models.CharField(max_length=64)
    linkedid = models.CharField(max_length=64)
    leg = models.CharField(max_length=100)
    client_id = models.BigIntegerField()
    digits = models.CharField(max_length=20)
    direction = models.CharField(max_length=16)
    asked_us = models.BigIntegerField()
    talk_s = models.PositiveIntegerField(null=True)  # as charged: whole seconds, no more than were allowed
    cost = models.BigIntegerField()
    uncovered = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    rate = models.TextField()  # JSON of rating.dump

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "leg", "client_id"], name="charge_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["node", "linkedid"], name="charge_call"),
            models.Index(fields=["account", "-asked_us"], name="charge_account_asked"),
        ]


class DownPolicy(models.Model):
    """One row: which directions billed clients may call while the authoriser does not answer (default: none)."""

    directions = models.JSONField(default=list)
