"""Changes to the sound messages of a client."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import User
from ats.errors import Conflict, Fault, Invalid, Missing, invalid, places
from ats.media import convert
from ats.media.models import Sound
from ats.media.queries import path_of

MAX_MB = 20
_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "language": checks.one_of(checks.LANGUAGES),
}


def create_sound(
    actor: User | None, client_id: int, values: Mapping[str, Any], file: "UploadedFile[Any]"
) -> Sound:
    """Add a sound message from an uploaded file; without a name the file's is taken.

    Raises Invalid for a file that is too large, too long or not sound, and for a name that is taken.
    """
    if (file.size or 0) > MAX_MB * 1024 * 1024:
        raise invalid("file", "file_too_large", max=MAX_MB)

    def save_upload(target: Path) -> None:
        with target.open("wb") as upload:
            for chunk in file.chunks():
                upload.write(chunk)

    name = str(values.get("name") or "") or Path(str(file.name or "")).stem[:80]
    return add_sound(actor, client_id, {**values, "name": name}, save_upload)


def add_sound(
    actor: User | None, client_id: int, values: Mapping[str, Any], write: Callable[[Path], None]
) -> Sound:
    """Add a sound message whose source file `write` puts at the path it is given. Raises Invalid."""
    accepted = checks.clean(values, _CHECKS)
    folder = settings.CONFIG.media_dir / str(client_id)
    folder.mkdir(parents=True, exist_ok=True)
    # Converted beside its final place, so that the rename is atomic, and before the transaction: it takes seconds.
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as work:
        source, converted = Path(work) / "source", Path(work) / "converted.wav"
        write(source)
        try:
            duration_ms = convert.to_wav(source, converted)
        except checks.Bad as bad:
            raise Invalid({"file": bad.fault}) from bad
        with transaction.atomic():
            sound = Sound(client_id=client_id, duration_ms=duration_ms, **accepted)
            _save(sound)
            record(actor, client_id, "create", sound, after={"name": sound.name, "duration_ms": duration_ms})
            os.replace(converted, path_of(sound))
    return sound


@transaction.atomic
def update_sound(actor: User | None, sound_id: int, values: Mapping[str, Any]) -> Sound:
    """Change name, description or language of a sound message in scope. Raises Missing, Invalid."""
    sound = _locked(sound_id)
    before, after = apply(sound, checks.clean(values, _CHECKS))
    if after:
        _save(sound)
        record(actor, sound.client_id, "update", sound, before=before, after=after)
    return sound


@transaction.atomic
def delete_sound(actor: User | None, sound_id: int) -> None:
    """Delete a sound message in scope with its file. Raises Missing; Conflict saying what plays it."""
    sound = _locked(sound_id)
    steps = sound.steps.select_related("number").order_by("number__digits", "level")
    used = [Fault("at_step", {"number": step.number.digits, "level": step.level}) for step in steps]
    used += [Fault("at_menu", {"name": menu.name}) for menu in sound.menus.order_by("name")]
    used += [Fault("at_mailbox", {"name": box.name}) for box in sound.mailboxes.order_by("name")]
    if used:
        raise Conflict("in_use", where=places(used))
    path = path_of(sound)
    record(actor, sound.client_id, "delete", sound, before={"name": sound.name})
    sound.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _save(sound: Sound) -> None:
    try:
        with transaction.atomic():
            sound.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(sound_id: int) -> Sound:
    sound = Sound.objects.select_for_update().filter(pk=sound_id).first()
    if sound is None:
        raise Missing
    return sound
