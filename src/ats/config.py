"""The configuration of one installation: where its state lives and which ports it uses.

Only the standard library is used here, because the launcher reads this file before the Python
environment exists. An installation is one home folder; its settings stand in `config.toml` there.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, fields, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parents[2]
PORT_FIELDS = (
    "web_port",
    "sip_port",
    "ami_port",
    "http_port",
    "iax_port",
    "agi_port",
    "sips_port",
    "h323_port",
)
RANGES = (("rtp_start", "rtp_end"), ("h323_tcp_start", "h323_tcp_end"))  # ports taken call by call
RANGE_FIELDS = tuple(name for ends in RANGES for name in ends)


class ConfigError(ValueError):
    """The configuration cannot be used; the text says which key and why, in both languages."""


def home_from_env() -> Path:
    """The home folder of this installation: $ATS_HOME, or `var` in the checkout."""
    return Path(os.environ.get("ATS_HOME") or CHECKOUT / "var").resolve()


def tools_from_env(home: Path) -> Path:
    """The folder with the Python environment, the engine and the built cabinet ($ATS_TOOLS).

    It holds nothing of one installation, so several homes may share it.
    """
    return Path(os.environ.get("ATS_TOOLS") or home / "tools").resolve()


@dataclass(frozen=True)
class Config:
    """Settings of one installation. Ports are TCP/UDP numbers, paths are absolute."""

    home: Path
    tools: Path
    node_name: str = "node1"
    listen: str = "127.0.0.1"
    web_port: int = 8080
    sip_port: int = 5060
    rtp_start: int = 10000
    rtp_end: int = 17999  # four ports a call: 2,000 calls at once
    ami_port: int = 5038
    http_port: int = 8088
    iax_port: int = 4569
    agi_port: int = 4573
    sips_port: int = 5061  # SIP over TLS
    h323_port: int = 1720
    h323_tcp_start: int = 12030  # of its calls, one or two each; the driver's own default
    h323_tcp_end: int = 12230
    https: bool = False  # the cabinet, and with it the softphone in the browser
    certificate: str = ""  # the operator's own files, taken over whenever they change (ats.certificates)
    certificate_key: str = ""
    db_url: str = ""
    secret_key: str = ""
    ami_user: str = "ats"
    ami_secret: str = ""
    system_asterisk: str = ""
    smtp_host: str = ""  # empty: letters wait in the queue until there is one
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    smtp_tls: str = ""  # "" | starttls | tls
    # Talk held at once of a counted limit, and how long beyond it an end is waited for.
    counted_hold_s: int = 600
    speech_command: str = ""  # speaks texts instead of espeak-ng; words with {text} {out} {language}

    # -- reading and writing -------------------------------------------------------------

    @classmethod
    def load(cls, home: Path | str | None = None) -> Config:
        """Read `config.toml` of a home (default: `home_from_env()`).

        Every key can be overridden by an environment variable `ATS_<KEY>`.
        Raises ConfigError when the file is missing, unreadable or holds an unusable value.
        """
        place = Path(home).resolve() if home is not None else home_from_env()
        path = place / "config.toml"
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise ConfigError(
                f"Нет файла настроек {path}: сначала выполните ./ats up · "
                f"No settings file {path}: run ./ats up first"
            ) from error
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path}: {error}") from error
        return cls.from_values(place, values)

    @classmethod
    def from_values(cls, home: Path, values: dict[str, object]) -> Config:
        """Build a checked configuration from keys of the file, environment on top."""
        known = {field.name: field for field in fields(cls) if field.name not in ("home", "tools")}
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ConfigError(
                f"Неизвестный ключ в config.toml · unknown key in config.toml: {', '.join(unknown)}"
            )
        merged: dict[str, object] = dict(values)
        for name in known:
            if (given := os.environ.get(f"ATS_{name.upper()}")) is not None:
                merged[name] = given
        defaults = cls(home=home, tools=tools_from_env(home))
        typed = {name: _typed(name, value, getattr(defaults, name)) for name, value in merged.items()}
        config = replace(defaults, **typed)  # type: ignore[arg-type]
        if not config.db_url:
            config = replace(config, db_url=f"sqlite:///{config.sqlite_path}")
        config.check()
        return config

    def check(self) -> None:
        """Raise ConfigError when the values cannot work together."""
        try:
            ip_address(self.listen)
        except ValueError as error:
            raise ConfigError(f"listen: «{self.listen}» не IP-адрес · is not an IP address") from error
        for name in (*PORT_FIELDS, *RANGE_FIELDS):
            value = getattr(self, name)
            if not 1 <= value <= 65535:
                raise ConfigError(f"{name}: {value} вне 1–65535 · out of 1–65535")
        for start, end in RANGES:
            first, last = getattr(self, start), getattr(self, end)
            if last - first < 9:
                raise ConfigError(
                    f"{start} {first}, {end} {last}: нужно не меньше 10 портов · at least 10 ports are needed"
                )
        taken: dict[int, str] = {}
        for name in PORT_FIELDS:
            port = getattr(self, name)
            if port in taken:
                raise ConfigError(
                    f"{name} и {taken[port]}: один порт {port} · {name} and {taken[port]} share port {port}"
                )
            taken[port] = name
        if self.certificate_key and not self.certificate:
            raise ConfigError(
                "certificate_key: не назван сам сертификат (certificate) · "
                "the certificate itself (certificate) is not named"
            )
        if self.smtp_tls not in ("", "starttls", "tls"):
            raise ConfigError(
                "smtp_tls: нужно starttls, tls или пусто · starttls, tls or nothing is expected"
            )
        if self.db_scheme not in ("sqlite", "postgres"):
            raise ConfigError(
                "db_url: нужно sqlite:///путь или postgres://имя:пароль@сервер:порт/база · "
                "sqlite:///path or postgres://user:password@host:port/base expected"
            )

    def save(self) -> None:
        """Write `config.toml` (mode 0600: it holds secrets), by an atomic rename."""
        lines = ["# Made by `./ats up`; may be edited, then `./ats down && ./ats up`."]
        for field in fields(self):
            if field.name in ("home", "tools"):
                continue
            value = getattr(self, field.name)
            if field.name == "db_url" and value == f"sqlite:///{self.sqlite_path}":
                continue  # derived from the home, so a moved home still finds its database
            lines.append(f"{field.name} = {_toml(value)}")
        self.home.mkdir(parents=True, exist_ok=True)
        draft = self.home / "config.toml.new"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write("\n".join(lines) + "\n")
        os.replace(draft, self.home / "config.toml")

    def with_secrets(self) -> Config:
        """The same configuration with the random secrets that are still empty filled in."""
        return replace(
            self,
            secret_key=self.secret_key or secrets.token_urlsafe(48),
            ami_secret=self.ami_secret or secrets.token_urlsafe(24),
        )

    # -- derived places ------------------------------------------------------------------

    @property
    def db_scheme(self) -> str:
        """`sqlite`, `postgres`, or whatever else the address says."""
        scheme = urlsplit(self.db_url).scheme
        return "postgres" if scheme in ("postgres", "postgresql") else scheme

    @property
    def sqlite_path(self) -> Path:
        """The embedded database (used when db_url does not name another)."""
        return self.home / "db" / "ats.sqlite3"

    @property
    def venv_python(self) -> Path:
        """The Python that has our packages."""
        return self.tools / "venv" / "bin" / "python"

    @property
    def web_dir(self) -> Path:
        """The built cabinet: index.html and assets."""
        return self.tools / "web"

    @property
    def engine_root(self) -> Path:
        """The private root with the unpacked engine."""
        return self.tools / "engine-root"

    @property
    def engine_dir(self) -> Path:
        """State of the engine of this node."""
        return self.home / "engine"

    @property
    def engine_etc(self) -> Path:
        """Configuration files of the engine."""
        return self.engine_dir / "etc"

    @property
    def engine_db(self) -> Path:
        """The node's SQLite file that the engine reads endpoints from."""
        return self.engine_dir / "engine.db"

    @property
    def journal_path(self) -> Path:
        """The call journal the engine appends to (rotated to journal-<n>.csv beside it)."""
        return self.engine_dir / "log" / "cel-custom" / "journal.csv"

    @property
    def boot_id_path(self) -> Path:
        """Holds the id of the engine's present boot."""
        return self.engine_dir / "run" / "boot_id"

    @property
    def ami_certificate(self) -> Path:
        """Certificate and key of the engine's command port, one PEM file (ats.engine.certificate)."""
        return self.engine_dir / "keys" / "ami.pem"

    @property
    def certificate_path(self) -> Path:
        """Chain and key that cabinet and SIP over TLS are served with, one PEM file (ats.certificates)."""
        return self.home / "keys" / "server.pem"

    @property
    def media_dir(self) -> Path:
        """Sound messages: <client id>/<sound id>.wav, in further languages <language>/<client id>/<sound id>.wav."""
        return self.home / "media"

    @property
    def incoming_dir(self) -> Path:
        """Where the engine leaves voice messages and faxes until the worker takes them in."""
        return self.engine_dir / "spool" / "incoming"

    @property
    def voicemail_dir(self) -> Path:
        """Voice messages: <client id>/<mailbox id>/<message id>.wav, and `list` for the telephone."""
        return self.home / "voicemail"

    @property
    def fax_dir(self) -> Path:
        """Received faxes: <client id>/<fax id>.tif and .pdf."""
        return self.home / "faxes"

    @property
    def recordings_dir(self) -> Path:
        """Recorded calls: <client id>/<year-month>/<name>.wav; `new/` holds what the engine writes."""
        return self.home / "recordings"

    @property
    def log_dir(self) -> Path:
        """Logs of our processes."""
        return self.home / "log"

    @property
    def run_dir(self) -> Path:
        """Sockets and process ids."""
        return self.home / "run"

    @property
    def authoriser_pulse(self) -> Path:
        """The authoriser's sign of life (engine.authoriser.pulse)."""
        return self.run_dir / "authoriser.pulse"

    @property
    def engine_library_path(self) -> str:
        """Library folders of the private root, in the order its loader must search them."""
        libraries = self.engine_root / "usr/lib/x86_64-linux-gnu"
        # usr/lib itself holds libpri, which chan_dahdi needs (LAB "General pitfalls").
        return ":".join(map(str, (libraries, libraries / "pulseaudio", self.engine_root / "usr/lib")))

    @property
    def engine_command(self) -> list[str]:
        """The words that start the engine's binary, before its own options."""
        if self.system_asterisk:
            return [self.system_asterisk]
        libraries = self.engine_root / "usr/lib/x86_64-linux-gnu"
        return [
            str(libraries / "ld-linux-x86-64.so.2"),
            "--library-path",
            self.engine_library_path,
            str(self.engine_root / "usr/sbin/asterisk"),
        ]

    @property
    def engine_modules(self) -> Path:
        """Folder with the engine's loadable modules."""
        if self.system_asterisk:
            return Path("/usr/lib/x86_64-linux-gnu/asterisk/modules")
        return self.engine_root / "usr/lib/x86_64-linux-gnu/asterisk/modules"

    @property
    def engine_share(self) -> Path:
        """Folder with the engine's shipped data (sounds in sounds/en_US_f_Allison and others)."""
        if self.system_asterisk:
            return Path("/usr/share/asterisk")
        return self.engine_root / "usr/share/asterisk"


_SWITCHES = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False, "": False}


def _typed(name: str, value: object, default: object) -> object:
    """Bring a value from a file or the environment to the type of its default."""
    if isinstance(default, bool):
        if (said := str(value).lower()) not in _SWITCHES:
            raise ConfigError(f"{name}: «{value}» — нужно true или false · true or false is expected")
        return _SWITCHES[said]
    if isinstance(default, int):
        try:
            return int(str(value))
        except ValueError as error:
            raise ConfigError(f"{name}: «{value}» не число · is not a number") from error
    if not isinstance(value, str):
        raise ConfigError(f"{name}: нужна строка · a string is expected")
    return value


def _toml(value: object) -> str:
    """One value as TOML (only the types the dataclass has)."""
    if isinstance(value, int):
        return str(value).lower()  # of a switch, too
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
