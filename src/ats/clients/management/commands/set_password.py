"""`python -m ats.manage set_password [LOGIN] [--json]`: a new password for a user who forgot his."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ats.clients.models import User
from ats.clients.setup import ADMIN_LOGIN, set_password
from ats.errors import Invalid


class Command(BaseCommand):
    help = "Give a user a new password: generated, or read from standard input with --stdin"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", nargs="?", default=ADMIN_LOGIN)
        parser.add_argument("--stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, login: str = ADMIN_LOGIN, **options: Any) -> None:
        # Never as an argument: every user of the machine could read it in the list of processes.
        given = sys.stdin.readline().rstrip("\n") if options["stdin"] else None
        try:
            password = set_password(login, given)
        except User.DoesNotExist as error:
            raise CommandError(f"Нет пользователя {login} · no user {login}") from error
        except Invalid as error:
            codes = ", ".join(fault.code for fault in error.fields.values())
            raise CommandError(f"Слабый пароль · weak password ({codes})") from error
        if options["json"]:
            self.stdout.write(json.dumps({"login": login, "password": password}))
        else:
            self.stdout.write(f"{login} {password}")
