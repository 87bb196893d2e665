"""Real softphones for tests: baresip with a tone of its own, keys, and a recording of what it hears.

Nothing here waits for a time in the hope that something has happened by then: sound is waited for in the recording,
which grows while the call lasts, everything else in the softphone's log.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.harness import scratch
from tests.harness.ear import is_loud
from tests.harness.instance import wait_for
from tests.harness.ports import free_port
from tests.harness.tones import Samples, end_of_tone, samples, tones_in, write_tone

PATIENCE_S = 20.0  # for whatever should happen at once; a slow machine has as much

# An ordinary user's baresip is unpacked by `./ats test`, which says where.
_MODULES = os.environ.get("ATS_BARESIP_MODULES", "/usr/lib/baresip/modules")
# No jitter buffer: once sequence numbers step back within one source, this baresip's drops every later packet (its
# issue 817). They do when the engine takes a bridge from its core to the direct way and two packets cross.
_BARESIP = """poll_method epoll
sip_listen 127.0.0.1:{port}
call_local_timeout 60
call_max_calls 4
audio_path /usr/share/baresip
audio_player aufile,{folder}/play.wav
audio_source aufile,{folder}/tone.wav
audio_alert aufile,{folder}/alert.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_level no
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
rtp_ports {rtp}-{rtp_end}
jitter_buffer_delay {buffer}
net_interface 127.0.0.1
snd_path {folder}
module_path {modules}
module stdio.so
module g711.so
module aufile.so
module ausine.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app auloop.so
module_app contact.so
module_app menu.so
module_app cons.so
cons_listen 127.0.0.1:{console}
"""


class Baresip:
    """A softphone that plays a tone and records what it hears. Answers by itself unless `manual`."""

    def __init__(self, folder: Path, console: int, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._process = process
        self._console = ("127.0.0.1", console)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._recording: Path | None = None  # the one `_listened` speaks of
        self._listened = 0  # samples of it that earlier waits have used up

    def keys(self, text: str) -> None:
        """Types into the console: `d100` + newline dials, `b` hangs up."""
        for key in text:
            self._socket.sendto(key.encode(), self._console)
            time.sleep(0.12)

    def press(self, digits: str) -> None:
        """Presses and lets go of telephone keys during a call; without letting go the tone never ends.

        Each is as long, and as far from the next one, as a finger makes it (100 ms).
        """
        for digit in digits:
            for key, says in ((digit, f"DTMF digit: '{digit}'"), ("\x04", f"DTMF digit end: '{digit}'")):
                self.wait_log(says, self._said(says) + 1, key=key)
                time.sleep(0.1)

    def dial(self, number: str) -> None:
        """Dials and waits until somebody has answered. Raises AssertionError when nobody does."""
        self.wait_log("Call established", self._said("Call established") + 1, key=f"d{number}\n")

    def hang_up(self) -> None:
        """Ends the call, if the other side has not."""
        self.keys("b")

    def die(self) -> None:
        """Killed in the middle of whatever it does: it says no goodbye."""
        self._process.kill()
        self._process.wait()

    def wait_log(self, text: str, times: int = 1, timeout: float = PATIENCE_S, *, key: str = "") -> None:
        """Types `key` and waits until the log holds `text` so many times. Raises AssertionError with the log."""
        self.keys(key)
        wait_for(
            lambda: self._said(text) >= times, timeout, lambda: f"«{text}» ×{times}\n{self.log()[-3000:]}"
        )

    def wait_heard(self, hertz: float, seconds: float = 1.6, timeout: float = PATIENCE_S) -> None:
        """Waits until a tone has been heard for `seconds` without a break, after what earlier waits have heard.

        Raises AssertionError with what was heard.
        """

        def heard() -> bool:
            sound, rate = self._fresh()
            end = end_of_tone(sound, rate, hertz, seconds)
            self._listened += end or 0
            return end is not None

        wait_for(heard, timeout, lambda: f"{hertz} Hz for {seconds} s: {self._tones()}\n{self.log()[-2000:]}")

    def still_hears(self, hertz: float, seconds: float = 2.0) -> None:
        """Waits until a tone has been heard for so long from now on: nothing has come between."""
        self.forget()
        self.wait_heard(hertz, seconds)

    def wait_gone(self, hertz: float, timeout: float = PATIENCE_S) -> None:
        """Waits until something else than this tone is heard, for a while."""

        def gone() -> bool:
            sound, rate = self._fresh()
            latest = sound[-rate // 2 :]
            return len(latest) >= rate // 2 and end_of_tone(latest, rate, hertz, 0.5) is None

        self.forget()
        wait_for(gone, timeout, lambda: f"{hertz} Hz goes on: {self._tones()}")

    def wait_quiet(self, seconds: float = 1.0, timeout: float = PATIENCE_S) -> None:
        """Waits until nothing has come for a while: neither sound nor silence."""
        seen, since = -1, time.monotonic()

        def quiet() -> bool:
            nonlocal seen, since
            if (size := len(self._fresh()[0])) != seen:
                seen, since = size, time.monotonic()
            return time.monotonic() - since > seconds

        wait_for(quiet, timeout, lambda: f"it goes on: {self._tones()}")

    def wait_sound(self, seconds: float = 0.3, timeout: float = PATIENCE_S) -> None:
        """Waits until anything has been heard for so long since earlier waits (and since `forget`), e.g. speech."""

        def heard() -> bool:
            sound, rate = self._fresh()
            loud = [at for at in range(0, len(sound), rate // 10) if is_loud(sound[at : at + rate // 10])]
            return len(loud) >= seconds * 10

        wait_for(heard, timeout, lambda: f"silence: {self._tones()}\n{self.log()[-2000:]}")

    def forget(self) -> None:
        """What was heard until now counts for no wait any more."""
        self._listened += len(self._fresh()[0])

    def pause(self, seconds: float) -> None:
        """Listens for a while: for what must not come, once what would bring it has happened."""
        time.sleep(seconds)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def recordings(self) -> list[Path]:
        """Recordings of the decoded (received) sound, a call each, the latest last."""
        found = self.folder.glob("dump-*-dec.wav")
        return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))

    def heard(self) -> Path:
        """The recording of the latest call, which may go on."""
        found = self.recordings()
        if not found:
            raise AssertionError(f"nothing was recorded\n{self.log()[-3000:]}")
        return found[-1]

    def _said(self, text: str) -> int:
        return self.log().count(text)

    def _fresh(self) -> tuple[Samples, int]:
        """What no wait has used up yet, of the latest recording, and its rate."""
        found = self.recordings()
        if not found:
            return np.zeros(0, dtype=np.int16), 8000
        if found[-1] != self._recording:
            self._recording, self._listened = found[-1], 0
        sound, rate = samples(found[-1])
        return sound[self._listened :], rate

    def _tones(self) -> list[int]:
        found = self.recordings()
        return tones_in(found[-1]) if found else []


_RTP = 18  # ports: four calls of two, and as many again


@contextmanager
def baresip(
    server_port: int,
    login: str,
    password: str,
    hertz: float,
    *,
    manual: bool = False,
    tls: Path | None = None,
    account: str = "",
    to_announcements: bool = False,
) -> Iterator[Baresip]:
    """Starts a softphone, waits until it is registered, and stops it at the end.

    `tls`: it comes by SIP over TLS, and only to a server that shows this certificate. `account`: another
    account's line than the one made of the arguments. `to_announcements`: it calls the exchange itself, which
    never bridges it; without a jitter buffer its keys do not arrive there (seen in voicemail; why is not known).
    """
    folder = scratch.folder(f"baresip-{login}")
    port = free_port(following=1)  # SIP over TLS takes the next one
    console, rtp = free_port(), free_port(following=_RTP)
    rtp += rtp % 2
    write_tone(folder / "tone.wav", hertz)
    write_tone(folder / "alert.wav", 425, 1)
    (folder / "config").write_text(
        _BARESIP.format(
            port=port,
            folder=folder,
            console=console,
            rtp=rtp,
            rtp_end=rtp + _RTP - 2,
            buffer="1-20" if to_announcements else "0-0",
            modules=_MODULES,
        )
        + ("" if tls is None else f"sip_cafile {tls}\nsip_verify_server yes\n")
    )
    transport = "" if tls is None else ";transport=tls"
    mode = "manual" if manual else "auto"
    line = account or (
        f"<sip:{login}@127.0.0.1:{server_port}{transport}>;auth_user={login};auth_pass={password};regint=120"
    )
    (folder / "accounts").write_text(f"{line};answermode={mode};dtmfmode=rtpevent;audio_codecs=pcma\n")
    (folder / "contacts").write_text("")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["baresip", "-f", str(folder)],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "HOME": str(folder)},
        )
    phone = Baresip(folder, console, process)
    try:
        wait_for(lambda: "200 OK" in phone.log(), 10, phone.log)
        yield phone
    finally:
        process.terminate()
        try:
            process.wait(6)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
