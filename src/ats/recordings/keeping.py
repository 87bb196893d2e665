"""Retention of recordings: removed after the client's days, and the oldest first above its megabytes."""

import logging
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from ats.audit.actions import record
from ats.clients.models import Client
from ats.recordings import files
from ats.recordings.models import Keeping, Recording
from ats.system import queries as system

log = logging.getLogger(__name__)

BATCH = 500
MB = 1 << 20


def expire() -> int:
    """Remove what no client wants kept any longer, by the exchange's rule where it has none; returns how many went."""
    gone = 0
    usual = asdict(system.recordings())
    own = list(Keeping.objects.select_related("client"))
    others = (
        Client.objects.exclude(pk__in=[keeping.client_id for keeping in own]) if any(usual.values()) else ()
    )
    for keeping in (*own, *(Keeping(client=client, **usual) for client in others)):
        found = _too_old(keeping) or _too_much(keeping)
        if found:
            _remove(keeping, found)
            gone += len(found)
    return gone


def _too_old(keeping: Keeping) -> list[Recording]:
    if not keeping.keep_days:
        return []
    before = timezone.now() - timedelta(days=keeping.keep_days)
    rows = Recording.objects.filter(client_id=keeping.client_id, started_at__lt=before)
    return list(rows.order_by("started_at", "id")[:BATCH])


def _too_much(keeping: Keeping) -> list[Recording]:
    if not keeping.quota_mb:
        return []
    rows = Recording.objects.filter(client_id=keeping.client_id)
    over = (rows.aggregate(sum=Sum("size_bytes"))["sum"] or 0) - keeping.quota_mb * MB
    oldest: list[Recording] = []
    for row in rows.order_by("started_at", "id")[:BATCH]:
        if over <= 0:
            break
        oldest.append(row)
        over -= row.size_bytes
    return oldest


def _remove(keeping: Keeping, found: list[Recording]) -> None:
    """Rows first: a file without its row is found again by `rederive`, a row without its file would promise sound."""
    megabytes = round(sum(row.size_bytes for row in found) / MB, 1)
    with transaction.atomic():
        Recording.objects.filter(pk__in=[row.pk for row in found]).delete()
        before = {"recordings": len(found), "megabytes": megabytes, "oldest": found[0].started_at}
        record(None, keeping.client_id, "expire", keeping, before=before)
    for row in found:
        files.kept_path(row.client_id, row.name).unlink(missing_ok=True)
    log.info("client %s: %s recordings, %s MB removed", keeping.client_id, len(found), megabytes)
