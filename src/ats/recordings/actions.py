"""Changes to how long a client's recordings are kept."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import User
from ats.recordings.models import Keeping
from ats.system import queries as system

_CHECKS: dict[str, checks.Check] = {
    "keep_days": checks.whole(0, 3650),
    "quota_mb": checks.whole(0, 10_000_000),
}


@transaction.atomic
def set_keeping(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Keeping:
    """Set days and megabytes of the client in scope (0: without limit). Raises Invalid."""
    accepted = checks.clean(values, _CHECKS)
    keeping, _ = Keeping.objects.get_or_create(client_id=client_id, defaults=asdict(system.recordings()))
    before, after = apply(keeping, accepted)
    if after:
        keeping.save()
        record(actor, client_id, "update", keeping, before=before, after=after)
    return keeping
