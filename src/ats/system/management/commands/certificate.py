"""`manage certificate`: the certificate that is served, as one JSON object (`./ats doctor` asks)."""

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ats import certificates


class Command(BaseCommand):
    """Prints `subject`, `ends`, `days_left` and `warn`, and what `trouble` (codes) the operator's files make."""

    help = "Show the exchange's certificate"
    requires_system_checks: list[str] = []  # noqa: RUF012  Django's own attribute

    def handle(self, *args: Any, **options: Any) -> None:
        config, now = settings.CONFIG, datetime.now(UTC)
        found, trouble = certificates.present(config), certificates.trouble(config, now)
        told: dict[str, object] = {}
        if found is not None:
            left = found.days_left(now)
            told = {
                "subject": found.subject,
                "ends": f"{found.not_after:%Y-%m-%d}",
                "days_left": left,
                "warn": left < certificates.WARN_DAYS,
            }
        told["trouble"] = [fault.code for fault in trouble.fields.values()] if trouble else []
        self.stdout.write(json.dumps(told, ensure_ascii=False))
