"""Clients (companies or departments, manual S40) and their users (S50)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from ats.clients.rights import Right
from ats.scoping import Scoped


class Client(models.Model):
    """A company (or department) served by this exchange; client 1 is the operator itself.

    `version` counts the changes that reach the engine: each action that changes
    what the engine must do adds one and writes an outbox row in the same transaction.
    """

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    billing_account = models.CharField(max_length=64, blank=True)
    is_operator = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="Europe/Moscow")
    language = models.CharField(max_length=5, default="ru")
    area_code = models.CharField(max_length=5, default="495", blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="client_name_unique"),
            models.UniqueConstraint(
                fields=["is_operator"], name="client_one_operator", condition=models.Q(is_operator=True)
            ),
        ]
        # Few of many, in the order of the list.
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="client_off", condition=models.Q(is_active=False))
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(Scoped["User"], BaseUserManager["User"]):
    """Users are made by `clients.actions.create_user`; this only finds them by login."""

    owner_path = "pk"

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=username)


class User(AbstractBaseUser):
    """An account for access to the exchange, bound to a client (S50)."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="users")
    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="ru")
    time_zone = models.CharField(max_length=64, default="Europe/Moscow")
    billing_account = models.CharField(max_length=64, blank=True)
    rights = models.JSONField(default=list)  # sorted list of Right values
    # Second factor: empty secret = not set up. `totp_step`: the last 30-second step used, so no code works twice.
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_step = models.BigIntegerField(default=0)
    recovery_digests = models.JSONField(default=list)  # SHA-256 of recovery codes not used yet
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        # «Admin» and «admin» must not be two people.
        constraints: ClassVar = [models.UniqueConstraint(Lower("login"), name="user_login_caseless_unique")]

    def __str__(self) -> str:
        return self.login

    def has_right(self, right: Right) -> bool:
        return right.value in self.rights


class TokenManager(Scoped["ApiToken"]):
    path = "user__client_id"
    owner_path = "user_id"


class ApiToken(models.Model):
    """A bearer token of a user. Only its SHA-256 is stored; the text is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    rights = models.JSONField(default=list)  # the only Right values it may use; empty: all of its user's
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = TokenManager()


class LoginFailure(models.Model):
    """A failed log-in; a few of them within a minute make the next ones wait.

    Kept in the database because several web processes share the count.
    """

    login = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["address", "login", "at"], name="login_failure_who")]


class PasskeyManager(Scoped["Passkey"]):
    path = "user__client_id"
    owner_path = "user_id"


class Passkey(models.Model):
    """A WebAuthn credential of a user; ids and keys in base64url."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=80)
    credential_id = models.CharField(max_length=400, unique=True)
    public_key = models.TextField()
    sign_count = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    objects = PasskeyManager()

    def __str__(self) -> str:
        return self.name


class UserSessionManager(Scoped["UserSession"]):
    path = "user__client_id"
    owner_path = "user_id"


class UserSession(models.Model):
    """Where a user is logged in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    session = models.ForeignKey("sessions.Session", on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=45)
    user_agent = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    objects = UserSessionManager()


class SecurityPolicy(models.Model):
    """The operator's rules for log-ins; one row, made when first changed."""

    # Role values whose users must have a second factor before they can do anything else.
    second_factor_roles = models.JSONField(default=list)
    password_length = models.PositiveSmallIntegerField(default=8)
