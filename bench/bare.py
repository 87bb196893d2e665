"""A bare Asterisk to compare with: the same binary, two phones in pjsip.conf, a three-line dialplan, no CDR, no CEL."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from ats.config import Config
from ats.engine.modules import CORE, DIALPLAN, MEDIA, SIP
from tests.harness.instance import wait_for

PASSWORD = "Bare-Bench-1"

_DIALPLAN = """[general]
static=yes
[bare]
exten => 101,1,NoOp()
exten => 101,2,Dial(PJSIP/101,60)
exten => 101,3,Hangup()
"""


class BareEngine:
    """Use as a context manager: listens on `ip`:`sip_port`, takes only the engine's files from `config`."""

    def __init__(self, config: Config, sip_port: int, ip: str = "127.0.0.1") -> None:
        self._config = config
        self.sip_port = sip_port
        self.ip = ip
        self._home = Path(tempfile.mkdtemp(prefix="ats-bare-"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "BareEngine":
        self._write()
        etc = self._home / "etc"
        self._process = subprocess.Popen(
            [*self._config.engine_command, "-C", str(etc / "asterisk.conf"), "-f"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: "101" in self.console("pjsip show endpoint 101"), 30)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def console(self, command: str) -> str:
        words = [*self._config.engine_command, "-C", str(self._home / "etc" / "asterisk.conf")]
        done = subprocess.run(
            [*words, "-rx", command], capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout

    def _write(self) -> None:
        config, home = self._config, self._home
        etc = home / "etc"
        for folder in ("etc", "lib", "spool", "log", "run", "keys", "data"):
            (home / folder).mkdir()
        documentation = config.engine_share / "documentation"
        (home / "data" / "documentation").symlink_to(documentation)
        files = {
            "asterisk.conf": f"""[directories]
astetcdir => {etc}
astmoddir => {config.engine_modules}
astvarlibdir => {home}/lib
astdbdir => {home}/lib
astkeydir => {home}/keys
astdatadir => {home}/data
astagidir => {home}/lib
astspooldir => {home}/spool
astrundir => {home}/run
astlogdir => {home}/log
[options]
verbose=0
""",
            "modules.conf": _modules(),
            "logger.conf": "[logfiles]\nfull => error\n",
            "pjsip.conf": self._pjsip(),
            "extensions.conf": _DIALPLAN,
            "cdr.conf": "[general]\nenable=no\n",
            "cel.conf": "[general]\nenable=no\n",
            "rtp.conf": "[general]\nrtpstart=48000\nrtpend=51999\n",
            "manager.conf": "[general]\nenabled=no\n",
            "http.conf": "[general]\nenabled=no\n",
        }
        for name, text in files.items():
            (etc / name).write_text(text)

    def _pjsip(self) -> str:
        transport = f"[udp]\ntype=transport\nprotocol=udp\nbind={self.ip}:{self.sip_port}\n"
        return transport + "".join(_phone(name) for name in ("100", "101"))


def _phone(name: str) -> str:
    """A phone as ours are: digest, A-law and mu-law, media through the server, one contact."""
    return f"""
[{name}]
type=endpoint
context=bare
transport=udp
disallow=all
allow=alaw,ulaw
direct_media=no
auth={name}
aors={name}
[{name}]
type=auth
auth_type=userpass
username={name}
password={PASSWORD}
[{name}]
type=aor
max_contacts=1
remove_existing=yes
"""


def _modules() -> str:
    """Our own modules without what makes an exchange of it: journal, realtime, caches."""
    ours = {"res_config_sqlite3", "res_sorcery_realtime", "res_sorcery_memory_cache"}
    names = [name for name in CORE + DIALPLAN + SIP + MEDIA if name not in ours]
    return "[modules]\nautoload=no\n" + "".join(f"load={name}.so\n" for name in names)
