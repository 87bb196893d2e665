"""Takes in the faxes the engine left in `spool/incoming`, each exactly once (as mailboxes.incoming does)."""

import logging
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction
from django_scopes import scope, scopes_disabled

from ats.clients.models import Client
from ats.config import Config
from ats.faxes import letters, pages
from ats.faxes.models import Fax
from ats.faxes.queries import fax_email, folder_of

log = logging.getLogger("ats.fax")

ABANDONED_S = 600.0  # the engine died: no word comes about these pages any more
_FAX = re.compile(r"fax~(\d{1,18})~(\d{1,12})~([^~/]{1,64})~([0-9+]{0,40})\Z", re.ASCII)
_RESULT = re.compile(
    r"([A-Z]*)~(\d{0,4})~([^~\n]{0,40})~([^~\n]{0,120})~([A-Za-z0-9]{0,8})~\.\s*\Z", re.ASCII
)


def take(config: Config) -> int:
    """Take in every fax that is over; returns how many. Raises DatabaseError, OSError."""
    done = 0
    names = {path.stem for path in config.incoming_dir.glob("fax~*") if path.suffix in (".tif", ".txt")}
    with scopes_disabled():  # the folder belongs to all clients
        for name in sorted(names):
            if match := _FAX.match(name):
                done += _fax(config, config.incoming_dir / name, match)
    return done


def _fax(config: Config, base: Path, match: re.Match[str]) -> int:
    tiff, text = base.with_name(base.name + ".tif"), base.with_name(base.name + ".txt")
    told = _RESULT.match(text.read_text(encoding="ascii", errors="replace")) if text.exists() else None
    if (
        told is None
        and time.time() - max(p.stat().st_mtime for p in (tiff, text) if p.exists()) < ABANDONED_S
    ):
        return 0
    client = Client.objects.filter(pk=int(match[1])).first()
    if client is not None:
        _store(config, client, base.name, tiff, match, told)
    for path in (tiff, text):
        path.unlink(missing_ok=True)
    return 1


def _store(
    config: Config, client: Client, name: str, tiff: Path, match: re.Match[str], told: re.Match[str] | None
) -> None:
    count = pages.count(tiff) if tiff.exists() else 0
    complete = told is not None and told[1] == "SUCCESS"
    with transaction.atomic():
        fax, created = Fax.objects.get_or_create(
            spool=name,
            defaults={
                "client": client,
                "node": config.node_name,
                "linkedid": match[3],
                "caller": match[4],
                "station": told[3].strip() if told else "",
                "received_at": datetime.fromtimestamp(int(match[2]), UTC),
                "pages": count,
                "complete": complete,
                "error": "" if complete else told[4] if told else "ENGINE_LOST",
                "mode": told[5] if told else "",
            },
        )
        if created and count and (address := _address(client)):
            fax.letter = letters.post_fax(fax, client, address)
            fax.save(update_fields=["letter"])
    if tiff.exists():
        folder = folder_of(client.pk)
        folder.mkdir(parents=True, exist_ok=True)
        if fax.pages:
            pages.to_pdf(tiff, folder / f"{fax.pk}.pdf")
        os.replace(tiff, folder / f"{fax.pk}.tif")


def _address(client: Client) -> str:
    with scope(client=client.pk):
        return fax_email()
