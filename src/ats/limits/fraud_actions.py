"""The fraud guard's locks and thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ats import checks
from ats.audit.actions import record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.errors import Missing
from ats.limits.fraud import DEFAULTS, Signal, Thresholds, thresholds
from ats.limits.models import FraudCase, FraudSettings

_CHECKS: dict[str, checks.Check] = {
    "enabled": checks.flag,
    "night_from": checks.whole(0, 23),
    "night_to": checks.whole(0, 23),
    **{
        name: checks.whole(0, 10**12)
        for name in asdict(DEFAULTS)
        if name not in ("enabled", "night_from", "night_to", "lock_at")
    },
    "lock_at": checks.whole(1, 10_000),
}


@transaction.atomic
def lock_port(client_id: int, port_id: int, found: Sequence[Signal], at: datetime) -> FraudCase | None:
    """Lock a port of the client in scope for everything but emergency calls; None when it is locked already."""
    try:
        with transaction.atomic():
            case = FraudCase.objects.create(
                client_id=client_id,
                port_id=port_id,
                at=at,
                score=sum(signal.points for signal in found),
                signals=[signal.stored() for signal in found],
            )
    except IntegrityError:
        return None
    record(None, client_id, "lock", case.port, after={"score": case.score, "signals": case.signals})
    bump(client_id)
    return case


@transaction.atomic
def unlock(actor: User, client_id: int, case_id: int) -> FraudCase:
    """Let the port call again; what it did before no longer counts. Raises Missing; unlocking twice is once."""
    case = FraudCase.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise Missing
    if case.unlocked_at is None:
        case.unlocked_at, case.unlocked_by = timezone.now(), actor.login
        case.save(update_fields=["unlocked_at", "unlocked_by"])
        record(actor, client_id, "unlock", case.port)
        bump(client_id)
    return case


def settings() -> Thresholds:
    """The thresholds in force."""
    row = FraudSettings.objects.first()
    return thresholds(row.values if row else {})


@transaction.atomic
def change_settings(actor: User, values: Mapping[str, Any]) -> Thresholds:
    """Tune the guard; only the fields given. Raises Invalid."""
    accepted = checks.clean(values, _CHECKS)
    row = FraudSettings.objects.select_for_update().first() or FraudSettings()
    before = asdict(thresholds(row.values))
    merged = {**before, **accepted}
    row.values = {name: value for name, value in merged.items() if value != getattr(DEFAULTS, name)}
    row.save()
    changed = {name: value for name, value in merged.items() if value != before[name]}
    if changed:
        record(
            actor,
            actor.client_id,
            "update",
            row,
            name="fraud guard",
            before={name: before[name] for name in changed},
            after=changed,
        )
    return thresholds(row.values)
