"""`manage load_backup FOLDER`: the database of an unpacked archive into the one that the settings name."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ats.backups import loading
from ats.backups.archive import MANIFEST, Manifest


class Command(BaseCommand):
    help = "Used by ./ats restore: fills the empty database from an unpacked archive"
    requires_system_checks: list[str] = []  # noqa: RUF012  Django's own attribute

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="only say whether it could be done")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        manifest = Manifest.of((folder / MANIFEST).read_text(encoding="utf-8"))
        try:
            loading.check(manifest)
            if not loading.is_empty():
                raise loading.Unfit("База данных не пуста · the database is not empty")
            if not check:
                loading.load(folder, manifest)
        except loading.Unfit as error:
            raise CommandError(str(error)) from error
