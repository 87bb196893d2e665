"""Media packages («Медиапакеты», S187-S191) of a client and the files in them."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.sending import AUDIO, send_file
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.media import package_actions, queries

router = Router(tags=["packages"])


class PackageOut(Schema):
    """`is_default`: the one marked `*`, the client's music on hold and replacement of ringing."""

    id: int
    name: str
    description: str
    is_default: bool
    files_count: int
    created_at: datetime


class PackageIn(Schema):
    name: str
    description: str = ""
    is_default: bool = False


class PackagePatch(Schema):
    name: str = ""
    description: str = ""
    is_default: bool = False


class PackageFileOut(Schema):
    id: int
    name: str
    duration_ms: int
    created_at: datetime


class PackageFileIn(Schema):
    name: str = ""


_SORTS = {"id": "id", "name": "name", "is_default": "is_default", "files_count": "files_count"}
_FILE_SORTS = {"id": "id", "name": "name", "duration_ms": "duration_ms", "created_at": "created_at"}


@router.get(
    "/{int:client_id}/packages", response={200: Listed[PackageOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def list_packages(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Media packages of the client."""
    rows, total = page_of(
        queries.packages(), page, search=("name", "description"), sorts=_SORTS, default="name"
    )
    return {"items": [queries.package_row(row) for row in rows], **total}


@router.post("/{int:client_id}/packages", response={201: PackageOut, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE))
def create_package(request: ApiRequest, client_id: int, payload: PackageIn) -> Status[dict[str, Any]]:
    """Create a package; the first one of a client becomes its default."""
    made = package_actions.create_package(request.auth, client_id, payload.model_dump())
    return Status(201, queries.package_row(queries.package(made.pk)))


@router.get(
    "/{int:client_id}/packages/{int:package_id}",
    response={200: PackageOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_package(request: ApiRequest, client_id: int, package_id: int) -> dict[str, Any]:
    """One package."""
    return queries.package_row(queries.package(package_id))


@router.patch(
    "/{int:client_id}/packages/{int:package_id}",
    response={200: PackageOut, **ERRORS},
    auth=Gate(Do.SOUNDS_CHANGE),
)
def update_package(
    request: ApiRequest, client_id: int, package_id: int, payload: PackagePatch
) -> dict[str, Any]:
    """Change a package; `is_default` true moves the mark here."""
    package_actions.update_package(request.auth, package_id, payload.model_dump(exclude_unset=True))
    return queries.package_row(queries.package(package_id))


@router.delete(
    "/{int:client_id}/packages/{int:package_id}", response={204: None, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE)
)
def delete_package(request: ApiRequest, client_id: int, package_id: int) -> Status[None]:
    """Delete a package with its files; sound messages made from them stay."""
    package_actions.delete_package(request.auth, package_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/packages/{int:package_id}/files",
    response={200: Listed[PackageFileOut], **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def list_package_files(
    request: ApiRequest, client_id: int, package_id: int, page: Query[Page]
) -> dict[str, Any]:
    """Files of a package, in the order they are played."""
    rows, total = page_of(
        queries.package_files(package_id), page, search=("name",), sorts=_FILE_SORTS, default="id"
    )
    return {"items": [queries.package_file_row(row) for row in rows], **total}


@router.post(
    "/{int:client_id}/packages/{int:package_id}/files",
    response={201: PackageFileOut, **ERRORS},
    auth=Gate(Do.SOUNDS_CHANGE),
)
def add_package_file(
    request: ApiRequest,
    client_id: int,
    package_id: int,
    payload: Form[PackageFileIn],
    file: File[UploadedFile],
) -> Status[dict[str, Any]]:
    """Upload wav, mp3, ogg or m4a up to 20 MB; it is heard at once where the package plays."""
    made = package_actions.add_file(request.auth, package_id, file, payload.name)
    return Status(201, queries.package_file_row(made))


@router.delete(
    "/{int:client_id}/packages/{int:package_id}/files/{int:file_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.SOUNDS_CHANGE),
)
def delete_package_file(request: ApiRequest, client_id: int, package_id: int, file_id: int) -> Status[None]:
    """Delete a file of a package."""
    package_actions.delete_file(request.auth, package_id, file_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/packages/{int:package_id}/files/{int:file_id}/audio",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
    openapi_extra=AUDIO,
)
def get_package_file_audio(
    request: ApiRequest, client_id: int, package_id: int, file_id: int
) -> HttpResponseBase:
    """The file as callers hear it: WAV, 8 kHz mono; byte ranges are served."""
    return send_file(request, queries.package_audio_path(package_id, file_id))
