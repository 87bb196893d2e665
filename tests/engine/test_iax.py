"""IAX2: telephones and other operators over it, by a second engine (S14, S60)."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.company import PASSWORD, Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.switch import Switch

New = Callable[[], Company]
ABROAD = "127.0.0.61"  # the other engine: an address decides whose trunk a call comes by
ACCOUNT = "canmos-line"
LINE_PASSWORD = "Line-secret-1"

# What the other engine does with calls: it lets them ring, answers and says who called what.
EXTENSIONS = """[in]
exten => _[s+0-9]!,1,Verbose(1,CAME ${EXTEN} from ${CALLERID(num)} ${CALLERID(name)} by ${CHANNEL(name)})
 same => n,Ringing()
 same => n,Wait(0.3)
 same => n,Answer()
 same => n,Wait(20)
[talk]
exten => s,1,Wait(1)
 same => n,Verbose(1,TALKED ${CHANNEL(name)})
 same => n,Hangup()
"""


def peers(login: str, far: str) -> str:
    """iax.conf of the other engine: a telephone of ours, one that may not, and the operator of a line."""
    return f"""[general]
bindport=@IAX@
bindaddr={ABROAD}
disallow=all
allow=alaw
register => {login}:{PASSWORD}@127.0.0.1:@SERVER_IAX@
register => {far}:{PASSWORD}@127.0.0.1:@SERVER_IAX@
[{ACCOUNT}]
type=friend
host=dynamic
username={ACCOUNT}
secret={LINE_PASSWORD}
auth=md5
context=in
[server]
type=user
context=in
deny=0.0.0.0/0.0.0.0
permit=127.0.0.1/32
requirecalltoken=no
"""


class World:
    """A client with a SIP telephone (100), one over IAX2 (101), one that may register from another network only
    (102); and the engine that is the telephone and the operators."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.client = client = Company(instance, "По IAX2")
        self.sip = client.line("100")
        self.iax = client.line("101", kind="iax2")
        self.far = client.line("102", kind="iax2", networks=["192.0.2.0/24"])
        client.wait_active()
        files = {"iax.conf": peers(self.iax.phone.login, self.far.phone.login), "extensions.conf": EXTENSIONS}
        self.switch = Switch(instance.config, **files)

    def call(self, login: str, password: str, number: str) -> None:
        """The other engine calls as a telephone of ours."""
        at = f"127.0.0.1:{self.instance.config.iax_port}"
        self.switch.call(f"IAX2/{login}:{password}@{at}/{number}", "talk", caller="666")

    def came(self, text: str) -> None:
        wait_for(lambda: f"CAME {text}" in self.switch.log(), 10, lambda: self.switch.log()[-3000:])

    def state(self, port_id: int) -> str:
        shown = self.client.api.get(f"{self.client.path}/ports/{port_id}")["registration"]
        return str(shown["status"]) if shown else ""


@pytest.fixture(scope="module")
def world(instance: Instance) -> Iterator[World]:
    made = World(instance)
    with made.switch:
        yield made


def test_a_telephone_over_iax2(world: World) -> None:
    client, login = world.client, world.iax.phone.login
    wait_for(lambda: world.state(world.iax.port_id) == "registered", 15, world.switch.log)
    world.sip.phone.register()

    # It calls: whoever it says it is, the other side sees its number.
    waiting = world.sip.phone.answer()
    world.call(login, PASSWORD, "100")
    waiting.wait()
    assert "<sip:101@" in waiting.messages()
    [row] = client.calls(1)
    assert (row["direction"], row["caller"], row["called"], row["result"]) == (
        "internal", "101", "100", "answered",
    ), row  # fmt: skip
    assert client.card(row["id"])["legs"][0]["endpoint"] == login
    assert client.api.get(f"{client.path}/calls?port_id={world.iax.port_id}")["total"] == 1

    # It is called.
    world.sip.phone.call("101")
    world.came("s from 100")
    row = client.calls(2)[0]
    assert (row["caller"], row["called"], row["result"], row["answered_by"]) == (
        "100",
        "101",
        "answered",
        "101",
    )
    assert client.card(row["id"])["path"], row

    # It is an agent of a queue: the engine knows that it is there.
    agents = [{"port_id": world.iax.port_id}]
    queue = client.api.post(f"{client.path}/queues", {"name": "Приём", "agents": agents})["id"]
    client.dialplan(client.number("200"), [step(1, {"kind": "queue", "queue_id": queue})])
    client.wait_active()

    def agent_is_free() -> bool:
        return "Not in use" in world.instance.engine(f"queue show q{queue}")

    wait_for(agent_is_free, 10, lambda: world.instance.engine(f"queue show q{queue}"))
    world.sip.phone.call("200")
    row = client.calls(3)[0]
    assert (row["called"], row["result"]) == ("200", "answered"), row
    assert [leg["endpoint"] for leg in client.card(row["id"])["legs"]][0] == world.sip.phone.login

    # A wrong password, and the right one from a network that is not allowed: neither calls nor registers.
    before = len(waiting.messages())
    world.call(login, "Wrong-phone-7301", "100")
    world.call(world.far.phone.login, PASSWORD, "100")
    wait_for(
        lambda: world.switch.log().count("Call failed to go through") >= 2,
        10,
        lambda: world.switch.log()[-3000:],
    )
    assert world.switch.log().count("\n TALKED") == 1
    assert len(waiting.messages()) == before
    assert world.state(world.far.port_id) == ""
    assert "Rejected" in world.switch.console("iax2 show registry")


def test_one_of_several_over_iax2_has_its_own_extras(world: World) -> None:
    """Rung together with a SIP telephone, or as an agent of a queue, it is recorded because its port is; the telephone
    that answers in its place is not."""
    client, api = world.client, world.client.api
    wait_for(lambda: world.state(world.iax.port_id) == "registered", 15, world.switch.log)
    other = client.line("103")
    api.patch(f"{client.path}/ports/{world.iax.port_id}", {"extras": {"record": True}})
    ring = {"kind": "ring", "port_ids": [world.iax.port_id, other.port_id], "forwarding_ids": []}
    client.dialplan(client.number("210"), [step(1, ring)])
    agents = [{"port_id": world.iax.port_id}]
    queue = api.post(f"{client.path}/queues", {"name": "По IAX2", "agents": agents})["id"]
    client.dialplan(client.number("220"), [step(1, {"kind": "queue", "queue_id": queue})])
    client.wait_active()
    for line in (world.sip, other):
        line.phone.register()
        line.phone.hertz = 500  # of silence there is no recording
    rows = api.get(f"{client.path}/calls")["total"]

    def recorded(number: str, count: int) -> None:
        nonlocal rows
        world.sip.phone.call(number, talk_ms=1500)
        rows += 1
        row = client.calls(rows)[0]
        folder = world.instance.config.recordings_dir / "new" / str(client.id)

        def attached() -> list[str]:
            return [item["number"] for item in client.card(row["id"])["recordings"]]

        wait_for(lambda: len(attached()) == count and not list(folder.glob("*")), 15, lambda: str(attached()))
        assert attached() == ["101"] * count
        assert row["answered_by"] == ("101" if count else "103")

    ringing = other.phone.let_ring()
    recorded("210", 1)
    ringing.wait()
    wait_for(lambda: "Not in use" in world.instance.engine(f"queue show q{queue}"), 10)
    recorded("220", 1)
    world.switch.console("dialplan add extension _[s+0-9]!,3,Wait(9) into in replace")
    answering = other.phone.answer()
    recorded("210", 0)
    answering.wait()
    world.switch.console("dialplan add extension _[s+0-9]!,3,Wait(0.3) into in replace")


def test_operators_over_iax2(world: World, free_did: Callable[[], str]) -> None:
    """A partner of the operator, told by its address; a client's own line, which registers and is called by name."""
    client, api, instance = world.client, world.client.api, world.instance
    operator = instance.operator_id()
    did = free_did()
    owned = client.external(did)
    client.dialplan(owned, [step(1, {"kind": "port", "port_id": world.sip.port_id})])
    there = {
        "kind": "iax2",
        "connection": "trunk",
        "remote_host": ABROAD,
        "remote_port": world.switch.iax_port,
    }
    trunk = api.post(f"/clients/{operator}/ports", {**there, "name": "Партнёр по IAX2"})["id"]
    route = api.post("/routes", {"prefix": "7999", "trunk_ids": [trunk]})["id"]
    account = {"register": True, "remote_login": ACCOUNT, "password": LINE_PASSWORD}
    number = client.number("300")
    client.dialplan(number, [step(1, {"kind": "port", "port_id": world.sip.port_id})])
    line = client.port("Линия по IAX2", **there, **account, number_id=number)["id"]
    instance.wait_active(operator)
    client.wait_active()
    world.sip.phone.register()
    rows = api.get(f"{client.path}/calls")["total"]

    world.sip.phone.call("89991112233")
    world.came(f"79991112233 from {did}")
    row = client.calls(rows + 1)[0]
    assert (row["direction"], row["via"], row["result"]) == ("out", did, "answered"), row

    waiting = world.sip.phone.answer()
    world.switch.call(f"IAX2/127.0.0.1:{instance.config.iax_port}/{did}", "talk")
    waiting.wait()
    row = client.calls(rows + 2)[0]
    assert (row["direction"], row["caller"], row["via"]) == ("in", "74950001122", did), row

    # chan_iax2 repeats a first attempt that came to nothing after 5/6 of a minute, not before.
    wait_for(lambda: world.state(line) == "registered", 75, lambda: world.switch.console("iax2 show peers"))
    waiting = world.sip.phone.answer()
    world.switch.call(f"IAX2/{ACCOUNT}/anything", "talk")
    waiting.wait()
    row = client.calls(rows + 3)[0]
    assert (row["direction"], row["caller"], row["result"]) == ("in", "74950001122", "answered"), row

    # A number that is taken back is not left behind in the engine.
    assert did in instance.engine(f"dialplan show {did}@did")
    api.delete(f"{client.path}/numbers/{owned}")
    client.wait_active()
    assert "c" + str(client.id) not in instance.engine(f"dialplan show {did}@did")
    api.delete(f"/routes/{route}")
    api.delete(f"/clients/{operator}/ports/{trunk}")
