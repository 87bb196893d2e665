"""What drop-downs offer: a first page of each kind of thing, what holds the text typed, and what was chosen before."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from ninja import Field, Query, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.lookup import digits_of
from ats.api.shapes import ERRORS, Named
from ats.classifiers.models import Classifier
from ats.clients import access
from ats.clients.access import Do
from ats.clients.models import User
from ats.conferences.models import Conference
from ats.forwarding.models import Forwarding
from ats.mailboxes.models import Mailbox
from ats.media.models import PackageFile, Sound
from ats.menus.models import VoiceMenu
from ats.numbering import e164
from ats.numbering.models import Number
from ats.pickup.models import PickupGroup
from ats.ports.models import Port
from ats.queues.models import Queue
from ats.textsearch.condition import HoldsText

router = Router(tags=["search"])

SHOWN = 100  # of each kind; drop-downs of more search at the server


class PortChoice(Named):
    protocol: str


class Choices(Schema):
    """Things by kind, those not asked for empty; `more`: kinds of which there are more than are here."""

    ports: list[PortChoice]
    lines: list[PortChoice]
    forwardings: list[Named]
    queues: list[Named]
    menus: list[Named]
    sounds: list[Named]
    classifiers: list[Named]
    mailboxes: list[Named]
    conferences: list[Named]
    numbers: list[Named]
    external: list[Named]
    pickup_groups: list[Named]
    users: list[Named]
    trunks: list[Named]
    package_files: list[Named]
    more: list[str]


class _Kind(NamedTuple):
    rows: Callable[[], QuerySet[Any]]
    order: str
    title: Callable[[Any], str]
    searched: tuple[str | Cast, ...]
    digits: str = ""  # the field that holds a number in E.164


def _named(model: type[Model]) -> _Kind:
    return _Kind(model._default_manager.all, "name", lambda row: str(row.name), ("name",))


def _number(row: Number) -> str:
    shown = e164.display(row.digits) if row.kind == Number.Kind.EXTERNAL else row.digits
    return f"{shown} {row.name}".strip()


_KINDS = {
    "ports": _Kind(  # of subscribers: where a step may lead
        lambda: Port.objects.filter(connection=Port.Connection.SUBSCRIBER),
        "name",
        lambda row: f"{row.name} · {row.login}",
        ("name", "login"),
    ),
    "lines": _Kind(Port.objects.all, "name", lambda row: str(row.name), ("name", "login")),  # and trunks
    "forwardings": _Kind(
        Forwarding.objects.all,
        "name",
        lambda row: f"{row.name} · {e164.display(row.digits)}",
        ("name",),
        "digits",
    ),
    "queues": _named(Queue),
    "menus": _named(VoiceMenu),
    "sounds": _named(Sound),
    "classifiers": _named(Classifier),
    "mailboxes": _named(Mailbox),
    "conferences": _named(Conference),
    "numbers": _Kind(
        lambda: Number.objects.filter(kind=Number.Kind.INTERNAL), "digits", _number, ("name",), "digits"
    ),
    "external": _Kind(
        lambda: Number.objects.filter(kind=Number.Kind.EXTERNAL), "digits", _number, ("name",), "digits"
    ),
    "pickup_groups": _Kind(
        PickupGroup.objects.all,
        "group",
        lambda row: f"{row.group} — {row.name}",
        ("name", Cast("group", CharField())),
    ),
    "users": _Kind(
        User.objects.all,
        "login",
        lambda row: f"{row.name} · {row.login}" if row.name else row.login,
        ("login", "name"),
    ),
    "trunks": _Kind(
        lambda: Port.objects.filter(connection=Port.Connection.TRUNK),
        "name",
        lambda row: str(row.name),
        ("name", "remote_host"),
    ),
    "package_files": _Kind(
        lambda: PackageFile.objects.select_related("package"),
        "name",
        lambda row: f"{row.name} · {row.package.name}",
        ("name", "package__name"),
    ),
}
_NAMES = "|".join(_KINDS)
_TARGETS = (
    "ports",
    "forwardings",
    "queues",
    "menus",
    "sounds",
    "classifiers",
    "mailboxes",
    "conferences",
    "numbers",
)


class Wanted(Schema):
    """`kinds`: which, with commas between them, else what a step can lead to. `search`: a piece of a name or number.

    `chosen`: things that must be there whatever else is, as `ports:17,queues:5`.
    """

    kinds: str = Field(",".join(_TARGETS), max_length=200, pattern=rf"^({_NAMES})(,({_NAMES}))*$")
    search: str = Field("", max_length=100)
    chosen: str = Field("", max_length=8000, pattern=rf"^(({_NAMES}):\d{{1,18}}(,|$))*$")


@router.get("/{int:client_id}/choices", response={200: Choices, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def get_choices(request: ApiRequest, client_id: int, wanted: Query[Wanted]) -> dict[str, Any]:
    """What drop-downs offer of the client's things: of each kind the first 100, or the first 100 that match.

    Users are there for whom the list of users is open, too.
    """
    chosen: dict[str, set[int]] = {}
    for word in filter(None, wanted.chosen.split(",")):
        name, _, key = word.partition(":")
        chosen.setdefault(name, set()).add(int(key))
    text = wanted.search.strip().replace("\x00", "")
    found: dict[str, Any] = {**{name: [] for name in _KINDS}, "more": []}
    for name in dict.fromkeys(wanted.kinds.split(",")):
        if name == "users" and not access.may(request.auth, Do.USERS_VIEW, client_id):
            continue
        kind = _KINDS[name]
        rows = kind.rows()
        shown = list(_matching(rows, kind, text, request.client.area_code)[: SHOWN + 1])
        if len(shown) > SHOWN:
            found["more"].append(name)
        keys = chosen.get(name, set()) - {row.pk for row in shown[:SHOWN]}
        further = list(rows.filter(pk__in=keys).order_by(kind.order)) if keys else []
        found[name] = [_choice(kind, row) for row in (*shown[:SHOWN], *further)]
    return found


def _matching(rows: QuerySet[Any], kind: _Kind, text: str, area_code: str) -> QuerySet[Any]:
    rows = rows.order_by(kind.order, "pk")
    if not text:
        return rows
    where = Q(HoldsText(*kind.searched, text=text))
    if kind.digits:
        where |= Q(HoldsText(kind.digits, text=digits_of(text, area_code) or text))
    return rows.filter(where)


def _choice(kind: _Kind, row: Any) -> dict[str, Any]:
    choice = {"id": row.pk, "title": kind.title(row)}
    return choice | {"protocol": row.get_kind_display()} if isinstance(row, Port) else choice
