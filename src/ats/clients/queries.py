"""Clients, users and tokens for the API."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django_scopes import scopes_disabled

from ats.clients.models import ApiToken, Client, User
from ats.errors import Missing


def clients(only_id: int | None) -> QuerySet[Client]:
    """All clients, or only one of them."""
    return Client.objects.all() if only_id is None else Client.objects.filter(pk=only_id)


def client_rows(found: Iterable[Client]) -> list[dict[str, Any]]:
    """Clients as the API shows them; counts are taken for all of them in three queries."""
    rows = list(found)
    ids = [client.pk for client in rows]
    with scopes_disabled():  # the ids were allowed already, and a list spans clients
        users = _counts(User.objects.filter(client__in=ids).values_list("client_id"))
        ports = _counts(Client.objects.filter(pk__in=ids, ports__isnull=False).values_list("pk"), "ports")
        numbers: dict[tuple[int, str], int] = {
            (client_id, kind): count
            for client_id, kind, count in Client.objects.filter(pk__in=ids, numbers__isnull=False)
            .values_list("pk", "numbers__kind")
            .annotate(count=Count("numbers"))
        }
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
            "counts": {
                "users": users.get(client.pk, 0),
                "internal_numbers": numbers.get((client.pk, "internal"), 0),
                "external_numbers": numbers.get((client.pk, "external"), 0),
                "ports": ports.get(client.pk, 0),
            },
        }
        for client in rows
    ]


def _counts(rows: Any, field: str = "pk") -> dict[int, int]:
    return dict(rows.annotate(count=Count(field)).order_by())


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
