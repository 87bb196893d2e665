"""Search over everything a client has (⌘K): one question, a few of each kind."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from django.db.models import Case, Model, Q, QuerySet, When
from ninja import Field, Query, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS
from ats.classifiers.models import Classifier
from ats.clients import access
from ats.clients import queries as clients
from ats.clients.access import Do
from ats.clients.models import User
from ats.forwarding.models import Forwarding
from ats.mailboxes.models import Mailbox
from ats.menus.models import VoiceMenu
from ats.numbering import e164
from ats.numbering.models import Number
from ats.ports.models import Port
from ats.queues.models import Queue
from ats.scoping import owner
from ats.textsearch.candidates import keys_holding
from ats.textsearch.condition import HoldsText

router = Router(tags=["search"])

SHOWN = 5  # of each kind
LOOKED = 500  # that hold the text, to show the first of
_ONLY_A_NUMBER = re.compile(r"[\d\s()+.-]+")

Kind = Literal["client", "number", "port", "user", "queue", "menu", "forwarding", "classifier", "mailbox"]


class Question(Schema):
    """`q`: a piece of a name or of a number, in any usual writing."""

    q: str = Field("", max_length=100)


class FoundOut(Schema):
    """`title`: its name, or its number as people write it; `note`: what else tells it apart."""

    kind: Kind
    id: int
    title: str
    note: str


class FoundList(Schema):
    """Grouped by kind."""

    items: list[FoundOut]


@router.get("/{int:client_id}/search", response={200: FoundList, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def search_client(request: ApiRequest, client_id: int, question: Query[Question]) -> dict[str, Any]:
    """What of the client holds the text, at most 5 of each kind; to who sees them, clients of the exchange too."""
    text = question.q.strip().replace("\x00", "")
    if not text:
        return {"items": []}
    asked = _Asked(text, digits_of(text, request.client.area_code) or text, client_id)
    items: list[dict[str, Any]] = []
    if access.reaches_all(request.auth):
        items += _found(
            "client",
            clients.clients(None),
            asked,
            lambda row: (row.name, row.description),
            ("name", "description", "billing_account"),
        )
    items += _found(
        "number",
        Number.objects.all(),
        asked,
        lambda row: (e164.display(row.digits) if row.kind == Number.Kind.EXTERNAL else row.digits, row.name),
        ("name", "description"),
        order="digits",
        digits="digits",
    )
    items += _found(
        "port",
        Port.objects.all(),
        asked,
        lambda row: (row.name, row.login or row.description),
        ("name", "description", "login"),
    )
    if access.may(request.auth, Do.USERS_VIEW, client_id):
        items += _found(
            "user",
            User.objects.all(),
            asked,
            lambda row: (row.login, row.name),
            ("login", "name", "email"),
            order="login",
        )
    items += _found("queue", Queue.objects.all(), asked, _named)
    items += _found("menu", VoiceMenu.objects.all(), asked, _named)
    items += _found(
        "forwarding",
        Forwarding.objects.all(),
        asked,
        lambda row: (row.name, e164.display(row.digits)),
        digits="digits",
    )
    items += _found("classifier", Classifier.objects.all(), asked, _named)
    items += _found(
        "mailbox",
        Mailbox.objects.all(),
        asked,
        lambda row: (row.name, row.box),
        ("name", "description", "box"),
    )
    return {"items": items}


class _Asked(NamedTuple):
    """What was typed, the same as the digits of a number are kept, and in which client it is looked for."""

    text: str
    digits: str
    client_id: int


def _found(
    kind: Kind,
    rows: QuerySet[Any],
    asked: _Asked,
    words: Callable[[Any], tuple[str, str]],
    fields: Sequence[str] = ("name", "description"),
    *,
    order: str = "name",
    digits: str = "",
) -> list[dict[str, Any]]:
    """The first few of rows, those called just so before all others.

    Of more than LOOKED that the index of words finds, it is the LOOKED oldest of which the first are shown.
    """
    where, same, texts = Q(HoldsText(*fields, text=asked.text)), asked.text, [asked.text]
    if digits:
        where |= Q(HoldsText(digits, text=asked.digits))
        texts.append(asked.digits)
        same = asked.digits if order == digits else same
    # A person who sees only his own things has few, which no index need find.
    if owner() is None:
        keys = keys_holding(rows.model, texts, limit=LOOKED, exactly=[(order, same)], group=asked.client_id)
        rows = rows if keys is None else rows.filter(pk__in=keys)
    just_so = Case(When(**{order: same}, then=0), default=1)
    chosen: list[Model] = list(rows.filter(where).order_by(just_so, order, "pk")[:SHOWN])
    return [
        {"kind": kind, "id": row.pk, "title": title, "note": note}
        for row in chosen
        for title, note in (words(row),)
    ]


def _named(row: Any) -> tuple[str, str]:
    return row.name, row.description


def digits_of(text: str, area_code: str) -> str:
    """The digits as the database has them, of a number or a piece of one in any usual writing; else empty."""
    if not _ONLY_A_NUMBER.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text)
    if len(digits) < 10:
        return digits  # a short number or a piece: the area code would only hide what holds it
    try:
        return e164.normalise(text, area_code)
    except e164.NotANumber:
        return digits
