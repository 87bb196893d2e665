"""A database in which every list is long: one client with `rows` of everything, and `rows` small clients beside it.

Only for `bench lists`: the rows are the ones actions would have written, made in bulk, without audit or outbox.
"""

from collections.abc import Iterable
from typing import Any

from django_scopes import scopes_disabled

from ats.audit.models import AuditEntry
from ats.billing.models import Account, Charge, LedgerEntry, Tariff, TariffRate, Zone
from ats.calls.models import Call
from ats.campaigns.models import Called, Campaign
from ats.classifiers.models import Classifier, Contact
from ats.clients.models import Client, User
from ats.clients.rights import Right
from ats.conferences.models import Conference
from ats.engine.models import Node, Registration
from ats.faxes.models import Fax
from ats.forwarding.models import Forwarding
from ats.limits.models import FraudCase
from ats.mailboxes.models import Mailbox, VoiceMessage
from ats.media.models import Package, PackageFile, Sound
from ats.menus.models import MenuKey, VoiceMenu
from ats.numbering.models import DialplanVersion, Holiday, Number, Step
from ats.pickup.models import PickupGroup
from ats.ports.models import Port, Route
from ats.queues.models import Agent, Queue
from ats.recordings.models import Recording
from ats.webhooks.models import Webhook
from bench.sqlfill import NAME, UNIQUE_NAME, ago, ahead, analyse, insert, pick, text

FEW = 1000  # of what nobody has a hundred thousand of: routes, webhooks, versions of one dialplan, holidays
OWN = 20  # things of the big client that belong to its plain user
NUMBER = "SUBSTR(CAST(1000000 + {} AS TEXT), 2)"  # the internal number of a place, as SQL
PLAIN_RIGHTS = [Right.HTTP_LOGIN, Right.VIEW_OWN, Right.VIEW_OWN_CDR, Right.CHANGE_OWN]


def fill(rows: int) -> dict[str, Any]:
    """Fills an empty, migrated database; returns the ids that paths of lists need, and the two users who ask."""
    with scopes_disabled():
        operator = Client.objects.create(name="Оператор связи", is_operator=True)
        admin = User.objects.create(client=operator, login="admin", rights=sorted(Right))
        big = Client.objects.create(name="Ромашка", description="Большой клиент")
        plain = User.objects.create(client=big, login="plain", rights=PLAIN_RIGHTS)
        small = insert(Client, rows, name=f"{UNIQUE_NAME} || ' ООО'", billing_account="'A' || " + text("i"))
        ids: dict[str, Any] = {
            "client_id": big.pk,
            "admin": admin,
            "plain": plain,
            "small": small,
            "actor": "u7",
        }
        ids |= _telephony(big.pk, small, rows, plain.pk)
        ids |= _services(big.pk, rows, ids["number_id"])
        _records(big.pk, rows, ids)
        ids |= _operators(big.pk, rows)
        analyse()
        return ids


def _telephony(big: int, small: int, rows: int, plain: int) -> dict[str, Any]:
    """Users, numbers with dialplans, ports with registrations; one of each for every small client."""
    whose = f"CASE WHEN i < {rows} THEN {big} ELSE {small} + i - {rows} END"
    own = f"CASE WHEN i < {OWN} THEN {plain} END"
    mail = "'u' || CAST(i AS TEXT) || '@example.ru'"
    insert(User, 2 * rows, client_id=whose, login="'u' || " + text("i"), name=NAME, email=mail)
    digits = f"SUBSTR({text(f'1000000 + i % {rows}')}, 2)"
    internal = insert(
        Number, 2 * rows, client_id=whose, kind="'internal'", digits=digits, name=NAME, owner_id=own
    )
    # The last third of the pool is free.
    holder = f"CASE WHEN i < {2 * rows} THEN {whose} END"
    city = text("74950000000 + i")
    external = insert(Number, 3 * rows, client_id=holder, kind="'external'", digits=city, owner_id=own)
    ports = insert(
        Port,
        2 * rows,
        client_id=whose,
        owner_id=own,
        name=UNIQUE_NAME,
        login=text("80000000 + i"),
        password="'Bulk-bench-1'",
        number_id=f"{internal} + i",
        clip_id=f"CASE WHEN i < {rows} THEN {external} + i END",
        is_active="i % 50 <> 0",
    )
    insert(
        Step,
        2 * rows,
        number_id=f"{internal} + i",
        position="0",
        level="1",
        action="'port'",
        port_id=f"{ports} + i",
        timeout_s="20",
    )
    node = Node.objects.create(name="node1")
    for start in (0, rows):  # three of four telephones are there
        port = f"{ports} + i * 4 / 3" if not start else f"{ports + rows} + (i - {rows}) * 4 / 3"
        client = str(big) if not start else f"{small} + (i - {rows}) * 4 / 3"
        insert(
            Registration,
            rows * 3 // 4,
            start,
            node_id=str(node.pk),
            port_id=port,
            client_id=client,
            contact="'sip:' || CAST(i AS TEXT) || '@192.0.2.7'",
            address="'192.0.2.7:' || CAST(i % 60000 AS TEXT)",
            status="'registered'",
            rtt_ms="i % 90",
            updated_at=ago("0"),
        )
    insert(
        DialplanVersion, FEW, number_id=str(internal), revision="i + 1", author_login="'admin'", steps="'[]'"
    )
    insert(Holiday, FEW, client_id=str(big), day=ahead("i"), name=NAME)
    return {"number_id": internal, "port_id": ports}


def _services(big: int, rows: int, number: int) -> dict[str, Any]:
    """Everything under «Сервисы», «Медиаресурсы», «Классификаторы»."""
    ours = {"client_id": str(big), "name": UNIQUE_NAME}

    # Things of a thing: the first one holds as many as there are things, each of the others one.
    def parent(first: int) -> str:
        return f"{first} + CASE WHEN i < {rows} THEN 0 ELSE i - {rows} END"

    held = f"CASE WHEN i = 0 THEN {rows + 1} ELSE 1 END"  # how many that are, where it is kept
    groups = insert(PickupGroup, rows, **ours, group="i + 1")
    queues = insert(Queue, rows, **ours, pickup_group_id=f"{groups} + i")
    mobile = text("79160000000 + i")
    forwardings = insert(Forwarding, rows, **ours, digits=mobile)
    insert(Agent, rows, queue_id=f"{queues} + i", forwarding_id=f"{forwardings} + i", position="0")
    sounds = insert(Sound, rows, **ours, duration_ms="i")
    menus = insert(VoiceMenu, rows, **ours, announcement_id=f"{sounds} + i")
    insert(MenuKey, rows, menu_id=f"{menus} + i", key=text("i % 10"), number_id=str(number))
    insert(Conference, rows, **ours)
    boxes = insert(Mailbox, rows, **ours, box=text("i"))
    insert(
        VoiceMessage,
        2 * rows,
        mailbox_id=parent(boxes),
        node="'node1'",
        linkedid=text("i"),
        spool=text("i"),
        caller=mobile,
        received_at=ago("i * 60"),
        duration_ms="i",
        is_read="i % 3 = 0",
    )
    packages = insert(Package, rows, **ours, is_default="i = 0", files_count=held)
    insert(PackageFile, 2 * rows, package_id=parent(packages), name=UNIQUE_NAME)
    lists = insert(Classifier, rows, **ours, contacts_count=held)
    insert(Contact, 2 * rows, classifier_id=parent(lists), name=NAME, clip=mobile)
    campaigns = insert(Campaign, rows, **ours, number_id=str(number))
    insert(Called, 2 * rows, campaign_id=parent(campaigns), clip=mobile, name=NAME, called_at=ago("i"))
    url = "'https://example.ru/' || CAST(i AS TEXT)"
    insert(Webhook, FEW, **ours, url=url, secret="'s'", next_try_at=ago("0"))
    return {"mailbox_id": boxes, "package_id": packages, "classifier_id": lists, "campaign_id": campaigns}


def calls(big: int, rows: int, number: str, port: int, linkedid: str = "'n' || CAST(i AS TEXT)") -> int:
    """Calls of one client, two a minute, a third each internal, in and out, of 500 ports from `port` on.

    `number`: the internal number of the port at place {}, as SQL.
    """
    return insert(
        Call,
        rows,
        node="'node1'",
        linkedid=linkedid,
        client_id=str(big),
        direction=pick("i", "in", "internal", "out"),
        started_at=ago("i * 30"),
        answered_at=f"CASE WHEN i % 5 < 3 THEN {ago('i * 30')} END",
        ended_at=ago("i * 30 - 90"),
        ring_ms="i % 9000",
        talk_ms="CASE WHEN i % 5 < 3 THEN i % 90000 ELSE 0 END",
        caller=f"CASE WHEN i % 3 = 0 THEN {text('79160000000 + i % 999983')} ELSE {number.format('(i % 500)')} END",
        called=f"CASE WHEN i % 3 = 2 THEN {text('79260000000 + i % 999979')} ELSE {number.format('(i * 7 % 500)')} END",
        via="CASE WHEN i % 3 = 0 THEN '74950000007' ELSE '' END",
        caller_port_id=f"CASE WHEN i % 3 <> 0 THEN {port} + i % 500 END",
        answered_port_id=f"CASE WHEN i % 5 < 3 AND i % 3 <> 2 THEN {port} + i * 7 % 500 END",
        result=pick("i", "answered", "answered", "answered", "no_answer", "busy"),
        cause="16",
        cost="CASE WHEN i % 3 = 2 THEN i % 100000 END",
    )


def _records(big: int, rows: int, ids: dict[str, Any]) -> None:
    """What happened: calls, faxes, recordings, changes, locked ports."""
    first = calls(big, rows, NUMBER, ids["port_id"])
    insert(
        Fax,
        rows,
        client_id=str(big),
        node="'node1'",
        linkedid="'n' || CAST(i * 10 AS TEXT)",
        spool=text("i"),
        caller=text("79160000000 + i"),
        received_at=ago("i * 60"),
        pages="1",
        complete="i >= 0",
    )
    insert(
        Recording,
        rows // 10,
        client_id=str(big),
        call_id=f"{first} + i * 10",
        uniqueid=text("i"),
        name=text("i"),
        started_at=ago("i * 300"),
        duration_ms="1000",
        size_bytes="32000",
    )
    insert(
        AuditEntry,
        2 * rows,
        at=ago("i * 60"),
        actor_login="CASE WHEN i % 3 = 0 THEN 'u' || CAST(i % 50 AS TEXT) ELSE 'admin' END",
        client_id=f"CASE WHEN i % 2 = 0 THEN {big} ELSE {ids['small']} + i / 2 END",
        verb=pick("i / 2", "create", "update", "delete"),
        object_type=pick("i / 2", "number", "port", "user"),
        object_id="i",
        object_name=NAME,
    )
    insert(
        FraudCase,
        rows,
        client_id=str(big),
        port_id=f"{ids['port_id']} + i",
        at=ago("i * 60"),
        score="50",
        unlocked_at=ago("0"),
    )


def _operators(big: int, rows: int) -> dict[str, Any]:
    """The operator's own: tariffs with rates, accounts with their movements, routes."""
    insert(Zone, FEW, name=UNIQUE_NAME)
    tariffs = insert(Tariff, FEW, name=UNIQUE_NAME)
    insert(TariffRate, rows, tariff_id=str(tariffs), prefix=text("7000000 + i"), title=NAME, price="i")
    accounts = insert(
        Account, rows, code="'A' || " + text("i"), name=NAME, tariff_id=f"{tariffs} + i % 9", balance="i"
    )
    account = f"{accounts} + CASE WHEN i < {rows} THEN 0 ELSE i - {rows} END"
    insert(
        LedgerEntry,
        2 * rows,
        account_id=account,
        at=ago("i * 60"),
        kind="'payment'",
        amount="i",
        balance="i",
        note=NAME,
    )
    insert(
        Charge,
        2 * rows,
        account_id=account,
        node="'node1'",
        linkedid="'n' || CAST(i AS TEXT)",
        leg=text("i"),
        client_id=str(big),
        digits=text("79160000000 + i"),
        direction="'mobile'",
        asked_us="1795176000000000 - CAST(i AS BIGINT) * 60000000",
        cost="i",
        currency="'RUB'",
        rate="'{}'",
    )
    insert(Route, FEW, prefix=text("7000 + i"))
    return {"tariff_id": tariffs, "account_id": accounts}


def sizes() -> Iterable[str]:
    """Names of some of the filled tables with their numbers of rows, for the report."""
    with scopes_disabled():
        for model in (Client, User, Number, Port, Contact, Call, AuditEntry, Charge):
            yield f"{model._meta.db_table} {model._default_manager.count()}"
