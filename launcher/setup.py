"""`./ats up`: everything that must be there is made, then everything is started and waited for."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from ats.config import CHECKOUT, PORT_FIELDS, RANGE_FIELDS, Config
from launcher import (
    database,
    disk,
    enginesetup,
    health,
    instance,
    leftovers,
    ports,
    pythonenv,
    stamp,
    supervise,
    webbuild,
    welcome,
)
from launcher.process import ProcessGroup
from launcher.progress import Board, Task
from launcher.text import LaunchError, tr

# A change of these makes a running engine unusable; anything else leaves calls in progress alone.
ENGINE_FIELDS = {
    *PORT_FIELDS,
    *RANGE_FIELDS,
    "listen",
    "ami_user",
    "ami_secret",
    "node_name",
    "system_asterisk",
}
ENGINE_FIELDS -= {"web_port"}


def up(options: argparse.Namespace) -> int:
    """Set up what is missing, start what does not run, tell what to do next; the exit code."""
    begun = time.monotonic()
    config, before = instance.settle(options)
    disk.check(config)
    with only_one(config):
        running = supervise.is_running(config)
        if running and before is not None and _engine_changed(before, config):
            say(tr("Настройки изменились: перезапуск.", "The settings changed: restarting."))
            supervise.stop(config)
            running = False
        if not running:
            if leftovers.end(config):
                say(tr("Завершены части без супервизора.", "Ended parts that had lost their supervisor."))
            refuse_busy_ports(config)
        changed = prepare(config, demo=not options.no_demo)
        if running and changed:
            say(
                tr(
                    "Новые настройки движка вступят в силу после ./ats down && ./ats up (разговоры прервутся).",
                    "The engine's new configuration takes effect after ./ats down && ./ats up (calls end).",
                )
            )
        start(config, running)
    welcome.tell(config, database.unseen_first_login(config), time.monotonic() - begun)
    database.mark_seen(config)
    return 0


def prepare(config: Config, *, demo: bool) -> int:
    """Run every step of set-up that is not done; how many of the engine's files changed."""
    config.log_dir.mkdir(parents=True, exist_ok=True)
    config.run_dir.mkdir(parents=True, exist_ok=True)
    log = config.log_dir / "setup.log"
    group = ProcessGroup(log)
    changed: list[int] = []
    tasks = [
        Task("engine", tr("Движок", "Engine"), lambda say: enginesetup.set_up(config, group, say)),
        *_python_tasks(config, group),
        Task(
            "database",
            tr("База данных", "Database"),
            lambda say: database.migrate(config, group, say),
            ("python",),
        ),
        Task(
            "accounts",
            tr("Первые учётные записи", "First accounts"),
            lambda say: database.first_accounts(config, group, say, demo),
            ("database",),
        ),
        Task(
            "render",
            tr("Настройки движка", "Engine's configuration"),
            lambda say: changed.append(database.render_engine(config, group, say)),
            ("database", "accounts", "engine"),
        ),
    ]
    Board(group, log).run(tasks)
    return sum(changed)


def prepare_tools(config: Config, *locks: str) -> None:
    """The engine, the Python environment with the named further locks, and the cabinet; no database."""
    config.log_dir.mkdir(parents=True, exist_ok=True)
    log = config.log_dir / "setup.log"
    group = ProcessGroup(log)
    engine = Task("engine", tr("Движок", "Engine"), lambda say: enginesetup.set_up(config, group, say))
    Board(group, log).run([engine, *_python_tasks(config, group, *locks)])


def _python_tasks(config: Config, group: ProcessGroup, *more: str) -> list[Task]:
    tasks = [
        Task(
            "python",
            tr("Окружение Python и Node", "Python and Node"),
            lambda say: pythonenv.set_up(config, group, say, *pythonenv.RUNTIME, *more),
        )
    ]
    if not webbuild.is_ready(config):
        tasks += [
            Task(
                "modules",
                tr("Пакеты кабинета", "Cabinet's packages"),
                lambda say: webbuild.install_modules(config, group, say),
                ("python",),
            ),
            Task(
                "web",
                tr("Сборка кабинета", "Cabinet"),
                lambda say: webbuild.build(config, group, say, database.manage_env(config)),
                ("modules",),
            ),
        ]
    return tasks


def start(config: Config, running: bool) -> None:
    """Start the supervisor, or bring a running one's parts to the present code; wait until all is well."""
    changed = supervise.write_config(config)
    mark, key = config.run_dir / "code.stamp", code_key(config)
    if running and changed:
        supervise.stop(config)
        running = False
    if not running:
        supervise.start(config)
    else:
        if not stamp.is_current(mark, key):
            say(tr("Код изменился: перезапуск частей.", "The code changed: restarting parts."))
            supervise.restart(
                config, ("authoriser", "agent", "worker", "web")
            )  # the engine goes on with its calls
        supervise.ensure_started(config)
    stamp.leave(mark, key)
    told: list[str] = []

    def report(text: str) -> None:
        if sys.stdout.isatty():
            sys.stdout.write(f"\r\x1b[2K{text}"[:200])
            sys.stdout.flush()
        elif not told or told[-1] != text:
            say(text)
        told.append(text)

    try:
        health.wait(config, report)
    finally:
        if told and sys.stdout.isatty():
            sys.stdout.write("\r\x1b[2K")


def code_key(config: Config) -> str:
    """Key of the code that the running parts were started from."""
    files = list((CHECKOUT / "src").rglob("*.py"))
    listing = sorted(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files)
    web = config.web_dir / ".built"
    served = f"https {config.https} {config.certificate} {config.certificate_key}"
    return stamp.key_of(*listing, served, web.read_text(encoding="ascii") if web.exists() else "")


def refuse_busy_ports(config: Config) -> None:
    """Raise LaunchError naming every port that is taken, by whom, and the option that changes it."""
    busy = ports.busy_ports(config)
    if not busy:
        return
    lines = list(dict.fromkeys(one.text() for one in busy))
    raise LaunchError(
        "\n".join(lines),
        tr(
            "Сдвинуть все порты разом: ./ats up --ports-offset N",
            "To shift every port at once: ./ats up --ports-offset N",
        ),
    )


@contextmanager
def only_one(config: Config) -> Iterator[None]:
    """Hold the lock of the tools and of the home: two set-ups at once would trip over each other."""
    held = []
    try:
        for folder in dict.fromkeys((config.tools, config.home)):
            folder.mkdir(parents=True, exist_ok=True)
            held.append(_locked(folder / "setup.lock"))
        yield
    finally:
        for descriptor in held:
            os.close(descriptor)


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(tr("Идёт другая установка, ждём её…", "Another set-up is running, waiting for it…"))
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _engine_changed(before: Config, after: Config) -> bool:
    return any(
        getattr(before, field.name) != getattr(after, field.name)
        for field in fields(Config)
        if field.name in ENGINE_FIELDS
    )


def say(text: str) -> None:
    """A line to the person at the terminal."""
    print(text, flush=True)
