"""Search over everything of a client (⌘K): what is found, by whom, how much of it."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from ats.classifiers import actions as classifiers
from ats.clients.models import User
from ats.forwarding import actions as forwarding
from ats.mailboxes import actions as mailboxes
from ats.menus import actions as menus
from ats.numbering import actions as numbering
from ats.numbering import pool_actions
from ats.ports import actions as ports
from ats.queues import actions as queues
from tests.unit.world import World

Visit = Callable[[User], Browser]


def furnish(world: World) -> None:
    """«Ромашка» and «Вега» have one of each kind under the same name; «Ромашка» also many numbers."""
    for client in (world.romashka, world.vega):
        with scope(client=client.pk):
            number = numbering.create_internal(None, client.pk, {"digits": "700", "name": "Приёмная"})
            ports.create_port(None, client.pk, {"name": "Приёмная", "number_id": number.pk})
            queues.create_queue(None, client.pk, {"name": "Приёмная"})
            keys = [{"key": "1", "number_id": number.pk}]
            menus.create_menu(None, client.pk, {"name": "Приёмная", "keys": keys})
            forwarding.create_forwarding(None, client.pk, {"name": "Приёмная", "digits": "89161112233"})
            classifiers.create_classifier(None, client.pk, {"name": "Приёмная"})
            mailboxes.create_mailbox(None, client.pk, {"name": "Приёмная", "box": "70"})
    with scope(client=world.romashka.pk):
        for digits in range(710, 720):
            numbering.create_internal(None, world.romashka.pk, {"digits": str(digits)})
        pool_actions.allot(None, world.romashka.pk, world.free_ids[0])


def search(browser: Browser, client_id: int, text: str) -> list[tuple[str, str]]:
    answer = browser.get(f"/api/clients/{client_id}/search", {"q": text})
    assert answer.status_code == 200, answer.content
    return [(item["kind"], item["title"]) for item in answer.json()["items"]]


def test_one_of_each_kind_whatever_the_case_and_only_of_this_client(world: Any, browser: Visit) -> None:
    furnish(world)
    found = search(browser(world.keeper), world.romashka.pk, "приЁМ")
    kinds = ["number", "port", "queue", "menu", "forwarding", "classifier", "mailbox"]
    assert [kind for kind, _ in found] == kinds
    assert found[0] == ("number", "700")
    assert ("user", "keeper") in search(browser(world.keeper), world.romashka.pk, "KEEP")
    assert search(browser(world.keeper), world.romashka.pk, "vega") == []
    assert search(browser(world.keeper), world.romashka.pk, "Вега") == []
    assert search(browser(world.keeper), world.romashka.pk, " ") == []


def test_a_number_is_found_in_any_writing(world: Any, browser: Visit) -> None:
    furnish(world)
    keeper = browser(world.keeper)
    for text in ("8 (495) 000-00-01", "+74950000001", "000-00-01", "7495 000"):
        assert search(keeper, world.romashka.pk, text) == [("number", "+7 495 000-00-01")], text
    assert search(keeper, world.romashka.pk, "8 916 111-22-33") == [("forwarding", "Приёмная")]


def test_at_most_five_of_a_kind(world: Any, browser: Visit) -> None:
    furnish(world)
    found = search(browser(world.keeper), world.romashka.pk, "71")
    assert found == [("number", str(digits)) for digits in range(710, 715)]


def test_clients_are_for_those_who_see_them(world: Any, browser: Visit) -> None:
    assert search(browser(world.admin), world.operator.pk, "вега") == [("client", "Вега")]
    assert search(browser(world.keeper), world.romashka.pk, "ромашка") == []


def test_a_plain_user_finds_only_what_is_his(world: Any, browser: Visit) -> None:
    furnish(world)
    with scope(client=world.romashka.pk):
        numbering.create_internal(
            None, world.romashka.pk, {"digits": "790", "name": "Приёмная", "owner_id": world.plain.pk}
        )
    plain = browser(world.plain)
    assert search(plain, world.romashka.pk, "приёмная") == [("number", "790")]
    assert search(plain, world.romashka.pk, "keeper") == []


def test_hostile_questions(world: Any, browser: Visit) -> None:
    furnish(world)
    keeper = browser(world.keeper)
    for text in ("%", "_", "' OR 1=1 --", "\\", "\x00", "((", "9" * 100):
        assert search(keeper, world.romashka.pk, text) == []
    assert keeper.get(f"/api/clients/{world.romashka.pk}/search", {"q": "x" * 101}).status_code == 422


def test_its_budget_of_queries(world: Any, browser: Visit) -> None:
    furnish(world)
    admin = browser(world.admin)
    # A process asks once whether there is an index, and notes once a minute that a session is in use.
    search(admin, world.romashka.pk, "7")
    with CaptureQueriesContext(connection) as asked:
        search(admin, world.romashka.pk, "7")
    assert len(asked) <= 12  # session, user with its client, the client and nine kinds
