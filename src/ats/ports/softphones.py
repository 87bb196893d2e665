"""A subscriber's SIP account in the forms that telephones take: one line for a QR code, texts for softphones."""

import re
from dataclasses import dataclass
from urllib.parse import quote

_PLAIN = re.compile(r"[A-Za-z0-9._~+-]+\Z")
REALM = "canmos-ats"


@dataclass(frozen=True, slots=True)
class Account:
    """`host` as it is typed: a name or an address, IPv6 without brackets."""

    login: str
    password: str
    host: str
    port: int

    @property
    def place(self) -> str:
        """Host and port as they stand in an address."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def uri(self) -> str:
        """Everything in one SIP address (RFC 3261, 19.1.1): shown as a QR code."""
        return f"sip:{quote(self.login, safe='')}:{quote(self.password, safe='')}@{self.place}"

    def baresip(self) -> str:
        """A line of ~/.baresip/accounts. It knows no quotes: a password with rare signs is asked for at the start."""
        secret = f";auth_pass={self.password}" if _PLAIN.match(self.password) else ""
        return f"<sip:{self.login}@{self.place}>;auth_user={self.login}{secret};regint=120"

    def linphone(self) -> str:
        """Sections of linphonerc."""
        return (
            f"[auth_info_0]\nusername={self.login}\npasswd={self.password}\nrealm={REALM}\n\n"
            f"[proxy_0]\nreg_proxy=<sip:{self.place};transport=udp>\n"
            f"reg_identity=<sip:{self.login}@{self.place}>\nreg_expires=300\nreg_sendregister=1\n"
        )
