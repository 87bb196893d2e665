"""apt with a private configuration: downloads packages of any Debian suite, installs nothing.

The machine's own package state is never touched, and no root is needed. apt itself checks the
signatures of the index with Debian's keyring of this machine, and every package against the index.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launcher import aptsources
from launcher.process import ProcessGroup
from launcher.progress import Report
from launcher.text import LaunchError, tr

# Parts of packages that a running program does not read.
UNNEEDED = (
    "./usr/share/doc",
    "./usr/share/man",
    "./usr/share/locale",
    "./usr/share/i18n",
    "./usr/share/lintian",
    "./usr/include",
    "./usr/src",
)
# Of the machine's own apt settings only those on how to reach and judge a mirror are taken over
# (proxy, certificates, time-outs, a snapshot mirror's Check-Valid-Until); never a laxer signature.
_INHERITED = re.compile(
    r"^Acquire::(?:(?:http|https|ftp|Retries|ForceIPv4|ForceIPv6|Check-Valid-Until|Max-ValidTime)\b)"
)


class PrivateApt:
    """One private apt folder for one suite."""

    def __init__(self, base: Path, suite: str, group: ProcessGroup) -> None:
        """`base` is made; `suite` is a Debian code name at the mirror this machine already uses."""
        self._base = base
        self._suite = suite
        self._group = group
        self._env = {**os.environ, "APT_CONFIG": str(base / "apt.conf"), "LC_ALL": "C.UTF-8"}

    def prepare(self) -> None:
        """Write the private configuration. Raises LaunchError when the machine names no mirror."""
        machine = aptsources.codename()
        source = aptsources.debian_mirror(aptsources.machine_sources(), machine)
        if source is None:
            raise LaunchError(
                tr("В настройках apt нет зеркала Debian", "apt on this machine names no Debian mirror"),
                tr(
                    "Добавьте обычную строку Debian в /etc/apt/sources.list и повторите; "
                    "или укажите свой Asterisk: ATS_SYSTEM_ASTERISK=/usr/sbin/asterisk",
                    "Add the usual Debian line to /etc/apt/sources.list and try again; "
                    "or name your own Asterisk: ATS_SYSTEM_ASTERISK=/usr/sbin/asterisk",
                ),
            )
        keyring = aptsources.keyring_of(source)
        if keyring is None:
            raise LaunchError(
                tr("Нет ключей Debian", "Debian's keys are not on this machine"),
                "apt-get install debian-archive-keyring",
            )
        for part in ("state/lists/partial", "cache/archives/partial", "etc/parts"):
            (self._base / part).mkdir(parents=True, exist_ok=True)
        (self._base / "state/status").touch()  # nothing counts as installed
        (self._base / "etc/sources.list").write_text(
            f"deb [signed-by={keyring}] {source.uri} {self._suite} main\n", encoding="utf-8"
        )
        base = self._base
        (base / "apt.conf").write_text(
            "".join(f"{line}\n" for line in machine_settings())
            + f'Dir::State "{base}/state";\nDir::State::status "{base}/state/status";\n'
            f'Dir::Cache "{base}/cache";\nDir::Etc "{base}/etc";\n'
            f'Dir::Etc::sourcelist "{base}/etc/sources.list";\n'
            f'Dir::Etc::sourceparts "{base}/etc/parts";\nDir::Etc::parts "{base}/etc/parts";\n'
            f'Dir::Etc::preferences "{base}/etc/none";\nDir::Etc::preferencesparts "{base}/etc/parts";\n'
            'APT::Install-Recommends "false";\nAPT::Architectures { "amd64"; };\n'
            'APT::Architecture "amd64";\nAcquire::Languages "none";\nAPT::Sandbox::User "root";\n'
            'Acquire::Retries "3";\n',
            encoding="utf-8",
        )

    def update(self, report: Report) -> None:
        """Fetch the signed index. Raises LaunchError, with the reason apt gave, when it cannot."""
        report(tr("индекс пакетов", "package index"))
        # Without this a mirror that cannot be reached is only a warning to apt-get.
        self._apt("-o", "APT::Update::Error-Mode=any", "update", what=tr("индекс Debian", "Debian's index"))

    def download(self, packages: list[str], bare: list[str], report: Report) -> list[Path]:
        """Fetch packages with all they depend on, and `bare` ones without; returns the files.

        What an interrupted run fetched already is not fetched again.
        """
        plan = self._apt("-s", "install", *packages, what=tr("состав пакетов", "package list"))
        files = [f"{n}_{v}_{a}.deb".replace(":", "%3a") for n, v, a in _PLANNED.findall(plan)]
        archives = self._base / "cache/archives"
        uris = self._apt("-y", "--print-uris", "install", *packages, what=tr("адреса пакетов", "addresses"))
        sizes = [int(size) for size in re.findall(r"^'[^']*' \S+ (\d+)", uris, re.MULTILINE)]
        total = sum(sizes)
        before = _size_of(archives)
        stop = threading.Event()

        def watch() -> None:
            while not stop.wait(0.3):
                done = max(0, _size_of(archives) - before)
                report(f"{done // 1_000_000} / {total // 1_000_000} MB")

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            self._apt("-y", "-d", "install", *packages, what=tr("скачивание", "download"))
            if bare:
                known = set(archives.glob("*.deb"))
                self._apt("download", *bare, what=tr("скачивание", "download"), cwd=archives)
                fetched = sorted(
                    path.name
                    for path in set(archives.glob("*.deb"))
                    if path not in known or path.name.split("_", 1)[0] in bare
                )
                files += [name for name in fetched if name not in files]
        finally:
            stop.set()
            watcher.join()
        return [archives / name for name in files]

    def unpack(self, files: list[Path], target: Path, report: Report) -> None:
        """Unpack packages into `target`, without their documentation, and run none of their scripts."""
        target.mkdir(parents=True, exist_ok=True)
        done = 0

        def one(path: Path) -> None:
            nonlocal done
            excludes = [f"--exclude={part}" for part in UNNEEDED]
            # set -o pipefail is not in dash; the reader fails anyway when the stream is cut.
            self._group.run(
                [
                    "bash",
                    "-c",
                    'set -o pipefail; dpkg-deb --fsys-tarfile "$0" | tar -x --no-same-owner "$@"',
                    path,
                    "-C",
                    target,
                    *excludes,
                ],
                what=tr(f"распаковка {path.name}", f"unpacking {path.name}"),
            )
            done += 1
            report(tr(f"распаковка {done} из {len(files)}", f"unpacking {done} of {len(files)}"))

        with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            list(pool.map(one, files))

    def forget(self) -> None:
        """Remove the private folder: everything in it can be fetched again."""
        shutil.rmtree(self._base, ignore_errors=True)

    def _apt(self, *words: str, what: str, cwd: Path | None = None) -> str:
        return self._group.run(["apt-get", "-q", *words], what=what, env=self._env, cwd=cwd)


_PLANNED = re.compile(r"^Inst (\S+) \((\S+) [^\n]*\[(\w+)\]\)", re.MULTILINE)


def machine_settings() -> list[str]:
    """The machine's own apt settings on reaching and judging a mirror, as lines of apt.conf."""
    try:
        dump = subprocess.run(
            ["apt-config", "dump"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise LaunchError(
            tr("Нет apt: нужен Debian 12", "There is no apt here: Debian 12 is needed"), str(error)
        ) from error
    return [line for line in dump.splitlines() if _INHERITED.match(line) and '""' not in line]


def _size_of(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue  # apt has just moved it
    return total
