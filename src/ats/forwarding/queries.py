"""Forwarding numbers of a client for the API."""

from typing import Any

from django.db.models import QuerySet

from ats.dialplan.extras import Extras
from ats.errors import Missing
from ats.forwarding.models import Forwarding


def forwardings() -> QuerySet[Forwarding]:
    """Forwarding numbers of the client in scope."""
    return Forwarding.objects.all()


def forwarding(forwarding_id: int) -> Forwarding:
    """One of them. Raises Missing."""
    found = Forwarding.objects.filter(pk=forwarding_id).first()
    if found is None:
        raise Missing
    return found


def forwarding_row(found: Forwarding) -> dict[str, Any]:
    """A forwarding number as the API shows it; `extras` with every switch."""
    extras = Extras.of(found.extras)
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "digits": found.digits,
        "display": f"+{found.digits}",
        "language": found.language,
        "extras": {name: getattr(extras, name) for name in Extras.__dataclass_fields__},
        "created_at": found.created_at,
    }
