"""Where this machine reaches itself, and where others reach it. The launcher reads this, too: no packages here."""

import socket

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - translated, not bound


def own(listen: str) -> str:
    """The address at which this machine reaches what listens at `listen`."""
    return ANY.get(listen, listen)


def reached(listen: str) -> str:
    """The address at which others reach it: for every address, that of the default route; "" without one."""
    if listen not in ANY:
        return listen
    family, far = (socket.AF_INET6, "2001:db8::1") if ":" in listen else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far, 9))  # nothing is sent: the system only picks the source address
            return str(probe.getsockname()[0])
        except OSError:
            return ""
