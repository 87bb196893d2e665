"""`python -m ats.manage recordings_rederive`: rows of recordings anew from the files that are kept."""

from typing import Any

from django.core.management.base import BaseCommand
from django_scopes import scopes_disabled

from ats.recordings import attaching


class Command(BaseCommand):
    help = "Brings the rows of recordings in line with the files that are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe beside a running worker; calls themselves come from `journal_replay`."""
        with scopes_disabled():
            added, removed = attaching.rederive()
        self.stdout.write(f"added {added}, removed {removed}")
