"""The settings of this installation, as the file and the command line together say."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from ats.config import PORT_FIELDS, RANGE_FIELDS, Config, ConfigError, home_from_env
from launcher.text import LaunchError, tr

SHIFTED = (*PORT_FIELDS, *RANGE_FIELDS)
PATH_LIMIT = 88  # a Unix socket's path holds 107 bytes, and ours add up to 19 to the home's


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of `./ats up` that are kept in config.toml."""
    parser.add_argument("--listen", metavar="IP", help=tr("адрес кабинета и SIP", "address of web and SIP"))
    for name in SHIFTED:
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="N")
    parser.add_argument(
        "--ports-offset",
        type=int,
        metavar="N",
        help=tr("сдвинуть все порты на N", "shift every port by N"),
    )
    parser.add_argument(
        "--https", choices=("on", "off"), help=tr("кабинет по HTTPS", "the cabinet over HTTPS")
    )
    parser.add_argument(
        "--certificate",
        metavar="FILE",
        help=tr("свой сертификат (цепочка PEM)", "own certificate (PEM chain)"),
    )
    parser.add_argument("--certificate-key", metavar="FILE", help=tr("его ключ", "its key"))
    parser.add_argument("--db", metavar="URL", help="postgres://user:password@host:port/base")


def load(home: Path | None = None) -> Config:
    """The settings of an installation that was set up. Raises LaunchError when there is none."""
    try:
        return Config.load(home)
    except ConfigError as error:
        raise LaunchError(str(error)) from error


def settle(options: argparse.Namespace) -> tuple[Config, Config | None]:
    """The settings that the options ask for (saved), and the ones that stood before (None: first run)."""
    home = home_from_env()
    try:
        if (place := len(os.fsencode(home))) > PATH_LIMIT:
            raise LaunchError(
                tr(
                    f"Путь {home} длиннее {PATH_LIMIT} байт ({place}): сокеты в нём не создать",
                    f"{home} is longer than {PATH_LIMIT} bytes ({place}): sockets cannot be made there",
                ),
                "ATS_HOME=/…",
            )
        before = Config.load(home) if (home / "config.toml").exists() else None
        config = before or Config.from_values(home, {})
        config = _with_options(config, options).with_secrets()
        config.check()
        if config != before:
            config.save()
    except ConfigError as error:
        raise LaunchError(tr("Настройки неверны", "The settings are wrong") + f": {error}") from error
    except OSError as error:
        raise LaunchError(
            tr(f"Нельзя писать в {home}: {error.strerror}", f"Cannot write to {home}: {error.strerror}"),
            tr("Укажите другую папку: ATS_HOME=/путь ./ats up", "Name another: ATS_HOME=/path ./ats up"),
        ) from error
    return config, before


def _with_options(config: Config, options: argparse.Namespace) -> Config:
    changes: dict[str, object] = {}
    if options.listen is not None:
        changes["listen"] = options.listen
    if options.db is not None:
        changes["db_url"] = options.db
    if options.https is not None:
        changes["https"] = options.https == "on"
    for name in ("certificate", "certificate_key"):
        if (path := getattr(options, name)) is not None:
            changes[name] = str(Path(path).resolve()) if path else ""  # "": none of his own any more
    if options.ports_offset is not None:
        # From the defaults, not from the present ports: the same command twice gives the same ports.
        plain = Config(home=config.home, tools=config.tools)
        changes |= {name: getattr(plain, name) + options.ports_offset for name in SHIFTED}
    for name in SHIFTED:
        if (given := getattr(options, name)) is not None:
            changes[name] = given
    return replace(config, **changes)  # type: ignore[arg-type]
