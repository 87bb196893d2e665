"""Changes to clients (S33-S40), and of a user to himself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django_scopes import scope, scopes_disabled

from ats import checks
from ats.audit.actions import apply, emit, record
from ats.audit.models import Outbox
from ats.clients import kept, tokens, versions
from ats.clients.models import ApiToken, Client, User
from ats.clients.passwords import check_password
from ats.errors import Conflict, Fault, Missing, invalid

CLIENT_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(120, required=True),
    "description": checks.text(500),
    "billing_account": checks.text(64),
    "time_zone": checks.zone(),
    "language": checks.one_of(checks.LANGUAGES),
    "area_code": checks.pattern(r"[1-9][0-9]{2,4}", "bad_area_code", 64),
    "is_active": checks.flag,
}
PROFILE_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(120),
    "email": checks.email,
    "language": checks.one_of(checks.LANGUAGES),
    "time_zone": checks.zone(),
}
_PACKAGE_NAMES = {"ru": "Музыка на удержании", "en": "Music on hold"}
# What the engine must learn when it changes; a new description is nobody's business there.
_ENGINE_FIELDS = frozenset({"time_zone", "language", "area_code", "is_active", "billing_account"})


@transaction.atomic
def create_client(actor: User | None, values: Mapping[str, Any], *, is_operator: bool = False) -> Client:
    """Create a client with an empty default media package (S189). Raises Invalid; the name must be new."""
    client = Client(**checks.clean(values, CLIENT_CHECKS), is_operator=is_operator)
    _save(client)
    record(actor, client.pk, "create", client, after={"name": client.name})
    _make_package(actor, client)
    versions.bump(client.pk)
    client.refresh_from_db(fields=["version"])
    return client


def _make_package(actor: User | None, client: Client) -> None:
    """The package the manual finds there, marked with an asterisk: what is uploaded into it is heard on hold at once.
    Media are a room above this one; here they are known by the relation only."""
    name = _PACKAGE_NAMES[client.language]
    with scope(client=client.pk):
        package = client.packages.create(name=name, is_default=True)
    record(actor, client.pk, "create", package, after={"name": name, "is_default": True})


@transaction.atomic
def update_client(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Client:
    """Change a client; only the fields given. Raises Missing, Invalid."""
    client = _locked(client_id)
    accepted = checks.clean(values, CLIENT_CHECKS)
    if client.is_operator and accepted.get("is_active") is False:
        raise Conflict("operator_client")
    before, after = apply(client, accepted)
    if not after:
        return client
    _save(client)
    record(actor, client.pk, "update", client, before=before, after=after)
    if _ENGINE_FIELDS & after.keys():
        client.version = versions.bump(client.pk)
    return client


@transaction.atomic
def delete_client(actor: User | None, client_id: int) -> None:
    """Delete a client that holds no numbers, ports or sounds any more; its users and empty media packages go with it.

    Raises Missing; Conflict saying what it still holds. Its calls stay in the call detail, its audit too; that it
    was deleted stands in the operator's, where somebody can still read it.
    """
    client = _locked(client_id)
    if client.is_operator:
        raise Conflict("operator_client")
    with scopes_disabled():
        held = tuple(
            Fault(code, {"count": count})
            for code, relation in (("has_numbers", client.numbers), ("has_ports", client.ports))
            if (count := relation.count())
        )
        # Sounds belong to a room above this one; the database knows about them all the same.
        if held:
            raise Conflict("client_not_empty", where=held)
        before = kept.client_fields(client)
        operator_id = Client.objects.values_list("pk", flat=True).get(is_operator=True)
        try:
            with transaction.atomic():
                client.users.all().delete()
                client.packages.filter(files__isnull=True).delete()
                client.delete()
        except ProtectedError as error:
            count = len(error.protected_objects)
            raise Conflict("client_not_empty", where=(Fault("has_sounds", {"count": count}),)) from error
    client.pk = client_id  # Django forgets it on delete; the audit row names it
    record(actor, operator_id, "delete", client, before=before)
    emit(Outbox.Kind.CLIENT_GONE, client_id, client.version + 1)


@transaction.atomic
def update_profile(user: User, values: Mapping[str, Any]) -> User:
    """A user changes his own name, e-mail, language or time zone."""
    before, after = apply(user, checks.clean(values, PROFILE_CHECKS))
    if after:
        user.save(update_fields=list(after))
        record(user, user.client_id, "update", user, before=before, after=after)
        if "language" in after:
            versions.bump(user.client_id)  # of what his telephones hear
    return user


@transaction.atomic
def change_own_password(user: User, old: str, new: str) -> User:
    """A user changes his own password. Raises Invalid for a wrong old or a weak new one."""
    if not user.check_password(old):
        raise invalid("old", "wrong_password")
    user.set_password(check_password(new, user, "new"))
    user.save(update_fields=["password"])
    record(user, user.client_id, "update", user, after={"password": "new"})
    return user


@transaction.atomic
def create_token(
    user: User, name: str, expires_at: datetime | None, rights: Sequence[str] = ()
) -> tuple[ApiToken, str]:
    """Make a bearer token; returns it and its text, which is not stored.

    `rights`: the only ones it may use (none: all of the user's). Raises Invalid, also for a right he lacks.
    """
    accepted = checks.clean(
        {"name": name, "expires_at": expires_at},
        {"name": checks.text(80, required=True), "expires_at": checks.future},
    )
    if lacking := sorted(set(rights) - set(user.rights)):
        raise invalid("rights", "unknown_right", right=lacking[0][:40])
    accepted["rights"] = sorted(set(rights))
    text = tokens.new_token_text()
    token = ApiToken.objects.create(user=user, digest=tokens.digest_of(text), prefix=text[:10], **accepted)
    record(user, user.client_id, "create", token, name=token.name)
    return token, text


@transaction.atomic
def delete_token(user: User, token_id: int) -> None:
    """Revoke one of the user's own tokens. Raises Missing."""
    token = ApiToken.objects.filter(user=user, pk=token_id).first()
    if token is None:
        raise Missing
    record(user, user.client_id, "delete", token, name=token.name)
    token.delete()


def _locked(client_id: int) -> Client:
    client = Client.objects.select_for_update().filter(pk=client_id).first()
    if client is None:
        raise Missing
    return client


def _save(client: Client) -> None:
    try:
        with transaction.atomic():
            client.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error
