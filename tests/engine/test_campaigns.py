"""Telemarketing: the exchange calls contact after contact, and who answers gets the handling number (S197-S207)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.harness.city import City
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for

CITY, SPARE = "127.0.0.80", "127.0.0.81"
CONTACTS = {"Иванов": "74951110001", "Петров": "74951110002"}


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, CITY, SPARE)
    yield made
    made.close()


def test_contacts_are_called_one_after_another(
    city: City, company: Callable[[], Company], free_did: Callable[[], str]
) -> None:
    client = company()
    manager, did = client.line("100"), free_did()
    client.external(did)
    debtors = client.api.post(f"{client.path}/classifiers", {"name": "Должники"})["id"]
    for name, clip in CONTACTS.items():
        client.api.post(f"{client.path}/classifiers/{debtors}/contacts", {"name": name, "clip": f"+{clip}"})
    client.api.post(f"{client.path}/classifiers/{debtors}/contacts", {"name": "Москва", "clip": "+7499*"})
    fields = {"name": "Оповещение", "number_id": manager.number_id, "classifier_ids": [debtors]}
    made = client.api.post(f"{client.path}/campaigns", fields)
    path = f"{client.path}/campaigns/{made['id']}"
    client.wait_active()
    manager.phone.register()

    def state() -> dict[str, Any]:
        return dict(client.api.get(path))

    def results() -> list[tuple[str, str]]:
        return [(row["name"], row["state"]) for row in client.api.get(f"{path}/called")["items"]]

    assert (made["status"], made["total"]) == ("blocked", 0)
    talk, answered = manager.phone.answer(talk_ms=2500), city.first.answer()
    client.api.put(f"{path}/status", {"status": "active"})
    wait_for(lambda: len(client.api.get(f"{client.path}/calls/active")["items"]) > 0, 15)
    assert results() == [("Иванов", "calling"), ("Петров", "waiting")]
    client.api.put(f"{path}/status", {"status": "blocked"})  # the call goes on, no other follows
    talk.wait()
    answered.wait()
    assert f"<sip:{did}@" in answered.messages()
    assert "INVITE sip:74951110001@" in answered.messages()
    wait_for(lambda: results()[0] == ("Иванов", "answered"), 15, lambda: str(results()))
    busy = city.first.refuse("486 Busy Here")
    client.api.put(f"{path}/status", {"status": "active"})
    busy.wait()
    wait_for(lambda: state()["status"] == "finished", 20, lambda: str(state()) + str(results()))
    assert results() == [("Иванов", "answered"), ("Петров", "busy")]
    assert (state()["total"], state()["done"], state()["answered"]) == (2, 2, 1)
    rows = client.calls(2)[::-1]
    assert [row["called"] for row in rows] == [f"+{clip}" for clip in CONTACTS.values()]
    assert {(row["caller"], row["via"], row["direction"]) for row in rows} == {(did, did, "out")}

    # Started again, it calls who did not answer.
    talk, again = manager.phone.answer(talk_ms=500), city.first.answer()
    client.api.put(f"{path}/status", {"status": "active"})
    again.wait()
    talk.wait()
    assert "INVITE sip:74951110002@" in again.messages()
    wait_for(lambda: state()["status"] == "finished", 20, lambda: str(state()) + str(results()))
    assert results() == [("Иванов", "answered"), ("Петров", "answered")]
