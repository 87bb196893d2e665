"""`python -m ats.manage export_openapi --out web/openapi.json`: the contract the cabinet is typed from."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ats.api.app import api


class Command(BaseCommand):
    help = "Write the OpenAPI description of the API"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", help="file to write (default: standard output)")

    def handle(self, *args: Any, out: str | None = None, **options: Any) -> None:
        text = (
            json.dumps(api.get_openapi_schema(path_prefix="/api/"), ensure_ascii=False, indent=2, default=str)
            + "\n"
        )
        if out is None:
            self.stdout.write(text)
            return
        target = Path(out)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
