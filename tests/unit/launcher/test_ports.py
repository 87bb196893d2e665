"""Ports: what is taken is seen, named, and the way out is said."""

import socket
from pathlib import Path

import pytest

from ats.config import PORT_FIELDS, Config
from launcher import ports

TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0
"""


def test_only_listeners_count_for_tcp() -> None:
    assert ports.inodes_of(TABLE, 8080, "tcp") == {"4711"}
    assert ports.inodes_of(TABLE, 8080, "udp") == {"4711", "4712"}
    assert ports.inodes_of(TABLE, 8081, "tcp") == set()


@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_a_taken_port_is_named_with_its_owner(kind: str, tmp_path: Path) -> None:
    flavour = socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, flavour) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind == "tcp":
            holder.listen(1)
        port = holder.getsockname()[1]
        key = "ami_port" if kind == "tcp" else "iax_port"
        config = Config(home=tmp_path, tools=tmp_path, **{**_free(), key: port})
        busy = ports.busy_ports(config)
    assert [one.wanted.port for one in busy] == [port]
    assert "pid" in busy[0].owner
    assert f"--{key.replace('_', '-')}" in busy[0].text()
    assert ports.busy_ports(config) == []


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    config = Config(home=tmp_path, tools=tmp_path, listen="192.0.2.1", **_free())
    reasons = {one.reason for one in ports.busy_ports(config)}
    assert reasons == {"Cannot assign requested address"}


def _free() -> dict[str, int]:
    """Ports that nobody holds now, one for each purpose."""
    held = []
    for _ in PORT_FIELDS:
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        held.append(probe)
    numbers = [probe.getsockname()[1] for probe in held]
    for probe in held:
        probe.close()
    return dict(zip(PORT_FIELDS, numbers, strict=True))
