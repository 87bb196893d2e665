"""The city: other operators' switches, by which calls come in and go out."""

from typing import Any

from tests.harness.instance import Instance
from tests.harness.phones import SipPhone


class City:
    """Two switches of the operator's partners, as trunks of the operator's client, and a route to everywhere.

    They live at loopback addresses of their own: an address decides whose trunk a call comes by.
    """

    def __init__(self, instance: Instance, first_ip: str, second_ip: str) -> None:
        self.instance = instance
        self.first, self.second = self.switch(first_ip), self.switch(second_ip)
        operator = instance.operator_id()
        self.operator = operator
        self.trunks: list[int] = []
        for switch in (self.first, self.second):
            self.trunk(switch)
        self._routes: list[int] = []
        self.lead("", *self.trunks)
        instance.wait_active(operator)

    def lead(self, prefix: str, *trunks: int) -> None:
        """Calls to numbers that begin so go by these trunks."""
        route = self.instance.api.post("/routes", {"prefix": prefix, "trunk_ids": list(trunks)})
        self._routes.append(route["id"])

    def close(self) -> None:
        """Take the routes and the trunks away again."""
        for route in self._routes:
            self.instance.api.delete(f"/routes/{route}")
        for trunk in self.trunks:
            self.instance.api.delete(f"/clients/{self.operator}/ports/{trunk}")

    def switch(self, ip: str) -> SipPhone:
        """A switch at an address of the loopback, which nobody knows yet."""
        return SipPhone(self.instance.config.sip_port, "switch", None, ip=ip)

    def trunk(self, switch: SipPhone) -> int:
        """Makes it a trunk of the operator."""
        fields: dict[str, Any] = {
            "name": f"Транк {switch.ip}",
            "connection": "trunk",
            "remote_host": switch.ip,
            "remote_port": switch.port,
            "networks": [f"{switch.ip}/32"],
        }
        made = int(self.instance.api.post(f"/clients/{self.operator}/ports", fields)["id"])
        self.trunks.append(made)
        return made
