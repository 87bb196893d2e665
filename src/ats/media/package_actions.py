"""Changes to the media packages of a client (S187-S191)."""

import shutil
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.errors import Missing, invalid
from ats.media import files
from ats.media.models import Package, PackageFile

_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "is_default": checks.flag,
}
MAX_FILES = 100


@transaction.atomic
def create_package(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Package:
    """Add a package; a client's first one becomes its default. Raises Invalid."""
    accepted = checks.clean(values, _CHECKS)
    default = bool(accepted.pop("is_default", False)) or not Package.objects.filter(is_default=True).exists()
    package = Package(client_id=client_id, **accepted)
    _save(package)
    record(actor, client_id, "create", package, after={**accepted, "is_default": default})
    if default:
        _make_default(package)
    return package


@transaction.atomic
def update_package(actor: User | None, package_id: int, values: Mapping[str, Any]) -> Package:
    """Change a package in scope; `is_default` true takes the mark from the one that has it.

    Raises Missing; Invalid, also for taking the mark away: choose another default instead.
    """
    package = _locked(package_id)
    accepted = checks.clean(values, _CHECKS)
    if package.is_default and accepted.get("is_default") is False:
        raise invalid("is_default", "choose_other_default")
    default = bool(accepted.pop("is_default", False)) and not package.is_default
    before, after = apply(package, accepted)
    if after:
        _save(package)
    if default:
        after["is_default"] = True
    if after:
        record(actor, package.client_id, "update", package, before=before, after=after)
    if default:
        _make_default(package)
    return package


@transaction.atomic
def delete_package(actor: User | None, package_id: int) -> None:
    """Delete a package in scope with its files; a default one leaves the client with the exchange's own music.

    Raises Missing. Sound messages made from its files have files of their own and stay.
    """
    package = _locked(package_id)
    folder = files.package_dir(package.client_id, package.pk)
    client_id, was_default = package.client_id, package.is_default
    record(actor, client_id, "delete", package, before={"name": package.name})
    package.delete()
    if was_default:
        bump(client_id)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


def add_file(actor: User | None, package_id: int, file: "UploadedFile[Any]", name: str = "") -> PackageFile:
    """Add an uploaded file to a package in scope; it is heard at once where the package plays (S191).

    Raises Missing, Invalid.
    """
    package = Package.objects.filter(pk=package_id).first()
    if package is None:
        raise Missing
    title = checks.clean({"name": name or files.title_of(file)}, {"name": _CHECKS["name"]})["name"]
    write = files.from_upload(file)
    with files.converted(package.client_id, write) as (path, duration_ms), transaction.atomic():
        package = _locked(package_id)
        if package.files.count() >= MAX_FILES:
            raise invalid("file", "too_many", max=MAX_FILES)
        added = PackageFile(package=package, name=title, duration_ms=duration_ms)
        try:
            with transaction.atomic():
                added.save()
        except IntegrityError as error:
            raise invalid("name", "taken") from error
        after = {"package": package.name, "duration_ms": duration_ms}
        record(actor, package.client_id, "create", added, after=after)
        files.put(path, files.package_file_path(added))
        _files_changed(package)
    return added


@transaction.atomic
def delete_file(actor: User | None, package_id: int, file_id: int) -> None:
    """Delete a file of a package in scope. Raises Missing."""
    package = _locked(package_id)
    found = PackageFile.objects.filter(pk=file_id, package=package).select_related("package").first()
    if found is None:
        raise Missing
    path = files.package_file_path(found)
    record(actor, package.client_id, "delete", found, before={"package": package.name, "name": found.name})
    found.delete()
    _files_changed(package)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _files_changed(package: Package) -> None:
    """The number of files is kept. The engine reads the folder itself; it only must know whether there is anything to
    play at all."""
    package.files_count = package.files.count()
    package.save(update_fields=["files_count"])
    if package.is_default and package.files_count <= 1:
        bump(package.client_id)


def _make_default(package: Package) -> None:
    Package.objects.filter(is_default=True).exclude(pk=package.pk).update(is_default=False)
    package.is_default = True
    package.save(update_fields=["is_default"])
    bump(package.client_id)


def _save(package: Package) -> None:
    try:
        with transaction.atomic():
            package.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(package_id: int) -> Package:
    package = Package.objects.select_for_update().filter(pk=package_id).first()
    if package is None:
        raise Missing
    return package
