"""Changes to the users of a client (S41-S50)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from ats import checks
from ats.audit.actions import apply, record
from ats.clients import kept
from ats.clients.access import SYSTEM_RIGHTS, may_grant
from ats.clients.actions import PROFILE_CHECKS
from ats.clients.models import Client, User
from ats.clients.passwords import check_password
from ats.clients.rights import ROLE_RIGHTS, Right, Role
from ats.clients.versions import bump
from ats.errors import Conflict, Denied, Missing, invalid

# Whoever holds one may call from elsewhere: the client's compiled dialplan has a way in for that.
_COMPILED_RIGHTS = frozenset({Right.PIN, Right.CLIP_CALLBACK, Right.WEB_SERVICES})
_CHECKS: dict[str, checks.Check] = {
    **PROFILE_CHECKS,
    "login": checks.pattern(r"[A-Za-z0-9._@-]{3,64}", "bad_login_form", 64, required=True),
    "billing_account": checks.text(64),
    "is_active": checks.flag,
}


@transaction.atomic
def create_user(actor: User | None, client_id: int, values: Mapping[str, Any]) -> User:
    """Create a user of the client in scope.

    `rights` (list of right codes) wins over `role` (a preset, S239). Raises Invalid, Missing, and Denied when
    the actor would give rights he does not have.
    """
    client = Client.objects.filter(pk=client_id).first()
    if client is None:
        raise Missing
    user = User(client=client, **checks.clean(values, _CHECKS))
    _check_account(actor, user.billing_account != "")
    rights = _rights(values, client)
    user.rights = sorted(rights if rights is not None else ROLE_RIGHTS[Role.CLIENT_USER])
    _check_may_grant(actor, user)
    user.set_password(check_password(str(values.get("password") or ""), user))
    _save(user)
    record(actor, client.pk, "create", user, after={"login": user.login, "rights": user.rights})
    if user.billing_account:
        bump(client.pk)
    if not _COMPILED_RIGHTS.isdisjoint(user.rights):
        bump(client.pk)
    return user


@transaction.atomic
def update_user(actor: User | None, user_id: int, values: Mapping[str, Any]) -> User:
    """Change a user of the client in scope; only the fields given.

    Raises Missing, Invalid, Denied (a user with more rights than the actor's), Conflict (own rights).
    """
    user = _locked(user_id)
    _check_may_grant(actor, user)
    accepted = checks.clean(values, _CHECKS)
    rights = _rights(values, user.client)
    if rights is not None:
        accepted["rights"] = sorted(rights)
    rights_before = user.rights
    before, after = apply(user, accepted)
    _check_account(actor, "billing_account" in after)
    if actor is not None and actor.pk == user.pk and {"rights", "is_active"} & after.keys():
        raise Conflict("own_user")
    _check_may_grant(actor, user)
    if values.get("password"):
        user.set_password(check_password(str(values["password"]), user))
        before["password"], after["password"] = "old", "new"
    if after:
        _save(user)
        record(actor, user.client_id, "update", user, before=before, after=after)
        if {"rights", "is_active"} & after.keys() and _COMPILED_RIGHTS & {*rights_before, *user.rights}:
            bump(user.client_id)
        if "billing_account" in after:
            bump(user.client_id)  # calls of his ports cost money now, or no longer
        if "language" in after:
            bump(user.client_id)  # of what his telephones hear
        _check_admin_remains(user.client)
    return user


def _check_account(actor: User | None, named: bool) -> None:
    """Who pays is the operator's matter: a client could name another one's account (S48). Raises Invalid."""
    if named and actor is not None and not actor.client.is_operator:
        raise invalid("billing_account", "operators_matter")


@transaction.atomic
def delete_user(actor: User | None, user_id: int) -> None:
    """Delete a user of the client in scope, with his tokens and sessions. Raises Missing, Denied, Conflict."""
    user = _locked(user_id)
    if actor is not None and actor.pk == user.pk:
        raise Conflict("own_user")
    _check_may_grant(actor, user)
    record(actor, user.client_id, "delete", user, before=kept.user_fields(user))
    if not _COMPILED_RIGHTS.isdisjoint(user.rights):
        bump(user.client_id)
    client = user.client
    user.delete()
    bump(client.pk)  # his limits are gone with him
    _check_admin_remains(client)


@transaction.atomic
def restore_user(actor: User | None, client_id: int, values: Mapping[str, Any]) -> User:
    """A deleted user of the client again, from what `kept` says of him, with those of his ports that nobody has now.

    Without a password: he cannot log in until somebody gives him a new one. Raises as `create_user` does.
    """
    client = Client.objects.filter(pk=client_id).first()
    if client is None:
        raise Missing
    user = User(
        client=client,
        **checks.clean({name: values[name] for name in kept.USER_FIELDS if name != "rights"}, _CHECKS),
    )
    _check_account(actor, user.billing_account != "")
    user.rights = sorted(_rights(values, client) or ())
    _check_may_grant(actor, user)
    user.set_unusable_password()
    _save(user)
    client.ports.filter(pk__in=values.get("ports", ()), owner=None).update(owner=user)
    record(actor, client.pk, "create", user, after={"login": user.login, "rights": user.rights})
    bump(client.pk)
    return user


def changeable(actor: User, user_id: int) -> User:
    """A user of the client in scope whom the actor may change. Raises Missing, Denied (more rights than his)."""
    user = User.objects.select_related("client").filter(pk=user_id).first()
    if user is None:
        raise Missing
    _check_may_grant(actor, user)
    return user


def _locked(user_id: int) -> User:
    user = User.objects.select_related("client").select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise Missing
    return user


def _rights(values: Mapping[str, Any], client: Client) -> frozenset[Right] | None:
    """The rights asked for, or None when neither rights nor role are given."""
    if values.get("rights") is not None:
        rights = _known(values["rights"])
    elif values.get("role"):
        try:
            rights = ROLE_RIGHTS[Role(values["role"])]
        except ValueError as error:
            raise invalid("role", "not_allowed", allowed=", ".join(Role)) from error
    else:
        return None
    if rights & SYSTEM_RIGHTS and not client.is_operator:
        raise invalid("rights", "system_right_outside")
    return rights


def _known(codes: Iterable[Any]) -> frozenset[Right]:
    found = set()
    for code in codes:
        try:
            found.add(Right(code))
        except ValueError as error:
            raise invalid("rights", "unknown_right", right=str(code)[:40]) from error
    return frozenset(found)


def _check_may_grant(actor: User | None, user: User) -> None:
    if actor is not None and not may_grant(actor, frozenset(Right(code) for code in user.rights)):
        raise Denied("rights_above_own")


def _save(user: User) -> None:
    """Log-ins are unique over the whole exchange, whatever their case; the database is the judge."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise invalid("login", "taken") from error


def _check_admin_remains(client: Client) -> None:
    """The operator must not lock himself out of his own exchange."""
    if not client.is_operator:
        return
    with scopes_disabled():
        active = User.objects.filter(client=client, is_active=True).values_list("rights", flat=True)
        if not any(Right.MANAGE_SYSTEM in rights and Right.HTTP_LOGIN in rights for rights in active):
            raise Conflict("last_admin")
