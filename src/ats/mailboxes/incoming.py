"""Takes in what the engine left in `spool/incoming`: new voice messages, and what was done to old ones by telephone.

A file becomes exactly one message: the row carries the file's name (unique), and only when it is stored the file
moves to its place. Whatever is cut short in between is finished at the next look.
"""

import logging
import os
import re
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction
from django_scopes import scopes_disabled

from ats.clients.versions import announce_messages
from ats.config import Config
from ats.mailboxes import files, letters
from ats.mailboxes.actions import drop
from ats.mailboxes.models import Mailbox, VoiceMessage

log = logging.getLogger("ats.voicemail")

SHORTEST_MS = 1000  # the caller hung up at the tone
ABANDONED_S = 30.0  # the engine died while it recorded: nothing has been added for so long
_MESSAGE = re.compile(r"vm~(\d{1,18})~(\d{1,12})~([^~/]{1,64})~([0-9+]{0,40})\.wav\Z", re.ASCII)
_FOLDER = re.compile(r"vm~[^/]*(?<!\.wav)\Z")
_MARK = re.compile(r"(seen|del)~(\d{1,18})\Z", re.ASCII)
_MARK_TEXT = re.compile(r"(\d{1,18})~\.\s*\Z", re.ASCII)
_HEADER = 44  # bytes before the sound in the engine's WAV files: 8 kHz, mono, 16 bits
_BYTES_PER_MS = 16


def take(config: Config) -> int:
    """Take in everything that is complete; returns how many files were dealt with. Raises DatabaseError, OSError."""
    done = 0
    with scopes_disabled():  # the folder belongs to all clients
        for path in sorted(config.incoming_dir.iterdir()):
            if match := _MESSAGE.match(path.name):
                done += _message(config, path, match)
            elif match := _MARK.match(path.name):
                done += _mark(path, match)
            elif _FOLDER.match(path.name):
                done += _folder(path)
    return done


def drop_sent() -> int:
    """Delete messages that were only wanted by e-mail and are sent; returns how many. Raises DatabaseError."""
    with scopes_disabled():
        sent = VoiceMessage.objects.select_related("mailbox").filter(
            mailbox__keep_after_email=False, letter__sent_at__isnull=False
        )
        found = list(sent[:100])
        for message in found:
            with transaction.atomic():
                drop(None, message)
    return len(found)


def _message(config: Config, path: Path, match: re.Match[str]) -> int:
    size = _sound_bytes(path)
    if size is None:
        return 0
    mailbox = Mailbox.objects.select_related("client").filter(pk=int(match[1])).first()
    if mailbox is None or size < SHORTEST_MS * _BYTES_PER_MS:
        path.unlink(missing_ok=True)
        return 1
    with transaction.atomic():
        message, created = VoiceMessage.objects.select_related("mailbox").get_or_create(
            spool=path.name,
            defaults={
                "mailbox": mailbox,
                "node": config.node_name,
                "linkedid": match[3],
                "caller": match[4],
                "received_at": datetime.fromtimestamp(int(match[2]), UTC),
                "duration_ms": size // _BYTES_PER_MS,
            },
        )
        if created:
            announce_messages(mailbox.client_id)
        if created and mailbox.email:
            message.letter = letters.post_message(message)
            message.save(update_fields=["letter"])
    target = files.path_of(message)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)
    files.write_list(mailbox)
    return 1


def _folder(path: Path) -> int:
    """The engine makes an empty folder beside each message, of its name, and never looks at it again."""
    try:
        path.rmdir()
    except OSError:  # a file, or somebody has put one into it: not ours
        return 0
    return 1


def _sound_bytes(path: Path) -> int | None:
    """Bytes of sound in a finished recording; None while it is being made. One that was never finished is mended.

    The engine writes the length into the header when it closes the file.
    """
    try:
        state = path.stat()
        with path.open("r+b") as handle:
            told = struct.unpack("<I", handle.read(_HEADER)[40:44])[0]
            real = state.st_size - _HEADER
            if 0 < told <= real:
                return int(told)
            if time.time() - state.st_mtime < ABANDONED_S:
                return None
            handle.seek(4)
            handle.write(struct.pack("<I", max(0, real) + 36))
            handle.seek(40)
            handle.write(struct.pack("<I", max(0, real)))
            return max(0, real)
    except (FileNotFoundError, struct.error):
        return None if path.exists() and time.time() - path.stat().st_mtime < ABANDONED_S else 0


def _mark(path: Path, match: re.Match[str]) -> int:
    """What a listener did: the file holds the box he had opened with its PIN."""
    text = _MARK_TEXT.match(path.read_text(encoding="ascii", errors="replace"))
    if text is None and time.time() - path.stat().st_mtime < ABANDONED_S:
        return 0
    found = VoiceMessage.objects.select_related("mailbox")
    message = found.filter(pk=int(match[2]), mailbox=int(text[1])).first() if text else None
    with transaction.atomic():
        if message is not None and match[1] == "del":
            drop(None, message)
        elif message is not None and not message.is_read:
            message.is_read = True
            message.save(update_fields=["is_read"])
            files.list_after_commit(message.mailbox)
            announce_messages(message.mailbox.client_id)
    path.unlink(missing_ok=True)
    return 1
