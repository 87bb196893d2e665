"""`./ats logs`: what the parts said, one part's or all together, and further as it comes."""

from __future__ import annotations

import time
from pathlib import Path

from ats.config import Config
from launcher import supervise
from launcher.text import LaunchError, tr

NAMES = (*supervise.PARTS, "security", "supervisor", "setup")


def show(config: Config, part: str | None, follow: bool, count: int) -> int:
    """Print the last lines of a part's log (of every part's without a name); `follow` until Ctrl-C."""
    paths = _paths(config, part)
    for name, path in paths.items():
        if len(paths) > 1:
            print(f"==> {name} <==")
        for line in tail(path, count):
            print(line)
    if follow:
        _follow(paths)
    return 0


def tail(path: Path, count: int) -> list[str]:
    """The last lines of a file, read from its end; none when there is no file."""
    try:
        with path.open("rb") as handle:
            handle.seek(0, 2)
            size = handle.tell()
            handle.seek(max(0, size - 400 * count - 4096))
            lines = handle.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[-count:]


def _paths(config: Config, part: str | None) -> dict[str, Path]:
    if part is not None and part not in NAMES:
        raise LaunchError(
            tr(f"Нет части «{part}»", f"There is no part “{part}”"), "./ats logs " + "|".join(NAMES)
        )
    if part == "security":  # every log-in and every refused one, as the engine saw it
        return {part: config.engine_dir / "log" / "security"}
    chosen = [part] if part else list(supervise.PARTS)
    paths = {name: config.log_dir / f"{name}.log" for name in chosen}
    if part in (None, "engine"):
        # Asterisk writes its own warnings beside what it says to the supervisor.
        for path in sorted((config.engine_dir / "log").glob("*")):
            if path.is_file() and path.suffix in ("", ".log") and path.name != "security":
                paths[f"engine/{path.name}"] = path
    return paths


def _follow(paths: dict[str, Path]) -> None:
    places = {name: path.stat().st_size if path.exists() else 0 for name, path in paths.items()}
    try:
        while True:
            time.sleep(0.3)
            for name, path in paths.items():
                size = path.stat().st_size if path.exists() else 0
                if size < places[name]:
                    places[name] = 0  # rotated
                if size == places[name]:
                    continue
                with path.open("rb") as handle:
                    handle.seek(places[name])
                    text = handle.read(size - places[name]).decode(errors="replace")
                places[name] = size
                for line in text.splitlines():
                    print(f"{name}: {line}" if len(paths) > 1 else line, flush=True)
    except KeyboardInterrupt:
        return
