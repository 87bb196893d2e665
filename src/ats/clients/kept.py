"""What the change log keeps of a thing that is deleted, so that it can be made again."""

from typing import Any

from ats.clients.models import Client, User

CLIENT_FIELDS = ("name", "description", "billing_account", "time_zone", "language", "area_code", "is_active")
USER_FIELDS = ("login", "name", "email", "language", "time_zone", "billing_account", "rights", "is_active")


def user_fields(user: User) -> dict[str, Any]:
    """All but his secrets; `ports`: ids of those that are his."""
    ports = list(user.ports.order_by("pk").values_list("pk", flat=True))
    return {name: getattr(user, name) for name in USER_FIELDS} | {"ports": ports, "limits": limits_of(user)}


def client_fields(client: Client) -> dict[str, Any]:
    """Of a client that holds nothing but its users any more."""
    users = [user_fields(user) for user in client.users.order_by("pk")]
    return {name: getattr(client, name) for name in CLIENT_FIELDS} | {
        "users": users,
        "limits": limits_of(client),
    }


def limits_of(thing: Any) -> dict[str, Any]:
    """The limits set on a client, user or port itself. Their room is above this one: known by the relation only."""
    rows = thing.limits.all()
    if isinstance(thing, Client):
        rows = rows.filter(user=None, port=None, queue=None, forwarding=None, menu=None)
    row = rows.first()
    if row is None:
        return {}
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.is_relation and not field.primary_key
    }
    return {name: value for name, value in values.items() if value not in (None, [])}
