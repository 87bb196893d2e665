"""Rules for the passwords of users (Django's validators, their complaints as our faults)."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ats.clients.models import User
from ats.clients.policy import policy
from ats.errors import Fault, Invalid

_CODES = {
    "password_too_short": "password_short",
    "password_too_common": "password_common",
    "password_too_similar": "password_similar",
    "password_entirely_numeric": "password_numeric",
}
MIN_LENGTH = 8
MAX_LENGTH = 200
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like another


def check_password(password: str, user: User, path: str = "password") -> str:
    """The password if it may be used by this user; raises Invalid naming the field at `path`."""
    if not password:
        raise Invalid({path: Fault("required")})
    if len(password) > MAX_LENGTH:
        raise Invalid({path: Fault("too_long", {"max": MAX_LENGTH})})
    if len(password) < (shortest := policy().password_length):
        raise Invalid({path: Fault("password_short", {"min": shortest})})
    try:
        validate_password(password, user)
    except ValidationError as error:
        code = _CODES.get(str(error.error_list[0].code), "bad_value")
        raise Invalid({path: Fault(code, {"min": MIN_LENGTH})}) from error
    return password


def generate(length: int = 14) -> str:
    """A random password that is easy to read out and type."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
