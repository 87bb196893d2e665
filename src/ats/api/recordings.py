"""Recordings («Запись разговоров», S138, S139, S185) of a client's calls. Who sees the call may hear it."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse, HttpResponseBase
from ninja import Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.sending import AUDIO, send_file
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.recordings import actions, queries

router = Router(tags=["recordings"])


class RecordingOut(Schema):
    """Stereo: left what the party of the leg (`number`) said, right what it heard."""

    id: int
    number: str
    on_demand: bool
    started_at: datetime
    duration_ms: int
    size_bytes: int


class KeepingIn(Schema):
    """0: without limit."""

    keep_days: int = 0
    quota_mb: int = 0


class KeepingOut(KeepingIn):
    count: int
    size_bytes: int


@router.get(
    "/{int:client_id}/calls/{int:call_id}/recordings",
    response={200: list[RecordingOut], **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
)
def list_recordings(request: ApiRequest, client_id: int, call_id: int) -> list[dict[str, Any]]:
    """Recordings of one call."""
    queries.check_call(call_id)
    return queries.recordings_of(call_id)


@router.get(
    "/{int:client_id}/calls/{int:call_id}/recordings/{int:recording_id}/audio",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
    openapi_extra=AUDIO,
)
def get_recording_audio(
    request: ApiRequest,
    client_id: int,
    call_id: int,
    recording_id: int,
    format: Literal["wav", "mp3"] = "wav",
) -> HttpResponseBase:
    """WAV with byte ranges for playing, or MP3 for saving."""
    path, name = queries.audio(call_id, recording_id)
    if format == "wav":
        return send_file(request, path)
    response = HttpResponse(queries.as_mp3(path), content_type="audio/mpeg")
    response["Content-Disposition"] = f'attachment; filename="{name}.mp3"'
    return response


@router.get(
    "/{int:client_id}/recordings/keeping", response={200: KeepingOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def get_recordings_keeping(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """How long recordings are kept, and how much there is."""
    return queries.keeping_row(client_id)


@router.put(
    "/{int:client_id}/recordings/keeping", response={200: KeepingOut, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE)
)
def set_recordings_keeping(request: ApiRequest, client_id: int, payload: KeepingIn) -> dict[str, Any]:
    """Say how long recordings are kept."""
    actions.set_keeping(request.auth, client_id, payload.model_dump())
    return queries.keeping_row(client_id)
