"""`./ats backup` and `./ats restore`: the whole state of an installation as one file, and back."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

from ats.config import CHECKOUT, Config, ConfigError, home_from_env
from launcher import database, instance, pythonenv, supervise
from launcher.process import ProcessGroup
from launcher.text import LaunchError, tr

SUFFIX = ".tar.gz"
# What an archive may hold; anything else in it is not ours and is not unpacked.
PARTS = (
    "manifest.json",
    "config.toml",
    "db/",
    "media/",
    "voicemail/",
    "faxes/",
    "keys/",
    "recordings/",
    "engine/log/",
)
# What a home holds that an archive brings, and what was made from it.
STATE = (
    "config.toml",
    "db",
    "media",
    "voicemail",
    "faxes",
    "recordings",
    "keys",
    "engine",
    "run",
    "first-run.stamp",
)


def backup(options: argparse.Namespace) -> int:
    """Write an archive while everything runs."""
    config = instance.load()
    target = Path(options.file).resolve() if options.file else _default(config)
    if target.exists():
        raise LaunchError(
            tr(f"{target} уже есть", f"{target} exists"), tr("Укажите другое имя", "Give another name")
        )
    words = ["backup", str(target), *(["--recordings"] if options.recordings else [])]
    said = _manage(config, *words)
    made = json.loads(said.strip().splitlines()[-1])
    size = target.stat().st_size / 2**20
    print(tr(f"Копия: {target} ({size:.1f} МБ)", f"Backup: {target} ({size:.1f} MB)"))
    if not made["recordings"] and any(config.recordings_dir.glob("[0-9]*")):
        print(tr("Записи вызовов не вошли: --recordings", "Recorded calls are not in it: --recordings"))
    return 0


def restore(options: argparse.Namespace) -> int:
    """Bring an archive into this home, which must be empty, or be told to give way (`--replace`)."""
    archive = Path(options.file).resolve()
    home = home_from_env()
    manifest = _manifest(archive)
    present = Config.load(home) if (home / "config.toml").exists() else None
    if present is not None and supervise.is_running(present):
        raise LaunchError(tr("Станция работает", "The exchange is running"), "./ats down")
    if present is not None and not options.replace:
        raise LaunchError(
            tr(
                f"В {home} уже есть установка: она осталась как была",
                f"{home} holds an installation: it is untouched",
            ),
            tr(
                "Другая папка: ATS_HOME=/путь ./ats restore …, или --replace: нынешнее состояние будет отложено рядом",
                "Another folder: ATS_HOME=/path ./ats restore …, or --replace: the present state is put aside",
            ),
        )
    if present is None and (strange := [name for name in STATE if (home / name).exists()]):
        raise LaunchError(
            tr(
                f"В {home} лежит чужое: {', '.join(strange)}",
                f"{home} holds things not ours: {', '.join(strange)}",
            ),
            tr("Укажите другую папку: ATS_HOME=/путь", "Name another folder: ATS_HOME=/path"),
        )
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=home) as name:
        folder = Path(name)
        _unpack(archive, folder)
        config = _settings(folder, home, present, options.db)
        _tools(config)
        aside = _put_aside(home) if present is not None else None
        try:
            config.save()
            config.log_dir.mkdir(parents=True, exist_ok=True)
            config.run_dir.mkdir(parents=True, exist_ok=True)
            _manage(config, "load_backup", str(folder))
            _place(folder, home)
        except BaseException:
            _back(home, aside)
            raise
    (home / "first-run.stamp").write_text("restored\n", encoding="ascii")
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(manifest["made_at"]))))
    print(tr(f"Восстановлено состояние на {when} в {home}", f"The state of {when} is restored in {home}"))
    if aside is not None:
        print(tr(f"Прежнее состояние отложено: {aside}", f"The former state is put aside: {aside}"))
    print(tr("Запустить: ./ats up", "Start it: ./ats up"))
    return 0


def _default(config: Config) -> Path:
    return config.home / "backups" / time.strftime(f"ats-%Y%m%d-%H%M%S{SUFFIX}", time.gmtime())


def _manifest(archive: Path) -> dict[str, object]:
    try:
        with tarfile.open(archive, mode="r|gz") as opened:
            first = opened.next()
            handle = opened.extractfile(first) if first is not None and first.name == PARTS[0] else None
            found = json.loads(handle.read()) if handle else None
    except OSError as error:
        raise LaunchError(f"{archive}: {error.strerror or error}") from error
    except (tarfile.TarError, EOFError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("format") != 1:
        raise LaunchError(tr(f"{archive} — не копия Canmos ATS", f"{archive} is no backup of Canmos ATS"))
    return found


def _unpack(archive: Path, folder: Path) -> None:
    """Only what archives of ours hold, only plain files, only inside the folder."""
    try:
        with tarfile.open(archive, mode="r|gz") as opened:
            for member in opened:
                if not member.isfile() or not member.name.startswith(PARTS):
                    raise LaunchError(
                        tr(f"В копии чужой файл: {member.name}", f"A strange file in it: {member.name}")
                    )
                opened.extract(member, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise LaunchError(tr(f"Копия повреждена: {error}", f"The backup is damaged: {error}")) from error


def _settings(folder: Path, home: Path, present: Config | None, db: str | None) -> Config:
    """The archive's settings; where an installation stood already, its own address and ports stay."""
    try:
        draft = folder / "settings"
        draft.mkdir()
        shutil.copyfile(folder / "config.toml", draft / "config.toml")
        kept = Config.load(draft)
        own_file = kept.db_url == f"sqlite:///{kept.sqlite_path}"
        kept = replace(kept, home=home)
        if own_file:
            kept = replace(kept, db_url=f"sqlite:///{kept.sqlite_path}")
        if present is not None:
            same = ("listen", "db_url", "system_asterisk", "ami_user", "ami_secret", *instance.SHIFTED)
            kept = replace(kept, **{name: getattr(present, name) for name in same})
        if db is not None:
            kept = replace(kept, db_url=db)
        kept.check()
    except ConfigError as error:
        raise LaunchError(str(error)) from error
    return kept


def _tools(config: Config) -> None:
    """The Python environment: a fresh machine has none yet."""
    if not config.venv_python.exists():
        config.log_dir.mkdir(parents=True, exist_ok=True)
        group = ProcessGroup(config.log_dir / "setup.log")
        print(tr("Окружение Python…", "Python environment…"), flush=True)
        pythonenv.set_up(config, group, lambda _: None, *pythonenv.RUNTIME)


def _put_aside(home: Path) -> Path:
    stamp = time.strftime("replaced-%Y%m%d-%H%M%S", time.gmtime())
    # Two in one second must not meet.
    names = (home / (f"{stamp}-{number}" if number else stamp) for number in count())
    aside = next(name for name in names if not name.exists())
    aside.mkdir()
    for name in STATE:
        if (home / name).exists():
            os.rename(home / name, aside / name)
    return aside


def _back(home: Path, aside: Path | None) -> None:
    """Nothing of a restore that failed stays; what was put aside stands in its place again."""
    for name in STATE:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        if aside is not None and (aside / name).exists():
            os.rename(aside / name, path)
    if aside is not None:
        aside.rmdir()


def _place(folder: Path, home: Path) -> None:
    for name in ("media", "voicemail", "faxes", "recordings"):
        if (folder / name).exists():
            os.rename(folder / name, home / name)
    journals = folder / "engine/log/cel-custom"
    if journals.exists():
        target = home / "engine/log"
        target.mkdir(parents=True, exist_ok=True)
        os.rename(journals, target / "cel-custom")


def _manage(config: Config, *words: str) -> str:
    if not config.venv_python.exists():
        raise LaunchError(tr("Сначала выполните ./ats up", "Run ./ats up first"))
    done = subprocess.run(
        [str(config.venv_python), "-m", "ats.manage", *words],
        env=database.manage_env(config),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise LaunchError(last.removeprefix("CommandError: "))
    return done.stdout
