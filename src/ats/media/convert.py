"""Uploaded sound → what the engine plays: WAV, 8 kHz, mono, 16 bits. Untrusted input meets ffmpeg here."""

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg  # type: ignore[import-untyped]

from ats import checks

MAX_MINUTES = 30
TIMEOUT_S = 120
RATE = 8000
# Nothing that reads further files: a playlist could name another client's recordings.
_FORMATS = "wav,mp3,ogg,mov,flac,aac"


def to_wav(source: Path, target: Path) -> int:
    """Convert `source` into `target`; returns the length in milliseconds.

    Raises checks.Bad when the file is not sound in a known format, or longer than MAX_MINUTES.
    """
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-nostdin", "-hide_banner", "-v", "error", "-y"),
        *("-protocol_whitelist", "file", "-format_whitelist", _FORMATS),
        *("-t", str(MAX_MINUTES * 60 + 1), "-i", f"file:{source}"),
        *("-map", "0:a:0", "-map_metadata", "-1", "-threads", "1"),
        *("-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le"),
        *("-bitexact", "-f", "wav", f"file:{target}"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise checks.Bad("bad_audio") from error
    if done.returncode != 0 or not target.is_file():
        raise checks.Bad("bad_audio")
    length_ms = duration_ms(target)
    if length_ms == 0:
        raise checks.Bad("bad_audio")
    if length_ms > MAX_MINUTES * 60_000:
        raise checks.Bad("too_long_audio", max=MAX_MINUTES)
    return length_ms


def duration_ms(path: Path) -> int:
    """Length of a WAV file in milliseconds; 0 when it cannot be read."""
    try:
        with wave.open(str(path), "rb") as sound:
            return round(sound.getnframes() * 1000 / sound.getframerate())
    except (wave.Error, EOFError):
        return 0
