"""Tones for phones to play, and a measure of what was heard."""

import io
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 8000


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


def listen(path: Path) -> Heard:
    """Measures a mono PCM16 recording. Raises wave.Error when it is not one."""
    with wave.open(str(path), "rb") as recording:
        rate = recording.getframerate()
        raw = np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2")
        samples = raw[:: recording.getnchannels()].astype(float) / 32768
    seconds = len(samples) / rate
    if len(samples) < rate // 4:
        return Heard(0.0, 0.0, seconds)
    starts = range(0, max(1, len(samples) - rate), rate // 4)
    window = max((samples[s : s + rate] for s in starts), key=lambda part: float(np.mean(part**2)))
    spectrum = np.abs(np.fft.rfft(window * np.hanning(len(window))))
    hertz = float(np.argmax(spectrum) * rate / len(window))
    return Heard(hertz, float(np.sqrt(np.mean(window**2))), seconds)


def samples(recording: Path | bytes) -> tuple[npt.NDArray[np.int16], int]:
    """The samples of a PCM16 recording (its first channel) and its rate. Raises wave.Error when it is not one."""
    source = io.BytesIO(recording) if isinstance(recording, bytes) else str(recording)
    with wave.open(source, "rb") as sound:
        raw = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
        return raw[:: sound.getnchannels()], sound.getframerate()


def strengths(path: Path, hertz: Iterable[float]) -> dict[float, float]:
    """How strong each of these tones is in the last two seconds of a recording (any scale, to be compared).

    Raises wave.Error when it is no recording.
    """
    with wave.open(str(path), "rb") as recording:
        rate = recording.getframerate()
        raw = np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2")
        samples = raw[:: recording.getnchannels()].astype(float)[-2 * rate :]
    found = {}
    for one in hertz:
        wave_of_it = np.exp(-2j * np.pi * one * np.arange(len(samples)) / rate)
        found[one] = float(abs(np.dot(samples, wave_of_it))) / max(len(samples), 1)
    return found


def tones_in(path: Path, step: float = 0.5) -> list[int]:
    """What was heard, in order: the strongest frequency in Hz of each stretch of `step` seconds, 0 for silence.

    The same in a row stands once; what was heard for a single stretch only is left out.
    """
    with wave.open(str(path), "rb") as recording:
        rate = recording.getframerate()
        raw = np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2")
        samples = raw[:: recording.getnchannels()].astype(float) / 32768
    size = int(rate * step)
    found: list[int] = []
    for start in range(0, len(samples) - size + 1, size):
        part = samples[start : start + size]
        if float(np.sqrt(np.mean(part**2))) < 0.02:
            found.append(0)
            continue
        spectrum = np.abs(np.fft.rfft(part * np.hanning(size)))
        found.append(round(float(np.argmax(spectrum)) * rate / size / 10) * 10)
    steady = [hertz for hertz, after in zip(found, found[1:], strict=False) if abs(hertz - after) <= 10]
    return [hertz for at, hertz in enumerate(steady) if at == 0 or abs(hertz - steady[at - 1]) > 10]
