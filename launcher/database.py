"""The database of an installation: migrations, first accounts, demo data."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from ats.config import CHECKOUT, Config
from launcher import stamp, supervise
from launcher.process import ProcessGroup
from launcher.progress import Report
from launcher.text import LaunchError, tr


@dataclass(frozen=True)
class SipAccount:
    """A telephone account as it is typed into a softphone."""

    login: str
    password: str
    number: str


@dataclass(frozen=True)
class FirstLogin:
    """What the first run made: the operator's log-in, and the demo company's telephones."""

    login: str
    password: str
    sip: tuple[SipAccount, ...]


def manage_env(config: Config) -> dict[str, str]:
    """Environment for `python -m ats.manage`."""
    return {**os.environ, **supervise.environment(config)}


def migrate(config: Config, group: ProcessGroup, report: Report) -> None:
    """Bring the database to the present models; skipped when no migration was added since."""
    mark = config.run_dir / "migrated.stamp"
    key = stamp.key_of_files((CHECKOUT / "src/ats").glob("*/migrations/*.py"), config.db_url)
    embedded = config.db_scheme == "sqlite"
    if stamp.is_current(mark, key) and (not embedded or config.sqlite_path.exists()):
        report(tr("в порядке", "up to date"))
        return
    if embedded:
        config.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    _manage(config, group, report, "migrate", "--no-input")
    stamp.leave(mark, key)


def render_engine(config: Config, group: ProcessGroup, report: Report) -> None:
    """Write the engine's configuration files from the settings and the database."""
    _manage(config, group, report, "render_engine")


def first_accounts(config: Config, group: ProcessGroup, report: Report, demo: bool) -> FirstLogin | None:
    """Make the operator's log-in (and the demo company) on the first run; None on any later one."""
    mark = config.home / "first-run.stamp"
    if mark.exists():
        report(tr("уже есть", "already there"))
        return None
    said = _manage(config, group, report, "demo" if demo else "init_operator", "--json", secret=True)
    first = parse_first_login(said)
    keep(config, first)
    stamp.leave(mark, "demo" if demo else "operator")
    return first


def parse_first_login(said: str) -> FirstLogin:
    """The JSON object that `manage demo --json` prints as its last line."""
    for line in reversed(said.strip().splitlines()):
        if line.startswith("{"):
            values = json.loads(line)
            accounts = tuple(
                SipAccount(str(row["login"]), str(row["password"]), str(row["number"]))
                for row in values.get("sip", [])
            )
            return FirstLogin(str(values["login"]), str(values["password"]), accounts)
    raise LaunchError(tr("Первый вход не создан", "The first log-in was not made") + f": {said[-300:]}")


def first_login_path(config: Config) -> Path:
    """The file, readable by its owner only, that keeps the first run's passwords until it is removed."""
    return config.home / "first-login.txt"


def keep(config: Config, first: FirstLogin) -> None:
    """Write the first run's passwords to `first_login_path`, for the owner's eyes only."""
    lines = [f"cabinet http://{config.listen}:{config.web_port}/", f"login {first.login}"]
    lines.append(f"password {first.password}")
    lines += [f"sip {row.number} login {row.login} password {row.password}" for row in first.sip]
    descriptor = os.open(first_login_path(config), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write("\n".join(lines) + "\n")


def _manage(config: Config, group: ProcessGroup, report: Report, *words: str, secret: bool = False) -> str:
    report(words[0])
    return group.run(
        [config.venv_python, "-m", "ats.manage", *words],
        what=f"manage {words[0]}",
        env=manage_env(config),
        cwd=CHECKOUT,
        secret=secret,
    )
