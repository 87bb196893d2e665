"""`./ats journal replay`: derives call detail anew from the kept journal, and compares or rewrites it."""

import argparse
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ats.calls.replay import Replay

_FAR_US = 2**62


def _moment(text: str) -> int:
    """ISO 8601 (UTC when it names no zone) → microseconds since 1970."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"«{text}»: нужно время вида 2026-11-23T08:30 · a time like 2026-11-23T08:30 is expected"
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1_000_000


class Command(BaseCommand):
    help = "Derives call detail anew from the kept journal files; prints how many rows are the same, changed, new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="since", type=_moment, default=0, help="calls that began at or after (UTC)"
        )
        parser.add_argument(
            "--to", dest="until", type=_moment, default=_FAR_US, help="calls that began before (UTC)"
        )
        parser.add_argument(
            "--check", action="store_true", help="compare only; exit code 1 when anything differs"
        )

    def handle(self, *args: Any, since: int, until: int, check: bool, **options: Any) -> None:
        """Compare, and unless `check` rewrite what differs."""
        config = settings.CONFIG
        if not config.journal_path.parent.is_dir():
            raise CommandError(f"Журнала нет: {config.journal_path} · there is no journal")
        replay = Replay(config.node_name, config.journal_path, since=since, until=until, write=not check)
        result = replay.run()
        self.stdout.write(
            f"same {result.same}, changed {result.changed}, new {result.new}, bad lines {result.rejected}"
        )
        if check and (result.changed or result.new):
            raise SystemExit(1)
