"""Another client's things answer 404 at every operation of the API.

The operations come from the OpenAPI description itself, so a new one without a case here fails the test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.api.app import api
from ats.audit.models import AuditEntry
from ats.calls.models import Call
from ats.campaigns import actions as campaigns
from ats.campaigns.models import Called, Campaign
from ats.classifiers import actions as classifier_actions
from ats.classifiers.models import Classifier, Contact
from ats.clients import actions as client_actions
from ats.clients import user_actions
from ats.clients.models import ApiToken, Client, Passkey, User, UserSession
from ats.clients.rights import Right
from ats.conferences import actions as conferences
from ats.conferences.models import Conference
from ats.engine.models import CallCommand, Node
from ats.faxes.models import Fax
from ats.forwarding import actions as forwarding_actions
from ats.forwarding.models import Forwarding
from ats.limits.models import FraudCase, Limit
from ats.mailboxes import actions as mailboxes
from ats.mailboxes.models import Mailbox, VoiceMessage
from ats.media.models import Package, PackageFile, Sound
from ats.menus import actions as menus
from ats.menus.models import VoiceMenu
from ats.numbering import actions as numbering
from ats.numbering import holiday_actions, pool_actions
from ats.numbering.models import Holiday, Number
from ats.pickup import actions as pickup
from ats.pickup.models import PickupGroup
from ats.ports import actions as ports
from ats.ports.models import Port, Route
from ats.queues import actions as queues
from ats.queues.models import Agent, Queue
from ats.recordings.models import Keeping, Recording
from ats.webhooks.models import Webhook

# Operations without a client in their address; each has its own test in test_gate.py or test_accounts.py.
WITHOUT_CLIENT = {
    "new_factor_secret", "set_up_factor", "switch_factor_off", "list_passkeys", "passkey_options", "create_passkey",
    "passkey_login_options", "passkey_login", "list_own_sessions", "end_other_sessions",
    "get_policy", "update_policy",
    "get_system_settings", "get_new_things", "update_system_settings", "list_bans", "create_ban", "delete_ban",
    "get_certificate", "upload_certificate", "delete_certificate", "restart_engine",
    "list_backups", "create_backup", "download_backup", "delete_backup",
    "get_health", "get_meta", "get_session", "login", "logout", "update_me", "change_password",
    "list_tokens", "create_token", "list_clients", "create_client",
    "list_pool", "add_to_pool", "remove_from_pool",
    "bulk_clients", "bulk_pool",
    "list_routes", "create_route", "get_route", "update_route", "delete_route", "get_network", "list_connected",
    "get_codes", "save_codes",
    "get_fraud_settings", "update_fraud_settings",
    "list_zones", "create_zone", "update_zone", "delete_zone",
    "list_tariffs", "create_tariff", "update_tariff", "delete_tariff",
    "list_rates", "create_rate", "update_rate", "delete_rate", "import_rates",
    "list_accounts", "create_account", "get_account", "update_account", "delete_account",
    "list_ledger", "add_ledger_entry", "list_charges", "get_down_policy", "save_down_policy",
    "export_money", "list_radius", "create_radius", "update_radius", "delete_radius",
}  # fmt: skip

# Things of oneself, by an id but without a client in the address.
ONES_OWN = {"delete_token", "delete_passkey", "end_own_session"}

BODIES: dict[str, Any] = {
    "save_rating": {"radius_id": None},
    "set_user_pin": {"pin": None},
    "set_user_callers": {"callers": []},
    "order_callback": {"from": "100", "to": "100"},
    "update_webhook": {"is_active": False},
    "create_campaign": {"name": "spy", "number_id": 1},
    "update_campaign": {"name": "x"},
    "set_campaign_status": {"status": "active"},
    "update_client": {"description": "x"},
    "create_user": {"login": "spy", "password": "Correct-Horse-7"},
    "update_user": {"name": "x"},
    "create_internal_number": {"digits": "777"},
    "update_number": {"name": "x"},
    "save_dialplan": {"revision": 0, "steps": []},
    "create_port": {"name": "spy"},
    "update_port": {"description": "x"},
    "update_sound": {"name": "x"},
    "create_menu": {"name": "spy"},
    "update_menu": {"name": "x"},
    "create_mailbox": {"name": "spy", "box": "9"},
    "update_mailbox": {"name": "x"},
    "mark_voice_message": {"is_read": True},
    "set_fax_settings": {"email": "spy@example.org"},
    "create_queue": {"name": "spy"},
    "update_queue": {"description": "x"},
    "order_agent": {"order": "logout"},
    "create_pickup_group": {"group": 7, "name": "spy"},
    "update_pickup_group": {"name": "x"},
    "create_conference": {"name": "spy"},
    "update_conference": {"description": "x"},
    "speak_sound": {"text": "x"},
    "preview_speech": {"text": "x"},
    "create_package": {"name": "x"},
    "update_package": {"name": "x"},
    "set_recordings_keeping": {"keep_days": 1},
    "hang_up_call": {"id": "1"},
    "transfer_call": {"id": "1", "number_id": 1},
    "set_limits": {"lines_in": 1},
    "simulate_call": {"caller": "x"},
    "lint_draft": {"steps": []},
    "restore_version": {"revision": 0},
    "create_classifier": {"name": "spy"},
    "update_classifier": {"name": "x"},
    "create_contact": {"clip": "+79160000000"},
    "update_contact": {"name": "x"},
    "delete_contacts": {"ids": [1]},
    "create_forwarding": {"name": "spy", "digits": "+79160000000"},
    "update_forwarding": {"name": "x"},
    "add_holiday": {"day": "2027-01-01"},
    "import_holidays": {"year": 2027},
    "bulk_users": {"ids": [1], "action": "delete"},
    "bulk_ports": {"ids": [1], "action": "delete"},
    "bulk_numbers": {"ids": [1], "action": "delete"},
}

SERVICES = (VoiceMenu, Mailbox, VoiceMessage, Fax, Queue, Agent, PickupGroup, Conference)
MEDIA = (Package, PackageFile, Recording, Keeping)
LISTS = (Classifier, Contact, Forwarding, Holiday, Campaign, Called)


@dataclass
class Things:
    """Ids of one of everything that a client has."""

    client_id: int
    user_id: int
    number_id: int
    port_id: int
    sound_id: int
    call_id: int
    recording_id: int
    package_id: int
    file_id: int
    token_id: int
    free_id: int
    passkey_id: int
    session_id: int
    menu_id: int
    mailbox_id: int
    message_id: int
    fax_id: int
    queue_id: int
    agent_id: int
    group_id: int
    conference_id: int
    command_id: int
    classifier_id: int
    contact_id: int
    forwarding_id: int
    holiday_id: int
    webhook_id: int
    language: str = "en"
    revision: int = 1  # of a dialplan
    page: int = 1  # of a fax
    case_id: int = 0
    object_id: int = 0
    entry_id: int = 0  # of the audit
    campaign_id: int = 0
    scope: str = "port"  # of limits


@pytest.fixture
def things(world: Any) -> Things:
    """What belongs to «Вега»."""
    return things_of(world.vega, world.vega_keeper, world.free_ids[0])


def things_of(client: Client, user: User, free_id: int) -> Things:
    """One of everything for a client; `free_id`: a number of the pool."""
    client_id = client.pk
    with scope(client=client_id):
        number = numbering.create_internal(None, client_id, {"digits": "100"})
        port = ports.create_port(None, client_id, {"name": "Линия", "number_id": number.pk})
        classifier = classifier_actions.create_classifier(None, client_id, {"name": "Вега VIP"})
        contact = classifier_actions.create_contact(None, classifier.pk, {"clip": "+79161112233"})
        forwarding = forwarding_actions.create_forwarding(
            None, client_id, {"name": "Вега дача", "digits": "89161112233"}
        )
        holiday = holiday_actions.add_holiday(None, client_id, {"day": date(2027, 1, 1), "name": "Вега"})
        sound = Sound.objects.create(client_id=client_id, name="Тишина")
        token, _ = client_actions.create_token(user, "робот", None)
        group = pickup.create_group(None, client_id, {"group": 1, "name": "Отдел"})
        queue = queues.create_queue(None, client_id, {"name": "Приём", "agents": [{"port_id": port.pk}]})
        agent = queue.agents.get()
        conference = conferences.create_conference(None, client_id, {"name": "Планёрка"})
        now = timezone.now()
        passkey = Passkey.objects.create(user=user, name="x", credential_id=f"x{client_id}", public_key="x")
        row = Session.objects.create(
            session_key=f"of-{client_id}", session_data="", expire_date=now + timedelta(days=1)
        )
        session = UserSession.objects.create(user=user, session=row, seen_at=now)
        call = Call.objects.create(
            node="node1", linkedid=f"{client_id}", client_id=client_id, direction="internal", started_at=now,
            ended_at=now, result="answered",
        )  # fmt: skip
        keys = [{"key": "1", "number_id": number.pk}]
        menu = menus.create_menu(None, client_id, {"name": "Меню Веги", "keys": keys})
        mailbox = mailboxes.create_mailbox(None, client_id, {"name": "Ящик Веги", "box": "100"})
        message = VoiceMessage.objects.create(
            mailbox=mailbox, node="node1", linkedid="1", spool=f"{client_id}", received_at=now, duration_ms=1
        )
        fax = Fax.objects.create(
            client_id=client_id, node="node1", linkedid="1", spool=f"{client_id}", received_at=now
        )
        recording = Recording.objects.create(
            client_id=client_id,
            call=call,
            uniqueid="1.1",
            name="1.1",
            started_at=now,
            duration_ms=1,
            size_bytes=1,
        )
        hook = Webhook.objects.create(
            client_id=client_id, name="x", url="https://a.example/", next_try_at=now
        )
        Package.objects.update(is_default=False)  # the one it began with
        package = Package.objects.create(client_id=client_id, name="Тишина", is_default=True)
        file = PackageFile.objects.create(package=package, name="Тишина")
        case = FraudCase.objects.create(client_id=client_id, port=port, at=now, score=100)
        campaign = campaigns.create_campaign(
            None, client_id, {"name": "Обзвон", "number_id": number.pk, "classifier_ids": [classifier.pk]}
        )
        Called.objects.create(campaign=campaign, clip="79161112233", name="Вега VIP")
        numbering.update_number(None, number.pk, {"description": "Вега"})
        entry = AuditEntry.objects.latest("pk")
    node, _ = Node.objects.get_or_create(name="node1")
    command = CallCommand.objects.create(node=node, client_id=client_id, kind="hangup", channel="PJSIP/1-1")
    return Things(
        client_id,
        user.pk,
        number.pk,
        port.pk,
        sound.pk,
        call.pk,
        recording.pk,
        package.pk,
        file.pk,
        token.pk,
        free_id,
        passkey.pk,
        session.pk,
        menu.pk,
        mailbox.pk,
        message.pk,
        fax.pk,
        queue.pk,
        agent.pk,
        group.pk,
        conference.pk,
        command.pk,
        classifier.pk,
        contact.pk,
        forwarding.pk,
        holiday.pk,
        case_id=case.pk,
        object_id=port.pk,
        webhook_id=hook.pk,
        entry_id=entry.pk,
        campaign_id=campaign.pk,
    )


@cache
def operations() -> list[tuple[str, str, str]]:
    """(operation id, method, path) of the whole API, as its description has them, which takes a second to make."""
    return [
        (api.get_openapi_operation_id(operation), method.lower(), _plain_path(f"/api{prefix}{path}"))
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def _plain_path(path: str) -> str:
    return re.sub(r"\{\w+:(\w+)\}", r"{\1}", path).rstrip("/")


def call(browser: Browser, name: str, method: str, path: str, things: Things) -> Any:
    if name == "import_contacts":
        return browser.post(path, {"file": SimpleUploadedFile("x.csv", b"+79160000000")})
    if name in ("create_sound", "add_package_file", "set_sound_version"):
        return browser.post(path, {"file": SimpleUploadedFile("x.wav", b"RIFF")})
    body = {"number_id": things.free_id} if name == "allot_external_number" else BODIES.get(name)
    return getattr(browser, method)(path, body, content_type="application/json")


def state() -> list[Any]:
    """Everything a write could have touched."""
    with scopes_disabled():
        return [
            list(model.objects.order_by("pk").values())
            for model in (
                Number,
                Port,
                Sound,
                Call,
                ApiToken,
                Route,
                Client,
                Passkey,
                UserSession,
                *SERVICES,
                *LISTS,
                *MEDIA,
                Limit,
                FraudCase,
            )
        ] + [list(User.objects.order_by("pk").values("login", "password", "name", "rights", "is_active"))]


@pytest.fixture
def mighty(world: Any) -> User:
    """A user of «Ромашка» with every right there is but managing the system: only tenancy stops him."""
    with scope(client=world.romashka.pk):
        rights = [right.value for right in Right if right is not Right.MANAGE_SYSTEM]
        return user_actions.create_user(
            None, world.romashka.pk, {"login": "mighty", "password": "Correct-Horse-7", "rights": rights}
        )


def test_every_operation_is_walked_or_named() -> None:
    for name, _, path in operations():
        assert ("{client_id}" in path or name in ONES_OWN) != (name in WITHOUT_CLIENT), name


def test_another_client_is_not_there(
    things: Things, mighty: User, world: Any, browser: Callable[[User], Browser]
) -> None:
    """A stranger asks for the other client by its id: every operation answers 404 and changes nothing."""
    stranger = browser(mighty)
    before = state()
    for name, method, path in operations():
        if name in WITHOUT_CLIENT:
            continue
        answer = call(stranger, name, method, path.format(**vars(things)), things)
        assert answer.status_code == 404, (name, answer.status_code, answer.content[:200])
        assert answer.json()["code"] == "not_found", name
    assert state() == before


def test_another_clients_things_are_not_in_ones_own(
    things: Things, mighty: User, world: Any, browser: Callable[[User], Browser]
) -> None:
    """The same ids under one's own client: 404, for a client's user and for the operator alike."""
    before = state()
    for user, own in ((mighty, world.romashka.pk), (world.admin, world.romashka.pk)):
        visitor = browser(user)
        for name, method, path in operations():
            if "{" not in path.replace("{client_id}", "") or name in WITHOUT_CLIENT:
                continue
            if name in ONES_OWN:
                continue  # has no client in its address; walked above
            answer = call(
                visitor,
                name,
                method,
                path.format(**{**vars(things), "client_id": own}),
                things,
            )
            assert answer.status_code == 404, (name, answer.status_code, answer.content[:200])
    assert state() == before


def test_references_to_another_clients_things_are_refused(
    things: Things, world: Any, browser: Callable[[User], Browser]
) -> None:
    """Ids inside a body: a step or a port that names another client's number, port or sound is 422."""
    operator = browser(world.admin)
    with scope(client=world.romashka.pk):
        own = numbering.create_internal(None, world.romashka.pk, {"digits": "100"})
    base = f"/api/clients/{world.romashka.pk}"
    for kind, key, foreign in (
        ("port", "port_id", things.port_id),
        ("sound", "sound_id", things.sound_id),
        ("number", "number_id", things.number_id),
        ("callback", "number_id", things.number_id),
        ("classifier", "classifier_id", things.classifier_id),
        ("forwarding", "forwarding_id", things.forwarding_id),
    ):
        body = {"revision": 0, "steps": [{"level": 1, "action": {"kind": kind, key: foreign}}]}
        answer = operator.put(f"{base}/numbers/{own.pk}/dialplan", body, content_type="application/json")
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [f"steps.0.action.{key}"]
    with scope(client=things.client_id):
        city = pool_actions.allot(None, things.client_id, things.free_id)
    for key, foreign in (("number_id", things.number_id), ("clip_id", city.pk)):
        answer = operator.post(f"{base}/ports", {"name": "x", key: foreign}, content_type="application/json")
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [key]


def test_lists_hold_only_ones_own(
    things: Things, mighty: User, world: Any, browser: Callable[[User], Browser]
) -> None:
    own = browser(world.admin)
    for name, method, path in operations():
        if method != "get" or not name.startswith("list_") or "{client_id}" not in path:
            continue
        if any(
            key in path
            for key in (
                "{mailbox_id}",
                "{call_id}",
                "{package_id}",
                "{classifier_id}",
                "{number_id}",
                "{campaign_id}",
            )
        ):
            continue  # of one thing: walked above
        answer = own.get(path.format(client_id=world.romashka.pk, user_id=world.keeper.pk)).json()
        assert all(item.get("client_id", world.romashka.pk) == world.romashka.pk for item in answer["items"])
        text = str(answer["items"])
        assert "Вега" not in text
        assert "vega" not in text
        assert "Тишина" not in text
    assert [row["name"] for row in browser(mighty).get("/api/clients").json()["items"]] == ["Ромашка"]
