"""Changes taken back: through the API, as an administrator of the client (or the operator) would."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django_scopes import scope, scopes_disabled

from ats.api.texts import TEXTS
from ats.audit.models import AuditEntry
from ats.classifiers import actions as classifiers
from ats.clients import actions as clients
from ats.clients import policy, user_actions
from ats.clients.models import Client, User
from ats.codes import actions as codes
from ats.codes.queries import digits_of
from ats.conferences import actions as conferences
from ats.faxes import actions as faxes
from ats.forwarding import actions as forwardings
from ats.limits import actions as limits
from ats.limits import fraud_actions
from ats.limits.models import Limit
from ats.limits.scopes import Scope
from ats.mailboxes import actions as mailboxes
from ats.menus import actions as menus
from ats.menus.models import MenuKey
from ats.numbering import actions as numbers
from ats.numbering import dialplan_actions, holiday_actions, pool_actions
from ats.numbering.models import Number, Step
from ats.pickup import actions as pickup
from ats.ports import actions as ports
from ats.ports.models import Port
from ats.queues import actions as queues
from ats.queues.models import Queue
from ats.undo.kinds import KINDS
from tests.unit.world import World, make_user

ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}


def last(client_id: int) -> AuditEntry:
    with scope(client=client_id):
        return AuditEntry.objects.latest("pk")


def undo(visitor: Browser, client_id: int, entry: AuditEntry | None = None) -> Any:
    entry = entry or last(client_id)
    return visitor.post(f"/api/clients/{client_id}/audit/{entry.pk}/undo")


def make(kind: str, client_id: int) -> tuple[Any, Callable[[Any], Any]]:
    """A thing of this kind, and a change of it."""
    number = numbers.create_internal(None, client_id, {"digits": "100"})
    port = ports.create_port(None, client_id, {"name": "Линия", "number_id": number.pk})
    classifier = classifiers.create_classifier(None, client_id, {"name": "Свои"})
    if kind == "number":
        return number, lambda one: numbers.update_number(None, one.pk, {"name": "Приёмная"})
    if kind == "port":
        change = {"name": "Стол", "nat": True, "number_id": None, "extras": {"record": True}}
        return port, lambda one: ports.update_port(None, one.pk, change)
    if kind == "classifier":
        return classifier, lambda one: classifiers.update_classifier(None, one.pk, {"name": "Чужие"})
    if kind == "contact":
        contact = classifiers.create_contact(None, classifier.pk, {"clip": "+79161112233"})
        return contact, lambda one: classifiers.update_contact(
            None, classifier.pk, one.pk, {"clip": "+7916*"}
        )
    if kind == "forwarding":
        made = forwardings.create_forwarding(None, client_id, {"name": "Дача", "digits": "89161112233"})
        return made, lambda one: forwardings.update_forwarding(None, one.pk, {"digits": "89160000000"})
    if kind == "pickupgroup":
        group = pickup.create_group(None, client_id, {"group": 1, "name": "Отдел"})
        return group, lambda one: pickup.update_group(None, one.pk, {"group": 2})
    if kind == "queue":
        queue = queues.create_queue(None, client_id, {"name": "Приём", "agents": [{"port_id": port.pk}]})
        return queue, lambda one: queues.update_queue(None, one.pk, {"agents": [], "ring_s": 40})
    if kind == "voicemenu":
        keys = [{"key": "1", "number_id": number.pk}]
        menu = menus.create_menu(None, client_id, {"name": "Меню", "keys": keys})
        return menu, lambda one: menus.update_menu(None, one.pk, {"keys": [], "wait_s": 9})
    if kind == "mailbox":
        box = mailboxes.create_mailbox(None, client_id, {"name": "Ящик", "box": "100"})
        return box, lambda one: mailboxes.update_mailbox(None, one.pk, {"box": "101"})
    room = conferences.create_conference(None, client_id, {"name": "Планёрка"})
    return room, lambda one: conferences.update_conference(None, one.pk, {"max_members": 5, "record": True})


THINGS = (
    "number", "port", "classifier", "contact", "forwarding", "pickupgroup", "queue", "voicemenu", "mailbox",
    "conference",
)  # fmt: skip


def value(kind: str, thing: Any, names: Any) -> dict[str, Any]:
    return {name: KINDS[kind].now(thing, name) for name in names}


@pytest.mark.parametrize("kind", THINGS)
def test_a_change_a_deletion_and_a_creation_are_taken_back(
    kind: str, world: World, browser: Callable[[User], Browser]
) -> None:
    """Change → undo; delete → undo (all recorded fields are as they were, under a new id); create → undo."""
    keeper, client_id = browser(world.keeper if kind != "port" else world.admin), world.romashka.pk
    deed = KINDS[kind]
    with scope(client=client_id):
        thing, change = make(kind, client_id)
        change(thing)
        changed = last(client_id)
        answer = undo(keeper, client_id)
        assert answer.status_code == 200, answer.content
        thing = deed.model._default_manager.get(pk=thing.pk)
        assert value(kind, thing, changed.before) == changed.before
        assert (answer.json()["undoes"], answer.json()["actor_login"]) == (
            changed.pk,
            "keeper" if kind != "port" else "admin",
        )
        assert undo(keeper, client_id, changed).json()["code"] == "undo_done"

        assert deed.remove
        AuditEntry.objects.all().delete()  # the port uses the number: its deletion has a test of its own
        if kind == "number":
            Port.objects.update(number=None)
        deed.remove(world.admin, client_id, thing)
        gone = last(client_id)
        answer = undo(keeper, client_id)
        if not deed.again:
            assert answer.json()["code"] == "undo_lost"
            return
        assert answer.status_code == 200, answer.content
        again = deed.model._default_manager.get(pk=answer.json()["object_id"])
        kept = {name: was for name, was in gone.before.items() if name in deed.fields}
        assert len(kept) >= 2
        assert value(kind, again, kept) == kept

        made = AuditEntry.objects.get(pk=answer.json()["id"])  # … and the creation that this was
        assert undo(keeper, client_id, made).status_code == 200
        assert not deed.model._default_manager.filter(pk=again.pk).exists()


def test_what_was_changed_since_is_not_overwritten(world: World, browser: Callable[[User], Browser]) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    with scope(client=client_id):
        number = numbers.create_internal(world.keeper, client_id, {"digits": "100", "name": "А"})
        created = last(client_id)
        numbers.update_number(world.keeper, number.pk, {"name": "Б"})
        first = last(client_id)
        numbers.update_number(world.keeper, number.pk, {"name": "В", "description": "x"})
        refused = undo(keeper, client_id, first)
        assert (refused.status_code, refused.json()["code"]) == (409, "undo_changed")
        assert "Название" in refused.json()["message"]
        assert undo(keeper, client_id, created).json()["code"] == "undo_touched"
        number.refresh_from_db()
        assert number.name == "В"
        assert undo(keeper, client_id).status_code == 200  # the newest first …
        again = last(client_id)
        assert undo(keeper, client_id, first).status_code == 200  # … then the one before
        number.refresh_from_db()
        assert (number.name, number.description) == ("А", "")
        assert undo(keeper, client_id, again).json()["code"] == "undo_changed"


def test_a_dialplan_goes_back_and_comes_back_with_its_number(
    world: World, browser: Callable[[User], Browser]
) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    hang_up = {"level": 1, "action": {"kind": "hangup", "cause": 17}, "calendar": ALWAYS}
    with scope(client=client_id):
        number = numbers.create_internal(None, client_id, {"digits": "100"})
        steps = [{**hang_up, "calendar": {**ALWAYS, "date_from": date(2027, 1, 1)}}]
        dialplan_actions.save_dialplan(world.keeper, number.pk, 0, steps)
        first = last(client_id)
        dialplan_actions.save_dialplan(world.keeper, number.pk, 1, [])
        assert undo(keeper, client_id, first).json()["code"] == "undo_changed"
        assert undo(keeper, client_id).status_code == 200
        step = Step.objects.get(number=number)
        assert (step.cause, step.date_from) == (17, date(2027, 1, 1))
        numbers.delete_internal(world.keeper, number.pk)
        shown = keeper.get(f"/api/clients/{client_id}/audit").json()["items"][0]
        assert {change["label"]: change["before"] for change in shown["changes"]}["Шагов"] == "1"
        assert undo(keeper, client_id).status_code == 200
        step = Step.objects.get(number=Number.objects.get(digits="100"))
        assert (step.cause, step.date_from) == (17, date(2027, 1, 1))


def test_what_cannot_be_taken_back_says_why(world: World, browser: Callable[[User], Browser]) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    operator = browser(world.admin)
    with scope(client=client_id):
        room = conferences.create_conference(None, client_id, {"name": "Планёрка", "pin": "1234"})
        conferences.update_conference(None, room.pk, {"pin": "4321"})
        assert undo(keeper, client_id).json()["code"] == "undo_secret"
        user_actions.update_user(None, world.plain.pk, {"password": "Correct-Horse-8"})
        assert undo(keeper, client_id).json()["code"] == "undo_secret"
        port = ports.create_port(None, client_id, {"name": "Линия"})
        number = numbers.create_internal(None, client_id, {"digits": "100"})
        created = last(client_id)
        dialplan = [{"level": 1, "action": {"kind": "port", "port_id": port.pk}, "calendar": ALWAYS}]
        dialplan_actions.save_dialplan(None, number.pk, 0, dialplan)
        assert undo(keeper, client_id, created).json()["code"] == "undo_touched"
        ports.reveal_password(world.admin, port.pk)
        assert undo(operator, client_id).json()["code"] == "undo_never"
        classifier = classifiers.create_classifier(None, client_id, {"name": "Свои"})
        classifiers.create_contact(None, classifier.pk, {"clip": "+79161112233"})
        classifiers.delete_classifier(None, classifier.pk)
        assert undo(keeper, client_id).json()["code"] == "undo_contacts"


def test_a_deleted_port_comes_back_with_a_new_password_and_its_limits(
    world: World, browser: Callable[[User], Browser]
) -> None:
    operator, client_id = browser(world.admin), world.romashka.pk
    with scope(client=client_id):
        port = ports.create_port(
            None,
            client_id,
            {"name": "Стол", "login": "70001", "owner_id": world.plain.pk, "extras": {"record": True}},
        )
        limits.set_limits(None, client_id, Scope.PORT, port.pk, {"lines_out": 2, "closed": ["international"]})
        ports.delete_port(world.admin, port.pk)
        gone = last(client_id)
        assert undo(operator, client_id).status_code == 200
        again = Port.objects.get(login="70001")
        assert (again.name, again.owner_id, again.extras) == ("Стол", world.plain.pk, {"record": True})
        assert again.password and again.password != port.password
        limit = Limit.objects.get(port=again)
        assert (limit.lines_out, limit.closed) == (2, ["international"])
        assert undo(operator, client_id, gone).json()["code"] == "undo_done"

        # What is taken meanwhile is named, with the field.
        ports.delete_port(world.admin, again.pk)
        gone = last(client_id)
        ports.create_port(None, client_id, {"name": "Другой", "login": "70001"})
        refused = undo(operator, client_id, gone)
        assert (refused.status_code, refused.json()["code"]) == (409, "undo_unfit")
        assert TEXTS["taken"][0] in refused.json()["message"]

        # The password of another operator is not kept.
        line = {"name": "Линия", "connection": "trunk", "remote_host": "192.0.2.1", "remote_login": "a"}
        trunk = ports.create_port(None, client_id, {**line, "password": "hush-hush-7"})
        ports.delete_port(None, trunk.pk)
        assert undo(operator, client_id).json()["code"] == "undo_secret"
        shown = operator.get(f"/api/clients/{client_id}/audit").json()["items"][0]
        assert (shown["undo"], shown["why_not"]) == ("never", TEXTS["undo_secret"][0])
        trunk = ports.create_port(None, client_id, line)
        ports.delete_port(None, trunk.pk)
        assert undo(operator, client_id).status_code == 200
        assert Port.objects.get(name="Линия").remote_host == "192.0.2.1"
        AuditEntry.objects.filter(pk=gone.pk).update(
            before={"name": "Стол", "login": "70009"}
        )  # of older versions
        assert undo(operator, client_id, gone).json()["code"] == "undo_lost"


def test_a_deleted_user_comes_back_without_his_secrets(
    world: World, browser: Callable[[User], Browser]
) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    with scope(client=client_id):
        port = ports.create_port(None, client_id, {"name": "Стол", "owner_id": world.plain.pk})
        limits.set_limits(None, client_id, Scope.USER, world.plain.pk, {"minutes_day": 30})
        user_actions.update_user(None, world.plain.pk, {"name": "Анна", "email": "a@example.org"})
        user_actions.delete_user(world.keeper, world.plain.pk)
        answer = undo(keeper, client_id)
        assert answer.status_code == 200, answer.content
        again = User.objects.get(login="plain")
        assert (again.name, again.email, again.rights) == ("Анна", "a@example.org", world.plain.rights)
        assert not again.has_usable_password()
        port.refresh_from_db()
        assert port.owner_id == again.pk
        assert Limit.objects.get(user=again).minutes_day == 30
        # The operator's word is not given back by who could not give it.
        user_actions.update_user(None, again.pk, {"billing_account": "77"})
        user_actions.delete_user(world.admin, again.pk)
        refused = undo(keeper, client_id)
        assert (refused.status_code, refused.json()["code"]) == (409, "undo_unfit")
        assert not User.objects.filter(login="plain").exists()
        assert undo(browser(world.admin), client_id).status_code == 200


def test_a_deleted_client_comes_back_from_the_operators_log(
    world: World, browser: Callable[[User], Browser]
) -> None:
    operator, own = browser(world.admin), world.operator.pk
    with scopes_disabled():
        gone = clients.create_client(world.admin, {"name": "Лютик", "area_code": "812", "language": "en"})
    with scope(client=gone.pk):
        user_actions.create_user(
            world.admin, gone.pk, {"login": "chief", "password": "Correct-Horse-8", "role": "client_admin"}
        )
        limits.set_limits(world.admin, gone.pk, Scope.CLIENT, gone.pk, {"lines_all": 4})
    assert operator.delete(f"/api/clients/{gone.pk}").status_code == 204
    entry = last(own)
    shown = operator.get(f"/api/clients/{own}/audit").json()["items"][0]
    assert (shown["object_name"], shown["verb"], shown["undo"]) == ("Лютик", "delete", "possible")
    answer = undo(operator, own, entry)
    assert answer.status_code == 200, answer.content
    again = Client.objects.get(name="Лютик")
    assert (again.area_code, again.language) == ("812", "en")
    with scope(client=again.pk):
        chief = User.objects.get(login="chief")
        assert "change_users" in chief.rights and not chief.has_usable_password()
        assert Limit.objects.get().lines_all == 4
    assert operator.get(f"/api/clients/{own}/audit").json()["items"][0]["undo"] == "done"
    assert undo(operator, own, entry).json()["code"] == "undo_done"


def test_rights_are_those_of_the_change(world: World, browser: Callable[[User], Browser]) -> None:
    """A client's administrator sees what the operator changed, but cannot take back what he could not do himself."""
    keeper, client_id = browser(world.keeper), world.romashka.pk
    with scope(client=client_id):
        port = ports.create_port(world.admin, client_id, {"name": "Линия"})
        ports.update_port(world.admin, port.pk, {"name": "Стол"})
        assert undo(keeper, client_id).status_code == 403
        pool_actions.allot(world.admin, client_id, world.free_ids[0])
        shown = keeper.get(f"/api/clients/{client_id}/audit").json()["items"][0]
        assert (shown["actor_login"], shown["by_operator"], shown["undo"]) == ("admin", True, "possible")
        assert undo(keeper, client_id).status_code == 403
        assert undo(browser(world.admin), client_id).status_code == 200
        assert not Number.objects.filter(pk=world.free_ids[0]).exists()
        limits.set_limits(None, client_id, Scope.CLIENT, client_id, {"lines_out": 3})
        assert undo(keeper, client_id).status_code == 403
        assert undo(browser(world.admin), client_id).status_code == 200
        assert not Limit.objects.exists()
    assert undo(browser(world.plain), client_id).status_code == 403
    assert undo(browser(world.vega_keeper), client_id).status_code == 404


def test_who_may_change_only_what_is_his_takes_nothing_else_back(
    world: World, browser: Callable[[User], Browser]
) -> None:
    """Rights combine freely (S239): one who sees everybody's changes, but changes only his own numbers."""
    client_id = world.romashka.pk
    mixed = make_user(world.romashka, "mixed", "client_user")
    with scope(client=client_id):
        User.objects.filter(pk=mixed.pk).update(rights=["http_login", "view_users", "view_own", "change_own"])
        for owner_id, expected in ((None, 409), (mixed.pk, 200)):
            number = numbers.create_internal(world.admin, client_id, {"digits": str(expected)})
            Number.objects.filter(pk=number.pk).update(owner=owner_id)
            numbers.update_number(world.admin, number.pk, {"name": "Новое"})
            assert undo(browser(mixed), client_id).status_code == expected
            number.refresh_from_db()
            assert number.name == ("Новое" if expected == 409 else "")


def test_settings_of_a_client_and_of_the_exchange(world: World, browser: Callable[[User], Browser]) -> None:
    operator, own = browser(world.admin), world.operator.pk
    with scope(client=world.romashka.pk):
        clients.update_client(world.admin, world.romashka.pk, {"name": "Лютик", "area_code": "812"})
        assert undo(operator, world.romashka.pk).status_code == 200
        world.romashka.refresh_from_db()
        assert (world.romashka.name, world.romashka.area_code) == ("Ромашка", "495")
        faxes.set_fax_email(None, world.romashka.pk, "a@example.org")
        assert undo(operator, world.romashka.pk).status_code == 200
        holiday_actions.add_holiday(None, world.romashka.pk, {"day": date(2027, 1, 1), "name": "Новый год"})
        assert undo(operator, world.romashka.pk).status_code == 200
        assert undo(operator, world.romashka.pk).status_code == 200  # the day is there again
        user_actions.update_user(None, world.plain.pk, {"rights": ["http_login"]})
        shown = operator.get(f"/api/clients/{world.romashka.pk}/audit").json()["items"][0]["changes"]
        assert (shown[0]["label"], shown[0]["after"]) == ("Права", "Вход по HTTP")
        assert undo(operator, world.romashka.pk).status_code == 200
        world.plain.refresh_from_db()
        assert "view_own" in world.plain.rights
    with scope(client=own):
        codes.save_codes(world.admin, {"transfer": "*77"} if "transfer" in digits_of() else {})
        before = digits_of()
        key = next(iter(before))
        codes.save_codes(world.admin, {key: ""})
        assert undo(operator, own).status_code == 200
        assert digits_of() == before
        policy.update_policy(world.admin, {"password_length": 12})
        assert undo(operator, own).status_code == 200
        assert policy.policy().password_length == 8
        fraud_actions.change_settings(world.admin, {"night_calls": 3})
        assert undo(operator, own).status_code == 200
        assert fraud_actions.settings().night_calls == fraud_actions.DEFAULTS.night_calls


def test_every_field_has_a_label_in_both_languages() -> None:
    """What the undoable kinds may record is never shown by its name in the code."""
    unspoken = {"created_at", "last_login", "totp_secret", "totp_step", "recovery_digests", "masks", "secret"}
    unspoken |= {
        "contacts_count",
        "files_count",
        "trusted",
        "failures",
        "error",
        "next_try_at",
        "delivered_at",
    }
    for kind, deed in KINDS.items():
        for field in deed.fields - unspoken:
            if kind == "code" or field.endswith("_cursor"):
                continue
            assert f"field_{field}" in TEXTS, (kind, field)


def test_menu_keys_and_agents_are_told_by_name(world: World, browser: Callable[[User], Browser]) -> None:
    keeper, client_id = browser(world.keeper), world.romashka.pk
    with scope(client=client_id):
        make("voicemenu", client_id)
        shown = {
            row["field"]: row
            for row in keeper.get(f"/api/clients/{client_id}/audit").json()["items"][0]["changes"]
        }
        assert shown["keys"]["after"] == "1 → 100"
        assert MenuKey.objects.count() == 1
        port = Port.objects.get()
        queues.create_queue(None, client_id, {"name": "Приём", "agents": [{"port_id": port.pk}]})
        assert Queue.objects.count() == 1
        row = keeper.get(f"/api/clients/{client_id}/audit").json()["items"][0]
        assert {one["label"]: one["after"] for one in row["changes"]}["Операторы"] == "Линия"
        world.keeper.language = "en"
        world.keeper.save()
        row = keeper.get(f"/api/clients/{client_id}/audit").json()["items"][0]
        assert {one["label"]: one["after"] for one in row["changes"]}["Agents"] == "Линия"
    with scopes_disabled():
        assert AuditEntry.objects.filter(undoes_id__isnull=False).count() == 0
