"""Changes to the voicemail boxes of a client and their messages (S163-S165)."""

import shutil
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.clients.models import User
from ats.clients.versions import announce_messages, bump
from ats.errors import Conflict, Fault, Invalid, Missing, invalid, places
from ats.mailboxes import files
from ats.mailboxes.models import Mailbox, VoiceMessage
from ats.media.models import Sound
from ats.ports.usage import at_steps

MAX_MESSAGE_S = 1800
_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "box": checks.pattern(r"[0-9]{1,6}", "bad_box", 64, required=True),
    "pin": checks.pattern(r"[0-9]{4,10}", "bad_pin", 64),
    "email": checks.email,
    "language": checks.one_of(("", *checks.LANGUAGES)),
    "keep_after_email": checks.flag,
    "max_s": checks.whole(5, MAX_MESSAGE_S),
}
_ENGINE_FIELDS = frozenset({"box", "pin", "language", "greeting_id", "max_s"})


@transaction.atomic
def create_mailbox(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Mailbox:
    """Create a box of the client in scope. Raises Invalid."""
    mailbox = Mailbox(client_id=client_id)
    fields = _accepted(values)
    apply(mailbox, fields)
    _check_whole(mailbox)
    _save(mailbox)
    record(actor, client_id, "create", mailbox, after=fields)
    bump(client_id)
    files.list_after_commit(mailbox)
    return mailbox


@transaction.atomic
def update_mailbox(actor: User | None, mailbox_id: int, values: Mapping[str, Any]) -> Mailbox:
    """Change a box in scope; only the fields given. Raises Missing, Invalid."""
    mailbox = _locked(mailbox_id)
    before, after = apply(mailbox, _accepted(values))
    if after:
        _check_whole(mailbox)
        _save(mailbox)
        record(actor, mailbox.client_id, "update", mailbox, before=before, after=after)
        if after.keys() & _ENGINE_FIELDS:
            bump(mailbox.client_id)
    return mailbox


@transaction.atomic
def delete_mailbox(actor: User | None, mailbox_id: int) -> None:
    """Delete a box in scope with its messages. Raises Missing; Conflict saying which dialplans lead to it."""
    mailbox = _locked(mailbox_id)
    if used := at_steps(mailbox.steps.all()):
        raise Conflict("in_use", where=places(used))
    folder, client_id = files.folder_of(mailbox), mailbox.client_id
    record(
        actor,
        client_id,
        "delete",
        mailbox,
        before={**fields_of(mailbox, (*_CHECKS, "greeting_id")), "messages": mailbox.messages.count()},
    )
    mailbox.delete()
    bump(client_id)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


@transaction.atomic
def mark_message(actor: User | None, mailbox_id: int, message_id: int, is_read: bool) -> VoiceMessage:
    """Note that a message was heard, or is to be heard again. Raises Missing."""
    message = _locked_message(mailbox_id, message_id)
    if message.is_read != is_read:
        message.is_read = is_read
        message.save(update_fields=["is_read"])
        files.list_after_commit(message.mailbox)
        announce_messages(message.mailbox.client_id)
    return message


@transaction.atomic
def delete_message(actor: User | None, mailbox_id: int, message_id: int) -> None:
    """Delete a message with its file. Raises Missing."""
    message = _locked_message(mailbox_id, message_id)
    drop(actor, message)


def drop(actor: User | None, message: VoiceMessage) -> None:
    """Delete a message inside the caller's transaction; its file goes after the commit."""
    mailbox, path = message.mailbox, files.path_of(message)
    before = {"caller": message.caller, "received_at": message.received_at}
    record(actor, mailbox.client_id, "delete", message, name=mailbox.name, before=before)
    message.delete()
    announce_messages(mailbox.client_id)
    files.list_after_commit(mailbox)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _accepted(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = checks.clean(values, _CHECKS)
    if "greeting_id" in values:
        wanted = values["greeting_id"]
        if wanted is not None and not Sound.objects.filter(pk=wanted).exists():
            raise invalid("greeting_id", "not_own")
        fields["greeting_id"] = wanted
    return fields


def _check_whole(mailbox: Mailbox) -> None:
    if not mailbox.keep_after_email and not mailbox.email:
        raise invalid("email", "email_needed")


def _save(mailbox: Mailbox) -> None:
    try:
        with transaction.atomic():
            mailbox.save()
    except IntegrityError as error:
        named = Mailbox.objects.filter(name=mailbox.name).exclude(pk=mailbox.pk).exists()
        raise Invalid({"name" if named else "box": Fault("taken")}) from error


def _locked(mailbox_id: int) -> Mailbox:
    mailbox = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
    if mailbox is None:
        raise Missing
    return mailbox


def _locked_message(mailbox_id: int, message_id: int) -> VoiceMessage:
    found = VoiceMessage.objects.select_for_update(of=("self",)).select_related("mailbox")
    message = found.filter(mailbox=mailbox_id, pk=message_id).first()
    if message is None:
        raise Missing
    return message
