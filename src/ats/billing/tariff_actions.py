"""Changes to zones, tariffs and rates. A price list is the operator's: audit rows stand under its client."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from ats import checks
from ats.audit.actions import apply, record
from ats.billing import importing
from ats.billing.importing import Parsed
from ats.billing.models import DownPolicy, Tariff, TariffRate, Zone
from ats.billing.rating import MAX_MONEY
from ats.clients.models import Client, User
from ats.clients.versions import bump
from ats.errors import Conflict, Fault, Missing, invalid
from ats.numbering.directions import PAID

MAX_PREFIXES = 5000
_money = checks.whole(0, MAX_MONEY)
_TARIFF: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "currency": checks.pattern(r"[A-Z]{3}", "bad_currency", 3, required=True),
    "time_zone": checks.zone(),
    "description": checks.text(500),
}


def _moment(value: Any) -> datetime | None:
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise checks.Bad("not_moment")
    return value


_RATE: dict[str, checks.Check] = {
    "prefix": checks.pattern(r"[0-9]{1,15}", "bad_prefix", 15),
    "title": checks.text(80),
    "price": _money,
    "connection_fee": _money,
    "attempt_fee": _money,
    "free_s": checks.whole(0, 86400),
    "first_s": checks.whole(1, 86400),
    "next_s": checks.whole(1, 86400),
    "valid_from": _moment,
    "valid_until": _moment,
    "days": checks.whole(1, 127),
    "time_from": checks.whole(0, 1440),
    "time_to": checks.whole(0, 1440),
}


# -- zones -------------------------------------------------------------------------------


@transaction.atomic
def save_zone(actor: User | None, zone_id: int | None, values: Mapping[str, Any]) -> Zone:
    """Create a zone, or change one (only the fields given). Raises Missing, Invalid."""
    zone = Zone() if zone_id is None else _locked(Zone, zone_id)
    accepted = checks.clean(values, {"name": checks.text(80, required=True), "prefixes": _prefixes})
    before, after = apply(zone, accepted)
    _save(zone)
    record(
        actor,
        operator_id(),
        "update" if zone_id else "create",
        zone,
        name=zone.name,
        before=before,
        after=after,
    )
    if "prefixes" in after:
        Tariff.objects.filter(rates__zone=zone).update(version=F("version") + 1)
    return zone


@transaction.atomic
def delete_zone(actor: User | None, zone_id: int) -> None:
    """Delete a zone no rate names. Raises Missing, Conflict."""
    zone = _locked(Zone, zone_id)
    record(actor, operator_id(), "delete", zone, name=zone.name)
    try:
        with transaction.atomic():
            zone.delete()
    except ProtectedError as error:
        raise Conflict(
            "in_use", where=(Fault("at_rates", {"count": len(error.protected_objects)}),)
        ) from error


def _prefixes(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise checks.Bad("not_list")
    if len(value) > MAX_PREFIXES:
        raise checks.Bad("too_many", max=MAX_PREFIXES)
    one = checks.pattern(r"[0-9]{1,15}", "bad_prefix", 15, required=True)
    return sorted({one(str(item).strip().removeprefix("+")) for item in value})


# -- tariffs and rates -------------------------------------------------------------------


@transaction.atomic
def save_tariff(actor: User | None, tariff_id: int | None, values: Mapping[str, Any]) -> Tariff:
    """Create a tariff, or change one (only the fields given). Raises Missing, Invalid."""
    tariff = Tariff() if tariff_id is None else _locked(Tariff, tariff_id)
    before, after = apply(tariff, checks.clean(values, _TARIFF))
    if tariff_id is not None and "currency" in after and tariff.accounts.exists():
        raise invalid("currency", "currency_in_use")
    tariff.version += 1
    _save(tariff)
    record(
        actor,
        operator_id(),
        "update" if tariff_id else "create",
        tariff,
        name=tariff.name,
        before=before,
        after=after,
    )
    return tariff


@transaction.atomic
def delete_tariff(actor: User | None, tariff_id: int) -> None:
    """Delete a tariff no account has. Raises Missing, Conflict."""
    tariff = _locked(Tariff, tariff_id)
    if count := tariff.accounts.count():
        raise Conflict("in_use", where=(Fault("at_accounts", {"count": count}),))
    record(actor, operator_id(), "delete", tariff, name=tariff.name)
    tariff.delete()


@transaction.atomic
def save_rate(
    actor: User | None, tariff_id: int, rate_id: int | None, values: Mapping[str, Any]
) -> TariffRate:
    """Create a rate, or change one (only the fields given). `zone_id` instead of `prefix`. Raises Missing, Invalid."""
    tariff = _locked(Tariff, tariff_id)
    rate = TariffRate(tariff=tariff, price=0) if rate_id is None else _rate_of(tariff, rate_id)
    accepted = checks.clean(values, _RATE)
    if "zone_id" in values:
        accepted["zone"] = _zone(values["zone_id"])
    before, after = apply(rate, accepted)
    if rate.zone is not None and rate.prefix:
        raise invalid("zone_id", "prefix_or_zone")
    if rate.valid_from and rate.valid_until and rate.valid_from >= rate.valid_until:
        raise invalid("valid_until", "ends_before_start")
    rate.save()
    _touch(tariff)
    shown = {name: str(value) if isinstance(value, Zone) else value for name, value in after.items()}
    old = {name: str(value) if isinstance(value, Zone) else value for name, value in before.items()}
    name = f"{tariff.name}: {rate.title or rate.prefix or '*'}"
    record(actor, operator_id(), "update" if rate_id else "create", rate, name=name, before=old, after=shown)
    return rate


@transaction.atomic
def delete_rate(actor: User | None, tariff_id: int, rate_id: int) -> None:
    """Delete a rate. Calls in progress keep the price they began with. Raises Missing."""
    tariff = _locked(Tariff, tariff_id)
    rate = _rate_of(tariff, rate_id)
    record(actor, operator_id(), "delete", rate, name=f"{tariff.name}: {rate.title or rate.prefix or '*'}")
    rate.delete()
    _touch(tariff)


def import_rates(actor: User | None, tariff_id: int, data: bytes, *, replace: bool, dry_run: bool) -> Parsed:
    """Add the rates of a CSV file, or put them in the place of all there are; nothing when a line is wrong.

    Returns what was read and what is wrong with it. Raises Missing.
    """
    with transaction.atomic():
        tariff = _locked(Tariff, tariff_id)
        zones = {zone.name: zone for zone in Zone.objects.all()}
        parsed = importing.parse(data, tariff.time_zone, frozenset(zones))
        if parsed.faults or dry_run:
            return parsed
        removed = tariff.rates.all().delete()[0] if replace else 0
        made = [
            TariffRate(tariff=tariff, **{**row, "zone": zones.get(str(row["zone"]))}) for row in parsed.rows
        ]
        TariffRate.objects.bulk_create(made, batch_size=500)
        _touch(tariff)
        after = {"imported": len(made), "removed": removed}
        record(actor, operator_id(), "update", tariff, name=tariff.name, after=after)
    return parsed


@transaction.atomic
def set_down_policy(actor: User | None, directions: Sequence[str]) -> list[str]:
    """What billed clients may call while the authoriser is silent; every one of them gets a new version."""
    if any(direction not in set(PAID) for direction in directions):
        raise invalid("directions", "not_allowed", allowed=", ".join(PAID))
    row = DownPolicy.objects.select_for_update().first() or DownPolicy()
    before, after = apply(row, {"directions": sorted(set(directions))})
    row.save()
    if after:
        record(actor, operator_id(), "update", row, name="down_policy", before=before, after=after)
        for client_id in (
            Client.objects.exclude(billing_account="").order_by("pk").values_list("pk", flat=True)
        ):
            bump(client_id)
    return list(row.directions)


def operator_id() -> int:
    """The operator's client: what is the exchange's own is written down there."""
    return Client.objects.values_list("pk", flat=True).get(is_operator=True)


def _touch(tariff: Tariff) -> None:
    Tariff.objects.filter(pk=tariff.pk).update(version=F("version") + 1)


def _zone(zone_id: int | None) -> Zone | None:
    if zone_id is None:
        return None
    zone = Zone.objects.filter(pk=zone_id).first()
    if zone is None:
        raise invalid("zone_id", "no_such")
    return zone


def _rate_of(tariff: Tariff, rate_id: int) -> TariffRate:
    rate = tariff.rates.select_related("zone").filter(pk=rate_id).first()
    if rate is None:
        raise Missing
    return rate


def _locked(model: Any, key: int) -> Any:
    row = model.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise Missing
    return row


def _save(thing: Any) -> None:
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error
