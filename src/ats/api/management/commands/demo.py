"""`python -m ats.manage demo --json`: data for the first call; running it again changes nothing."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ats.api.demo import make_demo


class Command(BaseCommand):
    help = "Make the operator, a demo client with two telephones, and a city number"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():  # interrupted half-way, it leaves nothing behind
            answer = make_demo()
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        if "existing" in answer:
            self.stdout.write("Данные уже есть, ничего не изменено · data exist, nothing was changed")
            return
        self.stdout.write(f"{answer['login']} {answer['password']}")
        self.stdout.write(f"{answer['client_login']} {answer['client_password']}")
        for account in answer["sip"]:
            self.stdout.write(f"SIP {account['number']}: {account['login']} {account['password']}")
