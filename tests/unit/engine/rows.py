"""Ports as the engine's rooms get them, for tests."""

from typing import Any

from ats.ports.queries import EndpointRow


def port(**changes: Any) -> EndpointRow:
    """A subscriber's port of client 17; `changes` are fields of EndpointRow."""
    values: dict[str, Any] = {
        "port_id": 33,
        "client_id": 17,
        "client_is_operator": False,
        "language": "ru",
        "endpoint": "170001",
        "is_trunk": False,
        "login": "170001",
        "password": "Secret-12345",
        "caller_number": "100",
        "caller_name": "Приёмная",
        "clip": "74951234567",
        "webrtc": False,
        "pickup_group_id": None,
        "may_be_picked_up": True,
        "line_number_id": None,
        "nat": False,
        "media_through_server": True,
        "dtmf": "rfc4733",
        "networks": (),
        "max_contacts": 1,
        "remote_host": "",
        "remote_port": 5060,
        "remote_login": "",
        "remote_domain": "",
        "register": False,
        "number_format": "e164",
    }
    return EndpointRow(**(values | changes))


def trunk(**changes: Any) -> EndpointRow:
    """A trunk of the operator at 192.0.2.7."""
    values: dict[str, Any] = {
        "endpoint": "t33",
        "is_trunk": True,
        "client_is_operator": True,
        "login": "",
        "caller_number": "",
        "caller_name": "",
        "remote_host": "192.0.2.7",
    }
    return port(**(values | changes))
