"""Message lamps (MWI): which telephones show that a voicemail box holds messages nobody has heard yet.

A box belongs to an internal number when the number's dialplan leads to it, or when it has the number's digits. Every
telephone that calls under that number («Номер» of its port) shows it; boxes of one telephone are added up.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from ats.mailboxes.models import Mailbox, VoiceMessage
from ats.numbering.models import Step
from ats.ports.models import Port


@dataclass(frozen=True, slots=True)
class Messages:
    """How many messages a telephone's boxes hold: not heard yet, and heard."""

    new: int = 0
    old: int = 0


Lamps = dict[str, Messages]  # login of a port → what its lamp tells


def lamps(client_ids: Collection[int] | None = None) -> dict[int, Lamps]:
    """Client id → its telephones that have a box, of these clients (None: of all). Four queries, or one for nobody.

    Spans clients: to be asked outside of a client's scope, as the agent does.
    """
    boxes = Mailbox.objects.all() if client_ids is None else Mailbox.objects.filter(client_id__in=client_ids)
    by_digits = {(client, box): key for key, client, box in boxes.values_list("pk", "client_id", "box")}
    if not by_digits:
        return {}
    clients = {client for client, _ in by_digits}
    counts = {
        key: Messages(new, old)
        for key, new, old in VoiceMessage.objects.filter(mailbox__in=boxes)
        .values_list("mailbox_id")
        .annotate(new=Count("pk", filter=Q(is_read=False)), old=Count("pk", filter=Q(is_read=True)))
    }
    led_to: dict[int, set[int]] = defaultdict(set)
    for number, box in Step.objects.filter(mailbox__in=boxes).values_list("number_id", "mailbox_id"):
        led_to[number].add(box)
    found: dict[int, Lamps] = defaultdict(dict)
    for client, login, number, digits in Port.objects.filter(
        client_id__in=clients,
        client__is_active=True,
        is_active=True,
        kind=Port.Kind.SIP,
        connection=Port.Connection.SUBSCRIBER,
        number__isnull=False,
    ).values_list("client_id", "login", "number_id", "number__digits"):
        own = led_to.get(number, set()) | (
            {by_digits[client, digits]} if (client, digits) in by_digits else set()
        )
        if own:
            told = [counts.get(box, Messages()) for box in own]
            found[client][login] = Messages(sum(one.new for one in told), sum(one.old for one in told))
    return dict(found)
