"""Voicemail boxes («Ящики голосовой почты», S163-S165) of a client and the messages in them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.filesend import file_response
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing
from ats.api.shapes import ERRORS, Id, binary
from ats.clients.access import Do
from ats.mailboxes import actions, queries
from ats.system import queries as system

router = Router(tags=["mailboxes"])


class MailboxOut(Schema):
    """The PIN is never here; `has_pin` false: no telephone can listen to the box. `max_s`: longest message."""

    id: int
    name: str
    description: str
    box: str
    has_pin: bool
    email: str
    language: str
    greeting_id: int | None
    greeting_name: str
    keep_after_email: bool
    max_s: int
    messages_count: int
    unread_count: int
    created_at: datetime


class MailboxIn(Schema):
    name: str
    description: str = ""
    box: str
    pin: str = ""
    email: str = ""
    language: str = ""
    greeting_id: Id | None = None
    keep_after_email: bool = True
    max_s: int = 180


class MailboxPatch(Schema):
    """Only the fields sent are changed."""

    name: str = ""
    description: str = ""
    box: str = ""
    pin: str = ""
    email: str = ""
    language: str = ""
    greeting_id: Id | None = None
    keep_after_email: bool = True
    max_s: int = 180


class VoiceMessageOut(Schema):
    id: int
    mailbox_id: int
    caller: str
    received_at: datetime
    duration_ms: int
    is_read: bool


class VoiceMessagePatch(Schema):
    is_read: bool


class MessagePage(FilePage):
    is_read: bool | None = None


_SORTS = {"id": "id", "name": "name", "box": "box", "email": "email", "created_at": "created_at"}
_TITLES = {
    "id": ("ID", "ID"),
    "box": ("Ящик", "Box"),
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "email": ("E-mail", "E-mail"),
    "language": ("Язык", "Language"),
    "greeting_name": ("Приветствие", "Greeting"),
    "messages_count": ("Сообщений", "Messages"),
    "unread_count": ("Новых", "New"),
}
_MESSAGE_SORTS = {
    "id": "id",
    "received_at": "received_at",
    "caller": "caller",
    "duration_ms": "duration_ms",
    "is_read": "is_read",
}
_MESSAGE_TITLES = {
    "id": ("ID", "ID"),
    "received_at": ("Время", "Time"),
    "caller": ("Номер", "Number"),
    "duration_ms": ("Длительность, мс", "Duration, ms"),
    "is_read": ("Прослушано", "Heard"),
}


@router.get(
    "/{int:client_id}/mailboxes", response={200: Listed[MailboxOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW)
)
def list_mailboxes(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Voicemail boxes of the client."""
    return listing(
        request,
        page,
        queries.mailboxes(),
        lambda rows: [queries.mailbox_row(row) for row in rows],
        name="mailboxes",
        titles=_TITLES,
        search=("name", "box", "email", "description"),
        sorts=_SORTS,
        default="box",
    )


@router.post(
    "/{int:client_id}/mailboxes", response={201: MailboxOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def create_mailbox(request: ApiRequest, client_id: int, payload: MailboxIn) -> Status[dict[str, Any]]:
    """Create a box."""
    values = {**asdict(system.voicemail()), **payload.model_dump(exclude_unset=True)}
    mailbox = actions.create_mailbox(request.auth, client_id, values)
    return Status(201, queries.mailbox_row(queries.mailbox(mailbox.pk)))


@router.get(
    "/{int:client_id}/mailboxes/{int:mailbox_id}",
    response={200: MailboxOut, **ERRORS},
    auth=Gate(Do.CLIENT_VIEW),
)
def get_mailbox(request: ApiRequest, client_id: int, mailbox_id: int) -> dict[str, Any]:
    """One box."""
    return queries.mailbox_row(queries.mailbox(mailbox_id))


@router.patch(
    "/{int:client_id}/mailboxes/{int:mailbox_id}",
    response={200: MailboxOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def update_mailbox(
    request: ApiRequest, client_id: int, mailbox_id: int, payload: MailboxPatch
) -> dict[str, Any]:
    """Change a box."""
    actions.update_mailbox(request.auth, mailbox_id, payload.model_dump(exclude_unset=True))
    return queries.mailbox_row(queries.mailbox(mailbox_id))


@router.delete(
    "/{int:client_id}/mailboxes/{int:mailbox_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def delete_mailbox(request: ApiRequest, client_id: int, mailbox_id: int) -> Status[None]:
    """Delete a box with its messages; 409 says which dialplans lead to it."""
    actions.delete_mailbox(request.auth, mailbox_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/mailboxes/{int:mailbox_id}/messages",
    response={200: Listed[VoiceMessageOut], **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
)
def list_voice_messages(
    request: ApiRequest, client_id: int, mailbox_id: int, page: Query[MessagePage]
) -> dict[str, Any] | HttpResponseBase:
    """Messages of a box, the newest first unless sorted otherwise."""
    return listing(
        request,
        page,
        chosen(queries.messages(mailbox_id), is_read=page.is_read),
        lambda rows: [queries.message_row(row) for row in rows],
        name="messages",
        titles=_MESSAGE_TITLES,
        search=("caller",),
        sorts=_MESSAGE_SORTS,
        default="-received_at",
    )


@router.get(
    "/{int:client_id}/mailboxes/{int:mailbox_id}/messages/{int:message_id}/audio",
    response={200: bytes, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
    openapi_extra=binary("audio/wav"),
)
def get_voice_message_audio(
    request: ApiRequest, client_id: int, mailbox_id: int, message_id: int
) -> HttpResponse:
    """The message: WAV, 8 kHz mono; a part of it when asked with `Range`."""
    return file_response(request, queries.audio_path(mailbox_id, message_id), "audio/wav")


@router.patch(
    "/{int:client_id}/mailboxes/{int:mailbox_id}/messages/{int:message_id}",
    response={200: VoiceMessageOut, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
)
def mark_voice_message(
    request: ApiRequest, client_id: int, mailbox_id: int, message_id: int, payload: VoiceMessagePatch
) -> dict[str, Any]:
    """Mark a message as heard, or as new again."""
    return queries.message_row(actions.mark_message(request.auth, mailbox_id, message_id, payload.is_read))


@router.delete(
    "/{int:client_id}/mailboxes/{int:mailbox_id}/messages/{int:message_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def delete_voice_message(
    request: ApiRequest, client_id: int, mailbox_id: int, message_id: int
) -> Status[None]:
    """Delete a message with its sound."""
    actions.delete_message(request.auth, mailbox_id, message_id)
    return Status(204, None)
