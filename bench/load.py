"""SIPp as load: one phone that answers everything, one that calls at a steady rate. Bounded in count and time."""

import csv
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.harness import scratch, sipp
from tests.harness.phones import SipPhone
from tests.harness.ports import free_port


@dataclass(frozen=True)
class Outcome:
    """What SIPp counted. `response_ms`: mean time from INVITE to ringing."""

    made: int
    good: int
    failed: int
    seconds: float


class Callee:
    """A registered phone that answers every call at once and waits for BYE. Use as a context manager."""

    def __init__(self, server_port: int, login: str, password: str) -> None:
        self.phone = SipPhone(server_port, login, password)
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = scratch.folder("callee")

    def __enter__(self) -> "Callee":
        self.phone.register(expires=3600)
        file = self._folder / "answer.xml"
        file.write_text(sipp.ringing(ring_ms=1))
        self._process = subprocess.Popen(
            ["sipp", "-sf", str(file), "-i", "127.0.0.1", "-p", str(self.phone.port), "-nostdin",
             "-timeout", "900", "-rtp_echo"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def answering(phone: SipPhone) -> Iterator[None]:
    """Another operator's switch that answers every call at once."""
    file = scratch.folder("city") / "answer.xml"
    file.write_text(sipp.ringing(ring_ms=1))
    process = subprocess.Popen(
        ["sipp", "-sf", str(file), "-i", phone.ip, "-p", str(phone.port), "-nostdin", "-timeout", "900", "-rtp_echo"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        process.wait()


def run(
    server_port: int,
    login: str,
    password: str,
    number: str,
    *,
    rate: float,
    calls: int,
    talk_ms: int = 1000,
) -> Outcome:
    """Places `calls` calls at `rate` a second and waits until all are over (60 s more at most)."""
    folder = scratch.folder("load")
    file = folder / "call.xml"
    file.write_text(sipp.call(login, password, talk_ms=talk_ms))
    statistics = folder / "statistics.csv"
    limit = int(calls / rate + talk_ms / 1000 + 60)
    done = subprocess.run(
        ["sipp", f"127.0.0.1:{server_port}", "-sf", str(file), "-s", number, "-i", "127.0.0.1",
         "-p", str(free_port()), "-r", str(rate), "-m", str(calls), "-l", "4000", "-nostdin",
         "-timeout", str(limit), "-trace_stat", "-stf", str(statistics), "-fd", "1",
         "-recv_timeout", "20000"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        timeout=limit + 30,
    )  # fmt: skip
    if not statistics.exists():
        raise RuntimeError(f"SIPp did not start: {done.stderr.decode()[-500:]}")
    rows = list(csv.DictReader(statistics.open(), delimiter=";"))
    last = rows[-1]
    return Outcome(
        int(last["TotalCallCreated"]),
        int(last["SuccessfulCall(C)"]),
        int(last["FailedCall(C)"]),
        _seconds(last["ElapsedTime(C)"]),
    )


def _seconds(text: str) -> float:
    """`00:00:12:345000` or `00:00:12` as seconds."""
    parts = text.split(":")
    whole = int(parts[0]) * 3600 + int(parts[1]) * 60 + float(parts[2])
    return whole + (float(f"0.{parts[3]}") if len(parts) > 3 else 0.0)
