"""Real phones for tests, SIPp ones: they signal, and say and hear a tone. All on loopback, all bounded in time."""

import signal
import socket
import subprocess
from pathlib import Path

import numpy as np

from tests.harness import scratch, sipp
from tests.harness.ear import Ear, is_loud, likeness, tones
from tests.harness.instance import wait_for
from tests.harness.ports import free_port
from tests.harness.tones import samples

# Talk of a telephone that picks a call up. The engine answers it first and waits half a second for its sound, which
# SIPp does not send; only then is the call its own. A talk of that length ended in the same instant, before or after.
PICKED_MS = 1500


class Running:
    """A SIPp process in the background."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, ear: Ear | None = None) -> None:
        self._process = process
        self._folder = folder
        self._ear = ear
        if ear is not None:
            ear.begin(self.messages)

    def wait(self, timeout: float = 30) -> None:
        """Until the scenario is through. Raises AssertionError with the messages when it failed."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            raise AssertionError(f"SIPp did not finish\n{self.messages()}") from None
        if code != 0:
            raise AssertionError(f"SIPp ended with {code}\n{self.messages()}")

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        if self._ear is not None:
            self._ear.close()

    def heard(self) -> list[int]:
        """The tones that came, in order; only of a phone that has a tone of its own."""
        return tones(self._ear.heard()) if self._ear else []

    def heard_words(self) -> bool:
        """Whether there was any sound."""
        return self._ear is not None and is_loud(self._ear.heard())

    def likeness(self, recording: Path) -> float:
        """How much of the sound that came is this recording (8 kHz): near 1 when it was played, near 0 otherwise."""
        spoken, _ = samples(recording)
        return likeness(self._ear.heard(), np.asarray(spoken, dtype=np.int16)) if self._ear else 0.0

    def messages(self) -> str:
        """The SIP messages and errors of the run, the end of them."""
        text = "".join(
            file.read_text(errors="replace")[-6000:] for file in sorted(self._folder.glob("*.log"))
        )
        return text[-9000:]


class SipPhone:
    """A phone with its own UDP port, for one SIP account of a server.

    With `password` None it is the switch of another operator: known by its address, never challenged.
    """

    def __init__(
        self,
        server_port: int,
        login: str,
        password: str | None,
        *,
        ip: str = "127.0.0.1",
        server: str = "127.0.0.1",
        hertz: float | None = None,
    ) -> None:
        self.login = login
        self.hertz = hertz  # the tone it says, in calls from now on; None: it is dumb and deaf
        self.camera_port: int | None = (
            None  # where its picture is sent from and comes to; None: it has no camera
        )
        self.password = password
        self.ip = ip
        self._server = f"{server}:{server_port}"
        self.port = free_port(ip)
        self._folder = scratch.folder(f"phone-{login}")
        self._runs = 0

    def register(self, status: int = 200, expires: int = 300, behind: str | None = None) -> None:
        """Registers and waits for the final answer `status`; `behind` a NAT it names that address as its own."""
        host = behind or "[local_ip]:[local_port]"
        self.start(sipp.register(self.login, self.password or "", expires, status, host)).wait(10)

    def call(
        self,
        number: str,
        *,
        status: int = 200,
        talk_ms: int = 500,
        cancel_ms: int | None = None,
        callee_ends: bool = False,
        name: str = "phone",
        early: int = 180,
        timeout: float = 30,
    ) -> None:
        """Calls and follows the call to its end; AssertionError unless the final answer is `status`."""
        self.start_call(
            number,
            status=status,
            talk_ms=talk_ms,
            cancel_ms=cancel_ms,
            callee_ends=callee_ends,
            name=name,
            early=early,
        ).wait(timeout)

    def start_call(
        self,
        number: str,
        *,
        status: int = 200,
        talk_ms: int = 500,
        cancel_ms: int | None = None,
        callee_ends: bool = False,
        name: str = "phone",
        early: int = 180,
        info: str = "",
        keys: str = "",
        in_sound: bool = False,
    ) -> Running:
        """As `call`, in the background; `keys`: presses them, `in_sound` as tones (a phone with `hertz` only)."""
        scenario = sipp.call(
            self.login,
            self.password or "",
            authenticates=self.password is not None,
            status=status,
            talk_ms=talk_ms,
            cancel_ms=cancel_ms,
            callee_ends=callee_ends,
            name=name,
            early=early,
            info=info,
        )
        # It may ring more than once before he gives up.
        patient = () if cancel_ms is None else ("-default_behaviors", "all,-abortunexp")
        # A second port: the same phone may be waiting for calls on its own.
        return self.start(
            scenario, "-s", number, *patient, port=free_port(self.ip), keys=keys, in_sound=in_sound
        )

    def answer(self, *, ring_ms: int = 100, talk_ms: int | None = None, keys: str = "") -> Running:
        """Waits for one call and answers it; `talk_ms`: hangs up itself after that long; `keys`: presses them."""
        return self._wait_for_call(sipp.ringing(ring_ms=ring_ms, talk_ms=talk_ms, lamp=True), keys)

    def refuse(self, status: str) -> Running:
        """Waits for one call and refuses it, e.g. with `486 Busy Here`."""
        return self._wait_for_call(sipp.ringing(status=status, lamp=True))

    def send_on(self, user: str) -> Running:
        """Waits for one call and answers 302: the caller should try `user` instead."""
        return self._wait_for_call(sipp.ringing(status="302 Moved Temporarily", user=user, lamp=True))

    def let_ring(self) -> Running:
        """Waits for one call and never answers; done when the caller gives up."""
        return self._wait_for_call(sipp.ringing(given_up=True, lamp=True))

    def lamp(self) -> Running:
        """Waits for one NOTIFY, which stands in its messages then; one sent just before comes again by itself."""
        return self._wait_for_call(sipp.notified(), once=True)

    def _wait_for_call(self, scenario: str, keys: str = "", *, once: bool = False) -> Running:
        """`once`: it is done with whatever comes first."""
        running = self.start(scenario, keys=keys, once=once)
        # What it waits for may have come, and it be gone, before anybody looked.
        wait_for(lambda: running.ended or _listens(self.ip, self.port), 20, lambda: "SIPp does not listen")
        return running

    def start(
        self,
        scenario: str,
        *options: str,
        port: int | None = None,
        keys: str = "",
        in_sound: bool = False,
        once: bool = True,
    ) -> Running:
        """Runs a scenario once, or until it ends itself."""
        self._runs += 1
        folder = self._folder / str(self._runs)
        folder.mkdir()
        file = folder / "scenario.xml"
        deaf = self.hertz is None or "[media_port]" not in scenario
        ear = None if deaf else Ear(self.ip, self.hertz or 0, keys, in_sound=in_sound)
        if self.camera_port is not None:
            scenario = sipp.with_video(scenario, self.camera_port)
        file.write_text(scenario.replace("[media_port]", str(ear.port)) if ear else scenario)
        process = subprocess.Popen(
            [
                "sipp", self._server, "-sf", str(file), *(("-m", "1") if once else ()), "-i", self.ip,
                "-p", str(port or self.port), "-nostdin", "-timeout", "60", "-timeout_error",
                "-trace_msg", "-message_file", str(folder / "messages.log"),
                "-trace_err", "-error_file", str(folder / "errors.log"), *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Running(process, folder, ear)


def _listens(ip: str, port: int) -> bool:
    """Whether somebody has bound this UDP port: looked up, for a trial of our own could take it from SIPp just then."""
    wanted = f"{int.from_bytes(socket.inet_aton(ip), 'little'):08X}:{port:04X}"
    return any(line.split()[1] == wanted for line in Path("/proc/net/udp").read_text().splitlines()[1:])
