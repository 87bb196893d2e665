"""The database of an installation: migrations, first accounts, demo data."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
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
    """What the first run made: the operator's log-in, the demo company's own, and its telephones."""

    login: str
    password: str
    client_login: str = ""
    client_password: str = ""
    sip: tuple[SipAccount, ...] = ()


def manage_env(config: Config) -> dict[str, str]:
    """Environment for `python -m ats.manage`."""
    return {**supervise.outside(), **supervise.environment(config)}


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


def render_engine(config: Config, group: ProcessGroup, report: Report) -> int:
    """Write the engine's configuration files from the settings and the database; how many changed."""
    said = _manage(config, group, report, "render_engine")
    match = re.search(r"(\d+) files changed", said)
    return int(match.group(1)) if match else 0


def first_accounts(config: Config, group: ProcessGroup, report: Report, demo: bool) -> None:
    """Make the operator's log-in (and the demo company) on the first run; does nothing on a later one.

    A database that has an operator already (another node's, or a restored one) keeps its passwords.
    """
    mark = config.home / "first-run.stamp"
    if mark.exists():
        report(tr("уже есть", "already there"))
        return
    said = _manage(config, group, report, "demo" if demo else "init_operator", "--json", secret=True)
    first = parse_first_login(said)
    if first is not None:
        _keep(config, first)
    stamp.leave(mark, "demo" if demo else "operator")


def parse_first_login(said: str) -> FirstLogin | None:
    """The JSON object that `manage demo --json` prints as its last line; None when there was an operator."""
    for line in reversed(said.strip().splitlines()):
        if not line.startswith("{"):
            continue
        values = json.loads(line)
        if values.get("existing"):
            return None
        return FirstLogin(
            str(values["login"]),
            str(values["password"]),
            str(values.get("client_login", "")),
            str(values.get("client_password", "")),
            tuple(
                SipAccount(str(row["login"]), str(row["password"]), str(row["number"]))
                for row in values.get("sip", [])
            ),
        )
    raise LaunchError(tr("Первый вход не создан", "The first log-in was not made") + f": {said[-300:]}")


def first_login_path(config: Config) -> Path:
    """The file, readable by its owner only, that keeps the first run's passwords until it is removed."""
    return config.home / "first-login.txt"


def unseen_first_login(config: Config) -> FirstLogin | None:
    """The first run's passwords, once: an interrupted first run has made them without showing them."""
    unseen = _unseen_path(config)
    try:
        return parse_first_login(unseen.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def mark_seen(config: Config) -> None:
    """The passwords were shown."""
    _unseen_path(config).unlink(missing_ok=True)


def _unseen_path(config: Config) -> Path:
    return config.home / "first-login.unseen"


def _keep(config: Config, first: FirstLogin) -> None:
    lines = [f"cabinet {'https' if config.https else 'http'}://{config.listen}:{config.web_port}/"]
    lines.append(f"login {first.login} password {first.password}")
    if first.client_login:
        lines.append(f"login {first.client_login} password {first.client_password}")
    lines += [f"sip {row.number} login {row.login} password {row.password}" for row in first.sip]
    _write_private(first_login_path(config), "\n".join(lines) + "\n")
    _write_private(_unseen_path(config), json.dumps(asdict(first)) + "\n")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)


def _manage(config: Config, group: ProcessGroup, report: Report, *words: str, secret: bool = False) -> str:
    report(words[0])
    return group.run(
        [config.venv_python, "-m", "ats.manage", *words],
        what=f"manage {words[0]}",
        env=manage_env(config),
        cwd=CHECKOUT,
        secret=secret,
    )
