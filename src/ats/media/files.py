"""Where media files are, and how one gets to its place: converted beside it, then renamed, so it is there whole."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from ats import checks
from ats.errors import Invalid, invalid
from ats.media import convert
from ats.media.models import PackageFile, Sound, SoundVersion

MAX_MB = 20
Write = Callable[[Path], None]  # puts the source file at the path it is given


def sound_path(sound: Sound) -> Path:
    """$ATS_HOME/media/<client id>/<sound id>.wav"""
    return _client_dir(sound.client_id) / f"{sound.pk}.wav"


def version_path(version: SoundVersion) -> Path:
    """$ATS_HOME/media/<language>/<client id>/<sound id>.wav"""
    folder = Path(settings.CONFIG.media_dir) / version.language / str(version.sound.client_id)
    return folder / f"{version.sound_id}.wav"


def package_dir(client_id: int, package_id: int) -> Path:
    """The folder the engine plays a package from."""
    return _client_dir(client_id) / f"p{package_id}"


def package_file_path(file: PackageFile) -> Path:
    """Names sort in the order of upload: the engine plays a package in the order of names."""
    return package_dir(file.package.client_id, file.package_id) / f"{file.pk:09d}.wav"


def _client_dir(client_id: int) -> Path:
    return Path(settings.CONFIG.media_dir) / str(client_id)


@contextmanager
def converted(client_id: int, write: Write, field: str = "file") -> Iterator[tuple[Path, int]]:
    """The source as the engine plays it and its length in milliseconds; gone at the end unless moved away.

    It stands on the same disk as its final place. Raises Invalid for what is not sound or too long.
    """
    folder = _client_dir(client_id)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as work:
        source, target = Path(work) / "source", Path(work) / "converted.wav"
        write(source)
        try:
            duration_ms = convert.to_wav(source, target)
        except checks.Bad as bad:
            raise Invalid({field: bad.fault}) from bad
        yield target, duration_ms


def put(source: Path, target: Path) -> None:
    """Move a converted file to its place, replacing what stands there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)


def from_upload(file: "UploadedFile[Any]") -> Write:
    """Raises Invalid for a file that is too large."""
    if (file.size or 0) > MAX_MB * 1024 * 1024:
        raise invalid("file", "file_too_large", max=MAX_MB)

    def write(target: Path) -> None:
        with target.open("wb") as upload:
            for chunk in file.chunks():
                upload.write(chunk)

    return write


def from_path(source: Path) -> Write:
    """A file that was converted before: linked, so a copy costs nothing."""

    def write(target: Path) -> None:
        os.link(source, target)

    return write


def title_of(file: "UploadedFile[Any]") -> str:
    """A name from the file's own."""
    return Path(str(file.name or "")).stem[:80]
