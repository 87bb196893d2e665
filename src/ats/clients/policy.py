"""The operator's rules for log-ins: who needs a second factor, how long passwords are."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import SecurityPolicy, User
from ats.clients.rights import Role

SHORTEST, LONGEST = 8, 64


def policy() -> SecurityPolicy:
    """The rules in force; the defaults before anybody changed them."""
    return SecurityPolicy.objects.order_by("pk").first() or SecurityPolicy()


@transaction.atomic
def update_policy(actor: User, values: Mapping[str, Any]) -> SecurityPolicy:
    """Change the rules; only the fields given. Raises Invalid."""
    accepted = checks.clean(
        values, {"second_factor_roles": _roles, "password_length": checks.whole(SHORTEST, LONGEST)}
    )
    found, _ = SecurityPolicy.objects.select_for_update().get_or_create(pk=1)
    before, after = apply(found, accepted)
    if after:
        found.save()
        record(actor, actor.client_id, "update", found, name="security", before=before, after=after)
    return found


def _roles(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise checks.Bad("not_list")
    return sorted({checks.one_of(Role)(role) for role in value})
