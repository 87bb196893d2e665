"""The first-user path over the real API: client, number, port, dialplan."""

from typing import Any

from django.test import Client as Browser


def send(browser: Browser, method: str, path: str, body: Any = None) -> Any:
    return getattr(browser, method)(f"/api{path}", body, content_type="application/json")


def test_an_operator_sets_a_client_up(world: Any, browser: Any) -> None:
    operator = browser(world.admin)
    made = send(operator, "post", "/clients", {"name": "Новая компания"})
    assert made.status_code == 201, made.content
    client = f"/clients/{made.json()['id']}"

    number = send(
        operator, "post", f"{client}/numbers/internal", {"digits": "100", "name": "Секретарь"}
    ).json()
    allotted = send(operator, "post", f"{client}/numbers/external", {"number_id": world.free_ids[0]})
    assert allotted.status_code == 201, allotted.content
    assert allotted.json()["display"] == "+7 495 000-00-01"
    port = send(operator, "post", f"{client}/ports", {"name": "Линия 1", "number_id": number["id"]}).json()
    assert len(port["login"]) >= 6
    assert port["clip_display"] == ""
    secret = send(operator, "get", f"{client}/ports/{port['id']}/credentials").json()
    assert secret["login"] == port["login"]
    assert len(secret["password"]) >= 10

    steps = [
        {
            "level": 1,
            "action": {"kind": "port", "port_id": port["id"]},
            "timeout_s": 5,
            "targets": {"no_answer": 2},
            "calendar": {"days": [1, 2, 3, 4, 5], "time_from": "09:30", "time_to": "18:30"},
        },
        {"level": 2, "action": {"kind": "hangup", "cause": 17}},
    ]
    saved = send(
        operator, "put", f"{client}/numbers/{number['id']}/dialplan", {"revision": 0, "steps": steps}
    )
    assert saved.status_code == 200, saved.content
    assert saved.json()["steps"][0]["title"] == "SIP Линия 1"
    assert saved.json()["number"]["summary"] == "SIP Линия 1 +1"
    assert saved.json()["provisioning"]["version"] > 0

    overview = send(operator, "get", f"{client}/overview").json()
    assert overview["numbers"] == {"internal": 1, "external": 1}
    assert send(operator, "get", f"{client}/audit").json()["total"] == 7  # with the client its media package
