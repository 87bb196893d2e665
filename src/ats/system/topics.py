"""The topics of the exchange's settings: their fields, defaults and checks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from ats import checks
from ats.config import Config


@dataclass(frozen=True, slots=True)
class Mail:
    """How letters leave (voicemail, faxes); without a `host` they wait in the queue."""

    host: str = ""
    port: int = 25
    tls: str = ""  # "" | starttls | tls
    user: str = ""
    password: str = ""
    sender: str = ""

    CHECKS: ClassVar[dict[str, checks.Check]] = {
        "host": checks.host,
        "port": checks.whole(1, 65535),
        "tls": checks.one_of(("", "starttls", "tls")),
        "user": checks.text(128),
        "password": checks.text(128),
        "sender": checks.email,
    }


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a new client begins with."""

    time_zone: str = "Europe/Moscow"
    language: str = "ru"
    area_code: str = "495"

    CHECKS: ClassVar[dict[str, checks.Check]] = {
        "time_zone": checks.zone(),
        "language": checks.one_of(checks.LANGUAGES),
        "area_code": checks.pattern(r"[1-9][0-9]{2,4}", "bad_area_code", 64),
    }


@dataclass(frozen=True, slots=True)
class Recordings:
    """Keeping of recordings for clients that set nothing of their own; 0: without limit."""

    keep_days: int = 0
    quota_mb: int = 0

    CHECKS: ClassVar[dict[str, checks.Check]] = {
        "keep_days": checks.whole(0, 3650),
        "quota_mb": checks.whole(0, 10_000_000),
    }


@dataclass(frozen=True, slots=True)
class Voicemail:
    """What a new box begins with."""

    max_s: int = 180

    CHECKS: ClassVar[dict[str, checks.Check]] = {"max_s": checks.whole(5, 1800)}


@dataclass(frozen=True, slots=True)
class Backups:
    """The daily backup, made at `hour` UTC; the newest `keep` of them stay."""

    daily: bool = True
    hour: int = 0
    keep: int = 7
    recordings: bool = False

    CHECKS: ClassVar[dict[str, checks.Check]] = {
        "daily": checks.flag,
        "hour": checks.whole(0, 23),
        "keep": checks.whole(1, 365),
        "recordings": checks.flag,
    }


@dataclass(frozen=True, slots=True)
class Bans:
    """When an address is shut out: so many failures within ten minutes (SIP) or an hour (cabinet), for `minutes`."""

    enabled: bool = True
    sip_failures: int = 30
    web_failures: int = 50
    minutes: int = 60
    never: tuple[str, ...] = ()  # addresses and networks that are never shut out by themselves

    CHECKS: ClassVar[dict[str, checks.Check]] = {
        "enabled": checks.flag,
        "sip_failures": checks.whole(5, 10_000),
        "web_failures": checks.whole(10, 10_000),
        "minutes": checks.whole(1, 43_200),
        "never": checks.networks,
    }


@dataclass(frozen=True, slots=True)
class Talks:
    """How talks end. `warn_s`: signal before one is cut for want of money, minutes or time, so many seconds ahead.

    `silence_s`, `held_s`: a telephone of which no sound packet has come for so long is dead, and its talk is ended; the
    second while it holds its talk. 0: none, never.
    """

    warn_s: int = 30
    silence_s: int = 600
    held_s: int = 3600

    CHECKS: ClassVar[dict[str, checks.Check]] = {
        "warn_s": checks.whole(0, 300),
        "silence_s": checks.whole(0, 86_400),
        "held_s": checks.whole(0, 86_400),
    }


Topic = Mail | Defaults | Recordings | Voicemail | Backups | Bans | Talks
TOPICS: dict[str, type[Topic]] = {
    "mail": Mail,
    "defaults": Defaults,
    "recordings": Recordings,
    "voicemail": Voicemail,
    "backups": Backups,
    "bans": Bans,
    "talks": Talks,
}


def read(kind: type[Topic], stored: Mapping[str, Any], base: Topic | None = None) -> Any:
    """A topic from what is stored of it, over its defaults (`base`); unknown names are left out."""
    known = {field.name for field in fields(kind)}
    values = {name: value for name, value in stored.items() if name in known}
    if "never" in values:
        values["never"] = tuple(values["never"])
    return kind(**{**(plain(base) if base else {}), **values})


def plain(topic: Topic) -> dict[str, Any]:
    """A topic's fields."""
    return asdict(topic)


def mail_of_file(config: Config) -> Mail:
    """Mail as config.toml has it: in force until the operator sets it in the cabinet."""
    return Mail(
        config.smtp_host,
        config.smtp_port,
        config.smtp_tls,
        config.smtp_user,
        config.smtp_password,
        config.smtp_from,
    )
