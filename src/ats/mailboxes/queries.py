"""Voicemail boxes and their messages for the API, and boxes as plans for the compiler."""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from ats.dialplan.mailboxplan import MailboxPlan
from ats.errors import Missing
from ats.mailboxes import files
from ats.mailboxes.models import Mailbox, VoiceMessage
from ats.scoping import belonging, how_many


def mailboxes() -> QuerySet[Mailbox]:
    """Boxes of the client in scope with the numbers of their messages."""
    return Mailbox.objects.select_related("greeting").annotate(
        messages_count=how_many(belonging(VoiceMessage), "mailbox"),
        unread_count=how_many(belonging(VoiceMessage).filter(is_read=False), "mailbox"),
    )


def mailbox(mailbox_id: int) -> Mailbox:
    """One box of the client in scope. Raises Missing."""
    found = mailboxes().filter(pk=mailbox_id).first()
    if found is None:
        raise Missing
    return found


def mailbox_row(found: Any) -> dict[str, Any]:
    """A box of `mailboxes()` as the API shows it: its PIN is never shown."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "box": found.box,
        "has_pin": bool(found.pin),
        "email": found.email,
        "language": found.language,
        "greeting_id": found.greeting_id,
        "greeting_name": found.greeting.name if found.greeting else "",
        "keep_after_email": found.keep_after_email,
        "max_s": found.max_s,
        "messages_count": found.messages_count,
        "unread_count": found.unread_count,
        "created_at": found.created_at,
    }


def messages(mailbox_id: int) -> QuerySet[VoiceMessage]:
    """Messages of a box of the client in scope. Raises Missing."""
    if not Mailbox.objects.filter(pk=mailbox_id).exists():
        raise Missing
    return VoiceMessage.objects.filter(mailbox=mailbox_id)


def message(mailbox_id: int, message_id: int) -> VoiceMessage:
    """One message of a box of the client in scope. Raises Missing."""
    found = messages(mailbox_id).select_related("mailbox").filter(pk=message_id).first()
    if found is None:
        raise Missing
    return found


def message_row(found: VoiceMessage) -> dict[str, Any]:
    """A message as the API shows it."""
    return {
        "id": found.pk,
        "mailbox_id": found.mailbox_id,
        "caller": found.caller,
        "received_at": found.received_at,
        "duration_ms": found.duration_ms,
        "is_read": found.is_read,
    }


def audio_path(mailbox_id: int, message_id: int) -> Path:
    """The file of a message of the client in scope. Raises Missing, also when the file is lost."""
    path = files.path_of(message(mailbox_id, message_id))
    if not path.is_file():
        raise Missing
    return path


def mailbox_plans() -> tuple[MailboxPlan, ...]:
    """The boxes of the client in scope as the compiler takes them."""
    return tuple(
        MailboxPlan(
            id=found.pk,
            box=found.box,
            pin=found.pin,
            language=found.language,
            greeting_id=found.greeting_id,
            max_s=found.max_s,
        )
        for found in Mailbox.objects.order_by("pk")
    )
