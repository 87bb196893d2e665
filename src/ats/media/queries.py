"""Sound messages for the API, and where their files are."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ats.errors import Missing
from ats.media.models import Sound


def sounds() -> QuerySet[Sound]:
    """Sound messages of the client in scope."""
    return Sound.objects.all()


def sound(sound_id: int) -> Sound:
    """One sound message of the client in scope. Raises Missing."""
    found = Sound.objects.filter(pk=sound_id).first()
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
        "duration_ms": found.duration_ms,
        "created_at": found.created_at,
    }


def path_of(found: Sound) -> Path:
    """Where the message's file is: $ATS_HOME/media/<client id>/<id>.wav."""
    return Path(settings.CONFIG.media_dir) / str(found.client_id) / f"{found.pk}.wav"


def audio_path(sound_id: int) -> Path:
    """The file of a sound message of the client in scope. Raises Missing, also when the file is lost."""
    path = path_of(sound(sound_id))
    if not path.is_file():
        raise Missing
    return path
