"""The first five minutes of the README by the letter: one command, two softphones, a call, its row in call detail."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ats.config import CHECKOUT, PORT_FIELDS
from tests.harness.api import Api
from tests.harness.instance import wait_for
from tests.harness.ports import BLOCK, free_block
from tests.harness.softphone import baresip

Command = Callable[..., str]


@pytest.fixture
def ats() -> Iterator[Command]:
    """`./ats` with a home of its own, as in a new clone whose programs are downloaded already; ended afterwards."""
    home = Path(tempfile.mkdtemp(prefix="ats-up-"))
    env = {name: value for name, value in os.environ.items() if name != "ATS_DB_URL"}

    def run(*words: str) -> str:
        command = [sys.executable, str(CHECKOUT / "ats"), *words]
        done = subprocess.run(
            command,
            env=env | {"ATS_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    try:
        yield run
    finally:
        run("down")
        shutil.rmtree(home)


def test_up_prints_all_that_the_first_call_needs(ats: Command) -> None:
    base = free_block()
    ports = {name: base + index for index, name in enumerate(PORT_FIELDS)}
    ports |= {"rtp_start": base + 20, "rtp_end": base + BLOCK - 1}
    options = [word for name, port in ports.items() for word in (f"--{name.replace('_', '-')}", str(port))]

    said = ats("up", *options)
    telephones = re.findall(r"^ +(\d+) +127\.0\.0\.1:(\d+) +(\S+) +(\S+) *$", said, re.MULTILINE)
    assert [row[:2] for row in telephones] == [
        ("100", str(ports["sip_port"])),
        ("101", str(ports["sip_port"])),
    ]
    (password,) = re.findall(r"Password: +(\S+)$", said, re.MULTILINE)
    (address,) = re.findall(r"Cabinet: +(\S+)$", said, re.MULTILINE)
    assert password not in ats("up", *options)  # told once

    parts = json.loads(ats("status", "--json"))
    assert parts["ok"], parts
    assert {part["name"] for part in parts["parts"]} == {"engine", "authoriser", "agent", "worker", "web"}

    (_, sip, *first), (_, _, *second) = telephones
    with (
        baresip(int(sip), first[0], first[1], 440) as one,
        baresip(int(sip), second[0], second[1], 620) as two,
    ):
        one.dial("101")
        one.wait_heard(620)
        two.wait_heard(440)
        one.hang_up()
    api = Api(address.rstrip("/"))
    api.login("admin", password)
    (demo,) = [row for row in api.get("/clients")["items"] if row["name"] == "Ромашка"]
    found: list[dict[str, Any]] = []

    def written() -> bool:
        found[:] = api.get(f"/clients/{demo['id']}/calls")["items"]
        return bool(found)

    wait_for(written, 10)
    assert [(row["caller"], row["called"], row["result"]) for row in found] == [("100", "101", "answered")]
