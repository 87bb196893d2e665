"""«Система → Резервные копии»: the whole state as files (S248)."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from ninja import Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed
from ats.api.shapes import ERRORS, binary
from ats.backups import actions, files, queries
from ats.clients.access import Do
from ats.errors import Missing

router = Router(tags=["system"])
_PIECE = 1 << 20
_ARCHIVE = binary("application/gzip")


class BackupOut(Schema):
    """`size_bytes` null: not made yet. `recordings` null: not known (made by `./ats backup`)."""

    name: str
    state: Literal["new", "making", "done", "failed"]
    size_bytes: int | None
    at: datetime
    author_login: str
    recordings: bool | None
    daily: bool
    error: str


class BackupIn(Schema):
    recordings: bool = False


@router.get("", response={200: Listed[BackupOut], **ERRORS}, auth=Gate(Do.SYSTEM))
def list_backups(request: ApiRequest) -> dict[str, Any]:
    """All backups, the newest first, and those being made."""
    items = queries.rows()
    return {"items": items, "total": len(items)}


@router.post("", response={202: BackupOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def create_backup(request: ApiRequest, payload: BackupIn) -> Status[dict[str, Any]]:
    """Have a backup made; it appears in the list when it is whole."""
    job = actions.order(request.auth, payload.recordings)
    return Status(202, next(row for row in queries.rows() if row["name"] == job.name))


@router.get("/{name}", auth=Gate(Do.SYSTEM), openapi_extra=_ARCHIVE)
def download_backup(request: ApiRequest, name: str) -> HttpResponseBase:
    """The archive. It holds every password: the change log says who took it away."""
    path = files.path_of(settings.CONFIG, name)
    if path is None:
        raise Missing
    actions.note_download(request.auth, name)
    response = StreamingHttpResponse(_pieces(path), content_type="application/gzip")
    response["Content-Length"] = str(path.stat().st_size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@router.delete("/{name}", response={204: None, **ERRORS}, auth=Gate(Do.SYSTEM))
def delete_backup(request: ApiRequest, name: str) -> Status[None]:
    """Delete a backup."""
    actions.delete(request.auth, name)
    return Status(204, None)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """Bit by bit: an archive may be larger than the memory."""
    with path.open("rb") as source:
        while data := await sync_to_async(source.read, thread_sensitive=False)(_PIECE):
            yield data
