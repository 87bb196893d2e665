"""Another exchange for tests: a second engine from the private root, configured from scratch."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ats.config import Config
from ats.engine.modules import MODULES
from tests.harness.instance import Instance, wait_for
from tests.harness.ports import free_port

_CONF = """[directories]
astetcdir => {home}/etc
astmoddir => {modules}
astvarlibdir => {home}
astdbdir => {home}
astkeydir => {home}
astdatadir => {home}
astagidir => {home}
astspooldir => {home}/spool
astrundir => {home}
astlogdir => {home}
astsbindir => {home}
[options]
verbose = 3
nofork = yes
documentation_language = en_US
"""
# What the exchange itself loads and a plain switch can use, and what only the other side of a test needs.
_LEFT_OUT = {"res_config_sqlite3", "cel_custom", "res_cdrel_custom", "res_sorcery_realtime"}
_MORE = ("pbx_spool", "app_mixmonitor", "func_periodic_hook", "chan_iax2")
_H323 = "ooh323.conf"  # its driver is loaded where a test writes this
_MODULES = tuple(dict.fromkeys((*(name for name in MODULES if name not in _LEFT_OUT), *_MORE)))


class Switch:
    """Use as a context manager. Calls come to its context `in`; it places calls by spool files."""

    def __init__(self, config: Config, **files: str) -> None:
        self._config = config
        self._files = files
        self.home = Path(tempfile.mkdtemp(prefix="switch-"))
        self.sip_port, self.iax_port, self.h323_port = free_port(), free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._calls = 0

    def __enter__(self) -> "Switch":
        etc = self.home / "etc"
        for folder in ("etc", "spool/outgoing", "spool/tmp"):
            (self.home / folder).mkdir(parents=True)
        for shared in ("documentation", "static-http", "rest-api"):
            (self.home / shared).symlink_to(self._config.engine_share / shared)
        words = {"home": self.home, "modules": self._config.engine_modules}
        server = self._config.sip_port
        modules = (*_MODULES, "chan_ooh323") if _H323 in self._files else _MODULES
        loads = "\n".join(f"load={name}.so" for name in modules)
        texts = {
            "asterisk.conf": _CONF.format(**words),
            "modules.conf": f"[modules]\nautoload=no\n{loads}\n",
            "logger.conf": "[logfiles]\nconsole => warning,error,notice,verbose\n",
            "pjsip.conf": f"""[udp]
type=transport
protocol=udp
bind=127.0.0.1:{self.sip_port}
[ats]
type=endpoint
context=in
disallow=all
allow=alaw
aors=ats
t38_udptl=yes
t38_udptl_ec=redundancy
[ats]
type=aor
contact=sip:127.0.0.1:{server}
[ats]
type=identify
endpoint=ats
match=127.0.0.1:{server}
""",
            "extensions.conf": """[in]
exten => _X!,1,Answer()
 same => n,Playtones(!1000/20000)
 same => n,Wait(20)
[fax]
exten => s,1,Set(FAXOPT(localstationid)=Switch 2)
 same => n,SendFAX(${FILE},${OPTIONS})
 same => n,Verbose(1,FAX-SENT ${FAXOPT(status)} ${FAXOPT(pages)} ${FAXOPT(error)})
 same => n,Hangup()
[tone]
exten => s,1,Playtones(!1000/20000)
 same => n,Wait(20)
""",
            "rtp.conf": f"[general]\nrtpstart={self._config.rtp_start}\nrtpend={self._config.rtp_end}\n",
            "udptl.conf": f"[general]\nudptlstart={self._config.rtp_start}\nudptlend={self._config.rtp_end}\n",
            "iax.conf": f"[general]\nbindport={self.iax_port}\nbindaddr=127.0.0.1\ncalltokenoptional=127.0.0.1/32\n",
            **self._files,
        }
        for name, text in texts.items():
            text = text.replace("@SERVER_IAX@", str(self._config.iax_port))
            text = text.replace("@SERVER_H323@", str(self._config.h323_port))
            text = text.replace("@H323@", str(self.h323_port))
            (etc / name).write_text(text.replace("@IAX@", str(self.iax_port)))
        with (self.home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*self._config.engine_command, "-C", str(etc / "asterisk.conf"), "-f", "-n"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        wait_for(lambda: "Asterisk Ready" in self.log(), 20, self.log)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(8)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if not os.environ.get("ATS_KEEP_HOME"):
            shutil.rmtree(self.home, ignore_errors=True)

    def log(self) -> str:
        return (self.home / "log").read_text(errors="replace")

    def console(self, command: str) -> str:
        """One command of the switch's own console."""
        words = [*self._config.engine_command, "-C", str(self.home / "etc/asterisk.conf"), "-rx", command]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=20).stdout

    def trunk(self, instance: Instance) -> int:
        """Makes the operator's SIP trunk to this switch (once); returns the port's id."""
        operator = instance.operator_id()
        found = instance.api.get(f"/clients/{operator}/ports?search=switch-{self.sip_port}")["items"]
        if found:
            return int(found[0]["id"])
        values = {
            "name": f"switch-{self.sip_port}",
            "connection": "trunk",
            "remote_host": "127.0.0.1",
            "remote_port": self.sip_port,
        }
        made = instance.api.post(f"/clients/{operator}/ports", values)
        instance.wait_active(operator)
        return int(made["id"])

    def call(
        self, channel: str, context: str, *, caller: str = "74950001122", name: str = "", **variables: str
    ) -> None:
        """Calls out over `channel` as `caller`, who calls himself `name`, and runs `context` when answered."""
        self._calls += 1
        lines = [
            f"Channel: {channel}",
            f'CallerID: "{name}" <{caller}>',
            f"Context: {context}",
            "Extension: s",
        ]
        lines += ["Priority: 1", "WaitTime: 20", "MaxRetries: 0"]
        lines += [f"Setvar: {name}={value}" for name, value in variables.items()]
        draft = self.home / "spool/tmp" / str(self._calls)
        draft.write_text("\n".join(lines) + "\n")
        draft.rename(self.home / "spool/outgoing" / f"call-{self._calls}")

    def send_fax(self, number: str, tiff: bytes, *, t38: bool) -> None:
        """Calls a number and sends these pages. z: the sender itself asks for T.38; F: never leaves sound."""
        file = self.home / f"out-{self._calls}.tif"
        file.write_bytes(tiff)
        self.call(f"PJSIP/{number}@ats", "fax", FILE=str(file), OPTIONS="fz" if t38 else "F")
