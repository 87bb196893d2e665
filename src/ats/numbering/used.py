"""Which of the rarer things clients have at all, asked once for many clients.

When all 10,000 clients are behind (a new program, an empty engine), most questions for a client find nothing, and to
Django a question that finds nothing costs as much as one that finds something.
"""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from ats.classifiers.models import Classifier
from ats.clients.models import Client, User
from ats.limits.models import FraudCase, Limit
from ats.mailboxes.models import Mailbox
from ats.media.models import Package
from ats.numbering.models import Holiday
from ats.ports.models import Port
from ats.queues.models import Queue
from ats.remote.models import RemoteCaller


class Rare(StrEnum):
    """Things of a client that a plan for the engine asks for only when there may be some."""

    LIMITS = "limits"  # or a port the fraud guard has locked
    HOLIDAYS = "holidays"
    USERS = "users"
    CALLERS = "callers"  # telephones outside that are called back
    BILLED = "billed"
    MAILBOXES = "mailboxes"
    MARKED_PORTS = "marked_ports"  # with ДВО of their own
    CLASSIFIERS = "classifiers"
    QUEUES = "queues"
    PACKAGES = "packages"


Used = frozenset[Rare]
EVERYTHING: Used = frozenset(Rare)


def used_by(client_ids: Sequence[int]) -> dict[int, Used]:
    """Client id → what there is of it (a dozen queries for all of them).

    Call inside the same snapshot as whatever relies on it: a thing made in between would be left out of a version
    that has it.
    """
    found: dict[int, set[Rare]] = defaultdict(set)
    with scopes_disabled():
        for rare, rows in _rows():
            column = "pk" if rows.model is Client else "client_id"
            owners = rows.filter(**{f"{column}__in": client_ids}).order_by().values_list(column, flat=True)
            for client_id in owners.distinct():
                found[client_id].add(rare)
    return {client_id: frozenset(found[client_id]) for client_id in client_ids}


def _rows() -> list[tuple[Rare, QuerySet[Any]]]:
    users = User.objects.all()
    return [
        (Rare.LIMITS, Limit.objects.all()),
        (Rare.LIMITS, FraudCase.objects.filter(unlocked_at=None)),
        (Rare.HOLIDAYS, Holiday.objects.all()),
        (Rare.USERS, users),
        (Rare.CALLERS, RemoteCaller.objects.all()),
        (Rare.BILLED, Client.objects.exclude(billing_account="")),
        (Rare.BILLED, users.exclude(billing_account="")),
        (Rare.MAILBOXES, Mailbox.objects.all()),
        (Rare.MARKED_PORTS, Port.objects.exclude(extras={})),
        (Rare.CLASSIFIERS, Classifier.objects.all()),
        (Rare.QUEUES, Queue.objects.all()),
        (Rare.PACKAGES, Package.objects.filter(files__isnull=False)),
    ]
