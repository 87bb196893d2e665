"""kill -9 of any part changes no call and loses no row (DESIGN 4); a killed engine's calls are closed."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.harness.company import Company
from tests.harness.instance import wait_for

New = Callable[[], Company]


@pytest.mark.parametrize("part", ["authoriser", "agent", "worker", "web"])
def test_killed_part_loses_nothing(company: New, part: str) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.answer()
    call = first.phone.start_call("101", talk_ms=2500)
    wait_for(lambda: _talks(client), 20)
    killed = client.instance.pid(part)
    os.kill(killed, signal.SIGKILL)
    call.wait()
    waiting.wait()
    instance = client.instance
    wait_for(lambda: instance.pid(part) not in (0, killed), 20)
    client.instance.restart([])
    assert not _children_of_nobody(instance.home), "a worker outlived the web's main process"
    rows = client.calls(1, timeout=20)
    time.sleep(1)  # a row too many would come now
    assert [row["result"] for row in client.calls(1)] == ["answered"]
    assert rows[0]["talk_ms"] >= 2400


def _talks(client: Company) -> bool:
    """Whether 100 and 101 are connected by now."""
    return client.instance.engine("core show channels concise").count("!Up!") == 2


def _children_of_nobody(home: Path) -> list[int]:
    """Processes of this installation's web part whose parent is gone."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            around = (folder / "environ").read_bytes().split(b"\0")
            if b"ats.webserver" in words and f"ATS_HOME={home}".encode() in around and parent == "1":
                found.append(int(folder.name))
    return found


def test_killed_engine_closes_its_open_calls(company: New) -> None:
    client = company()
    first, second = client.line("100"), client.line("101")
    client.wait_active()
    first.phone.register()
    second.phone.register()
    waiting = second.phone.answer()
    begun_at = time.time()
    call = first.phone.start_call("101", talk_ms=60000)
    wait_for(lambda: _talks(client), 20)
    time.sleep(3.5)
    killed_at = time.time()
    os.kill(client.instance.pid("engine"), signal.SIGKILL)
    call.stop()
    waiting.stop()
    [row] = client.calls(1, timeout=30)
    assert row["result"] in ("answered", "lost")
    assert row["answered_at"]
    assert 500 <= row["talk_ms"] <= (killed_at - begun_at) * 1000 + 1000
    client.instance.restart([])
