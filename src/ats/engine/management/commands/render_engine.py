"""`manage render_engine`: write the engine's configuration of this instance."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ats.engine import runtime


class Command(BaseCommand):
    """Run by `./ats up` before each start; safe to run at any time."""

    help = "Write the engine's configuration files, folders and start script"
    requires_system_checks: list[str] = []  # noqa: RUF012  Django's own attribute

    def handle(self, *args: Any, **options: Any) -> None:
        changed = runtime.render(settings.CONFIG)
        self.stdout.write(f"engine: {len(changed)} files changed")
