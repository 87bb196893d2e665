"""Media for the API, and where its files are."""

from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet
from django_scopes import scope

from ats.errors import Missing
from ats.media import files
from ats.media.models import Package, PackageFile, Sound, SoundVersion
from ats.scoping import belonging


def sounds() -> QuerySet[Sound]:
    """Sound messages of the client in scope."""
    return Sound.objects.prefetch_related(Prefetch("versions", belonging(SoundVersion)))


def sound(sound_id: int) -> Sound:
    """One sound message of the client in scope. Raises Missing."""
    found = sounds().filter(pk=sound_id).first()
    if found is None:
        raise Missing
    return found


def sound_row(found: Sound) -> dict[str, Any]:
    """A sound message as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "language": found.language,
        "text": found.text,
        "duration_ms": found.duration_ms,
        "created_at": found.created_at,
        "versions": [
            {"language": version.language, "text": version.text, "duration_ms": version.duration_ms}
            for version in found.versions.all()
        ],
    }


def path_of(found: Sound) -> Path:
    """Where the message's main file is: $ATS_HOME/media/<client id>/<id>.wav."""
    return files.sound_path(found)


def audio_path(sound_id: int, language: str = "") -> Path:
    """The file a caller of that language hears. Raises Missing, also when the file is lost."""
    found = sound(sound_id)
    version = SoundVersion.objects.filter(sound=found, language=language).select_related("sound").first()
    return _present(files.version_path(version) if version else path_of(found))


def packages() -> QuerySet[Package]:
    """Media packages of the client in scope."""
    return Package.objects.all()


def package(package_id: int) -> Package:
    """One package of the client in scope. Raises Missing."""
    found = packages().filter(pk=package_id).first()
    if found is None:
        raise Missing
    return found


def package_row(found: Package) -> dict[str, Any]:
    """A package as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "is_default": found.is_default,
        "files_count": found.files_count,
        "created_at": found.created_at,
    }


def package_files(package_id: int) -> QuerySet[PackageFile]:
    """Files of one package in scope. Raises Missing."""
    return PackageFile.objects.filter(package=package(package_id)).select_related("package")


def package_file_row(found: PackageFile) -> dict[str, Any]:
    """A file of a package as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "duration_ms": found.duration_ms,
        "created_at": found.created_at,
    }


def package_audio_path(package_id: int, file_id: int) -> Path:
    """A file of a package in scope. Raises Missing."""
    found = package_files(package_id).filter(pk=file_id).first()
    if found is None:
        raise Missing
    return _present(files.package_file_path(found))


def music_dir(client_id: int) -> Path | None:
    """The folder of a client's music on hold: its default package, when that has any file (S188)."""
    with scope(client=client_id):
        found = Package.objects.filter(is_default=True, files__isnull=False).first()
        return files.package_dir(client_id, found.pk) if found else None


def _present(path: Path) -> Path:
    if not path.is_file():
        raise Missing
    return path
