"""The folder of backups and the names in it."""

import re
from datetime import UTC, datetime
from pathlib import Path

from ats.backups.archive import SUFFIX
from ats.config import Config

DAILY = "ats-daily-"
_NAME = re.compile(r"ats-(?:daily-)?[0-9]{8}-[0-9]{6}\.tar\.gz\Z")


def folder(config: Config) -> Path:
    """Where backups lie."""
    return config.home / "backups"


def new_name(at: datetime, daily: bool = False) -> str:
    """The name of a backup begun at that moment."""
    return f"{DAILY if daily else 'ats-'}{at.astimezone(UTC):%Y%m%d-%H%M%S}{SUFFIX}"


def path_of(config: Config, name: str) -> Path | None:
    """The file of that name; None when there is none, or the name is not one of ours."""
    if not _NAME.match(name):
        return None
    path = folder(config) / name
    return path if path.is_file() else None


def names(config: Config) -> list[str]:
    """Names of all backups, the newest first."""
    place = folder(config)
    found = [path.name for path in place.iterdir() if _NAME.match(path.name)] if place.is_dir() else []
    return sorted(found, key=lambda name: name.removeprefix(DAILY).removeprefix("ats-"), reverse=True)
