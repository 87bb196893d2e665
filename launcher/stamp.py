"""Stamps: a finished step leaves a key, and is done again only when its inputs give another key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def key_of(*parts: str) -> str:
    """A short key of texts; the order matters."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def key_of_files(paths: Iterable[Path], *parts: str) -> str:
    """A key of the names and contents of files, and of further texts."""
    digest = hashlib.sha256(key_of(*parts).encode())
    for path in sorted(paths):
        digest.update(str(path).encode())
        digest.update(b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def is_current(stamp: Path, key: str) -> bool:
    """True when the step that leaves this stamp was finished with these inputs."""
    try:
        return stamp.read_text(encoding="ascii").strip() == key
    except (OSError, UnicodeDecodeError):
        return False


def leave(stamp: Path, key: str) -> None:
    """Mark the step as finished, by an atomic rename: never half a stamp."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_name(f"{stamp.name}.new")
    draft.write_text(key + "\n", encoding="ascii")
    os.replace(draft, stamp)


def withdraw(stamp: Path) -> None:
    """The step is about to be done again: until it is finished, nothing may take it for done."""
    stamp.unlink(missing_ok=True)
