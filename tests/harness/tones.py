"""Tones for phones to play, and a measure of what was heard."""

import struct
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 8000
_HEADER = 44  # bytes before the sound

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Heard:
    """Strongest frequency in Hz and level (RMS, full scale = 1) of the loudest second of a recording."""

    hertz: float
    rms: float
    seconds: float


def write_tone(path: Path, hertz: float, seconds: float = 30.0) -> Path:
    """A sine of half full scale as 8 kHz mono PCM16."""
    samples = np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE) * 16000
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())
    return path


def samples(recording: Path | bytes) -> tuple[Samples, int]:
    """The samples of a PCM16 recording (its first channel) and its rate; of one that still grows what is there.

    Raises ValueError when it is no recording.
    """
    raw = recording if isinstance(recording, bytes) else recording.read_bytes()
    if len(raw) < _HEADER:  # begun this moment
        return np.zeros(0, dtype=np.int16), RATE
    form, data = raw.index(b"fmt ") + 8, raw.index(b"data") + 8
    channels, rate = struct.unpack_from("<HI", raw, form + 2)
    size = struct.unpack_from("<I", raw, data - 4)[0] or len(raw)  # who still writes does not know it yet
    sound = raw[data : data + size]
    frame = 2 * channels
    return np.frombuffer(sound[: len(sound) // frame * frame], dtype="<i2")[::channels], rate


def listen(path: Path, latest_s: float | None = None) -> Heard:
    """Measures a PCM16 recording, or the last seconds of it. Raises ValueError when it is not one."""
    raw, rate = samples(path)
    if latest_s is not None:
        raw = raw[-int(rate * latest_s) :]
    sound = raw.astype(float) / 32768
    seconds = len(sound) / rate
    if len(sound) < rate // 4:
        return Heard(0.0, 0.0, seconds)
    starts = range(0, max(1, len(sound) - rate), rate // 4)
    window = max((sound[s : s + rate] for s in starts), key=lambda part: float(np.mean(part**2)))
    spectrum = np.abs(np.fft.rfft(window * np.hanning(len(window))))
    hertz = float(np.argmax(spectrum) * rate / len(window))
    return Heard(hertz, float(np.sqrt(np.mean(window**2))), seconds)


def end_of_tone(sound: Samples, rate: int, hertz: float, seconds: float) -> int | None:
    """The sample at which the first stretch of so many seconds ends in which this tone is the strongest (to 3 %)."""
    size, hop = rate // 2, rate // 10
    wanted = max(1, round((seconds - 0.5) * 10) + 1)
    row = 0
    for start in range(0, len(sound) - size + 1, hop):
        row = row + 1 if abs(_strongest(sound[start : start + size], rate) - hertz) < hertz * 0.03 else 0
        if row == wanted:
            return start + size
    return None


def _strongest(part: Samples, rate: int) -> float:
    """The strongest frequency in Hz of half a second or so, 0 for silence."""
    level = part.astype(float) / 32768
    if float(np.sqrt(np.mean(level**2))) < 0.02:
        return 0.0
    return float(np.argmax(np.abs(np.fft.rfft(level * np.hanning(len(level)))))) * rate / len(level)


def strengths(path: Path, hertz: Iterable[float], latest_s: int = 2) -> dict[float, float]:
    """How strong each of these tones is in the last seconds of a recording (any scale, to be compared).

    Raises ValueError when it is no recording.
    """
    raw, rate = samples(path)
    sound = raw.astype(float)[-latest_s * rate :]
    size = rate // 2
    # In short stretches: a packet lost on a busy machine shifts the wave, and halves of a long one would cancel out.
    window = np.hanning(size)
    stretches = [sound[start : start + size] * window for start in range(0, len(sound) - size + 1, size // 2)]
    found = {}
    for one in hertz:
        wave_of_it = np.exp(-2j * np.pi * one * np.arange(size) / rate)
        levels = [float(abs(np.dot(stretch, wave_of_it))) / size for stretch in stretches]
        found[one] = sum(levels) / max(len(levels), 1)
    return found


def tones_in(path: Path, step: float = 0.5) -> list[int]:
    """What was heard, in order: the strongest frequency in Hz of each stretch of `step` seconds, 0 for silence.

    The same in a row stands once; what was heard for a single stretch only is left out.
    """
    sound, rate = samples(path)
    size = int(rate * step)
    starts = range(0, len(sound) - size + 1, size)
    found = [round(_strongest(sound[start : start + size], rate) / 10) * 10 for start in starts]
    steady = [hertz for hertz, after in zip(found, found[1:], strict=False) if abs(hertz - after) <= 10]
    return [hertz for at, hertz in enumerate(steady) if at == 0 or abs(hertz - steady[at - 1]) > 10]
