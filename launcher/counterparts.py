"""Programs that tests place real calls with and look at the cabinet through: SIPp, baresip, Chromium, PostgreSQL.

Root gets them from apt. An ordinary user gets them unpacked under $ATS_TOOLS by the private apt, from the same
suite as the machine itself, so the machine's own loader runs them.

Optional ones (a fax server, a RADIUS server) are always unpacked, for root too: installing a daemon starts it and
changes the machine's configuration. A test is skipped, with the reason, only when what it needs cannot run without
root; what could not be fetched fails the tests that ask for it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ats.config import Config
from launcher import aptsources
from launcher.privateapt import PrivateApt
from launcher.process import ProcessGroup
from launcher.text import LaunchError, tr


@dataclass(frozen=True)
class Counterpart:
    """A program, the Debian packages it comes in, and where it stands once they are there.

    `bare` packages are unpacked without what they depend on (a mail server, systemd…): only of optional ones.
    """

    program: str
    packages: tuple[str, ...]
    path: str
    bare: tuple[str, ...] = ()
    needs_root: bool = False


SIPP = Counterpart("sipp", ("sip-tester",), "usr/bin/sipp")
BARESIP = Counterpart("baresip", ("baresip-core",), "usr/bin/baresip")
# The font is for the screenshots: without one Chromium draws Russian as boxes.
CHROMIUM = Counterpart("chromium", ("chromium", "fonts-dejavu-core"), "usr/lib/chromium/chromium")
# Sets the clock of a test's engine, so calendars can be called through.
FAKETIME = Counterpart("faketime", ("faketime", "libfaketime"), "usr/bin/faketime")
POSTGRES = Counterpart("postgres", ("postgresql",), "usr/lib/postgresql")
FOR_PART: Mapping[str, tuple[Counterpart, ...]] = {
    "engine": (SIPP, BARESIP, FAKETIME),
    "web": (CHROMIUM, SIPP),
}
# Only some tests of a part need these: see `provide_optional`, and tests/harness/optional.py.
HYLAFAX = Counterpart(
    "faxq",
    ("libtiff6", "libtiff-tools", "libpam0g"),
    "usr/sbin/faxq",
    bare=("hylafax-server", "hylafax-client"),
    needs_root=True,  # its daemons run as root and as uucp, and as nobody else
)
IAXMODEM = Counterpart("iaxmodem", (), "usr/bin/iaxmodem", bare=("iaxmodem",), needs_root=True)
RADIUS = Counterpart(
    "freeradius",
    ("libtalloc2", "libpcre3", "libpcap0.8", "libssl3"),
    "usr/sbin/freeradius",
    bare=("freeradius", "freeradius-common", "freeradius-config", "libfreeradius3"),
)
OPTIONAL_FOR_PART: Mapping[str, tuple[Counterpart, ...]] = {"engine": (HYLAFAX, IAXMODEM, RADIUS)}
ABSENT = "ATS_TEST_ABSENT"  # environment: program → why it cannot be there, as JSON
LIBRARIES = (
    "usr/lib/x86_64-linux-gnu",
    "lib/x86_64-linux-gnu",
    "usr/lib/x86_64-linux-gnu/pulseaudio",
    "usr/lib/hylafax",
    "usr/lib/freeradius",
)


def root_dir(config: Config) -> Path:
    """Where an ordinary user's counterparts are unpacked."""
    return config.tools / "test-root"


def bin_dir(config: Config) -> Path:
    """Folder of small scripts that run the unpacked programs; put first into PATH."""
    return config.tools / "test-bin"


def find(config: Config, counterpart: Counterpart) -> str | None:
    """The path of a program, from the private folder or from the system; None when it is nowhere."""
    if counterpart is POSTGRES:
        return _postgres_bin(config)
    private = bin_dir(config) / counterpart.program
    if private.exists():
        return str(private)
    return None if counterpart.bare else shutil.which(counterpart.program)


def provide(config: Config, wanted: Sequence[Counterpart], group: ProcessGroup) -> dict[str, str]:
    """Get the missing programs; returns the reasons, by program, for those that could not be had."""
    missing = [one for one in wanted if find(config, one) is None]
    if not missing:
        return {}
    names = [package for one in missing for package in one.packages]
    try:
        if os.geteuid() == 0:
            print(tr("Ставлю из apt: ", "Installing by apt: ") + " ".join(names), flush=True)
            _install(names, group)
        else:
            print(tr("Распаковываю для тестов: ", "Unpacking for tests: ") + " ".join(names), flush=True)
            _unpack(config, missing, names, group)
    except LaunchError as error:
        return {one.program: str(error).splitlines()[0] for one in missing}
    return _still_missing(config, missing)


def provide_optional(config: Config, wanted: Sequence[Counterpart], group: ProcessGroup) -> dict[str, str]:
    """Unpack the missing programs, each by itself; says why one could not be had. Returns those that need root."""
    absent: dict[str, str] = {}
    for one in wanted:
        if one.needs_root and os.geteuid() != 0:
            absent[one.program] = tr("нужен root", "root is needed")
        elif find(config, one) is None:
            names = [*one.packages, *one.bare]
            print(tr("Распаковываю для тестов: ", "Unpacking for tests: ") + " ".join(names), flush=True)
            try:
                _unpack(config, [one], list(one.packages), group)
            except LaunchError as error:
                print(f"{one.program}: {str(error).splitlines()[0]}", flush=True)
    return absent


def _still_missing(config: Config, wanted: Sequence[Counterpart]) -> dict[str, str]:
    still = [one for one in wanted if find(config, one) is None]
    return {one.program: tr("не найден после установки", "not found after set-up") for one in still}


def environment(config: Config, absent: Mapping[str, str] | None = None) -> dict[str, str]:
    """What tests need to find the programs; `absent`: the optional ones that cannot be, and why."""
    found = {
        "PATH": f"{bin_dir(config)}:{config.tools / 'venv/bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    }
    if chromium := find(config, CHROMIUM):
        found["ATS_CHROMIUM"] = chromium
    modules = root_dir(config) / "usr/lib/baresip/modules"
    if modules.is_dir():
        found["ATS_BARESIP_MODULES"] = str(modules)
    if root_dir(config).is_dir():
        found["ATS_TEST_ROOT"] = str(root_dir(config))
    if absent:
        found[ABSENT] = json.dumps(absent)
    return found


def _install(names: list[str], group: ProcessGroup) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    had_postgres = Path("/usr/lib/postgresql").exists()
    group.run(["apt-get", "-q", "update"], what="apt-get update", env=env)
    command = ["apt-get", "-q", "-y", "install", "--no-install-recommends", *names]
    group.run(command, what="apt-get install", env=env)
    if "postgresql" in names and not had_postgres and shutil.which("pg_dropcluster"):
        # The package starts a cluster of its own; tests use a private one.
        for version in sorted(Path("/usr/lib/postgresql").iterdir()):
            subprocess.run(["pg_dropcluster", "--stop", version.name, "main"], capture_output=True)


def _unpack(config: Config, missing: list[Counterpart], names: list[str], group: ProcessGroup) -> None:
    suite = aptsources.codename()
    apt = PrivateApt(config.tools / "test-apt", suite, group)
    apt.prepare()
    apt.update(_quiet)
    files = apt.download(names, [name for one in missing for name in one.bare], _quiet)
    apt.unpack(files, root_dir(config), _quiet)
    apt.forget()
    bin_dir(config).mkdir(parents=True, exist_ok=True)
    root = root_dir(config)
    libraries = library_path(config)
    fonts = root / "fonts.conf"  # the package's own names folders of the system
    fonts.write_text(
        f"<fontconfig><dir>{root}/usr/share/fonts</dir><cachedir>{root}/var/cache/fonts</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    for one in missing:
        if one is POSTGRES or not (root / one.path).exists():
            continue
        script = bin_dir(config) / one.program
        script.write_text(
            f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{fonts}" '
            f'exec "{root / one.path}" "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o755)


def library_path(config: Config) -> str:
    """LD_LIBRARY_PATH for unpacked programs that start each other (PostgreSQL)."""
    return ":".join(str(root_dir(config) / folder) for folder in LIBRARIES)


def _postgres_bin(config: Config) -> str | None:
    """The folder with initdb and postgres, of the newest version there is."""
    for base in (root_dir(config) / POSTGRES.path, Path("/") / POSTGRES.path):
        found = sorted(base.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if found:
            return str(found[-1].parent)
    return None


def _quiet(_: str) -> None:
    """Test set-up shows only its beginning; details are in the log."""
