"""Clients, users and tokens for the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from ats.clients.models import ApiToken, Client, User
from ats.errors import Missing
from ats.scoping import belonging, how_many


def clients(only_id: int | None) -> QuerySet[Client]:
    """All clients, or only one of them."""
    return Client.objects.all() if only_id is None else Client.objects.filter(pk=only_id)


def client_rows(
    found: Iterable[Client], counts: Mapping[int, Mapping[str, int]] | None = None
) -> list[dict[str, Any]]:
    """Clients as the API shows them; `counts`: what `counts_of` said of them, else it is asked (one query)."""
    rows = list(found)
    counts = counts or counts_of([client.pk for client in rows])
    return [
        {
            "id": client.pk,
            "name": client.name,
            "description": client.description,
            "billing_account": client.billing_account,
            "is_operator": client.is_operator,
            "time_zone": client.time_zone,
            "language": client.language,
            "area_code": client.area_code,
            "is_active": client.is_active,
            "version": client.version,
            "counts": counts[client.pk],
        }
        for client in rows
    ]


def counts_of(ids: list[int]) -> dict[int, dict[str, int]]:
    """How much each of these clients has, by the names of the API."""
    # By name: clients must not know the rooms of numbers and ports (pyproject, import rules).
    number, port = (apps.get_model(name)._base_manager.all() for name in ("numbering.Number", "ports.Port"))
    counted = {
        "users": how_many(belonging(User), "client"),
        "internal_numbers": how_many(number.filter(kind="internal"), "client"),
        "external_numbers": how_many(number.filter(kind="external"), "client"),
        "ports": how_many(port, "client"),
    }
    columns = {f"count_{name}": count for name, count in counted.items()}
    found = Client.objects.filter(pk__in=ids).annotate(**columns).values_list("pk", *columns)
    return {pk: dict(zip(counted, numbers, strict=True)) for pk, *numbers in found}


def users() -> QuerySet[User]:
    """Users of the client in scope."""
    return User.objects.all()


def user(user_id: int) -> User:
    """One user of the client in scope. Raises Missing."""
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise Missing
    return found


def user_row(found: User) -> dict[str, Any]:
    """A user as the API shows him."""
    return {
        "id": found.pk,
        "login": found.login,
        "name": found.name,
        "email": found.email,
        "language": found.language,
        "time_zone": found.time_zone,
        "billing_account": found.billing_account,
        "rights": found.rights,
        "is_active": found.is_active,
        "one_time_codes": bool(found.totp_secret),
        "created_at": found.created_at,
    }


def tokens_of(owner: User) -> list[dict[str, Any]]:
    """A user's tokens, the newest first."""
    return [token_row(token) for token in ApiToken.objects.filter(user=owner).order_by("-pk")]


def token_row(token: ApiToken) -> dict[str, Any]:
    """A token without its secret."""
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "rights": token.rights,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
        "expires_at": token.expires_at,
    }
