"""Callers who hang up in the middle of whatever asks them something: no line, no channel and no half file is left."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_limits import limit
from tests.harness.byhand import HandPhone, Talk
from tests.harness.city import City
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.sounds import tone_bytes

New = Callable[[], Company]
Did = Callable[[], str]
CITY = "127.0.0.110"
CALLER = "79161234567"


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    """Whose switch tells keys by SIP INFO."""
    made = City(instance, CITY, "127.0.0.111")
    instance.api.patch(f"/clients/{made.operator}/ports/{made.trunks[0]}", {"dtmf": "info"})
    instance.wait_active(made.operator)
    yield made
    made.close()


def opened(client: Company) -> set[str]:
    """Names of the files the engine reads or writes at this moment."""
    return {file.name for file in client.instance.engines_files()}


def until(client: Company, talk: Talk, moment: str) -> None:
    """Words of a moment: `«x»` waits until a file of that name is played or written, `App` until the engine is in that
    application, anything else is pressed."""
    for word in moment.split():
        if word.isalpha():
            wait_for(
                lambda app=word: f"!{app}!" in client.instance.engine("core show channels concise"),  # type: ignore[misc]
                20,
                lambda: f"{moment}: {client.instance.engine('core show channels concise')}",
            )
        elif word.startswith("«"):
            name = word.strip("«»")
            wait_for(
                lambda name=name: any(name in one for one in opened(client)),  # type: ignore[misc]
                20,
                lambda: f"{moment}: {opened(client)}",
            )
        else:
            talk.press(word)


def nobody_is_there(client: Company) -> None:
    """No channel, and no call counted in anybody's line."""
    engine = client.instance.engine
    wait_for(
        lambda: engine("core show channels concise").strip() == "", 10, lambda: engine("core show channels")
    )
    assert "PJSIP/" not in engine("group show channels")


def test_hanging_up_at_every_moment_leaves_nothing_behind(
    instance: Instance, city: City, company: New, free_did: Did
) -> None:
    """The client has one line, and so has every step: who was not quite gone would keep the next caller out."""
    client, api = company(), instance.api
    inside = client.line("100", dtmf="info")
    agent = client.line("101")
    greeting = api.upload(f"{client.path}/sounds", {"name": "Скажите"}, "x.wav", tone_bytes(700, 1))["id"]
    box = api.post(
        f"{client.path}/mailboxes", {"name": "Ящик", "box": "110", "pin": "4321", "greeting_id": greeting}
    )
    queue = {
        "name": "Приём",
        "agents": [{"port_id": agent.port_id}],
        "announce_place": True,
        "announce_every_s": 10,
    }
    queue_id = (made := api.post(f"{client.path}/queues", queue))["id"]
    room = api.post(f"{client.path}/conferences", {"name": "Совет", "pin": "4719", "record": True})
    menu = api.post(f"{client.path}/menus", {"name": "Меню", "wait_s": 5, "extension_dial": True})
    kinds: dict[str, dict[str, Any]] = {
        "mailbox": {"mailbox_id": box["id"]},
        "conference": {"conference_id": room["id"]},
        "menu": {"menu_id": menu["id"]},
        "queue": {"queue_id": queue_id},
        "fax": {},
        "pin": {},
    }
    dids = {kind: free_did() for kind in kinds}
    for kind, fields in kinds.items():
        one = {
            **step(1, {"kind": kind, **fields}, after_answer=2, no_route=2, no_answer=2, busy=2),
            "limits": {"lines": 1},
            "extras": {"record": kind in ("menu", "queue")},
        }
        steps = [one, step(2, {"kind": "hangup", "cause": 17})]
        client.dialplan(client.external(dids[kind]), steps)
    user = {
        "login": f"remote{client.id}",
        "password": "Кот-и-телефон-7",
        "rights": ["http_login", "view_own", "pin"],
    }
    api.post(f"{client.path}/users", user)
    limit(client, "client", client.id, lines_in=1, lines_all=1)
    agent.phone.register()  # a queue nobody is logged in to would not keep him waiting
    api.post(f"{client.path}/queues/{queue_id}/agents/{made['agents'][0]['id']}", {"order": "pause"})
    client.wait_active()
    outside = (
        ("mailbox", f"«{greeting}.»"),
        ("mailbox", "«vm~»"),
        ("conference", "«conf-getpin»"),
        ("conference", "«conf-getpin» 47"),
        ("conference", "«conf-getpin» 1111# «conf-invalidpin»"),
        ("conference", "«conf-getpin» 4719# «-c»"),
        ("menu", ""),
        ("menu", "1"),
        ("fax", ""),
        ("fax", "ReceiveFAX"),
        ("pin", "«vm-password» 12"),
        ("pin", "«vm-password» 12# «vm-incorrect»"),
    )
    port = instance.config.sip_port
    with (
        closing(HandPhone(port, CALLER, None, ip=CITY)) as switch,
        closing(HandPhone(port, inside.phone.login, PASSWORD)) as phone,
    ):
        for kind, moment in outside:
            talk = switch.call(dids[kind]).talking()
            until(client, talk, moment)
            talk.hang_up()
            nobody_is_there(client)
        talk = switch.call(dids["queue"])
        until(client, talk, "«queue-»")
        talk.request("CANCEL")
        assert talk.refused() == 487
        nobody_is_there(client)
        phone.register()
        for moment in (
            "«vm-login» 11",
            "«vm-login» 110# «vm-password» 43",
            "«vm-login» 110# «vm-password» 43# «vm-inc»",
        ):
            talk = phone.call("*97").talking()
            until(client, talk, moment)
            talk.hang_up()
            nobody_is_there(client)
    count = len(outside) + 4
    rows = client.calls(count)
    assert len(rows) == count
    assert [row["result"] for row in reversed(rows)] == ["answered"] * len(outside) + ["cancelled"] + [
        "answered"
    ] * 3
    for row in rows:
        card = client.card(row["id"])
        assert [item["via"] for item in card["path"] if item["via"]] == [], card["path"]  # nobody went on
        assert row["cause"] == 16, row
    assert api.get(f"{client.path}/mailboxes/{box['id']}/messages")["total"] == 0
    config = instance.config

    def unfinished() -> list[Path]:
        return [*config.incoming_dir.iterdir(), *config.recordings_dir.glob(f"new/{client.id}/*")]

    # A message without a single sample of sound looks like one that has just begun, for half a minute.
    wait_for(lambda: unfinished() == [], 45, lambda: str(unfinished()))
