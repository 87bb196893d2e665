"""`./ats status`: every part, its health, process, running time and versions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from ats import __version__
from ats.config import CHECKOUT, Config
from launcher import health, supervise, welcome
from launcher.text import tr


def collect(config: Config) -> dict[str, object]:
    """The whole state as plain values. `ok` is true when every part runs and answers."""
    answers = health.answers(config)
    rows = []
    for part in supervise.parts(config):
        answer = answers.get(part.name)
        running = part.state == "RUNNING"
        ok = running and (answer is None or answer.ok)
        note = part.note if not running else (answer.text if answer else "")
        rows.append(
            {
                "name": part.name,
                "ok": ok,
                "state": part.state.lower(),
                "pid": part.pid or None,
                "uptime_s": part.uptime_s,
                "rss_mb": _rss_mb(part.pid) if running else None,
                "note": note,
            }
        )
    return {
        "ok": all(bool(row["ok"]) for row in rows),
        "node": config.node_name,
        "cabinet": welcome.address(config),
        "home": str(config.home),
        "parts": rows,
        "health": answers["web"].values,
        "versions": versions(config, answers["engine"]),
        "database": config.db_scheme,
        "ports": {
            "web": config.web_port,
            "sip": config.sip_port,
            "sips": config.sips_port,
            "iax": config.iax_port,
            "h323": config.h323_port,
            "ami": config.ami_port,
            "http": config.http_port,
            "agi": config.agi_port,
            "h323_tcp": [config.h323_tcp_start, config.h323_tcp_end],
            "rtp": [config.rtp_start, config.rtp_end],
        },
    }


def show(config: Config, as_json: bool) -> int:
    """Print the state; exit code 0 when all is well, 3 when something is not (as LSB says for status)."""
    state = collect(config)
    if as_json:
        print(json.dumps(state, ensure_ascii=False))
        return 0 if state["ok"] else 3
    versions_text = ", ".join(f"{name} {value}" for name, value in dict(state["versions"]).items())  # type: ignore[call-overload]
    print(f"Canmos ATS · {state['cabinet']} · {versions_text}")
    for row in state["parts"]:  # type: ignore[attr-defined]
        mark = "✓" if row["ok"] else "✗"
        pid = f"pid {row['pid']}" if row["pid"] else ""
        memory = f"{row['rss_mb']} MB" if row["rss_mb"] else ""
        up = _duration(row["uptime_s"]) if row["pid"] else ""
        print(
            f" {mark} {row['name']:<10} {row['state']:<9} {pid:<11} {up:>9} {memory:>8}  {row['note']}".rstrip()
        )
    if not state["ok"]:
        print(
            tr("Что не так и как исправить: ./ats doctor", "What is wrong and how to mend it: ./ats doctor")
        )
    return 0 if state["ok"] else 3


def versions(config: Config, engine: health.Answer) -> dict[str, str]:
    """Versions of what runs: ours (with the commit), the engine, Python and Django."""
    found = {"ats": __version__ + commit()}
    if engine.ok:
        found["asterisk"] = engine.text.removeprefix("Asterisk ")
    for folder in sorted((config.tools / "venv/lib").glob("python3.*")):
        found["python"] = folder.name.removeprefix("python")
        for package in ("django", "granian", "supervisor"):
            for info in folder.glob(f"site-packages/{package}-*.dist-info"):
                found[package] = info.name.removesuffix(".dist-info").split("-", 1)[1]
    return found


def commit() -> str:
    """`+<short commit>` of the checkout, or nothing outside git."""
    done = (
        subprocess.run(
            ["git", "-C", str(CHECKOUT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True
        )
        if (CHECKOUT / ".git").exists() and Path("/usr/bin/git").exists()
        else None
    )
    return f"+{done.stdout.strip()}" if done and done.returncode == 0 else ""


def _rss_mb(pid: int) -> int | None:
    """Memory of a process and of those it started (the web process keeps its workers as children)."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return None
    own = next((int(line.split()[1]) // 1024 for line in text.splitlines() if line.startswith("VmRSS:")), 0)
    return own + sum(_rss_mb(int(child)) or 0 for child in children)


def _duration(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    return (f"{days}d " if days else "") + f"{hours}:{minutes:02}:{left:02}"
