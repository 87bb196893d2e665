"""Search over everything a client has (⌘K): one question, a few of each kind."""

import re
from collections.abc import Callable
from typing import Any, Literal

from django.db.models import Model, Q, QuerySet
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
from ats.textsearch import HoldsText

router = Router(tags=["search"])

SHOWN = 5  # of each kind
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
    digits = digits_of(text, request.client.area_code)
    items: list[dict[str, Any]] = []
    if access.reaches_all(request.auth):
        items += _found(
            "client",
            clients.clients(None),
            _where(text, "name", "description", "billing_account"),
            lambda row: (row.name, row.description),
        )
    items += _found(
        "number",
        Number.objects.all(),
        _where(text, "name", "description") | _where(digits or text, "digits"),
        lambda row: (e164.display(row.digits) if row.kind == Number.Kind.EXTERNAL else row.digits, row.name),
        order="digits",
    )
    items += _found(
        "port",
        Port.objects.all(),
        _where(text, "name", "description", "login"),
        lambda row: (row.name, row.login or row.description),
    )
    if access.may(request.auth, Do.USERS_VIEW, client_id):
        items += _found(
            "user",
            User.objects.all(),
            _where(text, "login", "name", "email"),
            lambda row: (row.login, row.name),
            order="login",
        )
    items += _found("queue", Queue.objects.all(), _where(text, "name", "description"), _named)
    items += _found("menu", VoiceMenu.objects.all(), _where(text, "name", "description"), _named)
    items += _found(
        "forwarding",
        Forwarding.objects.all(),
        _where(text, "name", "description") | _where(digits or text, "digits"),
        lambda row: (row.name, e164.display(row.digits)),
    )
    items += _found("classifier", Classifier.objects.all(), _where(text, "name", "description"), _named)
    items += _found(
        "mailbox",
        Mailbox.objects.all(),
        _where(text, "name", "description", "box"),
        lambda row: (row.name, row.box),
    )
    return {"items": items}


def _found(
    kind: Kind,
    rows: QuerySet[Any],
    where: Q,
    words: Callable[[Any], tuple[str, str]],
    order: str = "name",
) -> list[dict[str, Any]]:
    chosen: list[Model] = list(rows.filter(where).order_by(order, "pk")[:SHOWN])
    return [
        {"kind": kind, "id": row.pk, "title": title, "note": note}
        for row in chosen
        for title, note in (words(row),)
    ]


def _named(row: Any) -> tuple[str, str]:
    return row.name, row.description


def _where(text: str, *fields: str) -> Q:
    return Q(HoldsText(*fields, text=text))


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
