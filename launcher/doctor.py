"""`./ats doctor`: what is wrong with this machine and this installation, and how to mend each thing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ats.config import CHECKOUT, Config, ConfigError, home_from_env
from launcher import database, disk, enginesetup, health, ports, pythonenv, supervise, webbuild
from launcher.text import LaunchError, tr

LOW_DISK_MB = 500
SOUNDS = ("data/sounds/en/vm-goodbye", "data/sounds/ru/vm-goodbye")


@dataclass(frozen=True)
class Finding:
    """One check: `ok`, what was found, and when it is not well, how to mend it."""

    topic: str
    ok: bool
    text: str
    mend: str = ""


def show(as_json: bool) -> int:
    """Run every check and print it; exit code 1 when something is wrong."""
    findings = list(examine())
    if as_json:
        print(json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f" {'✓' if finding.ok else '✗'} {finding.topic}: {finding.text}")
            if not finding.ok and finding.mend:
                print(f"     → {finding.mend}")
    bad = sum(not finding.ok for finding in findings)
    if not as_json:
        print(tr(f"Замечаний: {bad}", f"Problems: {bad}") if bad else tr("Всё в порядке.", "All is well."))
    return 1 if bad else 0


def examine() -> Iterator[Finding]:
    """Every check that makes sense here; a check that itself fails is a finding, not a crash."""
    try:
        config = Config.load()
    except ConfigError as error:
        home = home_from_env()
        if not (home / "config.toml").exists():
            yield Finding(tr("настройки", "config"), False, str(error), "./ats up")
            config = Config.from_values(home, {})
            for check in (_disk, _ports):
                yield from _guarded(check, config)
        else:
            yield Finding(
                tr("настройки", "config"),
                False,
                str(error),
                tr(f"Исправьте {home / 'config.toml'}", f"Correct {home / 'config.toml'}"),
            )
        return
    yield Finding(tr("настройки", "config"), True, str(config.home / "config.toml"))
    for check in (
        _config_mode,
        _disk,
        _clock,
        _python,
        _engine,
        _sounds,
        _cabinet,
        _database,
        _certificate,
        _ports,
        _parts,
    ):
        yield from _guarded(check, config)


def _guarded(check: Callable[[Config], Iterator[Finding]], config: Config) -> Iterator[Finding]:
    topic = check.__name__.strip("_")
    try:
        yield from check(config)
    except LaunchError as error:
        yield Finding(topic, False, str(error), error.hint)
    except (OSError, subprocess.SubprocessError, ValueError, sqlite3.Error) as error:
        yield Finding(topic, False, f"{type(error).__name__}: {error}")


def _config_mode(config: Config) -> Iterator[Finding]:
    path = config.home / "config.toml"
    if path.stat().st_mode & 0o077:
        yield Finding(
            tr("настройки", "config"),
            False,
            tr("Секреты в config.toml читает кто угодно", "Anyone can read the secrets in config.toml"),
            f"chmod 600 {path}",
        )


def _disk(config: Config) -> Iterator[Finding]:
    free, need = disk.free_mb(config.home), max(LOW_DISK_MB, disk.needed_mb(config))
    yield Finding(
        tr("диск", "disk"),
        free >= need,
        tr(f"свободно {free} МБ", f"{free} MB free"),
        tr(
            f"Нужно {need} МБ: освободите место или перенесите ATS_HOME",
            f"{need} MB are needed: free some, or move ATS_HOME",
        ),
    )
    stats = os.statvfs(config.home if config.home.exists() else CHECKOUT)
    if stats.f_files and stats.f_favail < 10_000:
        yield Finding(
            tr("диск", "disk"),
            False,
            tr("мало inode", "few inodes are left") + f": {stats.f_favail}",
            "df -i",
        )


def _clock(config: Config) -> Iterator[Finding]:
    """The clock cannot be behind the newest commit or the journal; then calendars and records go wrong."""
    now = time.time()
    marks = [path for path in (CHECKOUT / "locks/runtime.txt", config.journal_path) if path.exists()]
    ahead = max((path.stat().st_mtime for path in marks), default=0) - now
    if ahead > 60:
        yield Finding(
            tr("часы", "clock"),
            False,
            tr(
                f"часы отстают: файлы новее на {ahead:.0f} с",
                f"the clock is behind: files are {ahead:.0f} s newer",
            ),
            "timedatectl set-ntp true",
        )
        return
    said = _timedatectl()
    synced = said.get("NTPSynchronized")
    text = time.strftime("%Y-%m-%d %H:%M:%S %Z", time.localtime(now))
    if synced == "no" and said.get("CanNTP") == "yes":
        yield Finding(
            tr("часы", "clock"),
            False,
            tr(f"{text}, не сверены с сетью", f"{text}, not synchronised"),
            "timedatectl set-ntp true",
        )
    else:
        yield Finding(tr("часы", "clock"), True, text)


def _timedatectl() -> dict[str, str]:
    try:
        done = subprocess.run(["timedatectl", "show"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def _python(config: Config) -> Iterator[Finding]:
    if not pythonenv.is_ready(config, *pythonenv.RUNTIME):
        yield Finding("Python", False, tr("окружение не собрано", "the environment is not made"), "./ats up")
        return
    done = subprocess.run(
        [
            config.venv_python,
            "-c",
            "import django, granian, psycopg, pydantic_core, supervisor, sys; print(sys.version.split()[0])",
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    last = (done.stdout + done.stderr).strip().splitlines()[-1:] or ["?"]
    yield Finding(
        "Python",
        done.returncode == 0,
        last[0],
        tr(
            f"Удалите {config.tools / 'venv'} и повторите ./ats up",
            f"Remove {config.tools / 'venv'}, ./ats up",
        ),
    )


def _engine(config: Config) -> Iterator[Finding]:
    topic = tr("движок", "engine")
    if not enginesetup.is_ready(config):
        yield Finding(topic, False, tr("не установлен", "is not set up"), "./ats up")
        return
    yield Finding(topic, True, enginesetup.version(config))
    if not config.system_asterisk:
        listing = subprocess.run(
            [config.engine_command[0], "--library-path", config.engine_library_path, "--list"]
            + [str(config.engine_modules / "res_pjsip.so")],
            capture_output=True,
            text=True,
            timeout=30,
        ).stdout
        missing = [line.split()[0] for line in listing.splitlines() if "not found" in line]
        yield Finding(
            tr("загрузчик", "loader"),
            not missing,
            ", ".join(missing) or tr("все библиотеки на месте", "every library is there"),
            tr(
                f"Удалите {config.engine_root} и повторите ./ats up", f"Remove {config.engine_root}, ./ats up"
            ),
        )


def _sounds(config: Config) -> Iterator[Finding]:
    missing = [
        name for name in SOUNDS if not list((config.engine_dir / name).parent.glob(Path(name).name + ".*"))
    ]
    yield Finding(
        tr("звуки", "sounds"),
        not missing,
        ", ".join(missing) or "en, ru",
        "./ats manage render_engine",
    )


def _cabinet(config: Config) -> Iterator[Finding]:
    there = (config.web_dir / "index.html").exists()
    fresh = there and webbuild.is_ready(config)
    yield Finding(
        tr("кабинет", "cabinet"),
        fresh,
        tr("собран", "built") if fresh else tr("не собран или устарел", "not built, or out of date"),
        "./ats up",
    )


def _database(config: Config) -> Iterator[Finding]:
    topic = tr("база данных", "database")
    if config.db_scheme == "sqlite":
        if not config.sqlite_path.exists():
            yield Finding(topic, False, tr("ещё не создана", "is not made yet"), "./ats up")
            return
        with sqlite3.connect(f"file:{config.sqlite_path}?mode=ro", uri=True) as connection:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            mend = tr("Восстановите базу из копии", "Restore the database from a backup")
            yield Finding(topic, False, f"SQLite: {said}", mend)
            return
    done = subprocess.run(
        [config.venv_python, "-m", "ats.manage", "migrate", "--check"],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=database.manage_env(config),
        timeout=60,
    )
    host = urlsplit(config.db_url).hostname or ""
    last = (done.stderr.strip().splitlines() or [tr("есть новые миграции", "there are new migrations")])[-1]
    yield Finding(
        topic,
        done.returncode == 0,
        f"{config.db_scheme} {host}".strip() if done.returncode == 0 else last,
        tr("./ats up (и проверьте db_url в config.toml)", "./ats up (and check db_url in config.toml)"),
    )


def _certificate(config: Config) -> Iterator[Finding]:
    topic = tr("сертификат", "certificate")
    if not pythonenv.is_ready(config, *pythonenv.RUNTIME):
        return  # said already
    done = subprocess.run(
        [config.venv_python, "-m", "ats.manage", "certificate"],
        capture_output=True,
        text=True,
        timeout=60,
        env=database.manage_env(config),
        cwd=CHECKOUT,
    )
    if done.returncode != 0:
        yield Finding(topic, False, (done.stderr.strip().splitlines() or ["?"])[-1], "./ats up")
        return
    told = json.loads(done.stdout)
    if told["trouble"]:
        yield Finding(
            topic,
            False,
            f"{config.certificate}: {', '.join(told['trouble'])}",
            tr(
                "Исправьте файлы; пока действует прежний",
                "Correct the files; the former one serves meanwhile",
            ),
        )
    if "ends" not in told:
        yield Finding(topic, False, tr("нет или не читается", "none, or it cannot be read"), "./ats up")
        return
    yield Finding(
        topic,
        not told["warn"],
        tr(
            f"{told['subject']}, действует до {told['ends']}",
            f"{told['subject']}, valid until {told['ends']}",
        ),
        tr("«Система → Сертификаты»: загрузите новый", "System → Certificates: upload a new one"),
    )


def _ports(config: Config) -> Iterator[Finding]:
    topic = tr("порты", "ports")
    if supervise.is_running(config):
        used = sorted({wanted.port for wanted in ports.wanted_ports(config)})
        yield Finding(topic, True, ", ".join(map(str, used)))
        return
    busy = ports.busy_ports(config)
    for one in busy:
        yield Finding(topic, False, one.text(), "./ats up --ports-offset 1000")
    if not busy:
        yield Finding(topic, True, tr("свободны", "free"))


def _parts(config: Config) -> Iterator[Finding]:
    if not supervise.is_running(config):
        yield Finding(tr("части", "parts"), False, tr("не запущены", "not running"), "./ats up")
        return
    answers = health.answers(config)
    for part in supervise.parts(config):
        answer = answers.get(part.name)
        running = part.state == "RUNNING"
        text = (answer.text if answer else "") if running else f"{part.state} {part.note}"
        yield Finding(
            part.name,
            running and (answer is None or answer.ok),
            text or f"pid {part.pid}",
            f"./ats logs {part.name}",
        )
