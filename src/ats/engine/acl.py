"""The addresses that the engine does not listen to (`acl.conf`): a list loaded again without touching anything else."""

from collections.abc import Iterable
from ipaddress import ip_address

NAME = "ats-bans"
# The engine takes a list that does not exist for one that refuses everybody: it is never empty. (RFC 5737)
_NOBODY = "192.0.2.255"

PJSIP = f"""
[bans]
type=acl
acl={NAME}
"""


def acl_conf(addresses: Iterable[str]) -> str:
    """The list itself; addresses in the form `ipaddress` writes."""
    lines = [f"[{NAME}]"]
    for address in (_NOBODY, *addresses):
        found = ip_address(address)
        mask = "255.255.255.255" if found.version == 4 else "128"
        lines.append(f"deny={found}/{mask}")
    return "\n".join(lines) + "\n"
