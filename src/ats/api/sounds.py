"""Sound messages («Звуковые сообщения») of a client."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.sending import AUDIO, send_file
from ats.api.shapes import ERRORS, Id
from ats.clients.access import Do
from ats.media import actions, queries, speech

router = Router(tags=["sounds"])


class SoundVersionOut(Schema):
    language: str
    text: str
    duration_ms: int


class SoundOut(Schema):
    """`language` is that of the main version; callers of the languages in `versions` hear those (S193).
    `text`: what was spoken, for a version made from text."""

    id: int
    name: str
    description: str
    language: str
    text: str
    duration_ms: int
    created_at: datetime
    versions: list[SoundVersionOut]


class SoundIn(Schema):
    """`package_file_id`: take a file of a media package instead of an upload (S192)."""

    name: str = ""
    description: str = ""
    language: str = "ru"
    package_file_id: Id | None = None


class SpeechIn(Schema):
    text: str
    language: str = "ru"


class SpokenSoundIn(SpeechIn):
    """Without a name the text itself is taken for one."""

    name: str = ""
    description: str = ""


class SoundVersionIn(Schema):
    """One of: an uploaded file, a file of a media package, a text to speak."""

    package_file_id: Id | None = None
    text: str = ""


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
    return {"items": [queries.sound_row(sound) for sound in rows], **total}


@router.post("/{int:client_id}/sounds", response={201: SoundOut, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE))
def create_sound(
    request: ApiRequest, client_id: int, payload: Form[SoundIn], file: File[UploadedFile | None] = None
) -> Status[dict[str, Any]]:
    """Upload wav, mp3, ogg or m4a up to 20 MB; without a name the file's is taken."""
    sound = actions.create_sound(request.auth, client_id, payload.model_dump(), file)
    return Status(201, queries.sound_row(sound))


@router.post(
    "/{int:client_id}/sounds/speech", response={201: SoundOut, **ERRORS}, auth=Gate(Do.SOUNDS_CHANGE)
)
def speak_sound(request: ApiRequest, client_id: int, payload: SpokenSoundIn) -> Status[dict[str, Any]]:
    """A sound message from text, spoken by the exchange."""
    sound = actions.speak_sound(request.auth, client_id, payload.model_dump())
    return Status(201, queries.sound_row(sound))


@router.post(
    "/{int:client_id}/sounds/speech/preview",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.SOUNDS_CHANGE),
    openapi_extra=AUDIO,
)
def preview_speech(request: ApiRequest, client_id: int, payload: SpeechIn) -> HttpResponse:
    """How a text would sound to callers: WAV, 8 kHz mono. Nothing is saved."""
    sound = speech.preview(speech.check_text(payload.text), actions.language_of(payload.model_dump()))
    return HttpResponse(sound, content_type="audio/wav")


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
    openapi_extra=AUDIO,
)
def get_sound_audio(
    request: ApiRequest, client_id: int, sound_id: int, language: str = ""
) -> HttpResponseBase:
    """The message as callers of that language hear it: WAV, 8 kHz mono; byte ranges are served."""
    return send_file(request, queries.audio_path(sound_id, language))


@router.post(
    "/{int:client_id}/sounds/{int:sound_id}/versions/{str:language}",
    response={200: SoundOut, **ERRORS},
    auth=Gate(Do.SOUNDS_CHANGE),
)
def set_sound_version(
    request: ApiRequest,
    client_id: int,
    sound_id: int,
    language: str,
    payload: Form[SoundVersionIn],
    file: File[UploadedFile | None] = None,
) -> dict[str, Any]:
    """Add or replace the message in one language; its own language replaces the main version."""
    values = {**payload.model_dump(), "language": language}
    sound = actions.set_version(request.auth, sound_id, values, file)
    return queries.sound_row(queries.sound(sound.pk))


@router.delete(
    "/{int:client_id}/sounds/{int:sound_id}/versions/{str:language}",
    response={204: None, **ERRORS},
    auth=Gate(Do.SOUNDS_CHANGE),
)
def delete_sound_version(request: ApiRequest, client_id: int, sound_id: int, language: str) -> Status[None]:
    """Take a further language away from a message."""
    actions.delete_version(request.auth, sound_id, language)
    return Status(204, None)
