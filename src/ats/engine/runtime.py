"""Lays out everything the engine needs in an instance's home: folders, configuration, sounds, start script."""

import datetime
import os
import shlex
import wave
from collections.abc import Mapping
from pathlib import Path

from ats import certificates
from ats.config import Config
from ats.dialplan.codes import FEATURES
from ats.engine import acl, certificate, confs, enginedb, features, h323, iax
from ats.engine.contexts import extensions_conf

SOUND_LINKS = {"en": "en_US_f_Allison", "ru": "ru_RU_f_IvrvoiceRU"}
# Phrases the packs lack (spoken by espeak-ng, 8 kHz), and what the English one calls by another name.
OWN_SOUNDS = Path(__file__).with_name("sounds")
OWN_NAMES = {"en": {"pls-try-call-later.wav": "please-try-call-later.wav"}}
SHARE_LINKS = ("documentation", "moh", "rest-api", "static-http")
FLUSHED_ONE_BY_ONE = 16  # files; beyond that the whole disk is flushed once


def render(config: Config) -> list[str]:
    """Write all static files of the engine; returns the names of those that changed.

    Idempotent: a file whose text is already right is not touched. What the agent writes
    (clients/*.conf, trunks/*.conf, iax/*.conf, h323/*.conf, rows of engine.db) is left alone.
    """
    base = config.engine_dir
    for folder in (
        "etc/clients",
        "etc/trunks",
        "etc/iax",
        "etc/h323",
        "data/sounds",
        "spool",
        "log/cel-custom",
        "run",
        "keys",
    ):
        (base / folder).mkdir(parents=True, exist_ok=True)
    for shared in (config.media_dir, config.incoming_dir, config.voicemail_dir, config.fax_dir):
        shared.mkdir(parents=True, exist_ok=True)
    (config.recordings_dir / "new").mkdir(parents=True, exist_ok=True)
    config.engine_etc.chmod(0o700)  # holds SIP and AMI secrets

    certificate.ensure(config.ami_certificate)
    certificates.ensure(config, datetime.datetime.now(datetime.UTC))

    files = dict(confs.simple_files(config))
    files["iax.conf"] = iax.general_conf(config)
    files["ooh323.conf"] = h323.general_conf(config)
    files["extensions.conf"] = extensions_conf(config.agi_port)
    changed = [name for name, text in files.items() if write_if_changed(config.engine_etc / name, text)]
    codes = config.engine_etc / "features.conf"
    if not codes.exists():  # the agent's file: the operator may change the codes
        write_if_changed(codes, features.conf({feature.key: feature.default for feature in FEATURES}))
    banned = config.engine_etc / "acl.conf"
    if not banned.exists() or not banned.read_text(encoding="ascii"):  # the agent's, too
        write_if_changed(banned, acl.acl_conf(()))
    enginedb.create(config.engine_db)
    # The agent's file as well, but only engine.db knows what belongs into it.
    if write_if_changed(
        config.engine_etc / confs.ICE_FILE, confs.ice_conf(enginedb.browsers(config.engine_db))
    ):
        changed.append(confs.ICE_FILE)

    for name in SHARE_LINKS:
        _link(base / "data" / name, config.engine_share / name)
    for language, folder in SOUND_LINKS.items():
        spoken, pack = base / "data/sounds" / language, config.engine_share / "sounds" / folder
        _language(spoken, pack)
        _link(spoken / "ats-own", OWN_SOUNDS / language)
        for name, shipped in OWN_NAMES.get(language, {}).items():
            _link(spoken / name, pack / shipped)
        # The engine looks for a message in the caller's language first, then for its main version.
        own = config.media_dir / language
        own.mkdir(exist_ok=True)
        _link(spoken / "ats", own)
    _link(base / "data/sounds/ats", config.media_dir)
    _link(base / "data/sounds/ats-in", config.incoming_dir)
    _link(base / "data/sounds/ats-vm", config.voicemail_dir)
    _link(base / "spool/monitor", config.recordings_dir / "new")
    _silence(base / "data/silence/silence.wav")

    script = start_script_path(config)
    if write_if_changed(script, start_script(config), mode=0o755):
        changed.append(script.name)
    return changed


def start_script_path(config: Config) -> Path:
    """The program the supervisor runs as the engine."""
    return config.engine_dir / "start-engine"


def start_script(config: Config) -> str:
    """A shell script that notes the new boot in the journal and becomes the engine.

    A line torn by a full disk is set aside together with its file, so a journal never starts in the middle of
    a line; the worker reads set-aside files like rotated ones.
    """
    journal = shlex.quote(str(config.journal_path))
    command = " ".join(shlex.quote(word) for word in config.engine_command)
    return f"""#!/bin/sh
# Written by `render_engine`: notes the boot in the call journal, then becomes the engine.
journal={journal}
boot=$(cat /proc/sys/kernel/random/uuid)
if [ -s "$journal" ] && [ -n "$(tail -c 1 "$journal" | tr -d '\\n')" ]; then
    last=$(ls "${{journal%/*}}" | sed -n 's/^journal-\\([0-9]*\\)\\.csv.*/\\1/p' | sort -n | tail -n 1)
    mv "$journal" "${{journal%.csv}}-$(( ${{last:-0}} + 1 )).csv"
fi
printf 'BOOT,%s,%s\\n' "$boot" "$(date +%s.%6N)" >> "$journal" || exit 1
printf '%s' "$boot" > {shlex.quote(str(config.boot_id_path))}
ulimit -n "$(ulimit -Hn)"
ulimit -c 0
# Beside a busy database or converter the thread that reads SIP waits for its turn (docs/architecture/engine.md).
renice -n -10 -p $$ >/dev/null 2>&1
exec {command} -C {shlex.quote(str(config.engine_etc / "asterisk.conf"))} -f -q
"""


def cli_command(config: Config, text: str) -> list[str]:
    """Words that run one console command on the running engine of this instance."""
    return [*config.engine_command, "-C", str(config.engine_etc / "asterisk.conf"), "-rx", text]


def write_if_changed(path: Path, text: str, mode: int = 0o600) -> bool:
    """Write a text file by atomic rename unless it already holds this text; says whether it wrote."""
    if _holds(path, text):
        return False
    write_atomic(path, text, mode)
    return True


def write_changed(texts: Mapping[Path, str]) -> None:
    """Write those of many files that do not hold their text yet; all are flushed before one takes its place."""
    changed = {path: text for path, text in texts.items() if not _holds(path, text)}
    # Flushing the whole disk waits for what others wrote, too (seconds, beside a busy database): for a first push only.
    few = len(changed) <= FLUSHED_ONE_BY_ONE
    for path, text in changed.items():
        _write(_draft(path), text, 0o600, flush=few)
    if not few:
        os.sync()
    for path in changed:
        os.replace(_draft(path), path)


def write_atomic(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a file so that a crash leaves either the old or the new text, both whole."""
    _write(_draft(path), text, mode, flush=True)
    os.replace(_draft(path), path)


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except FileNotFoundError:
        return False


def _draft(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _write(path: Path, text: str, mode: int, *, flush: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(text.encode())
        if flush:
            handle.flush()
            os.fsync(handle.fileno())


def _language(folder: Path, shipped: Path) -> None:
    """A folder of links to everything of a shipped sound pack, so that more can stand beside it."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(exist_ok=True)
    for entry in shipped.iterdir() if shipped.is_dir() else ():
        _link(folder / entry.name, entry)


def _silence(path: Path) -> None:
    """Ten seconds of nothing: the music of ports that may not hold."""
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(160_000))


def _link(link: Path, target: Path) -> None:
    """Make or mend a symbolic link."""
    if link.is_symlink():
        if link.readlink() == target:
            return
        link.unlink()
    link.symlink_to(target)
