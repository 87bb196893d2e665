"""«Передача видео» (S142): pictures go through the exchange where both ports may, and nowhere else."""

import re
import socket
import struct
from collections.abc import Callable

import pytest

from tests.harness.company import Company
from tests.harness.instance import wait_for

PICTURE = b"A picture of 100"


@pytest.mark.parametrize(("mine", "theirs"), [(True, True), (False, True), (True, False)])
def test_a_picture_goes_where_both_may(company: Callable[[], Company], mine: bool, theirs: bool) -> None:
    client = company()
    first = client.line("100", extras={"video": mine}, media_through_server=True)
    second = client.line("101", extras={"video": theirs}, media_through_server=True)
    client.wait_active()
    with socket.socket(type=socket.SOCK_DGRAM) as camera, socket.socket(type=socket.SOCK_DGRAM) as screen:
        for line, at in ((first, camera), (second, screen)):
            at.bind(("127.0.0.1", 0))
            line.phone.camera_port = at.getsockname()[1] if line is first or theirs else None
            line.phone.register()
        talk = second.phone.answer()
        call = first.phone.start_call("101", talk_ms=4000)
        wait_for(lambda: "SIP/2.0 200 OK" in call.messages(), 15, call.messages)
        answer = re.search(r"m=video (\d+)", call.messages().partition("SIP/2.0 200 OK")[2])
        port = int(answer[1]) if answer else 0
        if mine:
            _film(camera, port)
        came = _comes(screen)
        call.wait()
        talk.wait()
    offered = re.findall(r"m=video ([1-9]\d*)", talk.messages().partition("SIP/2.0 200 OK")[0])
    assert (came, bool(offered), port != 0) == (mine and theirs, mine and theirs, mine)


def _film(camera: socket.socket, port: int) -> None:
    """Sends a second of pictures as RTP (RFC 3550), payload type 99."""
    for number in range(25):
        header = struct.pack("!BBHII", 0x80, 99, number, number * 3600, 1)
        camera.sendto(header + PICTURE, ("127.0.0.1", port))


def _comes(screen: socket.socket) -> bool:
    screen.settimeout(1.5)
    try:
        while PICTURE not in screen.recv(2048):
            pass
    except TimeoutError:
        return False
    return True
