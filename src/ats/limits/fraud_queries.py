"""The fraud guard's cases for the API."""

from typing import Any

from django.db.models import QuerySet

from ats.limits.models import FraudCase


def cases() -> QuerySet[FraudCase]:
    """Cases of the client in scope."""
    return FraudCase.objects.select_related("port")


def case_row(case: FraudCase) -> dict[str, Any]:
    """A case as the API shows it."""
    return {
        "id": case.pk,
        "port_id": case.port_id,
        "port_name": case.port.name,
        "at": case.at,
        "score": case.score,
        "signals": case.signals,
        "unlocked_at": case.unlocked_at,
        "unlocked_by": case.unlocked_by,
    }


def open_case(port_id: int) -> FraudCase | None:
    """The case that keeps this port locked, if there is one."""
    return cases().filter(port_id=port_id, unlocked_at=None).first()
