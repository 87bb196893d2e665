from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Has `migrate` run where it had nothing to do: the index of words is made after all migrations (`upkeep`)."""

    dependencies: ClassVar = []
    operations: ClassVar = []
