"""Which telephones show the messages of which box."""

from datetime import UTC, datetime
from typing import Any

from django_scopes import scope, scopes_disabled

from ats.audit.models import Outbox
from ats.mailboxes import actions
from ats.mailboxes.lamps import Messages, lamps
from ats.mailboxes.models import Mailbox, VoiceMessage
from ats.numbering import actions as numbers
from ats.numbering.models import Step
from ats.ports import actions as ports


def left(box: Mailbox, count: int, *, is_read: bool = False) -> list[VoiceMessage]:
    return [
        VoiceMessage.objects.create(
            mailbox=box,
            node="node1",
            linkedid="1.1",
            spool=f"{box.pk}-{is_read}-{index}",
            received_at=datetime(2026, 11, 25, tzinfo=UTC),
            duration_ms=2000,
            is_read=is_read,
        )
        for index in range(count)
    ]


def test_a_telephone_shows_the_boxes_of_its_internal_number(world: Any) -> None:
    client = world.romashka.pk
    with scope(client=client):
        desk, led, other = (
            numbers.create_internal(None, client, {"digits": one}) for one in ("100", "101", "102")
        )
        same = actions.create_mailbox(None, client, {"name": "По номеру", "box": "100"})
        stepped = actions.create_mailbox(None, client, {"name": "По шагу", "box": "900"})
        for number in (desk, led):
            Step.objects.create(
                number=number, position=1, level=1, action=Step.Action.MAILBOX, mailbox=stepped
            )
        for login, number in (("170001", desk), ("170002", led), ("170003", other), ("170004", led)):
            ports.create_port(None, client, {"name": login, "login": login, "number_id": number.pk})
        ports.create_port(None, client, {"name": "Без номера", "login": "170005"})
        left(same, 2)
        left(stepped, 1)
        left(stepped, 3, is_read=True)
    with scopes_disabled():
        shared = Messages(1, 3)
        assert lamps([client]) == {
            client: {"170001": Messages(3, 3), "170002": shared, "170004": shared},
        }
        assert lamps([world.vega.pk]) == {}
        assert lamps() == lamps([client, world.vega.pk])


def test_what_is_heard_or_deleted_is_announced_without_a_new_version(world: Any) -> None:
    client = world.romashka
    with scope(client=client.pk):
        box = actions.create_mailbox(None, client.pk, {"name": "Ящик", "box": "100"})
        first, second = left(box, 2)
        client.refresh_from_db()
        version, rows = client.version, Outbox.objects.count()
        actions.mark_message(None, box.pk, first.pk, is_read=True)
        actions.delete_message(None, box.pk, second.pk)
        client.refresh_from_db()
        assert client.version == version
        added = Outbox.objects.order_by("pk")[rows:]
        assert [(row.kind, row.client_id) for row in added] == [("lamps", client.pk)] * 2
