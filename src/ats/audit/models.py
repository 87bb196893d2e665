"""Who changed what (audit), and what the engine nodes still have to learn (outbox)."""

from typing import ClassVar, Self

from django.db import models

from ats.scoping import Scoped


class AuditEntry(models.Model):
    """One change by one action, written in the transaction of the change itself.

    `before`/`after` hold only the fields that changed; secrets are never in them.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)  # User id, null: the system itself
    actor_login = models.CharField(max_length=64, blank=True)
    client_id = models.BigIntegerField(db_index=True)
    verb = models.CharField(max_length=40)  # create | update | delete | …
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField(null=True)
    object_name = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes_id = models.BigIntegerField(null=True)  # the entry whose change this one takes back

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client_id", "-at"], name="audit_client_at"),
            models.Index(
                fields=["undoes_id"], name="audit_undoes", condition=models.Q(undoes_id__isnull=False)
            ),
        ]


class Outbox(models.Model):
    """«Client N is now at version V»: read in order of id by every engine node's agent."""

    class Kind(models.TextChoices):
        CLIENT = "client"  # compile and push this client
        ROUTES = "routes"  # the operator's outbound routes changed
        CLIENT_GONE = "client_gone"  # remove everything of this client
        LAMPS = "lamps"  # messages of its voicemail boxes came, were heard or went

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.CLIENT)
    client_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
