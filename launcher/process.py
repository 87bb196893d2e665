"""Programs that set-up runs: their output goes to a log, and an interruption ends them all."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from launcher.text import LaunchError, tr


class Interrupted(Exception):
    """Raised in a task whose program was ended because the whole set-up is being ended."""


class ProcessGroup:
    """Runs programs for parallel tasks and can end all of them at once."""

    def __init__(self, log: Path) -> None:
        """`log` is appended to: every program's command line and output."""
        self._log = log
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._ending = False

    def run(
        self,
        command: Sequence[str | os.PathLike[str]],
        *,
        what: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        on_line: Callable[[str], None] | None = None,
        secret: bool = False,
    ) -> str:
        """Run a program to its end and return its output (stdout and stderr together).

        `secret` output (passwords) is kept out of the log.
        Raises LaunchError with the last lines of output when it fails; `what` names the step there.
        Raises Interrupted when `end()` was called.
        """
        words = [os.fspath(word) for word in command]
        with self._lock:
            if self._ending:
                raise Interrupted
            try:
                # An own session, so that Ctrl-C reaches only us and we end the children in order.
                child = subprocess.Popen(
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    errors="replace",
                    env=dict(env) if env is not None else None,
                    cwd=cwd,
                    start_new_session=True,
                )
            except OSError as error:
                raise LaunchError(
                    tr(f"{what}: не запускается {words[0]}", f"{what}: cannot start {words[0]}")
                    + f" ({error.strerror})"
                ) from error
            self._running.add(child)
        lines: list[str] = []
        try:
            self._note(f"$ {' '.join(words)}")
            assert child.stdout is not None
            for line in child.stdout:
                lines.append(line)
                if not secret:
                    self._note(line.rstrip("\n"))
                if on_line is not None:
                    on_line(line.rstrip("\n"))
            code = child.wait()
        finally:
            with self._lock:
                self._running.discard(child)
        if self._ending:
            raise Interrupted
        if code != 0:
            raise LaunchError(failure_text(what, code, lines), failure_hint("".join(lines)))
        return "".join(lines)

    def end(self) -> None:
        """End every running program (SIGTERM to its group, SIGKILL after 3 s) and start no more."""
        with self._lock:
            self._ending = True
            running = list(self._running)
        for child in running:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        for child in running:
            try:
                child.wait(timeout=3)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    @property
    def ending(self) -> bool:
        """True once `end()` was called."""
        return self._ending

    def _note(self, line: str) -> None:
        with self._lock, suppress(OSError), self._log.open("a", encoding="utf-8") as handle:
            handle.write(line + "\n")  # a full disk must not hide what the program says


def failure_text(what: str, code: int, lines: Sequence[str]) -> str:
    """«step failed» with the last lines that the program said."""
    last = deque((line.rstrip() for line in lines if line.strip()), maxlen=8)
    said = "\n".join(f"    {line}" for line in last)
    head = tr(f"{what}: не удалось (код {code})", f"{what}: failed (code {code})")
    return f"{head}\n{said}" if said else head


def failure_hint(output: str) -> str:
    """What to do about a failure, read from the words of apt, pip, npm, dpkg or tar."""
    lowered = output.lower()
    for needles, ru, en in _HINTS:
        if any(needle in lowered for needle in needles):
            return tr(ru, en)
    return ""


# Order matters: a full disk also makes downloads fail, a wrong clock also breaks TLS.
_HINTS = (
    (
        ("no space left on device", "enospc", "enough free space", "disk quota exceeded"),
        "Кончилось место на диске. Освободите место (df -h) и повторите ./ats up: сделанное сохранено.",
        "The disk is full. Free some space (df -h) and run ./ats up again: what is done is kept.",
    ),
    (
        ("is not valid yet", "certificate is not yet valid"),
        "Часы машины отстают. Выставьте время (timedatectl set-ntp true) и повторите.",
        "The clock of this machine is behind. Set it (timedatectl set-ntp true) and try again.",
    ),
    (
        ("is expired (invalid since", "certificate has expired"),
        "Индекс зеркала устарел или часы машины спешат: проверьте время (date) и зеркало в apt. Если зеркало "
        'застыло намеренно, разрешите это самому apt: Acquire::Check-Valid-Until "false"; в '
        "/etc/apt/apt.conf.d/ (подписи проверяются всё равно).",
        "The mirror's index is out of date or the clock is ahead: check `date` and apt's mirror. If the mirror is "
        'frozen on purpose, tell apt so: Acquire::Check-Valid-Until "false"; in /etc/apt/apt.conf.d/ '
        "(signatures are checked all the same).",
    ),
    (
        ("no_pubkey", "couldn't be verified", "is not signed", "badsig"),
        "Подпись Debian не проверяется: обновите пакет debian-archive-keyring и повторите.",
        "Debian's signature does not verify: update the package debian-archive-keyring, try again.",
    ),
    (
        ("do not match the hashes", "eintegrity"),
        "Скачанный файл не совпал с записанным хешем и отброшен: зеркало портит файлы, смените его.",
        "A download did not match its recorded hash and was dropped: the mirror alters files.",
    ),
    (
        (
            "self_signed_cert",
            "self-signed certificate",
            "certificate verify failed",
            "unable to get local issuer",
        ),
        "Сертификат сервера не проверяется (прокси со своим сертификатом?): положите его в "
        "/usr/local/share/ca-certificates и выполните update-ca-certificates.",
        "The server's certificate does not verify (a proxy with its own?): put it into "
        "/usr/local/share/ca-certificates and run update-ca-certificates.",
    ),
    (
        (
            "temporary failure resolving",
            "temporary failure in name resolution",
            "name or service not known",
            "could not resolve",
            "network is unreachable",
            "could not connect",
            "connection refused",
            "connection timed out",
            "failed to establish a new connection",
            "unable to connect to",
            "no matching distribution found",
            "eai_again",
            "getaddrinfo enotfound",
            "econnrefused",
            "etimedout",
            "failed to fetch",
        ),
        "Нет связи с сервером пакетов. Проверьте сеть (и прокси), затем повторите ./ats up: "
        "уже скачанное не будет качаться снова.",
        "The package server cannot be reached. Check the network (and proxy), then run ./ats up "
        "again: what is downloaded already is kept.",
    ),
)
