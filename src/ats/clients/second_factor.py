"""One-time codes as a second factor of the log-in (RFC 6238, 30-second steps), with recovery codes."""

import hashlib
import secrets

import pyotp
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django_scopes import scope

from ats.audit.actions import record
from ats.clients.models import Passkey, SecurityPolicy, User
from ats.clients.rights import role_of
from ats.errors import Conflict, Denied, invalid

ISSUER = "Canmos ATS"
STEP_S = 30
_DRIFT = 1  # steps a telephone's clock may be off
RECOVERY_CODES = 10


def with_state(users: QuerySet[User]) -> QuerySet[User]:
    """Users with what `must_set_up` asks, so that no request pays a query for it."""
    rules = SecurityPolicy.objects.order_by("pk").values("second_factor_roles")[:1]
    keys = Passkey._base_manager.filter(user=OuterRef("pk"))
    return users.annotate(factor_roles=Subquery(rules), has_passkey=Exists(keys))


def must_set_up(user: User) -> bool:
    """Whether the operator demands a second factor of this user's role and there is none yet.

    The user comes from `with_state`.
    """
    roles = getattr(user, "factor_roles", None) or ()
    has_factor = bool(user.totp_secret) or bool(getattr(user, "has_passkey", False))
    return not has_factor and role_of(user.rights, user.client.is_operator) in roles


def new_secret(user: User) -> tuple[str, str]:
    """A fresh secret and its `otpauth:` address for the QR code; stored only by `set_up`."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=ISSUER)


@transaction.atomic
def set_up(user: User, secret: str, code: str) -> list[str]:
    """Switch one-time codes on once a code of the secret was right; returns the recovery codes, shown once.

    Raises Conflict when they are on already, Invalid for a wrong secret or code.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.totp_secret:
        raise Conflict("factor_on")
    try:
        step = _step_of(secret, code, 0)
    except ValueError as error:
        raise invalid("secret", "bad_value") from error
    if step is None:
        raise invalid("code", "wrong_code")
    codes = [f"{secrets.randbelow(10**5):05d}-{secrets.randbelow(10**5):05d}" for _ in range(RECOVERY_CODES)]
    locked.totp_secret, locked.totp_step = secret, step
    locked.recovery_digests = [_digest(one) for one in codes]
    locked.save(update_fields=["totp_secret", "totp_step", "recovery_digests"])
    record(user, user.client_id, "second_factor_on", user)
    return codes


@transaction.atomic
def switch_off(actor: User, user: User, password: str | None) -> None:
    """Switch one-time codes off: by the user with his password, or by somebody who may change him (None).

    Raises Invalid for a wrong password.
    """
    if password is not None and not user.check_password(password):
        raise invalid("password", "wrong_password")
    User.objects.filter(pk=user.pk).update(totp_secret="", recovery_digests=[])
    record(actor, user.client_id, "second_factor_off", user)


def check_code(user: User, code: str) -> None:
    """Let a log-in through with a one-time or a recovery code, each good once.

    Raises Denied `second_factor` without a code, `wrong_code` for a wrong one.
    """
    if not code.strip():
        raise Denied("second_factor")
    with transaction.atomic(), scope(client=user.client_id):
        locked = User.objects.select_for_update().get(pk=user.pk)
        if (step := _step_of(locked.totp_secret, code, locked.totp_step)) is not None:
            locked.totp_step = step
            locked.save(update_fields=["totp_step"])
            return
        if (digest := _digest(code)) in locked.recovery_digests:
            locked.recovery_digests = [one for one in locked.recovery_digests if one != digest]
            locked.save(update_fields=["recovery_digests"])
            record(user, user.client_id, "recovery_code", user, after={"left": len(locked.recovery_digests)})
            return
    raise Denied("wrong_code")


def _step_of(secret: str, code: str, after: int) -> int | None:
    """The step whose code this is, later than `after` and near now; None when it is no such code."""
    digits = "".join(code.split())
    now = int(timezone.now().timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if step > after and secrets.compare_digest(totp.at(step * STEP_S).encode(), digits.encode()):
            return step
    return None


def _digest(code: str) -> str:
    return hashlib.sha256("".join(code.split()).encode()).hexdigest()
