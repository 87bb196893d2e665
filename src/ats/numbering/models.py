"""Numbers (S51-S58) and the steps of their dialplans (S87-S113)."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client, User
from ats.scoping import Scoped


class NumberManager(Scoped["Number"]):
    owner_path = "owner_id"


class Number(models.Model):
    """An internal number of a client, or an external (city) number of the operator's pool.

    `digits`: internal as dialled (`100`; every client may have its own 100, S58), external as E.164
    digits without plus (`74951234567`, S252). An external number without client is free (S51).
    """

    class Kind(models.TextChoices):
        INTERNAL = "internal"
        EXTERNAL = "external"

    client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.PROTECT, related_name="numbers"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digits = models.CharField(max_length=15)
    # The user of the client it was given to (S229); null: the client itself.
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="numbers")
    name = models.CharField(max_length=80, blank=True)
    description = models.CharField(max_length=500, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the client's (S256)
    # Version of the dialplan as people saved it; a save that names an older one is refused (409).
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NumberManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "digits"],
                name="number_internal_unique",
                condition=models.Q(kind="internal"),
            ),
            models.UniqueConstraint(
                fields=["digits"], name="number_external_unique", condition=models.Q(kind="external")
            ),
            models.CheckConstraint(
                condition=models.Q(kind="external") | models.Q(client__isnull=False),
                name="number_internal_has_client",
            ),
        ]
        # The city numbers of a client in their order; the constraint above is that of internal ones.
        indexes: ClassVar = [
            models.Index(
                fields=["client", "digits"],
                name="number_client_external",
                condition=models.Q(kind="external", client__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.digits


class StepManager(Scoped["Step"]):
    path = "number__client_id"
    owner_path = "number__owner_id"


class Step(models.Model):
    """One step of a number's dialplan. Order of creation (`position`) decides among steps of a level (S98)."""

    class Action(models.TextChoices):
        PORT = "port"
        RING = "ring"  # several ports and forwarding numbers at once, see StepTarget
        FORWARDING = "forwarding"  # «Заданный номер» S146
        QUEUE = "queue"
        MENU = "menu"
        SOUND = "sound"
        CLASSIFIER = "classifier"  # «Сервис → Классификатор вызовов» S173
        MAILBOX = "mailbox"  # «Голосовая почта» S163
        FAX = "fax"  # «Service/FAXRECEIVER» S161
        CONFERENCE = "conference"
        PIN = "pin"  # «Авторизация по PIN»: prove who calls, dial on under his rights S234
        CALLBACK = "callback"  # hang up, call the caller back, lead him to `to_number`
        NUMBER = "number"
        HANGUP = "hangup"

    class Holidays(models.TextChoices):
        """Whether the client's holidays (`Holiday`) matter to the calendar."""

        ANY = "any"
        ONLY = "only"
        EXCEPT = "except"

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    level = models.PositiveIntegerField()  # «Уровень» ≥ 1
    action = models.CharField(max_length=12, choices=Action.choices)
    port = models.ForeignKey(
        "ports.Port", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    sound = models.ForeignKey(
        "media.Sound", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    to_number = models.ForeignKey(
        Number, null=True, blank=True, on_delete=models.PROTECT, related_name="incoming_steps"
    )
    forwarding = models.ForeignKey(
        "forwarding.Forwarding", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    queue = models.ForeignKey(
        "queues.Queue", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    menu = models.ForeignKey(
        "menus.VoiceMenu", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    classifier = models.ForeignKey(
        "classifiers.Classifier", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    mailbox = models.ForeignKey(
        "mailboxes.Mailbox", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    conference = models.ForeignKey(
        "conferences.Conference", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    cause = models.PositiveSmallIntegerField(null=True, blank=True)  # Q.850, for hang up
    timeout_s = models.PositiveIntegerField(null=True, blank=True)  # «Таймаут», S91
    # Targets are level numbers; a level that does not exist is legal (S105).
    on_forward = models.PositiveIntegerField(null=True, blank=True)  # «Переадресация» S100
    on_answer = models.PositiveIntegerField(null=True, blank=True)  # «После ответа» S101
    on_no_answer = models.PositiveIntegerField(null=True, blank=True)  # «Нет ответа» S102
    on_busy = models.PositiveIntegerField(null=True, blank=True)  # «По занято» S103
    on_no_route = models.PositiveIntegerField(null=True, blank=True)  # «Нет маршрута» S104
    on_found = models.PositiveIntegerField(null=True, blank=True)  # classifier: «найден» S173
    on_not_found = models.PositiveIntegerField(null=True, blank=True)  # classifier: «не найден»
    extras = models.JSONField(null=True, blank=True)  # ДВО of this step; null: those of what it leads to
    limits = models.JSONField(
        null=True, blank=True
    )  # {"lines": n, "duration_s": n, …}, see dialplan.limitplan.Limits and limits.queries.STEP_FIELDS
    # Calendar (S95-S96): days as bits, Monday = 1; window [from, to) in minutes of the day, from > to crosses midnight.
    days = models.PositiveSmallIntegerField(default=127)
    time_from = models.PositiveSmallIntegerField(default=0)
    time_to = models.PositiveSmallIntegerField(default=1440)
    date_from = models.DateField(null=True, blank=True)
    date_to = models.DateField(null=True, blank=True)  # inclusive
    holidays = models.CharField(max_length=8, choices=Holidays.choices, default=Holidays.ANY)
    x = models.IntegerField(null=True, blank=True)  # place on the editor's canvas
    y = models.IntegerField(null=True, blank=True)

    objects = StepManager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "position"], name="step_position_unique"),
        ]


class StepTargetManager(Scoped["StepTarget"]):
    path = "step__number__client_id"
    owner_path = "step__number__owner_id"


class StepTarget(models.Model):
    """One of those a «ring» step rings at once: a port or a forwarding number."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="ringing")
    port = models.ForeignKey(
        "ports.Port", null=True, blank=True, on_delete=models.PROTECT, related_name="ringing_steps"
    )
    forwarding = models.ForeignKey(
        "forwarding.Forwarding", null=True, blank=True, on_delete=models.PROTECT, related_name="ringing_steps"
    )
    position = models.PositiveSmallIntegerField()

    objects = StepTargetManager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(port__isnull=False, forwarding__isnull=True)
                | models.Q(port__isnull=True, forwarding__isnull=False),
                name="step_target_port_or_forwarding",
            )
        ]


class DialplanVersionManager(Scoped["DialplanVersion"]):
    path = "number__client_id"


class DialplanVersion(models.Model):
    """What a save made of a number's dialplan. `steps` as the API gives them, titles in Russian."""

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    author_id = models.BigIntegerField(null=True)
    author_login = models.CharField(max_length=80, blank=True)
    steps = models.JSONField()

    objects = DialplanVersionManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "revision"], name="dialplan_version_unique")
        ]

    def __str__(self) -> str:
        return str(self.revision)


class Holiday(models.Model):
    """A day of a client's own holiday calendar, in the zone of the number that asks."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80, blank=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "day"], name="holiday_client_day_unique")
        ]

    def __str__(self) -> str:
        return self.name or str(self.day)
