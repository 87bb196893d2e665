"""Sends queued letters over SMTP, each until the server took it.

A letter is marked after the server's «250», so nothing is lost. If we die in between it is sent again with the same
Message-ID, which mail stores recognise.
"""

import logging
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.utils import timezone

from ats.config import Config
from ats.mail.models import Letter

log = logging.getLogger("ats.mail")

TIMEOUT_S = 20
BATCH = 50
_DELAYS_S = (2, 5, 15, 60, 300, 900, 3600)  # then every hour
GIVE_UP = timedelta(days=5)
FILE_COMES = timedelta(minutes=10)


def send_due(config: Config) -> int:
    """Try every letter that is due; returns how many went out. Raises DatabaseError."""
    if not config.smtp_host:
        return 0
    waiting = Letter.objects.filter(sent_at=None, given_up_at=None)
    due = list(waiting.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")[:BATCH])
    if not due:
        return 0
    sent = 0
    try:
        with _connect(config) as server:
            for letter in due:
                sent += _send(config, server, letter)
    except (OSError, smtplib.SMTPException) as error:
        # The server itself is not there: nobody's letter is at fault, all of them wait.
        for letter in due:
            if letter.sent_at is None and letter.given_up_at is None:
                _later(letter, error)
    return sent


def message(config: Config, letter: Letter) -> EmailMessage:
    """The letter as it goes over the wire. Raises OSError when its attachment is gone."""
    made = EmailMessage()
    made["From"] = config.smtp_from or f"ats@{config.node_name}.invalid"
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.created_at)
    domain = parseaddr(made["From"])[1].rpartition("@")[2] or "localhost"
    made["Message-ID"] = f"<letter-{letter.pk}-{int(letter.created_at.timestamp())}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.body)
    if letter.attachment:
        data = (config.home / letter.attachment).read_bytes()
        kind, _, subtype = letter.attachment_type.partition("/")
        made.add_attachment(data, maintype=kind, subtype=subtype, filename=letter.attachment_name)
    return made


def _connect(config: Config) -> smtplib.SMTP:
    context = ssl.create_default_context()
    host, port = config.smtp_host, config.smtp_port
    server: smtplib.SMTP
    if config.smtp_tls == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        if config.smtp_tls == "starttls":
            server.starttls(context=context)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _send(config: Config, server: smtplib.SMTP, letter: Letter) -> int:
    try:
        made = message(config, letter)
    except OSError as error:
        # Its file may be on its way to its place; one that was deleted meanwhile is not sent.
        if timezone.now() - letter.created_at > FILE_COMES:
            _give_up(letter, f"attachment: {error.strerror}")
        else:
            _later(letter, error)
        return 0
    try:
        server.send_message(made)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        if _is_final(error):
            _give_up(letter, str(error))
        else:
            _later(letter, error)
        return 0
    letter.sent_at, letter.error = timezone.now(), ""
    letter.attempts += 1
    letter.save(update_fields=["sent_at", "error", "attempts"])
    return 1


def _is_final(error: smtplib.SMTPException) -> bool:
    """Whether the server said that it will never take this letter (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600


def _later(letter: Letter, error: Exception) -> None:
    now: datetime = timezone.now()
    if now - letter.created_at > GIVE_UP:
        return _give_up(letter, str(error))
    letter.next_try_at = now + timedelta(seconds=_DELAYS_S[min(letter.attempts, len(_DELAYS_S) - 1)])
    letter.attempts += 1
    letter.error = str(error)[:300]
    letter.save(update_fields=["next_try_at", "attempts", "error"])
    return None


def _give_up(letter: Letter, reason: str) -> None:
    letter.given_up_at, letter.error = timezone.now(), reason[:300]
    letter.save(update_fields=["given_up_at", "error"])
    log.warning("letter %s to %s given up: %s", letter.pk, letter.to, letter.error)
