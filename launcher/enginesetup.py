"""The engine: Asterisk from Debian forky, unpacked into a private folder and run by its own loader.

Nothing of the host system is used or changed (docs/install.md says how to use another Asterisk).
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from ats.config import Config
from launcher import stamp
from launcher.privateapt import PrivateApt
from launcher.process import ProcessGroup
from launcher.progress import Report
from launcher.text import LaunchError, tr

SUITE = "forky"
PACKAGES = [
    "asterisk",
    "asterisk-modules",
    "asterisk-config",
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-ru-wav",
    "asterisk-moh-opsound-gsm",
    "asterisk-ooh323",
    "asterisk-mp3",
    "espeak-ng",  # speaks sound messages made from text
]
# chan_dahdi and its libraries; their dependency `dahdi` would bring a compiler and a kernel's headers.
BARE = ["asterisk-dahdi", "libpri1.4", "libss7-2.0", "libopenr2-3", "libtonezone2.0"]
OLDEST = 20  # the oldest major version of a system Asterisk that has what we use


def is_ready(config: Config) -> bool:
    """True when the engine of this set of packages is unpacked already."""
    return bool(config.system_asterisk) or stamp.is_current(_stamp(config), _key())


def set_up(config: Config, group: ProcessGroup, report: Report) -> None:
    """Make the engine runnable. Raises LaunchError when it cannot be fetched or does not run."""
    if config.system_asterisk:
        report(version(config))
        return
    if is_ready(config):
        report(version(config))
        return
    if platform.machine() != "x86_64":
        raise LaunchError(
            tr(
                f"Движок собирается только на amd64, здесь {platform.machine()}",
                f"The engine is set up on amd64 only, this is {platform.machine()}",
            ),
            "ATS_SYSTEM_ASTERISK=/usr/sbin/asterisk ./ats up",
        )
    apt = PrivateApt(config.tools / "engine-apt", SUITE, group)
    apt.prepare()
    apt.update(report)
    files = apt.download(PACKAGES, BARE, report)
    fresh = config.tools / "engine-root.new"
    shutil.rmtree(fresh, ignore_errors=True)
    apt.unpack(files, fresh, report)
    (fresh / "packages.txt").write_text("".join(f"{path.name}\n" for path in files), encoding="utf-8")
    if config.engine_root.exists():
        old = config.tools / "engine-root.old"
        shutil.rmtree(old, ignore_errors=True)
        os.rename(config.engine_root, old)
        os.rename(fresh, config.engine_root)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.rename(fresh, config.engine_root)
    said = version(config)
    stamp.leave(_stamp(config), _key())
    apt.forget()
    report(said)


def version(config: Config) -> str:
    """`Asterisk 22.10.1…`. Raises LaunchError when the engine does not run or is too old."""
    command = [*config.engine_command, "-V"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        said = (done.stdout or done.stderr).strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        done, said = None, str(error)
    match = re.search(r"Asterisk (\d+)\.", said)
    if done is None or done.returncode != 0 or match is None:
        raise LaunchError(
            tr(f"Движок не запускается: {said}", f"The engine does not run: {said}"),
            tr(
                f"Удалите {config.engine_root} и повторите ./ats up: движок скачается заново.",
                f"Remove {config.engine_root} and run ./ats up again: it is fetched anew.",
            ),
        )
    if int(match.group(1)) < OLDEST:
        raise LaunchError(
            tr(f"{said}: нужен Asterisk {OLDEST} или новее", f"{said}: Asterisk {OLDEST} or newer is needed")
        )
    return said.split(" built")[0].split("+dfsg")[0]


def _stamp(config: Config) -> Path:
    return config.engine_root / "stamp"


def _key() -> str:
    return stamp.key_of(SUITE, *PACKAGES, *BARE)
