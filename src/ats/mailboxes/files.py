"""Where voice messages are, and the list of them that the engine reads when its owner calls (no Python then)."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from ats.mailboxes.models import Mailbox, VoiceMessage


def folder_of(mailbox: Mailbox) -> Path:
    """The folder of a box: $ATS_HOME/voicemail/<client id>/<mailbox id>."""
    return Path(settings.CONFIG.voicemail_dir) / str(mailbox.client_id) / str(mailbox.pk)


def path_of(message: VoiceMessage) -> Path:
    """A message's file."""
    return folder_of(message.mailbox) / f"{message.pk}.wav"


def write_list(mailbox: Mailbox) -> None:
    """Write `list`: `<id>:<epoch>:<caller>` of each message joined by `-`, the unread ones first, newest first.

    The engine reads it whole, so the newest hundred are enough.
    """
    found = VoiceMessage.objects.filter(mailbox=mailbox).order_by("is_read", "-received_at")[:100]
    items = [f"{one.pk}:{int(one.received_at.timestamp())}:{_digits(one.caller)}" for one in found]
    folder = folder_of(mailbox)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "list.new"
    draft.write_text("-".join(items), encoding="ascii")
    draft.replace(folder / "list")


def list_after_commit(mailbox: Mailbox) -> None:
    """Write the list again once the present change is stored."""
    transaction.on_commit(lambda: write_list(mailbox))


def _digits(caller: str) -> str:
    return "".join(char for char in caller if char.isascii() and char.isdigit())
