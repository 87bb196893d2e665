"""Saved is live: versions, flips under load, conflicts, a restarted or absent agent, a cold engine."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.load import Callee, run
from tests.harness.api import ApiError
from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import SipPhone

New = Callable[[], Company]


@contextmanager
def frozen(instance: Instance, part: str) -> Iterator[None]:
    """The part's process stands still: it neither works nor is restarted."""
    pid = instance.pid(part)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # a test may have killed it meanwhile
            os.kill(pid, signal.SIGCONT)


def test_save_is_active_within_a_second_and_followed(company: New) -> None:
    client = company()
    caller, line = client.line("100"), client.line("101")
    client.wait_active()
    caller.phone.register()
    line.phone.register()
    waiting = line.phone.answer()
    caller.phone.call("101")
    waiting.wait()
    for cause, status in ((17, 486), (21, 403), (1, 404)):
        started = time.monotonic()
        saved = client.dialplan(line.number_id, [step(1, {"kind": "hangup", "cause": cause})])
        client.wait_active()
        assert time.monotonic() - started < 1
        caller.phone.call("101", status=status)
        version = saved["provisioning"]["version"]
        [node] = client.api.get(f"{client.path}/provisioning")["nodes"]
        assert (node["version"], node["active"]) == (version, True)


def test_the_first_browser_brings_ice_and_the_last_takes_it_away(instance: Instance, company: New) -> None:
    """Without browsers no call pays for looking for the machine's addresses."""

    def ice() -> str:
        said = instance.engine("rtp show settings")
        return said.split("ICE support:", 1)[1].split()[0]

    client = company()
    assert ice() == "No"
    port = client.port("Браузер", webrtc=True)
    client.wait_active()
    assert ice() == "Yes"
    client.api.delete(f"{client.path}/ports/{port['id']}")
    client.wait_active()
    wait_for(lambda: ice() == "No", 5)


def test_old_versions_go_when_no_call_is_in_them(company: New) -> None:
    client = company()
    caller, line = client.line("100"), client.line("101")
    client.wait_active()
    caller.phone.register()
    line.phone.register()
    old = client.api.get(f"{client.path}/provisioning")["version"]
    ringing = line.phone.let_ring()
    call = caller.phone.start_call("101", cancel_ms=14000)
    time.sleep(1)
    client.dialplan(line.number_id, [step(1, {"kind": "hangup", "cause": 17})])
    client.wait_active()
    time.sleep(11)
    assert f"c{client.id}.v{old}'" in client.instance.engine(f"dialplan show c{client.id}.v{old}")
    call.wait()
    ringing.wait()
    wait_for(
        lambda: "There is no existence" in client.instance.engine(f"dialplan show c{client.id}.v{old}"), 60
    )


def test_two_people_save_at_once(company: New) -> None:
    client = company()
    line = client.line("100")
    path = f"{client.path}/numbers/{line.number_id}/dialplan"
    revision = client.api.get(path)["revision"]
    first = [step(1, {"kind": "hangup", "cause": 17})]
    client.api.put(path, {"revision": revision, "steps": first})
    with pytest.raises(ApiError) as refused:
        client.api.put(path, {"revision": revision, "steps": [step(1, {"kind": "hangup", "cause": 21})]})
    assert (refused.value.status, refused.value.body["code"]) == (409, "changed")
    assert client.api.get(path)["steps"][0]["action"]["cause"] == 17


def test_saving_under_load_stalls_no_call(company: New) -> None:
    """Every call meets one whole version: all 200 are answered while the dialplan changes 25 times."""
    client = company()
    caller, line = client.line("100"), client.line("101")
    to_port = {"kind": "port", "port_id": line.port_id}
    client.wait_active()
    caller.phone.register()
    stop = threading.Event()
    saves = 0

    def keep_saving() -> None:
        nonlocal saves
        while not stop.is_set():
            steps = [step(1, to_port, 30, busy=2), step(2, {"kind": "hangup", "cause": 17})]
            client.dialplan(line.number_id, steps if saves % 2 else [step(3, to_port)])
            saves += 1
            time.sleep(0.3)

    with Callee(client.instance.config.sip_port, line.phone.login, PASSWORD):
        saver = threading.Thread(target=keep_saving)
        saver.start()
        try:
            done = run(
                client.instance.config.sip_port,
                caller.phone.login,
                PASSWORD,
                "101",
                rate=20,
                calls=200,
                talk_ms=300,
            )
        finally:
            stop.set()
            saver.join()
    assert (done.good, done.failed) == (200, 0)
    assert saves >= 15


def test_new_password_counts_at_once(company: New) -> None:
    client = company()
    line = client.line("100")
    client.wait_active()
    line.phone.register()
    client.api.patch(f"{client.path}/ports/{line.port_id}", {"password": "Another-one-4471"})
    client.wait_active()
    line.phone.register(status=401)
    SipPhone(client.instance.config.sip_port, line.phone.login, "Another-one-4471").register()


def test_deleted_port_cannot_register_and_is_refused_while_used(company: New) -> None:
    client = company()
    line = client.line("100")
    client.wait_active()
    line.phone.register()
    with pytest.raises(ApiError) as refused:
        client.api.delete(f"{client.path}/ports/{line.port_id}")
    assert refused.value.status == 409
    client.dialplan(line.number_id, [])
    client.api.delete(f"{client.path}/ports/{line.port_id}")
    client.wait_active()
    line.phone.register(status=401)


def test_saved_while_the_agent_is_dead_becomes_active_when_it_returns(company: New) -> None:
    client = company()
    caller, line = client.line("100"), client.line("101")
    client.wait_active()
    caller.phone.register()
    with frozen(client.instance, "agent"):
        client.dialplan(line.number_id, [step(1, {"kind": "hangup", "cause": 17})])
        time.sleep(0.5)
        assert not client.api.get(f"{client.path}/provisioning")["nodes"][0]["active"]
        os.kill(client.instance.pid("agent"), signal.SIGKILL)
        wait_for(lambda: _alive(client.instance.pid("agent")), 15)
    client.wait_active()
    caller.phone.call("101", status=486)


def test_cold_engine_serves_the_last_state_without_us(company: New) -> None:
    """The agent stands still: the engine starts from its own files."""
    client = company()
    caller, line = client.line("100"), client.line("101")
    client.wait_active()
    caller.phone.register()
    line.phone.register()
    time.sleep(2)  # the engine keeps contacts in a file it writes once a second
    with frozen(client.instance, "agent"):
        os.kill(client.instance.pid("engine"), signal.SIGKILL)
        wait_for(lambda: "Asterisk" in client.instance.engine("core show version"), 20)
        wait_for(lambda: _registers(caller.phone), 10)
        waiting = line.phone.answer()
        caller.phone.call("101")
        waiting.wait()
    client.wait_active()
    [row] = client.calls(1, timeout=20)
    assert row["result"] == "answered"


def _registers(phone: SipPhone) -> bool:
    try:
        phone.register()
    except AssertionError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "TZ"
