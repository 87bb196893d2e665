"""Media («Медиаресурсы», S187-S196): packages of uploaded files, and sound messages with a version per language."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Package(models.Model):
    """«Медиапакет»: a bundle of uploaded files. The default one (marked `*`, S189) is the client's music on hold
    and what replaces ringing (S188). Its files are $ATS_HOME/media/<client id>/p<id>/<file id>.wav."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="packages")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    is_default = models.BooleanField(default=False)
    files_count = models.PositiveIntegerField(default=0)  # kept, so that a list in its order need not count
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="package_client_name_unique"),
            models.UniqueConstraint(
                fields=["client"], name="package_one_default", condition=models.Q(is_default=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "files_count", "id"], name="package_client_files")
        ]

    def __str__(self) -> str:
        return self.name


class PackageFileManager(Scoped["PackageFile"]):
    path = "package__client_id"


class PackageFile(models.Model):
    """An uploaded file of a package, converted for the engine (8 kHz mono PCM16)."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    duration_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PackageFileManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "name"], name="package_file_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Sound(models.Model):
    """A playable message («Медиафайл», S192). Its file is $ATS_HOME/media/<client id>/<id>.wav, 8 kHz mono PCM16.

    `language` is that of this main version; callers of other languages hear their `SoundVersion`, if there is one.
    `text`: what was spoken, for a message made from text.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sounds")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=5, default="ru")
    text = models.TextField(blank=True)
    duration_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="sound_client_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class SoundVersionManager(Scoped["SoundVersion"]):
    path = "sound__client_id"


class SoundVersion(models.Model):
    """The message in one more language (S193): $ATS_HOME/media/<language>/<client id>/<sound id>.wav.

    The engine looks there first, by the language of the caller's channel, so it costs a call nothing.
    """

    sound = models.ForeignKey(Sound, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(max_length=5)
    text = models.TextField(blank=True)
    duration_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SoundVersionManager()

    class Meta:
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sound", "language"], name="sound_version_language_unique")
        ]

    def __str__(self) -> str:
        return f"{self.sound} ({self.language})"
