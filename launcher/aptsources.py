"""The package sources that this machine's own apt uses: the one-line and the deb822 format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APT_DIR = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Schemes apt has methods for; a CD can hold neither testing nor much of anything else.
SCHEMES = ("http", "https", "mirror", "mirror+http", "mirror+https", "mirror+file", "file", "copy", "ftp")


@dataclass(frozen=True)
class Source:
    """One place binary packages come from: address, suite, components, and its own keyring if named."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""


def parse_list(text: str) -> Iterator[Source]:
    """Sources of a one-line-format file (`deb [options] uri suite component…`); others are skipped."""
    for raw in text.splitlines():
        line = raw.split("#", 1)[0].strip()
        match = re.match(r"deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)(?:\s+(.*))?$", line)
        if match is None:
            continue
        options, uri, suite, components = match.groups()
        if not _usable(uri):
            continue
        given = dict(part.split("=", 1) for part in (options or "").split() if "=" in part)
        names = {key.lower(): value for key, value in given.items()}
        yield Source(uri, suite, tuple((components or "").split()), names.get("signed-by", ""))


def parse_deb822(text: str) -> Iterator[Source]:
    """Sources of a deb822-format file (`Types: deb`, `URIs: …`); disabled stanzas are skipped."""
    for stanza in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        values = _stanza(stanza)
        if "deb" not in values.get("types", "").split():
            continue
        if values.get("enabled", "yes").strip().lower() in ("no", "false", "0", "off", "without", "disable"):
            continue
        # A key written into the stanza itself spans lines; then the machine's Debian keyring is used.
        signed = values.get("signed-by", "").strip()
        keyring = signed if "\n" not in signed else ""
        for uri in values.get("uris", "").split():
            if not _usable(uri):
                continue
            for suite in values.get("suites", "").split():
                yield Source(uri, suite, tuple(values.get("components", "").split()), keyring)


def machine_sources(apt_dir: Path = APT_DIR) -> list[Source]:
    """Every usable source of this machine, in the order apt reads the files."""
    found: list[Source] = []
    main = apt_dir / "sources.list"
    if main.is_file():
        found += parse_list(_read(main))
    parts = apt_dir / "sources.list.d"
    for path in sorted(parts.iterdir()) if parts.is_dir() else []:
        if path.suffix == ".list":
            found += parse_list(_read(path))
        elif path.suffix == ".sources":
            found += parse_deb822(_read(path))
    return found


def debian_mirror(sources: list[Source], codename: str) -> Source | None:
    """The source that carries Debian itself (not its security or backports part) on this machine.

    Any suite of Debian stands at the same address, so this is where `forky` is found too.
    """
    for source in sources:
        if source.suite in (codename, "stable", "testing") and "main" in source.components:
            return source
    for source in sources:
        if source.suite == f"{codename}-updates" and "main" in source.components:
            return source
    return None


def keyring_of(source: Source) -> Path | None:
    """The keyring file to check this source's signatures with, or None when the machine has none."""
    if source.signed_by.startswith("/") and Path(source.signed_by).is_file():
        return Path(source.signed_by)
    return KEYRING if KEYRING.is_file() else None


def codename(os_release: Path = Path("/etc/os-release")) -> str:
    """`bookworm` and the like; empty when the machine does not say."""
    match = re.search(r'^VERSION_CODENAME="?([a-z]+)"?', _read(os_release), re.MULTILINE)
    return match.group(1) if match else ""


def _usable(uri: str) -> bool:
    return uri.split(":", 1)[0] in SCHEMES


def _stanza(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line[:1] in (" ", "\t") and key:
            values[key] += "\n" + line.strip()
        elif ":" in line:
            name, value = line.split(":", 1)
            key = name.strip().lower()
            values[key] = value.strip()
    return values


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
