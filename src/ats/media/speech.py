"""Text → speech by a program: espeak-ng unless the operator names another command (`speech_command`).

The program is started from a list of words, never by a shell, and reads the text from a file: nothing a user
types becomes a word of a command line.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from ats import checks
from ats.config import Config
from ats.errors import Invalid, invalid
from ats.media import convert
from ats.media.files import Write

MAX_CHARACTERS = 2000
TIMEOUT_S = 60
# {text}: file with the text (UTF-8); {out}: the WAV to write; {language}: ru or en
_ESPEAK = ("-b", "1", "-v", "{language}", "-s", "145", "-f", "{text}", "-w", "{out}")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Words of the command with places to fill, and what it needs in its environment."""

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def speaker(config: Config) -> Speaker | None:
    """The program that speaks: the operator's, else espeak-ng of the engine's root, else the machine's, else None."""
    if config.speech_command:
        return Speaker(shlex.split(config.speech_command))
    root = config.engine_root
    if (root / "usr/bin/espeak-ng").exists() and not config.system_asterisk:
        loader = config.engine_command[:-1]
        data = root / "usr/lib/x86_64-linux-gnu/espeak-ng-data"
        return Speaker(
            (*loader, str(root / "usr/bin/espeak-ng"), *_ESPEAK), {"ESPEAK_DATA_PATH": str(data.parent)}
        )
    if found := shutil.which("espeak-ng"):
        return Speaker((found, *_ESPEAK))
    return None


def check_text(value: object) -> str:
    """What may be spoken: up to MAX_CHARACTERS, line breaks allowed. Raises Invalid."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise invalid("text", "required")
    if len(text) > MAX_CHARACTERS:
        raise invalid("text", "too_long", max=MAX_CHARACTERS)
    if not all(character.isprintable() or character in "\r\n\t" for character in text):
        raise invalid("text", "control_characters")
    return text


def writer(text: str, language: str) -> Write:
    """Speaks `text` into the path it is given, whatever rate the program likes. Raises Invalid when it cannot."""

    def write(target: Path) -> None:
        with tempfile.TemporaryDirectory(prefix=".say-", dir=target.parent) as work:
            source, out = Path(work) / "text.txt", Path(work) / "speech.wav"
            source.write_text(text + "\n", encoding="utf-8")
            _speak(language, source, out)
            os.replace(out, target)

    return write


def preview(text: str, language: str) -> bytes:
    """The text spoken, as callers would hear it: WAV, 8 kHz. Raises Invalid."""
    with tempfile.TemporaryDirectory(prefix="ats-say-") as work:
        spoken, heard = Path(work) / "speech", Path(work) / "heard.wav"
        writer(text, language)(spoken)
        try:
            convert.to_wav(spoken, heard)
        except checks.Bad as bad:
            raise Invalid({"text": bad.fault}) from bad
        return heard.read_bytes()


def _speak(language: str, source: Path, out: Path) -> None:
    program = speaker(settings.CONFIG)
    if program is None:
        raise invalid("text", "no_speech")
    places = {"{text}": str(source), "{out}": str(out), "{language}": language}
    words = []
    for word in program.words:
        for place, value in places.items():
            word = word.replace(place, value)
        words.append(word)
    try:
        done = subprocess.run(
            words,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise invalid("text", "speech_failed") from error
    if done.returncode != 0 or not out.is_file():
        raise invalid("text", "speech_failed")
