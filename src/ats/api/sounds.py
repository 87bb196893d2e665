"""Sound messages («Звуковые сообщения») of a client."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.media import actions, queries

router = Router(tags=["sounds"])


class SoundOut(Schema):
    id: int
    name: str
    description: str
    language: str
    duration_ms: int
    created_at: datetime


class SoundIn(Schema):
    name: str = ""
    description: str = ""
    language: str = "ru"


class SoundPatch(Schema):
    name: str = ""
    description: str = ""
    language: str = ""


_SORTS = {"id": "id", "name": "name", "duration_ms": "duration_ms", "created_at": "created_at"}


@router.get("/{int:client_id}/sounds", response={200: Listed[SoundOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def list_sounds(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Sound messages of the client."""
    rows, total = page_of(
        queries.sounds(), page, search=("name", "description"), sorts=_SORTS, default="name"
    )
    return {"items": [queries.sound_row(sound) for sound in rows], "total": total}


@router.post("/{int:client_id}/sounds", response={201: SoundOut, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE))
def create_sound(
    request: ApiRequest, client_id: int, payload: Form[SoundIn], file: File[UploadedFile]
) -> Status[dict[str, Any]]:
    """Upload wav, mp3, ogg or m4a up to 20 MB; without a name the file's is taken."""
    sound = actions.create_sound(request.auth, client_id, payload.model_dump(), file)
    return Status(201, queries.sound_row(sound))


@router.get(
    "/{int:client_id}/sounds/{int:sound_id}", response={200: SoundOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_sound(request: ApiRequest, client_id: int, sound_id: int) -> dict[str, Any]:
    """One sound message."""
    return queries.sound_row(queries.sound(sound_id))


@router.patch(
    "/{int:client_id}/sounds/{int:sound_id}", response={200: SoundOut, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE)
)
def update_sound(request: ApiRequest, client_id: int, sound_id: int, payload: SoundPatch) -> dict[str, Any]:
    """Rename or describe a sound message."""
    sound = actions.update_sound(request.auth, sound_id, payload.model_dump(exclude_unset=True))
    return queries.sound_row(sound)


@router.delete(
    "/{int:client_id}/sounds/{int:sound_id}", response={204: None, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE)
)
def delete_sound(request: ApiRequest, client_id: int, sound_id: int) -> Status[None]:
    """Delete a sound message; 409 says which dialplans play it."""
    actions.delete_sound(request.auth, sound_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/sounds/{int:sound_id}/audio",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
    openapi_extra={
        "responses": {200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
def get_sound_audio(request: ApiRequest, client_id: int, sound_id: int) -> HttpResponse:
    """The message as callers hear it: WAV, 8 kHz mono."""
    path = queries.audio_path(sound_id)
    return HttpResponse(path.read_bytes(), content_type="audio/wav")
