"""Changes to the sound messages of a client."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import User
from ats.errors import Conflict, Fault, Missing, invalid, places
from ats.media import files, speech
from ats.media.files import Write
from ats.media.models import PackageFile, Sound, SoundVersion

_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "language": checks.one_of(checks.LANGUAGES),
}


def create_sound(
    actor: User | None, client_id: int, values: Mapping[str, Any], file: "UploadedFile[Any] | None"
) -> Sound:
    """Add a sound message from an upload, or from a file of one of the client's packages (`package_file_id`).

    Without a name the file's is taken. Raises Invalid for a file that is too large, too long or not sound, and
    for a name that is taken.
    """
    title, write = _source(values, file)
    return add_sound(actor, client_id, {**values, "name": str(values.get("name") or "") or title}, write)


def speak_sound(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Sound:
    """Add a sound message from `text`, spoken in `language`. Raises Invalid."""
    text = speech.check_text(values.get("text"))
    write = speech.writer(text, language_of(values))
    name = str(values.get("name") or "") or " ".join(text.split())[:80]
    return add_sound(actor, client_id, {**values, "name": name}, write, text)


def add_sound(
    actor: User | None, client_id: int, values: Mapping[str, Any], write: Write, text: str = ""
) -> Sound:
    """Add a sound message whose source file `write` puts at the path it is given. Raises Invalid."""
    accepted = checks.clean(values, _CHECKS)
    # Converted before the transaction: it takes seconds.
    with files.converted(client_id, write) as (path, duration_ms), transaction.atomic():
        sound = Sound(client_id=client_id, duration_ms=duration_ms, text=text, **accepted)
        _save(sound)
        record(actor, client_id, "create", sound, after={"name": sound.name, "duration_ms": duration_ms})
        files.put(path, files.sound_path(sound))
    return sound


@transaction.atomic
def update_sound(actor: User | None, sound_id: int, values: Mapping[str, Any]) -> Sound:
    """Change name, description or language of a sound message in scope. Raises Missing, Invalid."""
    sound = _locked(sound_id)
    before, after = apply(sound, checks.clean(values, _CHECKS))
    if "language" in after and sound.versions.filter(language=sound.language).exists():
        raise invalid("language", "taken")
    if after:
        _save(sound)
        record(actor, sound.client_id, "update", sound, before=before, after=after)
    return sound


def set_version(
    actor: User | None, sound_id: int, values: Mapping[str, Any], file: "UploadedFile[Any] | None"
) -> Sound:
    """Add or replace the message in one `language` (S193), from an upload, a package's file or spoken `text`.

    The message's own language replaces its main file. Raises Missing, Invalid.
    """
    language = language_of(values)
    sound = Sound.objects.filter(pk=sound_id).first()
    if sound is None:
        raise Missing
    text = ""
    if values.get("text"):
        text = speech.check_text(values["text"])
        write = speech.writer(text, language)
    else:
        write = _source(values, file)[1]
    with files.converted(sound.client_id, write) as (path, duration_ms), transaction.atomic():
        sound = _locked(sound_id)
        record(
            actor, sound.client_id, "update", sound, after={"version": language, "duration_ms": duration_ms}
        )
        if language == sound.language:
            sound.text, sound.duration_ms = text, duration_ms
            sound.save()
            files.put(path, files.sound_path(sound))
        else:
            made = {"text": text, "duration_ms": duration_ms}
            version, _ = SoundVersion.objects.update_or_create(sound=sound, language=language, defaults=made)
            files.put(path, files.version_path(version))
    return sound


@transaction.atomic
def delete_version(actor: User | None, sound_id: int, language: str) -> None:
    """Take one further language away from a message. Raises Missing, also for its main language."""
    sound = _locked(sound_id)
    version = SoundVersion.objects.filter(sound=sound, language=language).select_related("sound").first()
    if version is None:
        raise Missing
    path = files.version_path(version)
    record(actor, sound.client_id, "update", sound, before={"version": language})
    version.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def delete_sound(actor: User | None, sound_id: int) -> None:
    """Delete a sound message in scope with its files. Raises Missing; Conflict saying what plays it."""
    sound = _locked(sound_id)
    steps = sound.steps.select_related("number").order_by("number__digits", "level")
    used = [Fault("at_step", {"number": step.number.digits, "level": step.level}) for step in steps]
    used += [Fault("at_menu", {"name": menu.name}) for menu in sound.menus.order_by("name")]
    used += [Fault("at_mailbox", {"name": box.name}) for box in sound.mailboxes.order_by("name")]
    if used:
        raise Conflict("in_use", where=places(used))
    paths = [files.sound_path(sound), *(files.version_path(version) for version in sound.versions.all())]
    record(actor, sound.client_id, "delete", sound, before={"name": sound.name})
    sound.delete()

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


def _source(values: Mapping[str, Any], file: "UploadedFile[Any] | None") -> tuple[str, Write]:
    """Name and writer of what was uploaded or picked. Raises Invalid."""
    if file is not None:
        return files.title_of(file), files.from_upload(file)
    if picked := values.get("package_file_id"):
        found = PackageFile.objects.select_related("package").filter(pk=picked).first()
        if found is None:
            raise invalid("package_file_id", "not_own")
        return found.name, files.from_path(files.package_file_path(found))
    raise invalid("file", "not_file")


def language_of(values: Mapping[str, Any]) -> str:
    """The language of a message that is being made. Raises Invalid for one the exchange does not know."""
    wanted = {"language": values.get("language", "ru")}
    return str(checks.clean(wanted, {"language": checks.one_of(checks.LANGUAGES)})["language"])


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
