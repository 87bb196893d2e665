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
        self.first, self.second = self._switch(first_ip), self._switch(second_ip)
        operator = instance.operator_id()
        self.operator = operator
        self.trunks = [self._trunk(operator, switch) for switch in (self.first, self.second)]
        self.route = instance.api.post("/routes", {"prefix": "", "trunk_ids": self.trunks})["id"]
        instance.wait_active(operator)

    def close(self) -> None:
        """Take the route and the trunks away again."""
        self.instance.api.delete(f"/routes/{self.route}")
        for trunk in self.trunks:
            self.instance.api.delete(f"/clients/{self.operator}/ports/{trunk}")

    def _switch(self, ip: str) -> SipPhone:
        return SipPhone(self.instance.config.sip_port, "switch", None, ip=ip)

    def _trunk(self, operator: int, switch: SipPhone) -> int:
        fields: dict[str, Any] = {
            "name": f"Транк {switch.ip}",
            "connection": "trunk",
            "remote_host": switch.ip,
            "remote_port": switch.port,
            "networks": [f"{switch.ip}/32"],
        }
        return int(self.instance.api.post(f"/clients/{operator}/ports", fields)["id"])
