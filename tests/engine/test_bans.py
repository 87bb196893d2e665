"""Who guesses at passwords over SIP is no longer answered, until he is let in again; everybody else is."""

import socket
import time
from itertools import count

from tests.harness.instance import Instance, wait_for

GUESSER, NEIGHBOUR = "127.0.0.77", "127.0.0.78"
_calls = count(1)


def register(instance: Instance, address: str) -> str:
    """Try a password of a telephone that does not exist, from this address; the answer's first line."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind((address, 0))
        phone.settimeout(5)
        port, number = phone.getsockname()[1], next(_calls)
        digest = 'username="9999",realm="canmos-ats",nonce="1/2",uri="sip:x",response="0123456789abcdef"'
        lines = [
            f"REGISTER sip:{instance.config.listen}:{instance.config.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bKguess{number}{time.time_ns()}",
            "From: <sip:9999@guess>;tag=1",
            "To: <sip:9999@guess>",
            f"Call-ID: guess-{number}",
            "CSeq: 1 REGISTER",
            f"Contact: <sip:9999@{address}:{port}>",
            f"Authorization: Digest {digest}",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        phone.sendto(
            "\r\n".join([*lines, "", ""]).encode(), (instance.config.listen, instance.config.sip_port)
        )
        return phone.recv(4000).split(b"\r\n", 1)[0].decode()


def test_a_guesser_is_shut_out_and_let_in_again(instance: Instance) -> None:
    api = instance.api
    before = api.get("/system/settings")["bans"]
    api.patch("/system/settings", {"bans": {"sip_failures": 5}})
    try:
        for _ in range(6):
            assert " 401 " in register(instance, GUESSER)
        wait_for(lambda: " 403 " in register(instance, GUESSER), 15)
        assert " 401 " in register(instance, NEIGHBOUR)
        (ban,) = [row for row in api.get("/system/bans")["items"] if row["address"] == GUESSER]
        assert ban["source"] == "sip"
        assert ban["failures"] >= 5
        api.delete(f"/system/bans/{ban['id']}")
        wait_for(lambda: " 401 " in register(instance, GUESSER), 15)
    finally:
        api.patch("/system/settings", {"bans": before})
        for row in api.get("/system/bans")["items"]:
            api.delete(f"/system/bans/{row['id']}")


def test_a_node_tells_what_it_does(instance: Instance) -> None:
    (node,) = instance.api.get("/network")["nodes"]
    assert node["alive"]
    assert node["engine_started_at"]
    assert node["clients"] >= 1
    assert node["failed"] == 0
