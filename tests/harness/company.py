"""A client made through the real API, as an operator would make it: numbers, ports, dialplans."""

from dataclasses import dataclass
from typing import Any

from tests.harness.api import Api
from tests.harness.instance import Instance
from tests.harness.phones import SipPhone

ALWAYS = {
    "days": [1, 2, 3, 4, 5, 6, 7],
    "time_from": "00:00",
    "time_to": "24:00",
    "date_from": None,
    "date_to": None,
}
NO_TARGETS = {"forward": None, "after_answer": None, "no_answer": None, "busy": None, "no_route": None}
PASSWORD = "Test-phone-7301"


@dataclass(frozen=True)
class Line:
    """An internal number with its port and a phone for it (not registered yet)."""

    digits: str
    number_id: int
    port_id: int
    phone: SipPhone


def step(level: int, action: dict[str, Any], timeout_s: int | None = None, **targets: int) -> dict[str, Any]:
    """One step as the API takes it; targets by name, e.g. `no_answer=2`."""
    return {
        "id": None,
        "level": level,
        "action": action,
        "timeout_s": timeout_s,
        "targets": {**NO_TARGETS, **targets},
        "calendar": ALWAYS,
        "x": None,
        "y": None,
    }


class Company:
    """A client of an instance."""

    def __init__(self, instance: Instance, name: str, **fields: Any) -> None:
        self.instance = instance
        self.api: Api = instance.api
        self.id: int = self.api.post("/clients", {"name": name, **fields})["id"]
        self.path = f"/clients/{self.id}"

    def number(self, digits: str) -> int:
        return int(self.api.post(f"{self.path}/numbers/internal", {"digits": digits})["id"])

    def external(self, digits: str) -> int:
        """Puts a number into the operator's pool and allots it to this client."""
        self.api.post("/pool/numbers", {"digits": digits})
        free = self.api.get(f"{self.path}/numbers/external/free?search={digits[-7:]}")
        chosen = next(item for item in free["items"] if item["digits"] == digits)
        return int(self.api.post(f"{self.path}/numbers/external", {"number_id": chosen["id"]})["id"])

    def port(self, name: str, **fields: Any) -> dict[str, Any]:
        """A subscriber port with a known password unless `fields` say otherwise."""
        values = {"name": name, "connection": "subscriber", "password": PASSWORD, **fields}
        if values["connection"] == "subscriber" and "login" not in values:
            values["login"] = self.api.get(f"{self.path}/ports/login-suggestion")["login"]
        made: dict[str, Any] = self.api.post(f"{self.path}/ports", values)
        return made

    def line(self, digits: str, *, timeout_s: int | None = None, **port: Any) -> Line:
        """Number + port + a dialplan of one step that rings the port (worked example 1, S108)."""
        number_id = self.number(digits)
        made = self.port(f"Линия {digits}", number_id=number_id, **port)
        self.dialplan(number_id, [step(1, {"kind": "port", "port_id": made["id"]}, timeout_s)])
        phone = SipPhone(self.instance.config.sip_port, made["login"], PASSWORD)
        return Line(digits, number_id, int(made["id"]), phone)

    def dialplan(self, number_id: int, steps: list[dict[str, Any]]) -> dict[str, Any]:
        """Saves a number's dialplan over whatever it was."""
        path = f"{self.path}/numbers/{number_id}/dialplan"
        revision = self.api.get(path)["revision"]
        saved: dict[str, Any] = self.api.put(path, {"revision": revision, "steps": steps})
        return saved

    def wait_active(self) -> None:
        self.instance.wait_active(self.id)

    def calls(self, count: int, timeout: float = 10) -> list[dict[str, Any]]:
        """Call detail, newest first, once there are `count` rows."""
        return self.instance.calls(self.id, count, timeout)

    def card(self, call_id: int) -> dict[str, Any]:
        card: dict[str, Any] = self.api.get(f"{self.path}/calls/{call_id}")
        return card
