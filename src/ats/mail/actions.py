"""Putting letters into the queue: called inside the transaction of what they tell about."""

from typing import Any

from django.utils import timezone

from ats.mail.models import Letter


def post(
    key: str,
    to: str,
    subject: str,
    body: str,
    *,
    client_id: int | None = None,
    attachment: tuple[str, str, str] | None = None,
) -> Letter:
    """Queue a letter; a second one with the same key is the first.

    `attachment`: (path under $ATS_HOME, file name for the reader, MIME type).
    """
    values: dict[str, Any] = {
        "client_id": client_id,
        "to": to,
        "subject": " ".join(subject.split())[:200],
        "body": body,
        "next_try_at": timezone.now(),
    }
    if attachment:
        names = ("attachment", "attachment_name", "attachment_type")
        values |= dict(zip(names, attachment, strict=True))
    return Letter.objects.get_or_create(key=key, defaults=values)[0]
