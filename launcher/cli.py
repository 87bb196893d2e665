"""The command line of `./ats`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from ats.config import CHECKOUT, Config
from launcher import backup, database, doctor, instance, logs, screenshots, setup, status, supervise, testrun
from launcher.text import LaunchError, tr

PASSED_ON = ("manage", "journal", "password", "bench")  # their words are not ours to parse


def main(words: list[str]) -> int:
    """Run one command; the exit code (0 well, 1 failed, 2 wrong usage, 3 status not well, 130 interrupted)."""
    try:
        if words and words[0] in PASSED_ON:
            return _pass_on(words[0], words[1:])
        options = _parser().parse_args(words)
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except LaunchError as error:
        sys.stdout.flush()
        print(f"\n{tr('Ошибка', 'Error')}: {error}", file=sys.stderr)
        if error.hint:
            print(f"  → {error.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\n"
            + tr(
                "Прервано. Сделанное сохранено: повторите команду, и она продолжит.",
                "Interrupted. What is done is kept: run the command again and it goes on.",
            ),
            file=sys.stderr,
        )
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `./ats logs | head`
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./ats",
        description=tr("Телефонная станция Canmos ATS", "Canmos ATS telephone exchange"),
        epilog="ATS_HOME, ATS_TOOLS: " + tr("где лежит состояние (docs/install.md)", "where state is kept"),
    )
    commands = parser.add_subparsers(metavar=tr("КОМАНДА", "COMMAND"), required=True)

    def add(
        name: str, help_text: str, command: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(command=command)
        return made

    up = add("up", tr("установить, запустить, дождаться", "set up, start, wait until healthy"), setup.up)
    instance.add_options(up)
    up.add_argument("--no-demo", action="store_true", help=tr("без демо-данных", "without demo data"))
    add("down", tr("остановить всё", "stop everything"), _down)
    one = add("status", tr("состояние частей", "state of every part"), _status)
    one.add_argument("--json", action="store_true")
    one = add("logs", tr("журналы частей", "logs of the parts"), _logs)
    one.add_argument("part", nargs="?", metavar="|".join(logs.NAMES))
    one.add_argument("-f", "--follow", action="store_true")
    one.add_argument("-n", "--lines", type=int, default=40)
    one = add("doctor", tr("что не так и как исправить", "what is wrong and how to mend it"), _doctor)
    one.add_argument("--json", action="store_true")
    one = add("backup", tr("копия всего состояния", "a backup of the whole state"), backup.backup)
    one.add_argument("file", nargs="?", metavar=tr("ФАЙЛ", "FILE"))
    one.add_argument("--recordings", action="store_true", help=tr("и записи вызовов", "recorded calls, too"))
    one = add("restore", tr("вернуть состояние из копии", "bring a backup back"), backup.restore)
    one.add_argument("file", metavar=tr("ФАЙЛ", "FILE"))
    one.add_argument(
        "--replace",
        action="store_true",
        help=tr("нынешнее состояние отложить рядом", "put the present state aside"),
    )
    one.add_argument("--db", metavar="URL", help="postgres://user:password@host:port/base")
    one = add("test", tr("проверки и тесты", "checks and tests"), _test)
    one.add_argument("parts", nargs="*", metavar="|".join(testrun.PARTS), choices=[*testrun.PARTS, []])
    one.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    one.add_argument("-k", dest="expression", metavar="EXPRESSION")
    one.add_argument("-x", dest="first", action="store_true")
    one = add(
        "screenshots", tr("снимки экранов в docs/img", "pictures of the screens in docs/img"), _screenshots
    )
    one.add_argument("names", nargs="*", metavar=tr("ЭКРАН", "SCREEN"))
    # Only for --help: these are dispatched before, with their words untouched.
    add("password", tr("новый пароль администратора", "a new password for the administrator"), _nothing)
    add("manage", tr("служебные команды (manage help)", "service commands (manage help)"), _nothing)
    add("journal", tr("журнал вызовов: replay", "call journal: replay"), _nothing)
    add("bench", tr("измерения: ./ats bench ИМЯ", "measurements: ./ats bench NAME"), _nothing)
    return parser


def _down(_: argparse.Namespace) -> int:
    config = instance.load()
    stopped = supervise.stop(config)
    print(tr("Остановлено.", "Stopped.") if stopped else tr("Не было запущено.", "Was not running."))
    return 0


def _status(options: argparse.Namespace) -> int:
    return status.show(instance.load(), options.json)


def _logs(options: argparse.Namespace) -> int:
    return logs.show(instance.load(), options.part, options.follow, options.lines)


def _doctor(options: argparse.Namespace) -> int:
    return doctor.show(options.json)


def _test(options: argparse.Namespace) -> int:
    words = ["-k", options.expression] if options.expression else []
    words += ["-x"] if options.first else []
    return testrun.run(options.parts, options.db, words)


def _screenshots(options: argparse.Namespace) -> int:
    return screenshots.take(options.names)


def _nothing(_: argparse.Namespace) -> int:
    return 2


def _pass_on(name: str, words: list[str]) -> int:
    config = instance.load()
    if not config.venv_python.exists():
        raise LaunchError(tr("Сначала выполните ./ats up", "Run ./ats up first"))
    python = str(config.venv_python)
    if name == "bench":
        return _bench(config, words)
    inner = {"manage": words, "password": ["set_password", *words]}.get(name)
    if name == "journal":
        if words[:1] != ["replay"]:
            raise LaunchError(
                tr("Есть одна команда: replay", "There is one command: replay"), "./ats journal replay"
            )
        inner = ["journal_replay", *words[1:]]
    command = [python, "-m", "ats.manage", *(inner or [])]
    code = subprocess.run(command, env=database.manage_env(config), cwd=CHECKOUT).returncode
    if name == "password" and code == 0:
        database.first_login_path(config).unlink(missing_ok=True)  # what it says is no longer true
    return code


def _bench(config: Config, words: list[str]) -> int:
    folder = CHECKOUT / "bench"
    names = sorted(path.stem for path in folder.glob("[a-z]*.py")) if folder.is_dir() else []
    if not words or words[0] not in names:
        raise LaunchError(tr("Какое измерение?", "Which bench?"), "./ats bench " + "|".join(names))
    env = {**database.manage_env(config), "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}"}
    command = [str(config.venv_python), "-m", f"bench.{words[0]}", *words[1:]]
    return subprocess.run(command, env=env, cwd=CHECKOUT).returncode
