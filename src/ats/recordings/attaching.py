"""From the engine's files to rows: each recording is attached to the call that its leg belongs to, exactly once."""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

from django.db import transaction

from ats.calls.models import Leg
from ats.recordings import files
from ats.recordings.files import Found, Mark
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
        attached += _conference(found) if found.conference else _talk(found)
    for mark in files.marks():
        if mark.path.stat().st_mtime < time.time() - ORPHAN_S:
            mark.path.unlink(missing_ok=True)
    return attached


def _talk(found: Found) -> int:
    leg = _leg(found)
    if leg is None:
        _forget_orphan(found)
        return 0
    length, size = files.finish(found)
    if length:
        _row(found, leg, length, size)
    found.path.unlink(missing_ok=True)
    return 1 if length else 0


def _conference(found: Found) -> int:
    """Attach a room's recording to every call that was in it, once all of them are over: until then somebody is in
    the room, and the file grows."""
    members = _members(found)
    legs = [_leg(replace(found, uniqueid=uniqueid)) for uniqueid in members]
    if not legs or None in legs:
        _forget_orphan(found)
        return 0
    length, size = files.finish(found)
    for leg in legs if length else ():
        # Who was let in was answered; who was not let in shall not hear it.
        if leg is not None and leg.answered_at is not None:
            _row(files.named_after(found, leg.uniqueid), leg, length, size)
    found.path.unlink(missing_ok=True)
    for mark in members.values():
        mark.path.unlink(missing_ok=True)
    return 1 if length else 0


def _members(found: Found) -> dict[str, Mark]:
    """Unique id → mark of who was in the room between this recording's beginning and that of the room's next one."""
    marks = [mark for mark in files.marks() if mark.client_id == found.client_id]
    own = next((mark for mark in marks if (mark.uniqueid, mark.epoch) == (found.uniqueid, found.epoch)), None)
    if own is None:
        return {}
    begun = files.begun(found.client_id)
    members: dict[str, Mark] = {own.uniqueid: own}
    for mark in marks:
        if mark.room != own.room or mark.epoch < own.epoch or mark == own:
            continue
        if f"{mark.uniqueid}-c{mark.epoch}" in begun:
            break
        members.setdefault(mark.uniqueid, mark)
    return members


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
        length, size = files.measure(found)
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
