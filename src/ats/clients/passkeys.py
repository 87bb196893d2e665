"""Passkeys (WebAuthn level 2): registered by a user, then enough by themselves to log in.

The browser proves who its user is (fingerprint, PIN) before it signs, so a passkey counts as both factors.
"""

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ats import checks
from ats.audit.actions import record
from ats.clients.models import Passkey, User
from ats.clients.rights import Right
from ats.errors import Denied, Missing, NotLoggedIn, invalid

MOST = 10


def passkeys_of(user: User) -> list[dict[str, Any]]:
    """A user's passkeys for the API, the newest first."""
    return [
        {"id": one.pk, "name": one.name, "created_at": one.created_at, "last_used_at": one.last_used_at}
        for one in Passkey.objects.filter(user=user).order_by("-pk")
    ]


def registration_options(user: User, host: str) -> tuple[str, str]:
    """(options for `navigator.credentials.create` as JSON, the challenge to keep for `register`)."""
    challenge = secrets.token_bytes(32)
    options = generate_registration_options(
        rp_id=host,
        rp_name="Canmos ATS",
        user_id=str(user.pk).encode(),
        user_name=user.login,
        user_display_name=user.name or user.login,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
            for one in Passkey.objects.filter(user=user)
        ],
    )
    return options_to_json(options), bytes_to_base64url(challenge)


@transaction.atomic
def register(
    user: User, name: str, credential: dict[str, Any], challenge: str, host: str, origin: str
) -> Passkey:
    """Store what the browser made. Raises Invalid when it does not fit the challenge, host or origin."""
    accepted = checks.clean({"name": name}, {"name": checks.text(80, required=True)})
    if Passkey.objects.filter(user=user).count() >= MOST:
        raise invalid("name", "too_many", max=MOST)
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
        with transaction.atomic():
            passkey = Passkey.objects.create(
                user=user,
                credential_id=bytes_to_base64url(verified.credential_id),
                public_key=bytes_to_base64url(verified.credential_public_key),
                sign_count=verified.sign_count,
                **accepted,
            )
    except (WebAuthnException, IntegrityError, ValueError) as error:
        raise invalid("credential", "bad_passkey") from error
    record(user, user.client_id, "create", passkey)
    return passkey


@transaction.atomic
def remove(user: User, passkey_id: int) -> None:
    """Remove one of the user's own passkeys. Raises Missing."""
    passkey = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        raise Missing
    record(user, user.client_id, "delete", passkey)
    passkey.delete()


def login_options(host: str) -> tuple[str, str]:
    """(options for `navigator.credentials.get` as JSON, the challenge to keep for `user_by_passkey`)."""
    challenge = secrets.token_bytes(32)
    options = generate_authentication_options(
        rp_id=host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options), bytes_to_base64url(challenge)


def user_by_passkey(credential: dict[str, Any], challenge: str, host: str, origin: str) -> User:
    """The user whose passkey signed the challenge. Raises NotLoggedIn; Denied without «Вход по HTTP» (S214)."""
    with scopes_disabled(), transaction.atomic():  # who signed decides the client
        passkey = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("user__client")
            .filter(credential_id=str(credential.get("id", ""))[:400])
            .filter(user__is_active=True, user__client__is_active=True)
            .first()
        )
        if passkey is None:
            raise NotLoggedIn("bad_passkey")
        try:
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=host,
                expected_origin=origin,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError) as error:
            raise NotLoggedIn("bad_passkey") from error
        passkey.sign_count, passkey.last_used_at = verified.new_sign_count, timezone.now()
        passkey.save(update_fields=["sign_count", "last_used_at"])
    user = passkey.user
    user.has_passkey = True  # type: ignore[attr-defined] # what `second_factor.with_state` would say
    if not user.has_right(Right.HTTP_LOGIN):
        raise Denied("no_http_login")
    with scope(client=user.client_id), transaction.atomic():
        record(user, user.client_id, "login", user, after={"passkey": passkey.name})
    return user
