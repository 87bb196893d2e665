"""What drop-downs offer: a page of each kind, what a search finds, what was chosen before; all of one client."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_scopes import scope

from ats.api import choices
from ats.clients.models import User
from ats.forwarding import actions as forwarding
from ats.media.models import Package, PackageFile
from ats.numbering import actions as numbering
from ats.numbering import pool_actions
from ats.ports import actions as ports
from ats.queues import actions as queues
from tests.unit.world import World

Visit = Callable[[User], Browser]


def asked(browser: Browser, client_id: int, **words: str) -> dict[str, Any]:
    answer = browser.get(f"/api/clients/{client_id}/choices", words)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return {kind: value for kind, value in found.items() if value}


def titles(found: dict[str, Any], kind: str) -> list[str]:
    return [one["title"] for one in found.get(kind, [])]


@pytest.fixture
def furnished(world: World) -> World:
    client = world.romashka
    with scope(client=client.pk):
        for digits in range(200, 205):
            numbering.create_internal(None, client.pk, {"digits": str(digits), "name": f"Номер {digits}"})
        pool_actions.allot(None, client.pk, world.free_ids[0])
        ports.create_port(None, client.pk, {"name": "Стол", "login": "88001"})
        trunk = {"name": "Транк", "connection": "trunk", "remote_host": "192.0.2.1"}
        ports.create_port(None, client.pk, trunk)
        forwarding.create_forwarding(None, client.pk, {"name": "Дача", "digits": "89161112233"})
    with scope(client=world.vega.pk):
        queues.create_queue(None, world.vega.pk, {"name": "Чужая"})
    return world


def test_everything_of_a_small_client_is_there_at_once(furnished: World, browser: Visit) -> None:
    found = asked(browser(furnished.admin), furnished.romashka.pk)
    assert titles(found, "numbers")[-2:] == ["203 Номер 203", "204 Номер 204"]
    assert titles(found, "ports") == ["Стол · 88001"], "a step does not lead to a trunk"
    assert found["ports"][0]["protocol"]
    assert titles(found, "forwardings") == ["Дача · +7 916 111-22-33"]
    assert {"queues", "more", "external", "users"} & set(found) == set(), "another's, or not asked for"
    others = asked(browser(furnished.admin), furnished.romashka.pk, kinds="external,lines,users")
    assert titles(others, "external") == ["+7 495 000-00-01"]
    assert titles(others, "lines") == ["Стол", "Транк"]
    assert set(others) == {"external", "lines", "users"}


def test_more_than_a_page_is_searched_and_what_was_chosen_is_there(
    furnished: World, browser: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "SHOWN", 2)
    admin, client_id = browser(furnished.admin), furnished.romashka.pk
    first = asked(admin, client_id, kinds="numbers,ports")
    assert (len(first["numbers"]), first["more"]) == (2, ["numbers"])
    found = asked(admin, client_id, kinds="numbers", search="204")
    assert titles(found, "numbers") == ["204 Номер 204"]
    assert "more" not in found
    last = found["numbers"][0]["id"]
    chosen = asked(admin, client_id, kinds="numbers,queues", chosen=f"numbers:{last},queues:1,ports:1")
    assert titles(chosen, "numbers") == [*titles(first, "numbers"), "204 Номер 204"]
    assert titles(asked(admin, client_id, kinds="forwardings", search="8 (916) 111-22-33"), "forwardings")
    assert titles(asked(admin, client_id, kinds="pickup_groups", search="7"), "pickup_groups") == []


def test_another_s_things_are_not_chosen(furnished: World, browser: Visit) -> None:
    with scope(client=furnished.vega.pk):
        foreign = queues.create_queue(None, furnished.vega.pk, {"name": "Ещё одна"})
    keeper = browser(furnished.keeper)
    assert asked(keeper, furnished.romashka.pk, kinds="queues", chosen=f"queues:{foreign.pk}") == {}


def test_users_are_for_those_who_see_them(furnished: World, browser: Visit) -> None:
    plain = browser(furnished.plain)
    assert asked(plain, furnished.romashka.pk, kinds="users") == {}
    assert titles(asked(browser(furnished.keeper), furnished.romashka.pk, kinds="users"), "users")


@pytest.mark.parametrize(
    "words", [{"kinds": "doors"}, {"kinds": "ports,"}, {"chosen": "doors:1"}, {"chosen": "ports:x"}]
)
def test_what_is_no_kind_is_refused(furnished: World, browser: Visit, words: dict[str, str]) -> None:
    answer = browser(furnished.admin).get(f"/api/clients/{furnished.romashka.pk}/choices", words)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == set(words)


def test_trunks_and_files_of_packages_are_searched_at_the_server(
    furnished: World, browser: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "SHOWN", 2)
    client = furnished.romashka
    with scope(client=client.pk):
        package = Package.objects.create(client=client, name="Музыка")
        for name in ("Вальс", "Марш", "Туш"):
            PackageFile.objects.create(package=package, name=name)
    with scope(client=furnished.vega.pk):
        foreign = Package.objects.create(client=furnished.vega, name="Музыка")
        PackageFile.objects.create(package=foreign, name="Туш")
    keeper = browser(furnished.keeper)
    found = asked(keeper, client.pk, kinds="package_files,trunks")
    assert titles(found, "package_files") == ["Вальс · Музыка", "Марш · Музыка"]
    assert found["more"] == ["package_files"]
    assert titles(found, "trunks") == ["Транк"]
    for text in ("туш", "ТУШ"):
        assert titles(asked(keeper, client.pk, kinds="package_files", search=text), "package_files") == [
            "Туш · Музыка"
        ]
    assert len(titles(asked(keeper, client.pk, kinds="package_files", search="музыка"), "package_files")) == 2
    assert titles(asked(keeper, client.pk, kinds="trunks", search="192.0.2"), "trunks") == ["Транк"]
