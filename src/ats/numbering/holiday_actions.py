"""Changes to a client's holiday calendar, which steps may look at («только в праздники», «кроме праздников»)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import holidays
from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.errors import Missing, invalid
from ats.numbering.models import Holiday

MAX_DAYS = 1000


@transaction.atomic
def add_holiday(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Holiday:
    """Add a day. Raises Invalid, also for one that is there."""
    made = Holiday(client_id=client_id, day=values["day"], **checks.clean(values, {"name": checks.text(80)}))
    if Holiday.objects.count() >= MAX_DAYS:
        raise invalid("day", "too_many", max=MAX_DAYS)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise invalid("day", "taken") from error
    record(actor, client_id, "create", made, after={"day": made.day, "name": made.name})
    bump(client_id)
    return made


@transaction.atomic
def delete_holiday(actor: User | None, holiday_id: int) -> None:
    """Remove a day of the client in scope. Raises Missing."""
    found = Holiday.objects.filter(pk=holiday_id).first()
    if found is None:
        raise Missing
    record(actor, found.client_id, "delete", found, before={"day": found.day, "name": found.name})
    found.delete()
    bump(found.client_id)


@transaction.atomic
def import_russian(actor: User | None, client_id: int, year: int) -> list[Holiday]:
    """Add the public holidays of Russia of that year, days off moved by the government included, as far as the
    package `holidays` knows them; days that are there already stay. Returns those added."""
    present = set(Holiday.objects.values_list("day", flat=True))
    made = [
        Holiday(client_id=client_id, day=day, name=name[:80])
        for day, name in sorted(_russian(year).items())
        if day not in present
    ]
    if len(present) + len(made) > MAX_DAYS:
        raise invalid("year", "too_many", max=MAX_DAYS)
    Holiday.objects.bulk_create(made)
    if made:
        after = {"year": year, "days": len(made)}
        record(actor, client_id, "import", made[0], name=f"Россия {year}", after=after)
        bump(client_id)
    return made


def _russian(year: int) -> dict[date, str]:
    return {
        day: str(name) for day, name in holidays.country_holidays("RU", years=year, language="ru").items()
    }
