"""Giving a number or a port of a client to one of its users (S229)."""

from collections.abc import Mapping
from typing import Any

from ats.clients.models import User
from ats.errors import Denied, invalid
from ats.scoping import owner


def owner_field(values: Mapping[str, Any]) -> dict[str, int | None]:
    """`owner_id` of `values` when it is there, checked against the client in scope; nothing otherwise.

    Raises Invalid for somebody else's user, Denied for a user who sees only what is his own: he cannot give it away.
    """
    if "owner_id" not in values:
        return {}
    if owner() is not None:
        raise Denied
    wanted = values["owner_id"]
    if wanted is not None and not User.objects.filter(pk=wanted).exists():
        raise invalid("owner_id", "not_own")
    return {"owner_id": wanted}
