"""H.323: other operators and their gateways, by a second engine (S15)."""

from collections.abc import Callable

from tests.harness.company import Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.switch import Switch
from tests.harness.tones import listen

ABROAD = "127.0.0.71"

# Whoever is called answers, says which key he was pressed and sends a tone; who calls presses 4 and sends his.
EXTENSIONS = """[in]
exten => _X!,1,Verbose(1,CAME ${EXTEN} from ${CALLERID(num)} ${CALLERID(name)})
 same => n,Answer()
 same => n,Read(KEY,,1,,1,8)
 same => n,Verbose(1,PRESSED ${KEY})
 same => n,Playtones(!1000/20000)
 same => n,Wait(20)
[talk]
exten => s,1,Wait(1)
 same => n,SendDTMF(4)
 same => n,MixMonitor(both.wav,r(came.wav))
 same => n,Playtones(!1000/20000)
 same => n,Wait(3)
 same => n,Hangup()
"""
GATEWAY = f"""[general]
port=@H323@
bindaddr={ABROAD}
h323id=gateway
gatekeeper=DISABLE
faststart=no
h245tunneling=yes
dtmfmode=h245alphanumeric
disallow=all
allow=alaw
context=in
[server]
type=friend
ip=127.0.0.1
port=@SERVER_H323@
context=in
disallow=all
allow=alaw
dtmfmode=h245alphanumeric
"""


def test_an_operator_over_h323(instance: Instance, free_did: Callable[[], str]) -> None:
    """Calls go out by the route to it and come in for external numbers, with sound and keys both ways. From an address
    that no port names nobody calls, whatever name he shows."""
    api, operator = instance.api, instance.operator_id()
    client = Company(instance, "По H.323")
    line, did = client.line("100"), free_did()
    line.phone.hertz = 620
    keys = [{"key": "4", "number_id": line.number_id}]
    menu = api.post(f"{client.path}/menus", {"name": "Меню", "wait_s": 9, "keys": keys})["id"]
    client.dialplan(client.external(did), [step(1, {"kind": "menu", "menu_id": menu})])
    line.phone.register()
    with Switch(instance.config, **{"extensions.conf": EXTENSIONS, "ooh323.conf": GATEWAY}) as switch:
        there = {
            "kind": "h323",
            "connection": "trunk",
            "remote_host": ABROAD,
            "remote_port": switch.h323_port,
        }
        trunk = api.post(f"/clients/{operator}/ports", {**there, "name": "Шлюз H.323"})["id"]
        route = api.post("/routes", {"prefix": "7998", "trunk_ids": [trunk]})["id"]
        instance.wait_active(operator)
        client.wait_active()

        # Its TCP ports are the installation's own: a second one on the machine has others.
        span = f"{instance.config.h323_tcp_start}-{instance.config.h323_tcp_end}"
        assert span in instance.engine("ooh323 show config").replace(" ", "")

        calling = line.phone.start_call("89981112233", keys="7", talk_ms=3000)
        wait_for(lambda: "PRESSED 7" in switch.log(), 15, lambda: switch.log()[-3000:])
        calling.wait()  # it stays on the line for a while
        assert 1000 in calling.heard()
        assert f"CAME 79981112233 from {did} canmos-ats\n" in switch.log()  # no name of ours
        row = client.calls(1)[0]
        assert (row["direction"], row["via"], row["result"]) == ("out", did, "answered"), row
        assert client.card(row["id"])["legs"][1]["endpoint"] == f"t{trunk}"

        waiting = line.phone.answer()
        switch.call(f"OOH323/{did}@server", "talk")
        waiting.wait()
        assert 1000 in waiting.heard()
        row = client.calls(2)[0]
        assert (row["direction"], row["caller"], row["via"], row["answered_by"]) == (
            "in", "74950001122", did, "100",
        ), row  # fmt: skip
        assert client.card(row["id"])["legs"][0]["endpoint"] == f"t{trunk}"
        heard = listen(switch.home / "spool/monitor/came.wav", 1)
        assert abs(heard.hertz - 620) < 10, heard

        # The port goes, another has another address: nobody may call as either.
        api.delete(f"/routes/{route}")
        api.delete(f"/clients/{operator}/ports/{trunk}")
        other = {**there, "remote_host": "192.0.2.7", "name": "Другой шлюз"}
        trunk = api.post(f"/clients/{operator}/ports", other)["id"]
        instance.wait_active(operator)
        assert "192.0.2.7" in instance.engine("ooh323 show peers")
        switch.call(f"OOH323/{did}@server", "talk", name=f"t{trunk}")
        wait_for(lambda: "Call failed to go through" in switch.log(), 15, lambda: switch.log()[-3000:])
        assert api.get(f"{client.path}/calls")["total"] == 2
        api.delete(f"/clients/{operator}/ports/{trunk}")
