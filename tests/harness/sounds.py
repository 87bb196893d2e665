"""Sounds as files in memory, for uploads."""

import io
import wave

import numpy as np


def tone_bytes(hertz: float, seconds: float = 3.0, rate: int = 16000) -> bytes:
    """A tone as WAV, mono PCM16."""
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        samples = np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate) * 9000
        out.writeframes(samples.astype("<i2").tobytes())
    return data.getvalue()
