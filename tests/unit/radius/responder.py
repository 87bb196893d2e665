"""A small RADIUS server on loopback: keeps what it is asked, answers as it is told. The engine tests use FreeRADIUS."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from pyrad import packet
from pyrad.dictionary import Dictionary

import ats.radius

SECRET = "Radius-secret-71"
WORDS = Dictionary(str(Path(ats.radius.__file__).with_name("dictionary")))
Say = Callable[[packet.Packet], dict[str, Any] | None]  # attributes of the answer and `code`; None: silence


class Responder:
    """Answers on one port, questions and records alike; `say` decides."""

    def __init__(self, say: Say, secret: str = SECRET) -> None:
        self.got: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self._say = say
        self._secret = secret.encode()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, address = self._socket.recvfrom(4096)
            if not data:
                return
            made = packet.AcctPacket if data[0] == packet.AccountingRequest else packet.AuthPacket
            asked = made(packet=data, secret=self._secret, dict=WORDS)
            self.raw.append(data)
            names = [name for name in asked.keys() if isinstance(name, str)]  # noqa: SIM118  decodes them
            self.got.append({name: asked[name][0] for name in names})
            said = self._say(asked)
            if said is not None:
                answer = asked.CreateReply()
                answer.code = said.pop("code")
                for name, value in said.items():
                    answer.AddAttribute(name, value)
                self._socket.sendto(answer.ReplyPacket(), address)
