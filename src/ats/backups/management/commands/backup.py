"""`manage backup FILE`: the whole state as one archive."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from ats.backups import archive


class Command(BaseCommand):
    help = "Writes the whole state of this installation into one archive, while it runs"
    requires_system_checks: list[str] = []  # noqa: RUF012  Django's own attribute

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--recordings", action="store_true", help="recorded calls, too")

    def handle(self, *args: Any, file: Path, recordings: bool, **options: Any) -> None:
        made = archive.make(settings.CONFIG, file.resolve(), recordings=recordings)
        self.stdout.write(json.dumps(asdict(made)))
