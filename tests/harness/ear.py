"""The sound of a SIPp phone: it says a tone to whom the other side's SDP names, keeps what it hears, presses keys.

G.711 A-law; keys by RFC 4733, or as two tones in the sound itself (ITU-T Q.23).
"""

import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

RATE = 8000
_PACKET = RATE // 50  # samples in 20 ms
_HEADER = 12  # bytes of an RTP header without extensions
_EVENTS = "0123456789*#"  # RFC 4733: the number of a key is its place
_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477)  # Hz; where a key stands on the telephone
_PLACES = "123456789*0#"
_KEY_PACKETS = 6
_AUDIO = re.compile(r"c=IN IP4 ([0-9.]+)\s.*?m=audio (\d+)", re.DOTALL)


def _decoded() -> npt.NDArray[np.int16]:
    """The linear value of each A-law byte (ITU-T G.711)."""
    values = []
    for byte in range(256):
        code = byte ^ 0x55
        segment, step = code >> 4 & 7, code & 15
        size = (step << 4) + 8 if segment == 0 else ((step << 4) + 264) << segment - 1
        values.append(size if code & 0x80 else -size)
    return np.array(values, dtype=np.int16)


_LINEAR = _decoded()
_ORDER = np.argsort(_LINEAR)


def _encoded(samples: npt.NDArray[np.float64]) -> bytes:
    at = np.clip(np.searchsorted(_LINEAR[_ORDER], samples), 0, 255)
    return bytes(_ORDER[at].astype(np.uint8))


def _two_tones(key: str) -> bytes:
    row, column = divmod(_PLACES.index(key), 3)
    at = 2 * np.pi * np.arange(_KEY_PACKETS * _PACKET) / RATE
    return _encoded(8000 * (np.sin(_ROWS[row] * at) + np.sin(_COLUMNS[column] * at)))


class Ear:
    """`messages` gives the SIP messages so far, in which the other side's address is found. Close it in the end.

    `keys` are pressed once there is somebody to talk to; a comma is a second of patience. `in_sound`: as tones.
    """

    def __init__(self, ip: str, hertz: float, keys: str = "", *, in_sound: bool = False) -> None:
        self._keys = keys
        self._in_sound = in_sound
        self._socket = _bound(ip)
        self._socket.settimeout(0.02)
        self.port: int = self._socket.getsockname()[1]
        self._messages: Callable[[], str] = str
        self._heard: list[bytes] = []
        self._open = True
        wave = 8000 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)  # a whole second: no seam
        self._tone = _encoded(wave)
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._listen, self._speak)]

    def begin(self, messages: Callable[[], str]) -> None:
        self._messages = messages
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._open = False
        for thread in self._threads:
            if thread.is_alive():
                thread.join(2)
        self._socket.close()

    def heard(self) -> npt.NDArray[np.int16]:
        """Every sample that came, in order."""
        return _LINEAR[np.frombuffer(b"".join(self._heard), dtype=np.uint8)]

    def _listen(self) -> None:
        while self._open:
            try:
                packet = self._socket.recv(2048)
            except TimeoutError:
                continue
            if len(packet) > _HEADER and packet[1] & 0x7F == 8:
                self._heard.append(packet[_HEADER:])

    def _speak(self) -> None:
        target = self._target()
        begun = time.monotonic()
        for number, (kind, at, payload) in enumerate(self._packets()):
            if not self._open or target is None:
                break
            head = bytes((0x80, kind)) + (number & 0xFFFF).to_bytes(2, "big") + at.to_bytes(4, "big")
            self._socket.sendto(head + b"\0\0\0\7" + payload, target)
            time.sleep(max(0.0, begun + (number + 1) / 50 - time.monotonic()))

    def _packets(self) -> Iterator[tuple[int, int, bytes]]:
        """Type, time and content of a packet every 20 ms: sound, and between it the keys."""
        at, waits, keys = 0, 0, list(self._keys)
        while True:
            if keys and not waits:
                key = keys.pop(0)
                if key != "," and self._in_sound:
                    tones_of_it = _two_tones(key)
                    for part in range(_KEY_PACKETS):
                        yield 8, at, tones_of_it[part * _PACKET : (part + 1) * _PACKET]
                        at += _PACKET
                elif key != ",":
                    event = _EVENTS.index(key)
                    for part in range(8):
                        length, last = (min(part, 5) + 1) * _PACKET, 0x80 if part >= 5 else 0
                        mark = 0x80 if part == 0 else 0
                        yield mark | 101, at, bytes((event, last | 10)) + length.to_bytes(2, "big")
                    at += 8 * _PACKET
                waits = 50 if key == "," else 10
            waits = max(0, waits - 1)
            start = at % RATE
            yield 8, at, self._tone[start : start + _PACKET]
            at += _PACKET

    def _target(self) -> tuple[str, int] | None:
        """Where the other side listens, once it has said so; None when that never was."""
        while self._open:
            for ip, port in _AUDIO.findall(self._messages()):
                if int(port) not in (0, self.port):
                    return ip, int(port)
            time.sleep(0.05)
        return None


def _bound(ip: str) -> socket.socket:
    """On a port that the kernel gives to nobody by itself: telephones have chosen theirs, and do not listen yet."""
    while True:
        found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            found.bind((ip, random.randrange(4000, 11000, 2)))
        except OSError:
            found.close()
        else:
            return found


def tones(samples: npt.NDArray[np.int16], rate: int = RATE) -> list[int]:
    """What was heard, in order: the strongest frequency in Hz of each tenth of a second, without silence.

    The same in a row stands once; what was heard for a single tenth only is left out.
    """
    size = rate // 10
    found: list[int] = []
    for start in range(0, len(samples) - size + 1, size):
        part = samples[start : start + size].astype(float)
        if float(np.sqrt(np.mean(part**2))) < 200:
            found.append(0)
            continue
        spectrum = np.abs(np.fft.rfft(part * np.hanning(size), size * 8))
        found.append(round(float(np.argmax(spectrum)) * rate / (size * 8)))
    steady = [one for one, after in pairwise(found) if abs(one - after) <= _NEAR]
    kept: list[int] = []
    for hertz in steady:
        if not kept or abs(kept[-1] - hertz) > _NEAR:
            kept.append(hertz)
    return [hertz for hertz in kept if hertz]


def is_loud(samples: npt.NDArray[np.int16]) -> bool:
    """Whether anything was heard at all: speech holds no tone for long."""
    return len(samples) > 0 and float(np.max(np.abs(samples.astype(float)))) > 1000


def likeness(samples: npt.NDArray[np.int16], spoken: npt.NDArray[np.int16]) -> float:
    """How much of what was heard is these spoken words, wherever they began: 1 for the words themselves.

    Their middle is looked for: the first and the last packets may be missing.
    """
    quarter = len(spoken) // 4
    heard, words = samples.astype(float), spoken[quarter:-quarter].astype(float)
    if len(heard) < len(words):
        return 0.0
    size = len(heard) + len(words)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(words, size)), size)
    product = product[: len(heard) - len(words) + 1]
    sums = np.concatenate(([0.0], np.cumsum(heard**2)))
    energy = sums[len(words) :] - sums[: len(heard) - len(words) + 1]
    return float(np.max(product / np.sqrt(np.maximum(energy, 1.0) * np.sum(words**2))))


_NEAR = 12  # Hz
