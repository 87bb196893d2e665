"""`python -m ats.manage init_operator --json`: the operator and its administrator, without demo data."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ats.clients.setup import ADMIN_LOGIN, init_operator


class Command(BaseCommand):
    help = "Make the operator's client and the user admin with a generated password"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        _, password = init_operator()
        answer = {"existing": True} if password is None else {"login": ADMIN_LOGIN, "password": password}
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        elif password is None:
            self.stdout.write(
                "Оператор уже есть, ничего не изменено · the operator exists, nothing was changed"
            )
        else:
            self.stdout.write(f"{ADMIN_LOGIN} {password}")
