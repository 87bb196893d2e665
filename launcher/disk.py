"""Room on the disk for set-up and for running."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ats.config import Config
from launcher import enginesetup, pythonenv, webbuild
from launcher.text import LaunchError, tr

# Measured after a first run (docs/install.md), with room for what is unpacked beside the old one.
MEGABYTES = {"engine": 600, "python": 700, "web": 450, "state": 100}


def needed_mb(config: Config) -> int:
    """Megabytes that the steps of set-up which are not done yet will take in $ATS_TOOLS."""
    need = MEGABYTES["state"]
    if not enginesetup.is_ready(config):
        need += MEGABYTES["engine"]
    if not pythonenv.is_ready(config, *pythonenv.RUNTIME):
        need += MEGABYTES["python"]
    if not (webbuild.build_dir(config) / "node_modules").exists():
        need += MEGABYTES["web"]
    return need


def free_mb(path: Path) -> int:
    """Megabytes a user like us may still write at `path` (or at its nearest folder that exists)."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free // 1_000_000


def check(config: Config) -> None:
    """Raise LaunchError before anything is downloaded when the disk cannot hold it."""
    need, free = needed_mb(config), free_mb(config.tools)
    if free < need:
        raise LaunchError(
            tr(
                f"Мало места для {config.tools}: свободно {free} МБ, нужно {need} МБ",
                f"Not enough room for {config.tools}: {free} MB free, {need} MB needed",
            ),
            tr(
                "Освободите место или укажите другой диск: ATS_HOME=/путь ./ats up",
                "Free some space or name another disk: ATS_HOME=/path ./ats up",
            ),
        )
    for folder in (config.home, config.tools):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise LaunchError(
                tr(f"Нельзя писать в {folder}", f"Cannot write to {folder}"), "ATS_HOME=/… ./ats up"
            )
