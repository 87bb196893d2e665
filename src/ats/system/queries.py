"""The settings in force."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from ats.config import Config
from ats.system.models import Ban, Setting
from ats.system.topics import (
    TOPICS,
    Backups,
    Bans,
    Defaults,
    Mail,
    Recordings,
    Talks,
    Topic,
    Voicemail,
    mail_of_file,
    read,
)


def topics() -> dict[str, Topic]:
    """Every topic by its name, in one query."""
    stored = dict(Setting.objects.values_list("topic", "values"))
    return {name: read(kind, stored.get(name, {}), _base(name)) for name, kind in TOPICS.items()}


def topic(name: str) -> Any:
    """One topic."""
    stored = Setting.objects.filter(topic=name).values_list("values", flat=True).first()
    return read(TOPICS[name], stored or {}, _base(name))


def _base(name: str) -> Topic | None:
    return mail_of_file(settings.CONFIG) if name == "mail" else None


def mail() -> Mail:
    """How letters leave."""
    found: Mail = topic("mail")
    return found


def mail_config(config: Config) -> Config:
    """The installation's settings with the mail that is in force."""
    now = mail()
    return replace(
        config,
        smtp_host=now.host,
        smtp_port=now.port,
        smtp_tls=now.tls,
        smtp_user=now.user,
        smtp_password=now.password,
        smtp_from=now.sender,
    )


def defaults() -> Defaults:
    """What a new client begins with."""
    found: Defaults = topic("defaults")
    return found


def recordings() -> Recordings:
    """Keeping of recordings where a client says nothing."""
    found: Recordings = topic("recordings")
    return found


def voicemail() -> Voicemail:
    """What a new voicemail box begins with."""
    found: Voicemail = topic("voicemail")
    return found


def backups() -> Backups:
    """The daily backup."""
    found: Backups = topic("backups")
    return found


def talks() -> Talks:
    """How talks end."""
    found: Talks = topic("talks")
    return found


def bans() -> Bans:
    """When an address is shut out."""
    found: Bans = topic("bans")
    return found


def active_bans() -> QuerySet[Ban]:
    """Addresses that are shut out now."""
    return Ban.objects.filter(Q(until=None) | Q(until__gt=timezone.now()))


def is_banned(address: str) -> bool:
    """Whether this address, as a connection names it, is shut out."""
    return active_bans().filter(address=address).exists()


def ban_rows(found: Iterable[Ban]) -> list[dict[str, Any]]:
    """Bans as the API shows them."""
    return [
        {
            "id": ban.pk,
            "address": ban.address,
            "source": ban.source,
            "failures": ban.failures,
            "note": ban.note,
            "author_login": ban.author_login,
            "at": ban.at,
            "until": ban.until,
        }
        for ban in found
    ]
