"""From the engine's files to rows: each recording is attached to the call that its leg belongs to, exactly once."""

import logging
import time
from datetime import UTC, datetime

from django.db import transaction

from ats.calls.models import Leg
from ats.recordings import files
from ats.recordings.files import Found
from ats.recordings.models import Recording

log = logging.getLogger(__name__)

BATCH = 20  # recordings at a time: the journal must not wait for long
ORPHAN_S = 7 * 86400  # a file no call claims for that long is removed


def attach() -> int:
    """Attach what calls that are over have left; returns how many. Killed anywhere, it is simply done again.

    The row comes first in a transaction of its own, then the engine's file goes: a file found again makes the same
    name, whose row is there already.
    """
    attached = 0
    for found in files.written():
        if attached >= BATCH:
            break
        leg = _leg(found)
        if leg is None:
            _forget_orphan(found)
            continue
        length, size = files.finish(found)
        if length:
            _row(found, leg, length, size)
            attached += 1
        found.path.unlink(missing_ok=True)
    return attached


def rederive() -> tuple[int, int]:
    """Bring the rows in line with the files that are kept: (rows added, rows whose file is gone removed)."""
    known = set(Recording.objects.values_list("client_id", "name"))
    present: set[tuple[int, str]] = set()
    added = 0
    for found in files.kept():
        present.add((found.client_id, found.name))
        if (found.client_id, found.name) in known:
            continue
        leg = _leg(found)
        length, size = files.measure(found.path)
        if leg is not None and length:
            added += _row(found, leg, length, size)
    lost = known - present
    for client_id, name in lost:
        Recording.objects.filter(client_id=client_id, name=name).delete()
    return added, len(lost)


def _leg(found: Found) -> Leg | None:
    """The leg a recording is of. One that was merged into an older call by a transfer is in two calls: the older
    one is what people look for."""
    legs = Leg.objects.filter(uniqueid=found.uniqueid, call__client_id=found.client_id)
    return legs.order_by("call__started_at", "call_id").first()


def _row(found: Found, leg: Leg, length: int, size: int) -> bool:
    began = datetime.fromtimestamp(found.epoch, UTC)
    started = (leg.answered_at or leg.started_at) if found.whole else began
    with transaction.atomic():
        _, made = Recording.objects.get_or_create(
            client_id=found.client_id,
            name=found.name,
            defaults={
                "call_id": leg.call_id,
                "uniqueid": found.uniqueid,
                "on_demand": found.on_demand,
                "started_at": started,
                "duration_ms": length,
                "size_bytes": size,
            },
        )
    return made


def _forget_orphan(found: Found) -> None:
    if found.path.stat().st_mtime < time.time() - ORPHAN_S:
        log.warning("recording %s belongs to no call and is removed", found.path.name)
        found.path.unlink(missing_ok=True)
