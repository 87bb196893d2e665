"""Voice menus («Голосовые меню», S148-S159): an announcement, keys that lead to internal numbers."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class VoiceMenu(models.Model):
    """Plays its announcement and waits for a key or a whole internal number."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="menus")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=5, blank=True)  # empty: the client's (S154)
    wait_s = models.PositiveIntegerField(default=5)  # «Время ожидания» S149
    attempts = models.PositiveSmallIntegerField(default=3)
    extension_dial = models.BooleanField(default=False)  # «Внутренние номера» S150
    announcement = models.ForeignKey(
        "media.Sound", null=True, blank=True, on_delete=models.PROTECT, related_name="menus"
    )  # «Анонс» S151
    extras = models.JSONField(default=dict)  # ДВО (S155), see dialplan.extras
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="menu_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class MenuKeyManager(Scoped["MenuKey"]):
    path = "menu__client_id"


class MenuKey(models.Model):
    """A key («0»…«9», «*», «#») and the internal number it leads to (S156)."""

    menu = models.ForeignKey(VoiceMenu, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=1)
    number = models.ForeignKey("numbering.Number", on_delete=models.PROTECT, related_name="menu_keys")

    objects = MenuKeyManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["menu", "key"], name="menu_key_unique")]
