"""Tariffs as rate books, kept in memory while they are fresh."""

from ats.billing.models import Tariff, TariffRate
from ats.billing.rating import Rate, RateBook


class Books:
    """Rate books by tariff; one is read again when the tariff's version has moved. Not for several threads."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, RateBook]] = {}

    def book(self, tariff_id: int, version: int) -> RateBook:
        """The tariff at this version (as read in the present transaction)."""
        known = self._known.get(tariff_id)
        if known is None or known[0] != version:
            known = self._known[tariff_id] = (version, load_book(tariff_id))
        return known[1]


def load_book(tariff_id: int) -> RateBook:
    """All rates of a tariff, those of zones once for each prefix."""
    zone_name = Tariff.objects.values_list("time_zone", flat=True).get(pk=tariff_id)
    rates: list[Rate] = []
    for row in TariffRate.objects.filter(tariff_id=tariff_id).select_related("zone").order_by("pk"):
        prefixes = row.zone.prefixes if row.zone else [row.prefix]
        title = row.title or (row.zone.name if row.zone else "")
        rates += [_rate(row, prefix, title) for prefix in prefixes]
    return RateBook(zone_name, rates)


def _rate(row: TariffRate, prefix: str, title: str) -> Rate:
    return Rate(
        id=row.pk,
        prefix=prefix,
        title=title,
        price=row.price,
        connection_fee=row.connection_fee,
        attempt_fee=row.attempt_fee,
        free_s=row.free_s,
        first_s=row.first_s,
        next_s=row.next_s,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        days=row.days,
        time_from=row.time_from,
        time_to=row.time_to,
    )
