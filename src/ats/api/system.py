"""«Система»: settings of the exchange by topic, and the addresses that are shut out (S248)."""

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import Listed, Page, page_of
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.mail.models import Letter
from ats.system import actions, bans, queries
from ats.system.topics import plain

router = Router(tags=["system"])


class MailShape(Schema):
    """`tls`: "", starttls or tls. The password is never shown again; an empty one leaves it as it is."""

    host: str = ""
    port: int = 25
    tls: str = ""
    user: str = ""
    password: str = ""
    sender: str = ""


class DefaultsShape(Schema):
    """What a new client begins with."""

    time_zone: str = ""
    language: str = ""
    area_code: str = ""


class KeepingShape(Schema):
    """For clients that set nothing of their own; 0: without limit."""

    keep_days: int = 0
    quota_mb: int = 0


class VoicemailShape(Schema):
    """What a new box begins with."""

    max_s: int = 180


class BackupsShape(Schema):
    """The daily backup, made at `hour` UTC; the newest `keep` stay."""

    daily: bool = True
    hour: int = 0
    keep: int = 7
    recordings: bool = False


class TalksShape(Schema):
    """Seconds before a talk is cut (money, minutes, length) at which whoever pays hears a signal; seconds without any
    sound packet of a telephone, in its talk and while it holds it, after which the talk ends. 0: none, never."""

    warn_s: int = 30
    silence_s: int = 600
    held_s: int = 3600


class BansShape(Schema):
    """When an address is shut out by itself, for how many minutes, and which never are (addresses, networks)."""

    enabled: bool = True
    sip_failures: int = 30
    web_failures: int = 50
    minutes: int = 60
    never: list[str] = []


class SystemSettings(Schema):
    """Every topic. `has_mail_password`: one is set. `letters_waiting`: not taken by the mail server yet."""

    mail: MailShape
    defaults: DefaultsShape
    recordings: KeepingShape
    voicemail: VoicemailShape
    backups: BackupsShape
    bans: BansShape
    talks: TalksShape
    has_mail_password: bool
    letters_waiting: int


class SystemPatch(Schema):
    """Only the topics sent, and of them only the fields sent, are changed."""

    mail: MailShape | None = None
    defaults: DefaultsShape | None = None
    recordings: KeepingShape | None = None
    voicemail: VoicemailShape | None = None
    backups: BackupsShape | None = None
    bans: BansShape | None = None
    talks: TalksShape | None = None


class NewThings(Schema):
    """What forms for new clients and voicemail boxes begin with."""

    time_zone: str
    language: str
    area_code: str
    mailbox_max_s: int


class BanOut(Schema):
    """`until` null: until somebody lifts it."""

    id: int
    address: str
    source: Literal["sip", "web", "manual"]
    failures: int
    note: str
    author_login: str
    at: datetime
    until: datetime | None


class BanIn(Schema):
    """`minutes` null: for good."""

    address: str
    minutes: int | None = None
    note: str = ""


_SORTS = {"address": "address", "at": "at", "until": "until", "source": "source", "failures": "failures"}


@router.get("/settings", response={200: SystemSettings, **ERRORS}, auth=Gate(Do.SYSTEM))
def get_system_settings(request: ApiRequest) -> dict[str, Any]:
    """The settings in force, by topic."""
    found = {name: plain(topic) for name, topic in queries.topics().items()}
    has_password = bool(found["mail"]["password"])
    found["mail"]["password"] = ""
    found["bans"]["never"] = list(found["bans"]["never"])
    waiting = Letter.objects.filter(sent_at=None, given_up_at=None).count()
    return {**found, "has_mail_password": has_password, "letters_waiting": waiting}


@router.get("/defaults", response={200: NewThings, **ERRORS}, auth=Gate(Do.SELF))
def get_new_things(request: ApiRequest) -> dict[str, Any]:
    """What forms for new clients and voicemail boxes begin with."""
    return {**plain(queries.defaults()), "mailbox_max_s": queries.voicemail().max_s}


@router.patch("/settings", response={200: SystemSettings, **ERRORS}, auth=Gate(Do.SYSTEM))
def update_system_settings(request: ApiRequest, payload: SystemPatch) -> dict[str, Any]:
    """Change settings; in force at once."""
    for name, values in payload.model_dump(exclude_unset=True).items():
        if values is not None:
            actions.save_topic(request.auth, name, values)
    return get_system_settings(request)


@router.get("/bans", response={200: Listed[BanOut], **ERRORS}, auth=Gate(Do.SYSTEM))
def list_bans(request: ApiRequest, page: Query[Page]) -> dict[str, Any]:
    """Addresses that are shut out now, the newest first."""
    found, total = page_of(
        queries.active_bans(), page, search=("address", "note"), sorts=_SORTS, default="-at"
    )
    return {"items": queries.ban_rows(found), **total}


@router.post("/bans", response={201: BanOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def create_ban(request: ApiRequest, payload: BanIn) -> Status[dict[str, Any]]:
    """Shut an address out of the cabinet's log-in and of SIP."""
    row = bans.ban(request.auth, payload.model_dump(), request.META.get("REMOTE_ADDR", ""))
    return Status(201, queries.ban_rows([row])[0])


@router.delete("/bans/{int:ban_id}", response={204: None, **ERRORS}, auth=Gate(Do.SYSTEM))
def delete_ban(request: ApiRequest, ban_id: int) -> Status[None]:
    """Let an address in again."""
    bans.lift(request.auth, ban_id)
    return Status(204, None)
