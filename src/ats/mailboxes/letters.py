"""The letter about a voice message (S165): the sound attached, the caller's number and the time of the call stated."""

from zoneinfo import ZoneInfo

from django.conf import settings

from ats.dialplan.language import resolve
from ats.mail import actions as mail
from ats.mail.models import Letter
from ats.mailboxes import files
from ats.mailboxes.models import VoiceMessage

_TEXTS = {
    "ru": (
        "Голосовая почта: сообщение от {caller}",
        "Новое сообщение в ящике «{box}».\n\nНомер звонившего: {caller}\nВремя звонка: {time} ({zone})\n"
        "Длительность: {length}\n\nЗапись во вложении.\n",
    ),
    "en": (
        "Voicemail: message from {caller}",
        "New message in the box “{box}”.\n\nCaller's number: {caller}\nTime of the call: {time} ({zone})\n"
        "Duration: {length}\n\nThe recording is attached.\n",
    ),
}
_NOBODY = {"ru": "номер скрыт", "en": "number withheld"}


def post_message(message: VoiceMessage) -> Letter:
    """Queue the letter inside the transaction that stores the message; its box must have an address."""
    mailbox = message.mailbox
    language = resolve(mailbox.language, mailbox.client.language)
    subject, body = _TEXTS.get(language, _TEXTS["ru"])
    zone = mailbox.client.time_zone
    seconds = round(message.duration_ms / 1000)
    words = {
        "box": mailbox.name,
        "caller": message.caller or _NOBODY.get(language, _NOBODY["ru"]),
        "time": message.received_at.astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y %H:%M:%S"),
        "zone": zone,
        "length": f"{seconds // 60}:{seconds % 60:02d}",
    }
    path = files.path_of(message).relative_to(settings.CONFIG.home)
    return mail.post(
        f"voicemail:{message.spool}"[:120],
        mailbox.email,
        subject.format(**words),
        body.format(**words),
        client_id=mailbox.client_id,
        attachment=(str(path), f"message-{message.pk}.wav", "audio/wav"),
    )
