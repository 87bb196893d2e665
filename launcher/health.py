"""Is an installation well? Asked of the parts themselves, not of their process ids."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from dataclasses import dataclass, field

from ats import addresses
from ats.config import Config
from ats.engine.certificate import client_context
from launcher import supervise
from launcher.progress import Report
from launcher.text import LaunchError, tr


@dataclass(frozen=True)
class Answer:
    """What one part said: `ok`, and a short text (version, or what is wrong)."""

    ok: bool
    text: str
    values: dict[str, object] = field(default_factory=dict)


def web(config: Config, timeout: float = 3) -> Answer:
    """GET /api/health of the web process."""
    connection = _connection(config, timeout)
    try:
        connection.request("GET", "/api/health")
        response = connection.getresponse()
        body = response.read(100_000)
        values = json.loads(body) if body[:1] == b"{" else {}
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(False, str(error) or type(error).__name__)
    finally:
        connection.close()
    ok = response.status == 200 and values.get("status") == "ok"
    return Answer(ok, str(values.get("status") or f"HTTP {response.status}"), values)


def _connection(config: Config, timeout: float) -> http.client.HTTPConnection:
    if not config.https:
        return http.client.HTTPConnection(addresses.own(config.listen), config.web_port, timeout=timeout)
    # Nothing secret is asked or told, and a certificate that is over must not look like a cabinet that is down.
    anyone = ssl.create_default_context()
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(
        addresses.own(config.listen), config.web_port, timeout=timeout, context=anyone
    )


def engine(config: Config, timeout: float = 3) -> Answer:
    """Log in to the engine's command port and ask for its version."""
    try:
        tls = client_context(config.ami_certificate)
        with (
            socket.create_connection(("127.0.0.1", config.ami_port), timeout) as bare,
            tls.wrap_socket(bare) as connection,
        ):
            stream = connection.makefile("rwb")
            banner = stream.readline().decode(errors="replace").strip()
            if not banner.startswith("Asterisk Call Manager"):
                return Answer(False, banner or "AMI")
            stream.write(
                f"Action: Login\r\nUsername: {config.ami_user}\r\nSecret: {config.ami_secret}\r\n"
                "Events: off\r\n\r\nAction: CoreSettings\r\n\r\nAction: Logoff\r\n\r\n".encode()
            )
            stream.flush()
            said = stream.read(20_000).decode(errors="replace")
    except OSError as error:
        return Answer(False, str(error))
    if "Authentication accepted" not in said:
        return Answer(False, tr("AMI не принял пароль", "AMI refused the password"))
    versions = [
        line.split(":", 1)[1].strip() for line in said.splitlines() if line.startswith("AsteriskVersion")
    ]
    return Answer(True, f"Asterisk {versions[0].split('+dfsg')[0]}" if versions else "Asterisk")


def authoriser(config: Config, timeout: float = 3) -> Answer:
    """Ask the authoriser, in the engine's own way, whether it is there."""
    try:
        with socket.create_connection(("127.0.0.1", config.agi_port), timeout) as connection:
            connection.sendall(b"agi_network_script: ping\n\n")
            said = connection.makefile("rb").readline(100)
    except OSError as error:
        return Answer(False, str(error))
    return Answer(said == b"pong\n", "ok" if said == b"pong\n" else repr(said))


def answers(config: Config) -> dict[str, Answer]:
    """What every part says of itself, or what the web process knows of it."""
    said = web(config)
    found = {"web": said, "engine": engine(config), "authoriser": authoriser(config)}
    inner = said.values.get("parts")
    for name, values in (inner if isinstance(inner, dict) else {}).items():
        if name in ("agent", "worker"):
            found[name] = Answer(bool(values.get("ok")), str(values.get("detail", "")))
    # The web process answers; that another part does not work is said on that part's own line.
    if said.values.get("status") == "degraded":
        found["web"] = Answer(True, "ok", said.values)
    return found


def wait(config: Config, report: Report, timeout: float = 60) -> None:
    """Return when every part runs and answers. Raises LaunchError naming the part that does not."""
    deadline = time.monotonic() + timeout
    said_engine = Answer(False, "")
    while True:
        said_web = web(config)
        if not said_engine.ok:  # each asking is a log-in that the engine notes
            said_engine = engine(config)
        waiting = [part for part in supervise.parts(config) if part.state != "RUNNING"]
        if said_web.ok and said_engine.ok and not waiting:
            return
        given_up = [part for part in waiting if part.state == "FATAL"]
        if given_up or time.monotonic() > deadline:
            raise LaunchError(*_complaint(config, said_web, said_engine, given_up or waiting))
        names = [part.name for part in waiting]
        names += ["web"] if not said_web.ok and "web" not in names else []
        names += ["engine"] if not said_engine.ok and "engine" not in names else []
        report(tr("ждём: ", "waiting for: ") + ", ".join(names))
        time.sleep(0.2)


def _complaint(
    config: Config, said_web: Answer, said_engine: Answer, waiting: list[supervise.Part]
) -> tuple[str, str]:
    names = [part.name for part in waiting]
    reasons = [f"{part.name}: {part.state} {part.note}".strip() for part in waiting]
    if not said_web.ok and "web" not in names:
        names.append("web")
        reasons.append(f"web: {said_web.text}")
    if not said_engine.ok and "engine" not in names:
        names.append("engine")
        reasons.append(f"engine: {said_engine.text}")
    tails = []
    for name in names:
        try:
            lines = (
                (config.log_dir / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
            )
        except OSError:
            continue
        tails += [f"  {name}.log:", *(f"    {line}" for line in lines[-6:])]
    message = tr("Не всё запустилось", "Not every part came up") + ": " + "; ".join(reasons)
    return "\n".join([message, *tails]), "./ats doctor; ./ats logs " + (names[0] if names else "")
