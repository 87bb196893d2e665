"""SIP logins and passwords of ports: the rule for them, and suggestions that keep it (S62, S63)."""

import re
import secrets

from django_scopes import scopes_disabled

from ats import checks
from ats.ports.models import Port

MIN_PASSWORD = 10
MAX_PASSWORD = 64
# Nothing that a telephone's web form, its configuration file or a URI would need to quote.
_PASSWORD = re.compile(r"[A-Za-z0-9._\-!?+=@#%*()]+")
_LOGIN = checks.pattern(r"[0-9]{4,12}", "bad_sip_login", 64)
_LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without letters that look like digits
_DIGITS = "23456789"


def check_login(value: object) -> str:
    """A login of 4-12 digits, or empty for «choose one»."""
    return str(_LOGIN(value))


def check_password(value: object, login: str) -> str:
    """A password for a telephone. Raises checks.Bad for a weak one (robots try logins as passwords first)."""
    password = str(checks.text(MAX_PASSWORD)(value))
    if not _PASSWORD.fullmatch(password):
        raise checks.Bad("sip_password_characters" if password else "required")
    if (
        len(password) < MIN_PASSWORD
        or not re.search(r"[A-Za-z]", password)
        or not re.search(r"[0-9]", password)
    ):
        raise checks.Bad("sip_password_weak")
    if login and login in password:
        raise checks.Bad("sip_password_login")
    return password


def suggest_passwords(count: int = 5) -> list[str]:
    """Random passwords of four groups of letters and digits, about 60 bits each, easy to type on a telephone."""
    return [_password() for _ in range(count)]


def _password() -> str:
    groups = []
    for _ in range(4):
        letters = "".join(secrets.choice(_LETTERS) for _ in range(2))
        digits = "".join(secrets.choice(_DIGITS) for _ in range(2))
        groups.append(letters + digits)
    return "-".join(groups)


def suggest_login(client_id: int) -> str:
    """The next free login of a client's block: 100000 + client id × 1000 + n, so at least six digits."""
    start = 100_000 + client_id * 1000
    with scopes_disabled():  # logins are unique over the whole exchange
        block = {str(start + n) for n in range(1, 1000)}
        taken = set(Port.objects.filter(login__in=block).values_list("login", flat=True))
        free = sorted(block - taken, key=int)
        if free:
            return free[0]
        while True:  # a client with a thousand ports: anything free beyond all blocks
            login = str(10**10 + secrets.randbelow(9 * 10**10))
            if not Port.objects.filter(login=login).exists():
                return login
