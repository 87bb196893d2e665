"""Feature codes as the operator has set them; one place for the whole exchange."""

from typing import ClassVar

from django.db import models


class Code(models.Model):
    """A feature (see `ats.dialplan.codes`) whose code differs from its default; empty digits: switched off."""

    feature = models.CharField(max_length=32, unique=True)
    digits = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar = ["feature"]

    def __str__(self) -> str:
        return self.feature
