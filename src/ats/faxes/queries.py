"""Received faxes for the API."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ats.errors import Missing
from ats.faxes import pages
from ats.faxes.models import Fax, FaxSettings


def faxes() -> QuerySet[Fax]:
    """Faxes of the client in scope."""
    return Fax.objects.all()


def fax(fax_id: int) -> Fax:
    """One fax of the client in scope. Raises Missing."""
    found = Fax.objects.filter(pk=fax_id).first()
    if found is None:
        raise Missing
    return found


def fax_row(found: Fax) -> dict[str, Any]:
    """A fax as the API shows it."""
    return {
        "id": found.pk,
        "caller": found.caller,
        "station": found.station,
        "received_at": found.received_at,
        "pages": found.pages,
        "complete": found.complete,
        "error": found.error,
        "mode": found.mode,
    }


def of_call(node: str, linkedid: str) -> list[dict[str, Any]]:
    """Faxes that came in one call of the client in scope, in order."""
    found = Fax.objects.filter(node=node, linkedid=linkedid).order_by("received_at", "pk")
    return [fax_row(one) for one in found]


def fax_email() -> str:
    """Where the client in scope wants its faxes sent; empty: nowhere."""
    found = FaxSettings.objects.first()
    return found.email if found else ""


def folder_of(client_id: int) -> Path:
    """The folder of a client's faxes."""
    return Path(settings.CONFIG.fax_dir) / str(client_id)


def file_path(fax_id: int, suffix: str) -> Path:
    """The pages as `pdf` or `tif`. Raises Missing, also for a fax without pages."""
    found = fax(fax_id)
    path = folder_of(found.client_id) / f"{found.pk}.{suffix}"
    if not path.is_file():
        raise Missing
    return path


def page_picture(fax_id: int, number: int) -> bytes:
    """One page (from 1) as PNG. Raises Missing, also when there is no such page."""
    try:
        return pages.to_png(file_path(fax_id, "tif"), number)
    except ValueError as error:
        raise Missing from error
