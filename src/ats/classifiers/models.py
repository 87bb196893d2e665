"""Classifiers («Классификаторы», S167-S175): lists of callers for black and white lists and campaigns."""

from typing import ClassVar, Self

from django.db import models

from ats.clients.models import Client
from ats.scoping import Scoped


class Classifier(models.Model):
    """A list of contacts."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="classifiers")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    # Goes up with every change of contacts: an engine node that has this revision need not compare them.
    revision = models.PositiveIntegerField(default=0)
    contacts_count = models.PositiveIntegerField(
        default=0
    )  # kept, so that a list in its order need not count
    masks = models.JSONField(default=list)  # numbers of leading digits that masks name, the longest first
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="classifier_client_name_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "contacts_count", "id"], name="classifier_client_contacts")
        ]

    def __str__(self) -> str:
        return self.name


class ContactManager(Scoped["Contact"]):
    path = "classifier__client_id"


class Contact(models.Model):
    """One entry (S169). `clip`: E.164 digits, or a mask of leading digits and `*` (`7916*`)."""

    classifier = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=500, blank=True)
    clip = models.CharField(max_length=16)

    objects = ContactManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["classifier", "clip"], name="contact_classifier_clip_unique")
        ]
        # The list's own order: a black list can have a hundred thousand of them.
        indexes: ClassVar = [models.Index(fields=["classifier", "name"], name="contact_classifier_name")]

    def __str__(self) -> str:
        return self.name or self.clip
